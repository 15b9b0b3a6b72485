"""Every POST that the desk answers beside the form and bulks: what it sends, who may send it."""

from __future__ import annotations

from collections.abc import Callable

from django.core import signing

from tests.images.drawn import drawn
from tests.uploads.packing import brought, zip_of

from .pages import NOBODY
from .post import Post, Sent, post
from .story_posts import STORY_POSTS
from .things import Things


def _managed(things: Things) -> Sent:
    items = things["digest"].items.order_by("position", "pk")
    rows: Sent = {"items-TOTAL_FORMS": str(len(items)), "items-INITIAL_FORMS": str(len(items))}
    for number, item in enumerate(items):
        rows[f"items-{number}-id"] = str(item.pk)
        rows[f"items-{number}-digest"] = str(item.digest_id)
        rows[f"items-{number}-position"] = str(item.position)
        rows[f"items-{number}-comment"] = ""
    return rows | {"introduction": "Typed in a matrix"}


def _typed(things: Things) -> Sent:
    article = things["article"]
    typed = {"version": ["1"], "title": ["Typed"], "initial-title": [article.title]}
    kept = {"article": article.pk, "typed": typed}
    return {"kept": signing.dumps(kept, salt="articles.typed", compress=True)}


def _chosen(action: str, name: str) -> Callable[[Things], Sent]:
    return lambda things: {"action": action, "_selected_action": str(things[name].pk), "index": "0"}


def _press(act: str, **more: str) -> Callable[[Things], Sent]:
    def sent(things: Things) -> Sent:
        article = things["article"]
        value = act.format(other=things["lead"].pk, act=things["transition"].pk)
        return {"article": str(article.pk), "version": str(article.version), "act": value} | more

    return sent


TRIAGE = "articles_article_triage"
POLICY = {
    "name": "Renamed",
    "description": "",
    "policy": "normal",
    "excerpt_limit": "",
    "_sure": "1",
}
TOPIC = {"name": "Renamed", "shortname": "", "parent": ""}
ACCOUNT = {
    "username": "intruder",
    "usable_password": "true",
    "password1": "x1Y2z3!!abcd",
    "password2": "x1Y2z3!!abcd",
}
NEWS = b'---\ntitle: "Brought"\nwebUrl: "https://brought.example/a"\n---\n\n'
KEYS = dict(
    zip(
        (
            "next",
            "previous",
            "approve",
            "publish",
            "spike",
            "attach",
            "claim",
            "undo",
            "original",
            "help",
        ),
        "jkapxmcuoz",
        strict=True,
    )
)
FOUND = {
    "url": "https://newly.example/found",
    "title": "Found",
    "excerpt": "",
    "published_at": "2024-05-06T12:00:00",
}
FIELDS_OF_PERSON = {
    "username": "invited",
    "first_name": "",
    "last_name": "",
    "email": "",
    "zone": "",
}

POSTS: tuple[Post, ...] = (
    # What one person settles for himself.
    post("articles_article_notices", "desk", "articles.Person", {"_settings": "1", "zone": "UTC"}),
    post("articles_article_triage_keys", "desk", "articles.Person", KEYS),
    post("password_change", NOBODY, "", {"old_password": "guessed"}),
    post("articles_person_account", NOBODY, "", {"act": "codes", "code": "guessed"}),
    post("articles_person_account", NOBODY, "", {"act": "end", "sign_in": "0"}),
    post("articles_person_enrol", NOBODY, "", {"offered": "made-up", "code": "guessed"}),
    post(
        "articles_task_changelist",
        "import",
        "articles.Task",
        lambda things: {"again": str(things["task"].pk)},
    ),
    *STORY_POSTS,
    # Notes.
    post("articles_article_add_note", "review", "articles.Note", {"text": "Typed"}, "article"),
    post(
        "articles_article_add_note",
        "review",
        "articles.Note",
        {"text": "Typed", "is_blocking": "on"},
        "article",
        says="blocking",
    ),
    post(
        "articles_article_resolve_note",
        "review",
        "articles.Note",
        lambda things: {"note": str(things["note"].pk)},
        "article",
    ),
    # Working copies, revisions, undo.
    post(
        "articles_article_open",
        "change",
        "articles.OpenForm",
        {"_typed": "1", "title": "Typed", "version": "1"},
        "article",
    ),
    post("articles_article_typed", "change", "articles.OpenForm", _typed, "article"),
    post(
        "articles_article_restore",
        "change",
        "articles.Article",
        lambda things: {"version": str(things["drafted"].version)},
        "drafted",
        "revision",
    ),
    post(
        "articles_article_undo",
        NOBODY,
        "",
        lambda things: {"_undo": str(things["transition"].pk)},
        "transition_article",
    ),
    post("articles_article_bulk_undo", NOBODY, "", {"batch": "batch of spike"}),
    post("articles_article_clear_undo", NOBODY, "", {"batch": "batch of clear"}),
    # The list.
    post("articles_article_clear", "review", "articles.Article", {}),
    post("articles_article_view", "review", "articles.SavedView", {"name": "Kept", "query": "q=x"}),
    post("articles_article_view_delete", NOBODY, "", {}, "saved_view"),
    post("articles_article_changelist", NOBODY, "", _chosen("spike", "article")),
    post("articles_article_changelist", NOBODY, "", _chosen("delete_selected", "article")),
    post("articles_article_add", NOBODY, "", {"title": "Typed"}),
    post("articles_article_delete", NOBODY, "", {"post": "yes"}, "article"),
    # Triage.
    post(TRIAGE, "approve", "articles.Article", _press("approve"), says="approve"),
    post(TRIAGE, "publish", "articles.Article", _press("publish"), says="publish"),
    post(TRIAGE, "review", "articles.Article", _press("spike", reason="other"), says="spike"),
    post(TRIAGE, "review", "articles.Article", _press("claim"), says="claim"),
    post(TRIAGE, "rank", "articles.Article", _press("quality:9"), says="quality"),
    post(TRIAGE, "story acts", "articles.Article", _press("attach:{other}"), says="attach"),
    post(TRIAGE, NOBODY, "", _press("undo:{act}"), says="undo of another's"),
    # New links, sharing, hiding.
    post(
        "articles_article_new_link",
        "policy",
        "articles.Article providers.Provider",
        FOUND,
        says="of an unknown provider",
    ),
    post(
        "articles_article_new_link",
        "add",
        "articles.Article",
        lambda things: FOUND | {"url": f"https://{things['provider'].domain}/found"},
    ),
    post(
        "articles_article_share",
        "change",
        "articles.ShareLink",
        {"act": "make", "days": "1"},
        "article",
        says="make",
    ),
    post(
        "articles_article_share",
        "change",
        "articles.ShareLink",
        lambda things: {"act": f"revoke:{things['share_link'].pk}"},
        "article",
        says="revoke",
    ),
    post(
        "articles_article_picture",
        "change",
        "articles.Picture",
        lambda _: {"act": "bring", "picture": brought("quay.png", drawn("PNG"))},
        "article",
        says="bring",
    ),
    post(
        "articles_article_picture",
        "change",
        "articles.PictureSource",
        {"act": "describe", "alt": "A quay", "x": "50", "y": "50"},
        "article",
        says="describe",
    ),
    post(
        "articles_article_picture",
        "change",
        "articles.PictureSource",
        {"act": "take_away"},
        "article",
        says="take away",
    ),
    post(
        "articles_article_hide",
        "withdraw",
        "articles.RelatedItem",
        lambda things: {"act": f"hide:{things['elsewhere'].pk}", "comment": "why"},
    ),
    post("articles_article_withdrawal", NOBODY, "", {"act": "withdraw"}, "withdrawn"),
    post(
        "articles_article_erase",
        "accounts",
        "articles.Erasure",
        lambda things: {"typed": things["withdrawn"].slug, "reason": "why"},
        "withdrawn",
    ),
    # Records.
    post(
        "articles_digest_add", "rank", "articles.Digest", {"day": "2024-05-08", "introduction": ""}
    ),
    post("articles_digest_change", "rank", "articles.Digest", _managed, "digest"),
    post(
        "articles_digest_changelist",
        "publish",
        "articles.Digest",
        _chosen("close_them", "digest"),
        says="close",
    ),
    post(
        "articles_digest_changelist",
        "publish",
        "articles.Digest",
        _chosen("reopen_them", "closed_digest"),
        says="reopen",
    ),
    post(
        "articles_digest_change",
        NOBODY,
        "",
        {"introduction": "Typed", "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"},
        "closed_digest",
        says="closed",
    ),
    post("articles_topic_add", "topics", "articles.Topic", TOPIC | {"slug": "added"}),
    post("articles_topic_change", "topics", "articles.Topic", TOPIC, "topic"),
    post(
        "providers_provider_add",
        "policy",
        "providers.Provider",
        POLICY | {"domain": "added.example"},
    ),
    post("providers_provider_change", "policy", "providers.Provider", POLICY, "provider"),
    post(
        "articles_conflict_changelist",
        "change",
        "articles.Conflict",
        lambda things: {"decide": f"ours:{things['conflict'].pk}"},
    ),
    post(
        "articles_conflict_changelist",
        "withdraw",
        "articles.Conflict",
        lambda things: {"decide": f"ours:{things['removal'].pk}"},
        says="stays removed",
    ),
    post(
        "articles_upload_changelist",
        "import",
        "articles.Upload",
        lambda _: {"brought": brought("site.zip", zip_of({"_news/a.md": NEWS})), "kind": "article"},
    ),
    post("articles_upload_change", "import", "articles.Upload", {"act": "drop"}, "upload"),
    post(
        "articles_upload_change",
        "import",
        "articles.Upload",
        {"act": "apply"},
        "upload",
        says="apply",
    ),
    # Right and rows are the same whether its repository answers or not.
    post("articles_syncrun_changelist", "import", "articles.SyncRun", {}),
    *(
        post(f"{model}_delete", NOBODY, "", {"post": "yes"}, model.partition("_")[2])
        for model in (
            "articles_conflict",
            "articles_digest",
            "articles_transition",
            "articles_person",
            "providers_provider",
            "articles_run",
            "articles_story",
            "articles_syncrun",
            "articles_topic",
            "articles_upload",
        )
    ),
    *(
        post(f"articles_{name}_change", NOBODY, "", {"_save": "1"}, name)
        for name in ("conflict", "transition", "run", "story", "syncrun")
    ),
    # People.
    post("articles_person_changelist", "people", "auth.User", FIELDS_OF_PERSON, says="invite"),
    post(
        "articles_person_change",
        "people",
        "auth.User",
        {"act": "deactivate"},
        "user",
        says="deactivate",
    ),
    post("articles_person_change", "people", "auth.User", {"act": "link"}, "user", says="link"),
    post(
        "articles_person_change",
        "people",
        "auth.User_groups",
        {"roles": [], "zone": ""},
        "user",
        says="roles",
    ),
    post(
        "articles_person_change",
        NOBODY,
        "",
        {"act": "deactivate"},
        "superior",
        says="deactivate a superuser",
    ),
    post("auth_user_add", "accounts", "auth.User", ACCOUNT),
    post("auth_user_delete", "accounts", "auth.User", {"post": "yes"}, "user"),
    post(
        "auth_user_password_change",
        "accounts",
        "auth.User",
        {name: value for name, value in ACCOUNT.items() if name != "username"},
        "user",
    ),
    post("auth_group_add", "accounts", "auth.Group", {"name": "Intruders"}),
    post(
        "auth_group_change",
        "accounts",
        "auth.Group_permissions",
        {"name": "editor", "permissions": []},
        "group",
    ),
)

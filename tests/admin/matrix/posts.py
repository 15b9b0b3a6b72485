"""Every POST that the desk answers beside the form and bulks: what it sends, who may send it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core import signing

from tests.uploads.packing import brought, zip_of

from .pages import NOBODY
from .things import Things

Sent = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """One POST. `changes`: tables of which at least one differs after it, when it is allowed.

    `right` NOBODY: whoever sends it, nothing changes.
    """

    page: str
    arguments: tuple[str, ...]
    right: str
    changes: frozenset[str]
    data: Callable[[Things], Sent] | Sent
    says: str = ""

    def sent(self, things: Things) -> Sent:
        """What it sends."""
        return self.data(things) if callable(self.data) else self.data


def _post(
    page: str,
    right: str,
    changes: str,
    data: Callable[[Things], Sent] | Sent,
    *names: str,
    **more: str,
) -> Post:
    return Post(page, names, right, frozenset(changes.split()), data, **more)


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
    "password1": "x1Y2z3!!abc",
    "password2": "x1Y2z3!!abc",
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
    _post("articles_article_notices", "desk", "articles.Person", {"_settings": "1", "zone": "UTC"}),
    _post("articles_article_triage_keys", "desk", "articles.Person", KEYS),
    _post("password_change", NOBODY, "", {"old_password": "guessed"}),
    # Stories.
    _post(
        "articles_article_attach",
        "story acts",
        "articles.Article",
        lambda things: {
            "link": things["lead"].link,
            "lead": f"{things['article'].pk}:{things['article'].version}",
        },
        "article",
    ),
    _post(
        "articles_article_detach",
        "story acts",
        "articles.Article",
        lambda things: {"member": f"{things['member'].pk}:1"},
        "lead",
    ),
    _post(
        "articles_article_lead",
        "story acts",
        "articles.Article",
        lambda things: {"member": f"{things['member'].pk}:1"},
        "lead",
    ),
    _post(
        "articles_article_lead",
        "publish",
        "articles.Article",
        lambda things: {"member": f"{things['heir'].pk}:1"},
        "live_lead",
        says="of a live story",
    ),
    # Notes.
    _post("articles_article_add_note", "review", "articles.Note", {"text": "Typed"}, "article"),
    _post(
        "articles_article_add_note",
        "review",
        "articles.Note",
        {"text": "Typed", "is_blocking": "on"},
        "article",
        says="blocking",
    ),
    _post(
        "articles_article_resolve_note",
        "review",
        "articles.Note",
        lambda things: {"note": str(things["note"].pk)},
        "article",
    ),
    # Working copies, revisions, undo.
    _post(
        "articles_article_open",
        "change",
        "articles.OpenForm",
        {"_typed": "1", "title": "Typed", "version": "1"},
        "article",
    ),
    _post("articles_article_typed", "change", "articles.OpenForm", _typed, "article"),
    _post(
        "articles_article_restore",
        "change",
        "articles.Article",
        lambda things: {"version": str(things["drafted"].version)},
        "drafted",
        "revision",
    ),
    _post(
        "articles_article_undo",
        NOBODY,
        "",
        lambda things: {"_undo": str(things["transition"].pk)},
        "transition_article",
    ),
    _post("articles_article_bulk_undo", NOBODY, "", {"batch": "batch of spike"}),
    _post("articles_article_clear_undo", NOBODY, "", {"batch": "batch of clear"}),
    # The list.
    _post("articles_article_clear", "review", "articles.Article", {}),
    _post(
        "articles_article_view", "review", "articles.SavedView", {"name": "Kept", "query": "q=x"}
    ),
    _post("articles_article_view_delete", NOBODY, "", {}, "saved_view"),
    _post("articles_article_changelist", NOBODY, "", _chosen("spike", "article")),
    _post("articles_article_changelist", NOBODY, "", _chosen("delete_selected", "article")),
    _post("articles_article_add", NOBODY, "", {"title": "Typed"}),
    _post("articles_article_delete", NOBODY, "", {"post": "yes"}, "article"),
    # Triage.
    _post(TRIAGE, "approve", "articles.Article", _press("approve"), says="approve"),
    _post(TRIAGE, "publish", "articles.Article", _press("publish"), says="publish"),
    _post(TRIAGE, "review", "articles.Article", _press("spike", reason="other"), says="spike"),
    _post(TRIAGE, "review", "articles.Article", _press("claim"), says="claim"),
    _post(TRIAGE, "rank", "articles.Article", _press("quality:9"), says="quality"),
    _post(TRIAGE, "story acts", "articles.Article", _press("attach:{other}"), says="attach"),
    _post(TRIAGE, NOBODY, "", _press("undo:{act}"), says="undo of another's"),
    # New links, sharing, hiding.
    _post(
        "articles_article_new_link",
        "policy",
        "articles.Article providers.Provider",
        FOUND,
        says="of an unknown provider",
    ),
    _post(
        "articles_article_new_link",
        "add",
        "articles.Article",
        lambda things: FOUND | {"url": f"https://{things['provider'].domain}/found"},
    ),
    _post(
        "articles_article_share",
        "change",
        "articles.ShareLink",
        {"act": "make", "days": "1"},
        "article",
        says="make",
    ),
    _post(
        "articles_article_share",
        "change",
        "articles.ShareLink",
        lambda things: {"act": f"revoke:{things['share_link'].pk}"},
        "article",
        says="revoke",
    ),
    _post(
        "articles_article_hide",
        "withdraw",
        "articles.RelatedItem",
        lambda things: {"act": f"hide:{things['elsewhere'].pk}", "comment": "why"},
    ),
    _post("articles_article_withdrawal", NOBODY, "", {"act": "withdraw"}, "withdrawn"),
    # Records.
    _post(
        "articles_digest_add", "rank", "articles.Digest", {"day": "2024-05-08", "introduction": ""}
    ),
    _post("articles_digest_change", "rank", "articles.Digest", _managed, "digest"),
    _post(
        "articles_digest_changelist",
        "publish",
        "articles.Digest",
        _chosen("close_them", "digest"),
        says="close",
    ),
    _post(
        "articles_digest_changelist",
        "publish",
        "articles.Digest",
        _chosen("reopen_them", "closed_digest"),
        says="reopen",
    ),
    _post(
        "articles_digest_change",
        NOBODY,
        "",
        {"introduction": "Typed", "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0"},
        "closed_digest",
        says="closed",
    ),
    _post("articles_topic_add", "topics", "articles.Topic", TOPIC | {"slug": "added"}),
    _post("articles_topic_change", "topics", "articles.Topic", TOPIC, "topic"),
    _post(
        "providers_provider_add",
        "policy",
        "providers.Provider",
        POLICY | {"domain": "added.example"},
    ),
    _post("providers_provider_change", "policy", "providers.Provider", POLICY, "provider"),
    _post(
        "articles_conflict_changelist",
        "change",
        "articles.Conflict",
        lambda things: {"decide": f"ours:{things['conflict'].pk}"},
    ),
    _post(
        "articles_conflict_changelist",
        "withdraw",
        "articles.Conflict",
        lambda things: {"decide": f"ours:{things['removal'].pk}"},
        says="stays removed",
    ),
    _post(
        "articles_upload_changelist",
        "import",
        "articles.Upload",
        lambda _: {"brought": brought("site.zip", zip_of({"_news/a.md": NEWS})), "kind": "article"},
    ),
    _post("articles_upload_change", "import", "articles.Upload", {"act": "drop"}, "upload"),
    _post(
        "articles_upload_change",
        "import",
        "articles.Upload",
        {"act": "apply"},
        "upload",
        says="apply",
    ),
    *(
        _post(f"{model}_delete", NOBODY, "", {"post": "yes"}, model.partition("_")[2])
        for model in (
            "articles_conflict",
            "articles_digest",
            "articles_transition",
            "articles_person",
            "providers_provider",
            "articles_run",
            "articles_story",
            "articles_topic",
            "articles_upload",
        )
    ),
    *(
        _post(f"articles_{name}_change", NOBODY, "", {"_save": "1"}, name)
        for name in ("conflict", "transition", "run", "story")
    ),
    # People.
    _post("articles_person_changelist", "people", "auth.User", FIELDS_OF_PERSON, says="invite"),
    _post(
        "articles_person_change",
        "people",
        "auth.User",
        {"act": "deactivate"},
        "user",
        says="deactivate",
    ),
    _post("articles_person_change", "people", "auth.User", {"act": "link"}, "user", says="link"),
    _post(
        "articles_person_change",
        "people",
        "auth.User_groups",
        {"roles": [], "zone": ""},
        "user",
        says="roles",
    ),
    _post(
        "articles_person_change",
        NOBODY,
        "",
        {"act": "deactivate"},
        "superior",
        says="deactivate a superuser",
    ),
    _post("auth_user_add", "accounts", "auth.User", ACCOUNT),
    _post("auth_user_delete", "accounts", "auth.User", {"post": "yes"}, "user"),
    _post(
        "auth_user_password_change",
        "accounts",
        "auth.User",
        {name: value for name, value in ACCOUNT.items() if name != "username"},
        "user",
    ),
    _post("auth_group_add", "accounts", "auth.Group", {"name": "Intruders"}),
    _post(
        "auth_group_change",
        "accounts",
        "auth.Group_permissions",
        {"name": "editor", "permissions": []},
        "group",
    ),
)

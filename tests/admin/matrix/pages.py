"""Every address of the admin: who may look at it. An address without a row fails a test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver

NOBODY = ""
"""Right of pages that show nothing to anybody: they take a POST, lead on, or are closed."""

ONE = ("article",)
MODELS: dict[str, dict[str, str]] = {
    "articles_conflict": {},
    "articles_digest": {"add": "rank"},
    "articles_erasure": dict.fromkeys(("changelist", "change", "history"), "accounts"),
    "articles_transition": {},
    "articles_person": dict.fromkeys(("changelist", "change", "history"), "people"),
    "providers_provider": {"add": "policy"},
    "articles_run": {},
    "articles_signin": dict.fromkeys(("changelist", "change", "history"), "people"),
    "articles_story": {},
    # All of a sync is said in the list.
    "articles_syncrun": {"change": NOBODY},
    # All of a task is said in the list.
    "articles_task": {"change": NOBODY},
    "articles_topic": {"add": "topics"},
    "articles_upload": dict.fromkeys(("changelist", "change", "history"), "import"),
    "auth_group": dict.fromkeys(("changelist", "add", "change", "history", "delete"), "accounts"),
    "auth_user": dict.fromkeys(("changelist", "add", "change", "history", "delete"), "accounts"),
}
"""Where a model's pages differ from: seen by who views, added to and deleted from by nobody."""

USUAL = {
    "changelist": "view",
    "add": NOBODY,
    "change": "view",
    "history": "view",
    "delete": NOBODY,
}

Row = tuple[str, tuple[str, ...]]

LOOKS: dict[str, Row] = {
    # For everybody with a desk: one's own settings, and what holds no content.
    "index": ("desk", ()),
    "password_change": ("desk", ()),
    "password_change_done": ("desk", ()),
    "jsi18n": ("desk", ()),
    "articles_article_notices": ("desk", ()),
    "articles_article_triage_keys": ("desk", ()),
    "articles_person_account": ("desk", ()),
    "articles_person_enrol": ("desk", ()),
    # Leads on whoever has no second step.
    "articles_person_second": (NOBODY, ()),
    "articles_article_providers": ("desk", ()),
    # For those who view.
    "autocomplete": (NOBODY, ()),
    "app_list": ("view", ("app",)),
    "articles_article_changelist": ("view", ()),
    "articles_article_change": ("view", ONE),
    "articles_article_file": ("view", ONE),
    "articles_article_suggested": ("view", ONE),
    "articles_article_revisions": ("view", ONE),
    "articles_article_compare": ("view", ("drafted",)),
    "articles_article_revision": ("view", ("drafted", "revision")),
    "articles_article_preview": ("view", ONE),
    "articles_article_share": ("view", ONE),
    "articles_article_picture": ("view", ONE),
    # A picture, where one is kept.
    "articles_article_picture_whole": (NOBODY, ONE),
    "articles_article_workflow": ("view", ()),
    "articles_article_triage": ("view", ()),
    "articles_article_hide": ("view", ()),
    "articles_article_auto_publish": ("view", ()),
    "articles_article_withdrawal": ("view", ONE),
    "articles_story_front": ("view", ()),
    # Leads on without two stories, or articles to split off, which its POSTs name.
    "articles_story_beside": (NOBODY, ()),
    "articles_story_split": (NOBODY, ("story",)),
    # For some.
    "articles_article_new_link": ("add", ()),
    "articles_article_erase": ("accounts", ONE),
    "auth_user_password_change": ("accounts", ("user",)),
    # For nobody: POST alone, leading on, or closed.
    "logout": (NOBODY, ()),
    "view_on_site": (NOBODY, ("kind", "article")),
    "articles_article_add": (NOBODY, ()),
    "articles_article_delete": (NOBODY, ONE),
    "articles_article_history": (NOBODY, ONE),
    "articles_article_bulk": (NOBODY, ()),
    "articles_article_bulk_undo": (NOBODY, ()),
    "articles_article_clear": (NOBODY, ()),
    "articles_article_clear_undo": (NOBODY, ()),
    "articles_article_attach": (NOBODY, ONE),
    "articles_article_detach": (NOBODY, ONE),
    "articles_article_lead": (NOBODY, ONE),
    "articles_article_add_note": (NOBODY, ONE),
    "articles_article_resolve_note": (NOBODY, ONE),
    "articles_article_open": (NOBODY, ONE),
    "articles_article_typed": (NOBODY, ONE),
    "articles_article_restore": (NOBODY, ("drafted", "revision")),
    "articles_article_undo": (NOBODY, ONE),
    "articles_article_view": (NOBODY, ()),
    "articles_article_view_delete": (NOBODY, ("saved_view",)),
}
LOOKS |= {
    f"{model}_{page}": (
        differs.get(page, usual),
        () if page in ("changelist", "add") else (model.partition("_")[2],),
    )
    for model, differs in MODELS.items()
    for page, usual in USUAL.items()
}

POST_ALONE = frozenset(
    f"articles_article_{name}"
    for name in (
        *("attach", "detach", "lead", "add_note", "resolve_note", "open", "typed", "restore"),
        *("undo", "bulk", "bulk_undo", "clear", "clear_undo", "view", "view_delete"),
    )
)
"""Addresses that answer nothing but a POST."""

READ_ALONE = frozenset(
    f"articles_article_{name}"
    for name in (
        *("revisions", "compare", "revision", "preview", "workflow", "file", "suggested"),
        *("auto_publish", "picture_whole"),
    )
)
"""Addresses that take no POST."""

OF_ARTICLES = frozenset(
    name
    for name, (_, arguments) in LOOKS.items()
    if name.startswith("articles_article_") and len(arguments) == 1
    if not name.endswith(("_change", "_delete", "_history", "_view_delete"))
)
"""Addresses of ours that name one article."""

OPEN_TO_ALL = frozenset({"login"})
"""Where people sign in."""

LEADING_ON = frozenset({""})
"""Addresses without a name: old ones that lead on, and what is not there."""


def named() -> Iterator[str]:
    """The name of every address below the admin, as the resolver has it."""
    top: Any = get_resolver()
    admin = next(one for one in top.url_patterns if getattr(one, "namespace", "") == "admin")
    patterns = list(admin.url_patterns)
    while patterns:
        one = patterns.pop()
        if hasattr(one, "url_patterns"):
            patterns.extend(one.url_patterns)
        else:
            yield one.name or ""

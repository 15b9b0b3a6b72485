"""Every page of the desk, found from its addresses: none is added without being walked."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.urls import get_resolver, reverse

from articles.models import (
    Article,
    Conflict,
    Digest,
    Erasure,
    Revision,
    Run,
    SignIn,
    Story,
    SyncRun,
    Task,
    Topic,
    Transition,
    Upload,
)
from providers.models import Provider

from .hostile import SHORT

ROWS: dict[str, type[Model]] = {
    "articles_conflict": Conflict,
    "articles_digest": Digest,
    "articles_erasure": Erasure,
    "articles_transition": Transition,
    "articles_person": User,
    "articles_run": Run,
    "articles_signin": SignIn,
    "articles_story": Story,
    "articles_syncrun": SyncRun,
    "articles_task": Task,
    "articles_topic": Topic,
    "articles_upload": Upload,
    "providers_provider": Provider,
    "auth_group": Group,
    "auth_user": User,
}
"""Whose rows the pages of a name are about; of articles the published one."""
NO_PAGES = {
    *("login", "logout", "jsi18n", "autocomplete", "view_on_site", "app_list"),
    *("articles_article_bulk", "articles_article_bulk_undo", "articles_article_undo"),
    *("articles_article_clear", "articles_article_clear_undo", "articles_article_providers"),
    *("articles_article_attach", "articles_article_detach", "articles_article_lead"),
    *("articles_article_add_note", "articles_article_resolve_note", "articles_article_open"),
    *("articles_article_typed", "articles_article_view", "articles_article_view_delete"),
    *("articles_article_restore", "articles_article_picture_whole"),
    *("articles_story_beside", "articles_story_split", "articles_person_second"),
}
"""Addresses that take forms, answer scripts or lead elsewhere."""


def addresses() -> list[str]:
    """An address of every page of the desk, and those in which more is to be seen."""
    names = sorted(set(_names()) - NO_PAGES)
    return [*(_address(name) for name in names), *_more()]


def _names() -> Iterator[str]:
    for resolver in get_resolver().url_patterns:
        if getattr(resolver, "namespace", None) == "admin":
            for pattern in getattr(resolver, "url_patterns", []):
                inner = getattr(pattern, "url_patterns", [pattern])
                yield from (str(one.name) for one in inner if one.name)


def _address(name: str) -> str:
    model, _, page = name.rpartition("_")
    if page in ("changelist", "add") or name.count("_") == 0 or name in PLAIN:
        return reverse(f"admin:{name}")
    if name.startswith("articles_article_"):
        return reverse(f"admin:{name}", args=_of_article(page))
    row = ROWS[name.removesuffix("_password_change") if name in PASSWORD else model]
    return reverse(f"admin:{name}", args=[row._base_manager.order_by("-pk")[0].pk])


PLAIN = {
    *("password_change", "password_change_done", "articles_article_new_link"),
    *("articles_article_notices", "articles_article_workflow", "articles_article_triage"),
    *("articles_article_triage_keys", "articles_article_hide", "articles_story_front"),
    *("articles_article_auto_publish", "articles_person_account", "articles_person_enrol"),
}
PASSWORD = {"auth_user_password_change"}


def _of_article(page: str) -> list[int]:
    state = {"withdrawal": "spiked", "erase": "withdrawn"}.get(page, "published")
    article = Article.objects.filter(state=state).order_by("-pk")[0]
    if page != "revision":
        return [article.pk]
    return [article.pk, Revision.objects.filter(article=article).latest("pk").pk]


def _more() -> Iterator[str]:
    """Pages as they look with something asked of them."""
    listed = reverse("admin:articles_article_changelist")
    article = Article.objects.filter(state="new").order_by("pk")[0]
    revision = article.revisions.latest("pk")
    yield f"{listed}?shelf=all"
    yield f"{listed}?{urlencode({'q': SHORT})}"
    yield reverse("admin:articles_article_change", args=[article.pk])
    yield f"{reverse('admin:articles_article_compare', args=[article.pk])}?a={revision.pk}&b=now"
    yield f"{reverse('admin:articles_article_triage')}?at={article.pk}"
    for name in ("new_link", "hide"):
        key = "url" if name == "new_link" else "link"
        yield f"{reverse(f'admin:articles_article_{name}')}?{urlencode({key: article.link})}"
    stories = list(Story.objects.order_by("-member_count", "pk")[:2])
    beside = urlencode({"s": [story.pk for story in stories]}, doseq=True)
    yield f"{reverse('admin:articles_story_beside')}?{beside}"
    chosen = stories[0].members.order_by("-is_lead", "pk")[1:2].values_list("pk", flat=True)
    if chosen:
        split = reverse("admin:articles_story_split", args=[stories[0].pk])
        yield f"{split}?{urlencode({'member': chosen[0]})}"
    for upload in Upload.objects.all():
        yield reverse("admin:articles_upload_change", args=[upload.pk])
    for run in Run.objects.all():
        yield reverse("admin:articles_run_change", args=[run.pk])

"""What an article said before: its revisions listed, compared, read and restored."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from ..models import Article, Revision, Transition
from ..revisions import compare, restore, revision_now, text_of, version_now, version_of
from ..states import State
from ..workflow.wording import name_of
from . import leaf
from .acts import actor_of, may_edit
from .timeline import Entry, entry_of

AT_ONCE = 50
"""Revisions on one page of the list."""

NOW = "now"


@dataclass(frozen=True)
class Line:
    """One revision in the list; `acts` are those that were done on it."""

    revision: Revision
    author: str
    marks: list[str] = field(default_factory=list)
    acts: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Side:
    """One side of a comparison; `revision` None is the article as it stands."""

    key: str
    says: str
    revision: Revision | None = None


def urls(desk: Any) -> list[URLPattern]:
    """The addresses under one article."""
    view = desk.admin_site.admin_view

    def named(route: str, name: str, page: Any) -> URLPattern:
        return path(f"<int:pk>/{route}/", view(page(desk)), name=f"articles_article_{name}")

    return [
        named("revisions", "revisions", _listing),
        named("compare", "compare", _comparison),
        named("revisions/<int:revision>", "revision", _reading),
        named("revisions/<int:revision>/restore", "restore", _restoring),
    ]


def _listing(desk: Any) -> Any:
    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        found = _before(article, request.GET.get("before", ""))[: AT_ONCE + 1]
        shown = list(found)[:AT_ONCE]
        return leaf.page(
            desk,
            request,
            "revisions.html",
            title=f"Revisions: {article.title}",
            article=article,
            lines=lines(article, shown),
            now_says=_now_says(article),
            older=shown[-1].pk if len(found) > AT_ONCE else None,
            first=shown[0].pk if shown else None,
            may_edit=may_edit(article, actor_of(request)),
        )

    return view


def _before(article: Article, before: str) -> QuerySet[Revision]:
    found = article.revisions.select_related("actor").defer("data")
    return found.filter(pk__lt=leaf.as_id(before)) if leaf.as_id(before) else found


def lines(article: Article, revisions: list[Revision]) -> list[Line]:
    """The revisions with who made them, what was decided on them, and what they are now."""
    acts: dict[int | None, list[Entry]] = defaultdict(list)
    done = Transition.objects.filter(revision__in=[revision.pk for revision in revisions])
    for act in done.select_related("actor").order_by("pk"):
        acts[act.revision_id].append(entry_of(act))
    marks = {
        revision_now(article): _now_says(article).lower(),
        article.approved_revision_id: "approved",
        article.draft_id: "pending draft",
    }
    return [
        Line(
            revision,
            _author(revision, article),
            [mark for key, mark in marks.items() if key == revision.pk],
            acts[revision.pk],
        )
        for revision in revisions
    ]


def _author(revision: Revision, article: Article) -> str:
    if revision.actor_id:
        return name_of(revision.actor)
    return "the file" if article.run_id else "as it stood before"


def _now_says(article: Article) -> str:
    return "Live now" if article.state == State.PUBLISHED else "As it stands"


def _comparison(desk: Any) -> Any:
    @require_safe
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        sides = _sides(article, request.GET.get("a", ""), request.GET.get("b", ""))
        versions = [
            version_of(side.revision) if side.revision else version_now(article) for side in sides
        ]
        return leaf.page(
            desk,
            request,
            "compare.html",
            title=f"Compared: {article.title}",
            article=article,
            sides=sides,
            before=sides[0],
            after=sides[1],
            differences=compare(versions[0], versions[1]),
            choices=_choices(article, sides),
            may_edit=may_edit(article, actor_of(request)),
        )

    return view


def _sides(article: Article, one: str, other: str) -> list[Side]:
    """Both sides, the older first; left out: the present, and the revision before the other."""
    later = _side(article, other or NOW)
    if not one:
        before = article.revisions.filter(pk__lt=later.revision.pk) if later.revision else None
        found = before.values_list("pk", flat=True).first() if before is not None else None
        one = str(found) if found else later.key
    return sorted([_side(article, one), later], key=_age)


def _side(article: Article, asked: str) -> Side:
    if asked == NOW:
        return Side(NOW, _now_says(article))
    revision = _revision(article, leaf.as_id(asked))
    return _side_of(revision, article)


def _side_of(revision: Revision, article: Article) -> Side:
    says = f"Revision {revision.pk}, {_author(revision, article)}"
    return Side(str(revision.pk), says, revision)


def _age(side: Side) -> tuple[bool, int]:
    return (side.revision is None, side.revision.pk if side.revision else 0)


def _choices(article: Article, sides: list[Side]) -> list[Side]:
    """What else may be chosen on either side, newest first."""
    newest = article.revisions.select_related("actor").defer("data")[:AT_ONCE]
    choices = {NOW: Side(NOW, _now_says(article))}
    for revision in [*newest, *(side.revision for side in sides if side.revision)]:
        choices.setdefault(str(revision.pk), _side_of(revision, article))
    return list(choices.values())


def _revision(article: Article, pk: int) -> Revision:
    found = article.revisions.select_related("actor").filter(pk=pk).first()
    if found is None:
        raise Http404("This article has no such revision.")
    return found


def _reading(desk: Any) -> Any:
    @require_safe
    def view(request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        shown = _revision(article, revision)
        return leaf.page(
            desk,
            request,
            "revision.html",
            title=f"Revision {shown.pk}: {article.title}",
            article=article,
            line=lines(article, [shown])[0],
            text=text_of(shown),
            may_edit=may_edit(article, actor_of(request)),
        )

    return view


def _restoring(desk: Any) -> Any:
    @require_POST
    def view(request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        article = leaf.found(desk, request, pk)
        shown = _revision(article, revision)
        with leaf.Refusing(request) as answer:
            restore(article, shown, actor_of(request), expected_version=leaf.version_seen(request))
            messages.success(request, f"Restored what revision {shown.pk} said.")
        if answer.is_refused:
            page = reverse("admin:articles_article_revisions", args=[article.pk])
            return HttpResponseRedirect(page)
        return leaf.back(article)

    return view

"""Stories side by side: to merge them, to move articles between them, to say that they are not the
same; and one story in two parts before it is split. What will happen is named before the button."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from ..models import Article, Story
from ..stories import merge, move, split, tell_apart
from ..stories.acts import PERMISSION
from ..stories.foretelling import Foretold, of_merge, of_move, of_split
from ..stories.membership import lead_order
from ..workflow.leads import OUT
from ..workflow.rights import OVERRIDING
from . import cells, leaf
from .acts import actor_of
from .finding import by_link, is_link
from .story_page import members_of, page_of

BESIDE, SPLIT = "articles_story_beside", "articles_story_split"
MOST = 6
"""Stories that are looked at together."""


@dataclass(frozen=True)
class Line:
    """One article in a column; `may_lead`: it can be chosen to lead what the act leaves."""

    article: Article
    badge: SafeString
    may_lead: bool
    is_chosen: bool = False


@dataclass(frozen=True)
class Column:
    """One story, or one part of it."""

    story: Story
    lead: Article
    lines: list[Line]
    title: str = ""


def urls(admin: Any) -> list[URLPattern]:
    wrap = admin.admin_site.admin_view
    return [
        path("beside/", wrap(partial(beside, admin)), name=BESIDE),
        path("<int:pk>/split/", wrap(partial(splitting, admin)), name=SPLIT),
    ]


def address(stories: Iterable[int], chosen: Iterable[int] = ()) -> str:
    """The page of these stories side by side, with articles chosen to move."""
    asked = [*(("s", pk) for pk in dict.fromkeys(stories)), *(("chosen", pk) for pk in chosen)]
    return f"{reverse(f'admin:{BESIDE}')}?{urlencode(asked)}"


def beside(admin: Any, request: HttpRequest) -> HttpResponse:
    """Two or more stories; with a link, the story of its article comes along."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if link := request.GET.get("link", "").strip():
        return _with_link(request, link)
    sent = request.POST if request.method == "POST" else request.GET
    stories = _asked(sent.getlist("s"))
    members = members_of(stories)
    columns = [column for story in stories if (column := _column(members, story))]
    if len(columns) < 2:
        messages.error(request, "Name two stories that are here, to see them side by side.")
        back = page_of(columns[0].story.pk) if columns else _list()
        return HttpResponseRedirect(back)
    if request.method == "POST":
        return _do(request, stories, members)
    return _show(admin, request, columns, members)


def _asked(texts: Iterable[str]) -> list[int]:
    return list(dict.fromkeys(number for text in texts if (number := leaf.as_id(text))))[:MOST]


def _list() -> str:
    return reverse("admin:articles_story_changelist")


def _with_link(request: HttpRequest, link: str) -> HttpResponse:
    stories = _asked(request.GET.getlist("s"))
    other = by_link(Article.objects.all(), link).order_by("pk") if is_link(link) else None
    found = other.exclude(story__in=stories).first() if other is not None else None
    if found is None:
        messages.error(request, "No other story has an article of that link.")
        return HttpResponseRedirect(page_of(stories[0]) if stories else _list())
    chosen = _ids(request.GET.getlist("chosen"))
    return HttpResponseRedirect(address([*stories, found.story_id], chosen))


def _column(members: Sequence[Article], story: int) -> Column | None:
    own = [row for row in members if row.story_id == story]
    lead = next((row for row in own if row.is_lead), None)
    if lead is None:
        return None
    return Column(lead.story, lead, [_line(row) for row in own])


def _line(row: Article, chosen: Iterable[int] = ()) -> Line:
    return Line(row, cells.standing(row), row.state not in OUT, row.pk in chosen)


def _show(
    admin: Any, request: HttpRequest, columns: list[Column], members: list[Article]
) -> HttpResponse:
    actor, chosen = actor_of(request), set(_ids(request.GET.getlist("chosen")))
    heir = _heir(request.GET.get("lead", ""), columns, members)
    marked = [
        Column(column.story, column.lead, [_line(line.article, chosen) for line in column.lines])
        for column in columns
    ]
    context = {
        **admin.admin_site.each_context(request),
        "title": f"{len(columns)} stories side by side",
        "opts": admin.opts,
        "columns": marked,
        "heir": heir,
        "merging": of_merge(members, heir, actor),
        "moving": _moving(members, columns, chosen),
        "versions": [(row.pk, row.version) for row in members],
        "may_change": actor.has_perm(PERMISSION),
        "may_override": actor.has_perm(OVERRIDING),
        "is_pair": len(columns) == 2,
    }
    return TemplateResponse(request, "admin/articles/story/beside.html", context)


def _ids(texts: Iterable[str]) -> list[int]:
    return [number for text in texts if (number := leaf.as_id(text))]


def _heir(asked: str, columns: Sequence[Column], members: Sequence[Article]) -> Article:
    """Who was asked to lead; else the lead that readers see, else the best of the leads."""
    named = next((row for row in members if row.pk == leaf.as_id(asked)), None)
    leads = [column.lead for column in columns]
    return named or min(leads, key=lambda row: (row.state != "published", lead_order(row)))


def _moving(
    members: Sequence[Article], columns: Sequence[Column], chosen: set[int]
) -> list[tuple[Column, Foretold]]:
    """For each story that the chosen could go to, what that would do."""
    found = []
    for column in columns if chosen else ():
        rows = [row for row in members if row.pk in chosen and row.story_id != column.story.pk]
        if rows:
            found.append((column, of_move(rows, members, column.lead)))
    return found


def _do(request: HttpRequest, stories: list[int], members: list[Article]) -> HttpResponse:
    name, _, rest = request.POST.get("act", "").partition(":")
    if name not in ACTS:
        raise Http404("There is no such act.")
    refusing = leaf.Refusing(request)
    with refusing:
        return HttpResponseRedirect(ACTS[name](request, members, leaf.as_id(rest)))
    return HttpResponseRedirect(address(stories))


def _seen(request: HttpRequest) -> dict[int, int]:
    """The versions that the page showed, by article id."""
    pairs = (pair.partition(":") for pair in request.POST.getlist("seen"))
    return {leaf.as_id(pk): leaf.as_id(version) for pk, _, version in pairs}


def _named(members: Sequence[Article], pk: int) -> Article:
    found = next((row for row in members if row.pk == pk), None)
    if found is None:
        raise Http404("That article is in none of these stories.")
    return found


def _merge(request: HttpRequest, members: list[Article], pk: int) -> str:
    heir = _named(members, pk)
    others = [row for row in members if row.is_lead and row.story_id != heir.story_id]
    story = merge(
        heir,
        others,
        actor_of(request),
        seen=_seen(request),
        comment=request.POST.get("comment", ""),
        override="override" in request.POST,
    )
    messages.success(request, f"Merged; it is led by “{heir.title}”. You can undo it for 10 min.")
    return page_of(story.pk)


def _move(request: HttpRequest, members: list[Article], pk: int) -> str:
    lead, ids = _named(members, pk), set(_ids(request.POST.getlist("member")))
    chosen = [row for row in members if row.pk in ids and row.story_id != lead.story_id]
    if not chosen:
        messages.error(request, "Choose articles of the other story to move.")
        return address(dict.fromkeys(row.story_id for row in members))
    story = move(chosen, lead, actor_of(request), seen=_seen(request))
    messages.success(request, f"{len(chosen)} moved to the story led by “{lead.title}”.")
    return page_of(story.pk)


def _apart(request: HttpRequest, members: list[Article], _: int) -> str:
    leads = [row for row in members if row.is_lead]
    if len(leads) != 2:
        raise Http404("Two stories are told apart.")
    tell_apart(leads[0], leads[1], actor_of(request), seen=_seen(request))
    messages.success(request, "Not the same story: neither files nor suggestions join them now.")
    return page_of(leads[0].story_id)


ACTS: dict[str, Callable[[HttpRequest, list[Article], int], str]] = {
    "merge": _merge,
    "move": _move,
    "apart": _apart,
}


def splitting(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The two parts that a split would leave, and the button that does it."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    members = members_of([pk])
    lead = next((row for row in members if row.is_lead), None)
    if lead is None:
        raise Http404("There is no such story.")
    sent = request.POST if request.method == "POST" else request.GET
    ids = set(_ids(sent.getlist("member")))
    told = of_split(members, ids)
    if told.refusal:
        messages.error(request, f"Nothing was changed. {told.refusal}")
        return HttpResponseRedirect(page_of(pk))
    chosen = [row for row in members if row.pk in ids]
    if request.method == "POST":
        refusing = leaf.Refusing(request)
        with refusing:
            story = split(chosen, actor_of(request), seen=_seen(request))
            messages.success(request, f"Split off: {len(chosen)}. You can undo it for 10 min.")
            return HttpResponseRedirect(page_of(story.pk))
        return HttpResponseRedirect(page_of(pk))
    parts = [[row for row in members if (row.pk in ids) is part] for part in (False, True)]
    context = {
        **admin.admin_site.each_context(request),
        "title": "Split a story",
        "opts": admin.opts,
        "story": lead.story,
        "columns": [_part(rows, lead) for rows in parts],
        "told": told,
        "chosen": chosen,
        "versions": [(row.pk, row.version) for row in chosen],
        "may_change": actor_of(request).has_perm(PERMISSION),
    }
    return TemplateResponse(request, "admin/articles/story/split.html", context)


def _part(rows: list[Article], lead: Article) -> Column:
    is_old = lead in rows
    leads = lead if is_old else min(rows, key=lead_order)
    ordered = sorted(rows, key=lambda row: (row.pk != leads.pk, lead_order(row)))
    title = "Stays the story" if is_old else "A story of its own"
    return Column(lead.story, leads, [_line(row) for row in ordered], title)

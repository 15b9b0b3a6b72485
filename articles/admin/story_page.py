"""The page of a story: its members, what may be done about each, its place, its past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from ..models import LAST_PIN, Article, Placement, Story, Transition
from ..states import UNDO, State
from ..stories import detach, placing, swap_lead
from ..stories.acts import PERMISSION
from ..stories.looked import look
from ..workflow.leads import OUT
from ..workflow.undoing import TIME
from ..workflow.wording import ago, done_words
from . import belonging, cells, leaf, story_facts
from .acts import actor_of
from .coverage import PUBLISHING
from .elsewhere import items_of
from .rank import rank_of, said_of
from .triage_keys import person_of
from .undoing import Offer

UNREAD = ("body", "embed", "images", "provider_images", "warnings")
KEYS = (
    ("j", "Next article"),
    ("k", "Previous article"),
    ("x", "Choose or leave out"),
    ("l", "Make it lead"),
    ("d", "Take it out"),
    ("s", "Split off the chosen"),
    ("m", "Merge, or move the chosen, with the link"),
    ("u", "Undo your last act"),
    ("?", "Show the keys"),
)
LIKELY = timedelta(hours=4)
"""How long a place lasts unless somebody says otherwise."""


@dataclass(frozen=True)
class Member:
    """One article of the story, and what may be done about its place in it."""

    article: Article
    badge: SafeString
    may_leave: bool
    may_lead: bool


def page_of(story: int) -> str:
    """The address of a story's page."""
    return reverse("admin:articles_story_change", args=[story])


def view(admin: Any, request: HttpRequest, pk: str) -> HttpResponse:
    """The page, and the acts that its buttons send."""
    story = admin.get_queryset(request).filter(pk=leaf.as_id(pk)).first()
    if story is None:
        raise Http404("There is no such story.")
    if not admin.has_view_permission(request, story):
        raise PermissionDenied
    if request.method == "POST":
        return _act(request, story)
    return _page(admin, request, story)


def _page(admin: Any, request: HttpRequest, story: Story) -> HttpResponse:
    actor, members = actor_of(request), members_of([story.pk])
    items, lead = items_of(story.pk), next((row for row in members if row.is_lead), None)
    person = person_of(actor)
    context = {
        **admin.admin_site.each_context(request),
        "title": lead.title if lead else "Story without lead",
        "subtitle": None,
        "opts": admin.opts,
        "story": story,
        "lead": lead,
        "badge": cells.standing(lead) if lead else "",
        "members": _shown(members, lead, actor),
        "items": items,
        "may_change": actor.has_perm(PERMISSION),
        "is_live": lead is not None and lead.state == State.PUBLISHED,
        "undo": _offer(story, actor),
        "keys": KEYS,
        "has_keys": person is None or person.has_keys,
        **_place(lead, actor),
        **story_facts.context(story, members, items),
        **belonging.context(story),
    }
    return TemplateResponse(request, "admin/articles/story/page.html", context)


def members_of(stories: list[int]) -> list[Article]:
    """The articles of these stories, each story's lead first, then by quality; one query."""
    found = Article.objects.filter(story__in=stories).select_related("provider", "story")
    return list(found.defer(*UNREAD).order_by("story", "-is_lead", "-quality", "slug"))


def _shown(members: list[Article], lead: Article | None, actor: User) -> list[Member]:
    may_change = actor.has_perm(PERMISSION)
    is_live = lead is not None and lead.state == State.PUBLISHED
    may_swap = may_change and (not is_live or actor.has_perm(PUBLISHING))
    return [
        Member(
            row,
            cells.standing(row),
            may_leave=may_change and len(members) > 1 and row.state != State.PUBLISHED,
            may_lead=may_swap and not row.is_lead and row.state not in OUT,
        )
        for row in members
    ]


def _offer(story: Story, actor: User) -> Offer | None:
    """The actor's last act on the story that can be taken back now; one query."""
    now = timezone.now()
    own = Transition.objects.filter(article__story=story, actor=actor, at__gte=now - TIME)
    own = own.filter(undone_by=None).exclude(action=UNDO).exclude(before=None)
    act = own.select_related("article").defer("before").order_by("-id").first()
    if act is None:
        return None
    return Offer(act, "by you", done_words(act.action), ago(now - act.at), act.at + TIME)


def _place(lead: Article | None, actor: User) -> dict[str, Any]:
    is_live = lead is not None and lead.state == State.PUBLISHED
    until = timezone.localtime(timezone.now() + LIKELY)
    rank = rank_of(lead) if lead else None
    return {
        "rank": rank,
        "placed": said_of(rank.placement) if rank and rank.placement else "",
        "may_place": is_live and actor.has_perm(placing.PERMISSION),
        "places": range(1, LAST_PIN + 1),
        "boosts": [(shift, 2**shift) for shift in placing.SHIFTS[Placement.Kind.BOOST]],
        "buries": [
            (shift, placing.ORDINALS[2**-shift]) for shift in placing.SHIFTS[Placement.Kind.BURY]
        ],
        "until": until.strftime("%Y-%m-%dT%H:%M"),
        "zone": until.tzname(),
        "longest": placing.LONGEST.days,
    }


def _act(request: HttpRequest, story: Story) -> HttpResponse:
    name, _, rest = request.POST.get("act", "").partition(":")
    if name not in ACTS:
        raise Http404("There is no such act.")
    article, version = _named(story, rest)
    refusing = leaf.Refusing(request)
    with refusing:
        says = ACTS[name](request, article, version)
        messages.success(request, f"{says}: {article.title}")
    # Whoever acts on a story has looked at it.
    look(story)
    now = Article.objects.values_list("story", flat=True).get(pk=article.pk)
    gone = not Story.objects.filter(pk=story.pk).exists()
    return HttpResponseRedirect(page_of(now if gone else story.pk))


def _named(story: Story, rest: str) -> tuple[Article, int]:
    asked, _, version = rest.partition(":")
    article = story.members.filter(pk=leaf.as_id(asked)).first()
    if article is None:
        raise Http404("That article is not in this story.")
    return article, leaf.as_id(version)


def _lead(request: HttpRequest, article: Article, version: int) -> str:
    swap_lead(article, actor_of(request), expected_version=version)
    return "Leads the story now"


def _detach(request: HttpRequest, article: Article, version: int) -> str:
    detach(article, actor_of(request), expected_version=version)
    return "Taken out of the story"


def _put(request: HttpRequest, article: Article, version: int) -> str:
    """`place` is `pin:2`, `boost:1` or `bury:-2`."""
    kind, _, number = request.POST.get("place", "").partition(":")
    made = placing.place(
        article,
        kind,
        actor_of(request),
        expected_version=version,
        reason=request.POST.get("reason", ""),
        until=leaf.moment(request.POST.get("until", ""), timezone.now()),
        number=int(number) if number.lstrip("-").isdecimal() and len(number) < 4 else 0,
    )
    return f"{placing.said(made).capitalize()}"


def _unplace(request: HttpRequest, article: Article, version: int) -> str:
    placing.unplace(article, actor_of(request), expected_version=version)
    return "Stands where its rank puts it"


ACTS: dict[str, Callable[[HttpRequest, Article, int], str]] = {
    "lead": _lead,
    "detach": _detach,
    "place": _put,
    "unplace": _unplace,
}
"""What the buttons send as `act`, before the article and the version they showed."""

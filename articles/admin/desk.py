"""The desk's first page: what is urgent, what waits, what stands where, what just happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.safestring import SafeString

from .. import tasks
from ..desk.counting import Counted, count_up_to
from ..exchange import asking
from ..models import (
    Article,
    ArticleQuerySet,
    Conflict,
    Falling,
    Picture,
    PictureKind,
    PictureSource,
    Run,
)
from ..public.frontpage import front
from ..public.leads import Lead
from ..snapshots import running
from ..states import State
from ..stories.looked import grown
from ..workflow.audit import acts_of, last_content_editor
from ..workflow.notices import unseen
from ..workflow.wording import name_of
from . import syncs
from .cells import badge, standing
from .happened import happened
from .queue import left_without_lead, on_shelf, ordering

LINES = 6
"""Articles of a panel; whoever wants to see more opens the list."""

LOOKED_AT = 50
"""Articles in review among which those that one person may approve are looked for."""

COUNTED = 1_000
IMPORTS = 4
FRONT = 10
WINDOW = timedelta(hours=24)
WRONG = ("conflict", "refused", "missing")
"""Outcomes of an import that somebody should look at."""

UNSEEN = ("body", "embed", "images", "provider_images", "excerpt", "warnings")


@dataclass(frozen=True)
class Line:
    """One article of a panel, and why it stands there."""

    article: Article | Lead
    badge: SafeString
    says: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Panel:
    """Articles that ask for the same thing. `query` is the list that shows all of them."""

    name: str
    title: str
    lines: list[Line]
    query: str
    is_more: bool = False


def overview(actor: User) -> dict[str, Any]:
    """The context of the first page; constant queries."""
    now = timezone.now()
    articles = _articles()
    counted = _counted(actor, now)
    panels = [
        _claims(articles, actor),
        *([_approvals(articles, actor)] if actor.has_perm("articles.approve") else []),
        leaderless(articles),
        _scheduled(articles, now),
        _drafts(articles),
        _grown(articles, now),
    ]
    return {
        "removals": _removals(articles),
        "busy": [panel for panel in panels if panel.lines],
        "clear": [panel for panel in panels if not panel.lines],
        "notices": list(unseen(actor)[:LINES]),
        "imports": _imports(),
        "sync": syncs.last(),
        "is_set_up": asking.is_set_up(),
        "may_sync": asking.is_set_up() and asking.may_sync(actor),
        "front": _front(now, is_placed=bool(counted["placed"])),
        "recent": happened(),
        "unseen_count": counted["unseen"],
        **_counts(counted),
    }


def _articles() -> ArticleQuerySet:
    return Article.objects.select_related("provider", "assignee", "story").defer(*UNSEEN)


def _line(article: Article, says: str = "", at: datetime | None = None) -> Line:
    return Line(article, standing(article), says, at)


def _panel(
    name: str, title: str, rows: ArticleQuerySet | list[Article], query: str, at: str = ""
) -> Panel:
    """`at` names the time of an article that stands beside its title."""
    found = list(rows[: LINES + 1])
    lines = [
        _line(row, _held(row, name), getattr(row, at) if at else None) for row in found[:LINES]
    ]
    return Panel(name, title, lines, query, is_more=len(found) > LINES)


def _held(article: Article, panel: str) -> str:
    is_told = panel == "approvals" and article.assignee is not None
    return f"claimed by {name_of(article.assignee)}" if is_told else ""


def _removals(articles: ArticleQuerySet) -> Panel:
    asked = articles.filter(removed_upstream_at__isnull=False).order_by("removed_upstream_at")
    return _panel(
        "removals", "Removed upstream", asked, "shelf=all&awaits=removal", at="removed_upstream_at"
    )


def _claims(articles: ArticleQuerySet, actor: User) -> Panel:
    mine = articles.filter(assignee=actor).order_by("claimed_at", "pk")
    return _panel("claims", "My claims", mine, "shelf=all&claim=mine", at="claimed_at")


def _approvals(articles: ArticleQuerySet, actor: User) -> Panel:
    theirs = articles.filter(state__lower=State.IN_REVIEW, is_lead=True).exclude(assignee=actor)
    ordered = theirs.order_by(*ordering("all"))
    rows = _open_to(ordered, actor) if settings.FOUR_EYES else ordered
    query = "shelf=all&state=in_review&claim=others"
    return _panel("approvals", "Awaiting my approval", rows, query)


def _open_to(rows: ArticleQuerySet, actor: User) -> list[Article]:
    """Of the first rows, those that the actor did not edit last; two queries."""
    found = list(rows[:LOOKED_AT])
    acts = acts_of(found)
    return [row for row in found if last_content_editor(row, acts[row.pk]) != actor.pk]


def leaderless(articles: ArticleQuerySet | None = None) -> Panel:
    """Stories that left readers while others could lead them; one query."""
    rows = (_articles() if articles is None else articles).filter(left_without_lead())
    ordered = rows.order_by(Falling("state_acted_at"), "-pk")
    return _panel("leaderless", "Stories without lead", ordered, "shelf=all&awaits=lead")


def _scheduled(articles: ArticleQuerySet, now: datetime) -> Panel:
    rows = articles.filter(
        state=State.PUBLISHED, go_live_at__gt=now, go_live_at__lte=now + WINDOW
    ).order_by("go_live_at")
    return _panel(
        "scheduled", "Going live in 24 hours", rows, "shelf=live&awaits=window", at="go_live_at"
    )


def _drafts(articles: ArticleQuerySet) -> Panel:
    rows = articles.filter(draft__isnull=False).select_related("draft__actor")
    rows = rows.defer(*UNSEEN, "draft__data").order_by("-draft_id")
    panel = _panel("drafts", "Changes to live articles", rows, "shelf=live&awaits=draft")
    lines = [
        Line(
            line.article, line.badge, name_of(draft.actor) if draft.actor else "", draft.created_at
        )
        for line in panel.lines
        if isinstance(line.article, Article) and (draft := line.article.draft)
    ]
    return Panel(panel.name, panel.title, lines, panel.query, panel.is_more)


def _grown(articles: ArticleQuerySet, now: datetime) -> Panel:
    # The walk through the ranks ends with the first few: databases would rather sort them all.
    stories = grown()[: LINES + 1].values("pk")
    rows = articles.published(now).filter(story__in=stories).order_by("-story__rank", "story_id")
    return _panel("grown", "Live stories that grew", rows, "shelf=live&awaits=look")


def _front(now: datetime, *, is_placed: bool) -> list[Line]:
    # What readers see is live; these rows have no columns that would tell so once more.
    live = badge(State.PUBLISHED)
    found = front(now, is_placed=is_placed).articles
    return [Line(article, live) for article in found[:FRONT]]


def _imports() -> list[tuple[Run, list[tuple[str, int]]]]:
    """The last imports, each with its files that somebody should look at."""
    runs = Run.objects.filter(kind=Run.Kind.IMPORT).defer("report", "options")[:IMPORTS]
    return [(run, [(word, _total(run, word)) for word in WRONG]) for run in runs]


def _total(run: Run, outcome: str) -> int:
    kinds = (run.totals or {}).values()
    return sum(counts.get(outcome, 0) for counts in kinds if isinstance(counts, dict))


def _counted(actor: User, now: datetime) -> dict[str, Counted]:
    """All that the page counts, or only has to know whether there is any; one query."""
    everything = Article.objects.all()
    return count_up_to(
        COUNTED,
        {
            "placed": running(now),
            "unseen": unseen(actor),
            "queue": on_shelf(everything, "queue").order_by(*ordering("queue")),
            "backlog": on_shelf(everything, "backlog").order_by(*ordering("backlog")),
            "failed": tasks.failed(),
            "conflicts": Conflict.objects.filter(resolution=""),
            "pictures": Picture.objects.filter(kind=PictureKind.PICTURE),
            "unrendered": Picture.objects.filter(is_due=True),
            "unkept": PictureSource.objects.filter(picture=None).exclude(failure=""),
            "edited": everything.edited().order_by("slug"),
            **{state.value: everything.filter(state__lower=state) for state in State},
        },
    )


def _counts(counted: dict[str, Counted]) -> dict[str, Any]:
    return {
        "queue_count": counted["queue"],
        "backlog_count": counted["backlog"],
        "conflict_count": counted["conflicts"],
        "edited_count": counted["edited"],
        "failed_count": counted["failed"],
        **{f"{name}_count": counted[name] for name in ("pictures", "unrendered", "unkept")},
        "states": [(state.value, badge(state), counted[state.value]) for state in State],
    }

"""Of a first import the hottest that wait for a decision are the queue; the rest is backlog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..models import Article, Falling, Run
from ..states import State
from ..workflow.rows import hold_stories

FIRST_QUEUE = 300
"""Nobody can read a whole archive."""


def share_of(news: int) -> float:
    """How much of a first import of so many articles is the queue."""
    return FIRST_QUEUE / max(news, FIRST_QUEUE, 1)


def expect_queue(arriving: Sequence[Article], share: float) -> None:
    """Guess which of new articles `fill_queue` will choose, so that few rows are written twice:
    the hottest `share` of these leads."""
    leads = [one for one in arriving if one.is_lead and one.file_state == State.NEW]
    leads.sort(key=lambda one: (one.is_above_bar, one.quality or 0), reverse=True)
    for article in leads[: round(share * len(arriving))]:
        article.is_backlog = False


def fill_queue(run: Run) -> None:
    """Make the hottest undecided leads the queue, the heat of one is its quality, and what else
    came in by this run backlog, unless somebody acted on it."""
    undecided = Article.objects.filter(state__in=[State.NEW, State.IN_REVIEW], is_lead=True)
    hottest = undecided.order_by("-is_above_bar", Falling("quality"), "-pk")
    ids = list(hottest.values_list("pk", flat=True)[:FIRST_QUEUE])
    expected = Article.objects.filter(
        run=run, is_backlog=False, state=State.NEW, touched_at=None, assignee=None
    )
    _set_backlog(expected.exclude(pk__in=ids).values_list("pk", flat=True), is_backlog=True)
    chosen = Article.objects.filter(pk__in=ids, is_backlog=True)
    _set_backlog(chosen.values_list("pk", flat=True), is_backlog=False)


def _set_backlog(ids: Iterable[int], *, is_backlog: bool) -> None:
    rows = Article.objects.filter(pk__in=list(ids))
    hold_stories(rows)
    rows.update(is_backlog=is_backlog)

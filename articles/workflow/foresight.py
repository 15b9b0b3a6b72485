"""What an act on many articles would do, told before it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.db.models import prefetch_related_objects
from django.utils import timezone

from ..models import Article
from ..states import TABLE, Action, State
from . import audit
from .errors import ActRefused, GuardsFailed
from .guards import Known, asked_for, failures, know
from .rights import OVERRIDING, check

CHUNK = 500
"""Articles looked at together."""

LEAVING = frozenset({Action.UNPUBLISH, Action.UNSCHEDULE, Action.WITHDRAW})
HIDING = frozenset({Action.SPIKE, Action.WITHDRAW, Action.REQUEST_CHANGES})
"""Actions after which an article is no longer shown as coverage."""

OUT_OF = frozenset({Action.SPIKE, Action.WITHDRAW})
"""Actions after which an article leads no story that others could lead."""


@dataclass(slots=True)
class Forecast:
    """How many would be done, how many refused for each reason, and what it would mean."""

    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    effects: list[str] = field(default_factory=list)


def foresee(
    articles: Iterable[Article], action: Action | str, actor: User, **data: Any
) -> Forecast:
    """What `transition` would do to each of these articles; changes nothing.

    `data` as for `transition`. PUBLISH means REPUBLISH for what is unpublished. The queries are
    a constant for every 500 articles.
    """
    found, told, now = Forecast(), Counter[str](), timezone.now()
    rows = iter(articles)
    while chunk := list(islice(rows, CHUNK)):
        prefetch_related_objects(chunk, "provider", "assignee", "story")
        acts, known = audit.acts_of(chunk), know(chunk)
        for article in chunk:
            try:
                meant = meant_by(Action(action), article)
                check(article, meant, actor, now, acts[article.pk])
                _check_guards(article, meant, actor, data, now, known)
            except ActRefused as why:
                found.refused[str(why)] += 1
            else:
                found.done += 1
                told.update(dict(_effects(article, meant, actor, data, now)))
    found.effects = [says(count) for name, says in SENTENCES.items() if (count := told[name])]
    return found


def meant_by(action: Action, article: Article) -> Action:
    """Publishing what is unpublished is publishing it again."""
    if action is Action.PUBLISH and article.state == State.UNPUBLISHED:
        return Action.REPUBLISH
    return action


def _check_guards(
    article: Article,
    action: Action,
    actor: User,
    data: dict[str, Any],
    now: datetime,
    known: Known,
) -> None:
    if not TABLE[action].is_guarded or action is Action.PUBLISH_DRAFT:
        return
    live = data.get("go_live_at") or data.get("at") or now
    broken = asked_for(action, failures(article, max(live, now), known))
    if data.get("override") and actor.has_perm(OVERRIDING):
        broken = [failure for failure in broken if not failure.is_editorial]
    if broken:
        raise GuardsFailed(broken)


def _effects(
    article: Article, action: Action, actor: User, data: dict[str, Any], now: datetime
) -> Iterator[tuple[str, int]]:
    if action in (Action.PUBLISH, Action.REPUBLISH):
        live = data.get("go_live_at") or data.get("at") or now
        yield ("later" if live > now else "appear"), 1
    if action in LEAVING:
        yield from _departure(article, data, now)
    if action in HIDING and not article.is_lead and article.story.rank is not None:
        yield "coverage", 1
    hands_over = action in OUT_OF and article.is_lead and article.state != State.PUBLISHED
    if hands_over and article.story.member_count > 1:
        yield "heirs", 1
    if action in HIDING and article.state == State.APPROVED:
        yield "approvals", 1
    if action in LEAVING and article.draft_id:
        yield "drafts", 1
    holder = article.assignee_id
    if holder not in (None, actor.pk) and TABLE[action].to is not State.IN_REVIEW:
        yield "claims", 1


def _departure(article: Article, data: dict[str, Any], now: datetime) -> Iterator[tuple[str, int]]:
    if not article.is_published(now):
        return
    yield ("succeeded" if data.get("successor") else "leave"), 1
    if not data.get("successor"):
        yield "lost", article.story.coverage_count


def _several(one: str, many: str) -> Any:
    return lambda count: one if count == 1 else many.format(count)


SENTENCES = {
    "appear": _several("1 story goes live", "{} stories go live"),
    "later": _several("1 story will go live later", "{} stories will go live later"),
    "leave": _several("1 story leaves the site", "{} stories leave the site"),
    "succeeded": _several("1 story gets another lead", "{} stories get another lead"),
    "heirs": _several(
        "1 story goes on under its next article, if another one is left",
        "{} stories go on under their next article, if another one is left",
    ),
    "lost": _several("1 line of coverage leaves with it", "{} lines of coverage leave with them"),
    "coverage": _several(
        "1 article leaves the coverage of a live story",
        "{} articles leave the coverage of live stories",
    ),
    "approvals": _several("1 approval becomes void", "{} approvals become void"),
    "drafts": _several("1 pending draft is put aside", "{} pending drafts are put aside"),
    "claims": _several("1 claim of a colleague ends", "{} claims of colleagues end"),
}
"""What each effect is called for a count of it."""

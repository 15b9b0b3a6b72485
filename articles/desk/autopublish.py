"""The newsroom's publishing policy: a lead above the bar, of a trusted provider, without a person.

It acts through the workflow, guards and all, as the newsroom itself, once an article, and never on
what a person has touched. What may be another report of a known story, or the same piece as one
that was rejected, is left to people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from providers.models import Policy

from ..models import QUEUE_DAYS, WAITING, Article, Run, Transition
from ..states import DONE, Action, State
from ..stories.bar import ALONE, WITH_COVERAGE, above_bar
from ..stories.suggesting import Suggestion, suggest_each
from ..workflow import ActRefused, audit, transition
from ..workflow.guards import failures, know
from ..workflow.system import SYSTEM
from .memory import told

MOST = 500
"""Articles that a rehearsal looks at, the newest."""

_DECISIONS = (
    *(Action.PUBLISH, Action.APPROVE, Action.SPIKE, Action.UNPUBLISH, Action.WITHDRAW),
    Action.REQUEST_CHANGES,
)
DECIDED: dict[str, str] = {
    **{str(action): DONE[action] for action in _DECISIONS},
    "import_publish": "published by its file",
    "import_withdraw": "withdrawn by its file",
}
"""Acts that decide about an article, and what it is after them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy makes of one lead: `why` it is above the bar, and what keeps the policy from
    it, nothing where it publishes."""

    article: Article
    why: str
    left_to_people: tuple[str, ...] = ()


def act(at: datetime) -> list[Article]:
    """Publish what the policy would, where it is switched on; answers those published.

    With FOUR_EYES nothing is published that a person has not approved.
    """
    if not settings.AUTO_PUBLISH or settings.FOUR_EYES:
        return []
    waiting = _leads(at - timedelta(days=QUEUE_DAYS)).filter(
        WAITING, state=State.NEW, is_above_bar=True, touched_at=None
    )
    acted = Transition.objects.filter(article=OuterRef("pk"), action=Action.PUBLISH)
    found = waiting.exclude(Exists(acted)).exclude(run__in=_runs_of_drafts(waiting))
    done = []
    # The first that came goes first; their order is none of an index that knows who waits.
    for verdict in _verdicts(sorted(found, key=lambda row: row.pk), at):
        if not verdict.left_to_people and (article := _publish(verdict)):
            done.append(article)
    return done


def rehearse(days: int, at: datetime, most: int = MOST) -> list[Verdict]:
    """What it would have done with what arrived in so many days, newest first; nothing is changed.

    Judged by what is known of the articles today.
    """
    since = at - timedelta(days=days)
    came = _leads(since).filter(above_bar(), arrived_at__gte=since)
    # What its file publishes or removes was never the policy's.
    waited = came.filter(file_state=State.NEW).order_by("-arrived_at", "-pk")
    return list(_verdicts(waited[:most], at))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an article: `word` (`published`, `new`) and the whole of it (`published by Ana
    on 3 May`, `still new`)."""

    word: str
    says: str


def outcomes(verdicts: Iterable[Verdict]) -> dict[int, Outcome]:
    """What became of each of the articles, by its id; one query."""
    verdicts = list(verdicts)
    acts = _decisions(verdict.article.pk for verdict in verdicts)
    return {one.article.pk: _outcome(one.article, acts.get(one.article.pk)) for one in verdicts}


def _outcome(article: Article, act: Transition | None) -> Outcome:
    if act is None:
        word = State(article.state).words
        return Outcome(word, f"still {word}")
    word = DECIDED[act.action]
    return Outcome(word, told(act, word))


def _decisions(ids: Iterable[int]) -> dict[int, Transition]:
    acts = Transition.objects.filter(article__among=list(ids), undone_by=None)
    found = acts.filter(action__in=list(DECIDED)).select_related("actor")
    return {act.article_id: act for act in found.defer("changes", "before").order_by("pk")}


def _leads(since: datetime) -> QuerySet[Article]:
    """Leads of trusted providers, published by those since then."""
    leads = Article.objects.filter(
        is_lead=True, provider__policy=Policy.TRUSTED, published_at__gte=since
    )
    return leads.select_related("provider", "story").defer("embed", "images", "provider_images")


def _runs_of_drafts(articles: QuerySet[Article]) -> list[int]:
    """The imports of these articles that somebody ran so that nothing becomes public."""
    runs = Run.objects.filter(pk__in=articles.values("run"))
    return [run.pk for run in runs.only("options") if run.options.get("as_drafts")]


def _verdicts(articles: Iterable[Article], at: datetime) -> Iterator[Verdict]:
    rows = list(articles)
    known = know(rows)
    rejected = {row.link_hash: row for row, _ in audit.rejections({one.link_hash for one in rows})}
    reasons: dict[int, list[str]] = {}
    for article in rows:
        reasons[article.pk] = [failure.message for failure in failures(article, at, known)]
        other = rejected.get(article.link_hash)
        if other is not None and other.pk != article.pk:
            reasons[article.pk].append(f"The same link was {State(other.state).words} before.")
    alike = suggest_each([article for article in rows if not reasons[article.pk]])
    for article in rows:
        why = reasons[article.pk] or _known_stories(article, alike[article.pk])
        yield Verdict(article, _why(article), tuple(why))


def _known_stories(article: Article, suggestions: Iterable[Suggestion]) -> list[str]:
    """Stories that were here before and that it most likely belongs to."""
    found = [one for one in suggestions if one.is_likely and _came_before(one.lead, article)]
    return [
        f"{'The same piece' if one.is_same_piece else 'Likely the same story'}: {one.lead.title}."
        for one in found[:1]
    ]


def _came_before(one: Article, other: Article) -> bool:
    return (one.arrived_at, one.pk) < (other.arrived_at, other.pk)


def _why(article: Article) -> str:
    """`quality 72, alone (70)`, `quality 55 with 3 others (50)`."""
    others = article.story.member_count - 1 + article.story.related_count
    if not others:
        return f"quality {article.quality}, alone ({ALONE})"
    return f"quality {article.quality} with {others} other{'s' * (others != 1)} ({WITH_COVERAGE})"


def _publish(verdict: Verdict) -> Article | None:
    article = verdict.article
    try:
        return transition(
            article,
            Action.PUBLISH,
            SYSTEM,
            expected_version=article.version,
            comment=f"By policy: {verdict.why}.",
        )
    except ActRefused:
        # Somebody was faster, or it just became live elsewhere.
        return None

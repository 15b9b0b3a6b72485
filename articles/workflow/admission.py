"""The door to state for imports: what files ask for, while nobody here has acted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from providers.models import Policy

from ..images.withdrawing import take_back, withdraw_later
from ..models import AWAITS_ADMISSION, Article, Notice, Run, Transition
from ..models.bulk import insert_rows, update_rows
from ..states import State
from . import audit, notices
from .rows import hold_stories

BACKEND = "django.contrib.auth.backends.ModelBackend"
"""Where permissions are kept, whatever else signs people in."""

ROWS = 250
"""Articles admitted by one statement, to bound memory."""


def record_arrivals(articles: Sequence[Article], run: Run, at: datetime) -> None:
    """Audit rows of new articles in the state they came in with: `new`, or `withdrawn`."""
    _record([(article, "import_create", "", article.state) for article in articles], run, at)


def withdraw(articles: Iterable[Article], run: Run, at: datetime) -> list[Article]:
    """`import_withdraw`: any untouched article whose file says `removed: true`, at once."""
    found = [
        article
        for article in articles
        if article.touched_at is None
        and article.file_state == State.WITHDRAWN
        and article.state != State.WITHDRAWN
    ]
    return _move(found, "import_withdraw", State.WITHDRAWN, run, at)


def retract(articles: Iterable[Article], run: Run, at: datetime) -> list[Article]:
    """`import_retract`: an untouched published article whose file took it back."""
    found = [
        article
        for article in articles
        if article.touched_at is None
        and article.state == State.PUBLISHED
        and article.file_state != State.PUBLISHED
    ]
    return _move(found, "import_retract", State.UNPUBLISHED, run, at)


def demote(ids: Iterable[int], run: Run, at: datetime) -> list[Article]:
    """`import_retract` of published articles that no longer lead their stories."""
    found = list(Article.objects.filter(pk__in=list(ids), state=State.PUBLISHED))
    return _move(found, "import_retract", State.UNPUBLISHED, run, at)


def reopen(articles: Iterable[Article], run: Run, at: datetime, why: str) -> list[Article]:
    """`import_reopen`: an approval is bound to the text it was given for."""
    found = [article for article in articles if article.state == State.APPROVED]
    update_rows(Article, ["approved_revision"], [(None, article.pk) for article in found])
    return _move(found, "import_reopen", State.IN_REVIEW, run, at, why)


def note_replaced(articles: Iterable[Article], run: Run, at: datetime) -> None:
    """`source_replaced`: the file of a live article points at another piece now."""
    live = [article for article in articles if article.state == State.PUBLISHED]
    _record(
        [(article, "source_replaced", article.state, article.state) for article in live], run, at
    )


def note_renamed(articles: Sequence[tuple[Article, str]], run: Run, at: datetime) -> None:
    """`rename`: the file of an article has another stem now; the rows still hold the one before."""
    said = {article.pk: f"{article.slug} is {stem} now" for article, stem in articles}
    rows = [(article, "rename", article.state, article.state) for article, _ in articles]
    _record(rows, run, at, said)


def note_removals(articles: Sequence[Article], run: Run, at: datetime) -> None:
    """`import_removal`: a file asks for the removal of what people decided about; it is theirs
    to answer, and whoever may publish is told."""
    if not articles:
        return
    _record([(one, "import_removal", one.state, one.state) for one in articles], run, at)
    people = list(User.objects.with_perm("articles.publish", backend=BACKEND))
    for article in articles:
        notices.tell(Notice.Kind.REMOVED_UPSTREAM, article, None, people, at)


def admit(run: Run, at: datetime) -> dict[str, int]:
    """`import_publish`: every untouched lead whose file says so and whose provider is not blocked.

    Asks the database and not the run, so that a run that was killed is completed by the next.
    An article whose file was published when it came in went live when its provider published it;
    its `go_live_at` says so since then. Answers the story of each article by its slug.
    """
    waiting = Article.objects.filter(AWAITS_ADMISSION, is_lead=True).exclude(
        provider__policy=Policy.BLOCKED
    )
    admitted: dict[str, int] = {}
    while ids := list(waiting.order_by("pk").values_list("pk", flat=True)[:ROWS]):
        rows = _held(waiting.filter(pk__among=ids))
        never_left = _retracted_by(run, rows)
        for article in rows:
            if article.pk not in never_left:
                _go_live(article, at)
        _move(rows, "import_publish", State.PUBLISHED, run, at, also=_WINDOW)
        admitted |= {article.slug: article.story_id for article in rows}
    return admitted


_WINDOW = ("go_live_at", "expire_at", "first_published_at")


def _held(waiting: QuerySet[Article]) -> list[Article]:
    """Those that still wait once they are this transaction's alone: what somebody decided about
    a moment ago is his. Stories before articles, as everywhere."""
    hold_stories(waiting)
    rows = waiting.select_for_update(of=("self",)).order_by("pk")
    return list(rows.only("slug", "state", "version", "story_id", *_WINDOW))


def _retracted_by(run: Run, articles: Sequence[Article]) -> set[int]:
    """Those that this very run took back, a chunk before it found out that they stay: they have
    been live all along."""
    # By article: the run's own acts are as many as the files of a whole site.
    acts = Transition.objects.filter(action="import_retract", article__in=articles)
    return {article for article, by in acts.values_list("article_id", "run_id") if by == run.pk}


def _go_live(article: Article, at: datetime) -> None:
    first_seen = article.go_live_at if article.state == State.NEW else None
    article.go_live_at, article.expire_at = first_seen or at, None
    article.first_published_at = article.first_published_at or article.go_live_at


def _move(
    articles: list[Article],
    action: str,
    to: State,
    run: Run,
    at: datetime,
    comment: str = "",
    *,
    also: tuple[str, ...] = (),
) -> list[Article]:
    """Move them, and store the columns of each that were set as `also` part of it."""
    moves = [(article, action, article.state, to) for article in articles]
    for article in articles:
        article.state = to
        article.version += 1
    columns = ("state", "version", *also)
    rows = [(*(getattr(article, name) for name in columns), article.pk) for article in articles]
    update_rows(Article, columns, rows)
    _record(moves, run, at, comment)
    if to is State.WITHDRAWN:
        withdraw_later(articles)
    return articles


def _record(
    moves: Iterable[tuple[Article, str, str, str]],
    run: Run,
    at: datetime,
    said: Mapping[int, str] | str = "",
) -> None:
    """`said` is the comment of all rows, or of each by its article's id."""
    columns = ["article", "action", "from_state", "to_state", "run", "version", "at", "comment"]
    insert_rows(
        Transition,
        columns,
        [
            (
                *(article.pk, action, str(before), str(after), run.pk, article.version, at),
                said if isinstance(said, str) else said[article.pk],
            )
            for article, action, before, after in moves
        ],
    )


def note_decided(
    article: Article, actor: User | None, changes: dict[str, list[Any]], at: datetime
) -> None:
    """`resolve_conflict`: a person took a file's value; `changes` as in every audit row."""
    Transition.objects.create(
        article=article,
        action="resolve_conflict",
        from_state=article.state,
        to_state=article.state,
        actor=actor,
        changes=None if "secured" in changes else changes,
        revision=audit.keep(article, actor, at),
        version=article.version,
        at=at,
    )


def bring_back(article: Article, run: Run, at: datetime) -> None:
    """`import_reinstate`: somebody decided that the file may take `removed: true` back."""
    if article.state == State.WITHDRAWN:
        take_back(article)
        _move([article], "import_reinstate", State.IN_REVIEW, run, at)

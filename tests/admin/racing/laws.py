"""What has to hold after races, read from the database and from the public pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.test import Client
from django.utils import timezone

from articles.models import Article, Story, Transition
from articles.states import UNDO, Action, State
from articles.stories import refresh
from articles.workflow import audit, draft_of

from .presses import Account

Acts = Sequence[Transition]
DRAFTED = frozenset({Action.SAVE_DRAFT, audit.UPSTREAM})
IMPORTED = "excerpt"
"""The field that files change all the while."""

COUNTS = ("slug", "heat", "rank", "member_count", "related_count", "hidden_count")


def lost_updates(acts: Acts, account: Account) -> list[str]:
    """Texts acknowledged as saved that nothing tells of, or that replaced one nobody had seen."""
    told = {
        (act.actor_id, act.article_id, column, _plain(before), _plain(after))
        for act in acts
        for column, (before, after) in (act.changes or {}).items()
    }
    return [
        f"{saved} is in none of {[(act.action, act.version, act.changes) for act in acts]}"
        for saved in account.saved
        if saved.shown != saved.typed
        and (
            saved.person,
            saved.article,
            saved.column,
            _plain(saved.shown),
            _plain(saved.typed),
        )
        not in told
    ]


def false_collisions(acts: Acts, account: Account, filed: Collection[int]) -> list[str]:
    """Collisions told of fields that nobody else had changed."""
    by_others: dict[tuple[int, str], set[int | None]] = defaultdict(set)
    for act in acts:
        for column in act.changes or {}:
            by_others[act.article_id, column].add(act.actor_id)
    return [
        f"{one}: nobody else changed it"
        for one in account.collided
        if not by_others[one.article, one.column] - {one.person}
        and not (one.column == IMPORTED and one.article in filed)
    ]


def doubles(acts: Acts, once: str) -> list[str]:
    """Acts done twice: the same version twice, or an action that could be done but once."""
    versions = Counter((act.article_id, act.version) for act in acts)
    actions = Counter((act.article_id, act.action) for act in acts if act.action == once)
    return [
        f"{what} of article {pk}: {number} audit rows"
        for (pk, what), number in [*versions.items(), *actions.items()]
        if number > 1
    ]


def broken_chains(article: Article, acts: Acts, *, is_gapless: bool) -> list[str]:
    """Audit rows, oldest first, that do not follow from one another, or not to the article."""
    found, state, version = [], acts[0].from_state if acts else article.state, 0
    for act in acts:
        if act.from_state != state:
            found.append(f"{article.slug}: {act.action} began at {act.from_state}, not at {state}")
        steps = act.version - version
        if version and (steps < 1 or (is_gapless and steps > 1)):
            found.append(f"{article.slug}: {act.action} made version {act.version} of {version}")
        state, version = act.to_state, act.version
    if acts and (state != article.state or (is_gapless and version != article.version)):
        found.append(f"{article.slug}: is {article.state}, {article.version}; {state}, {version}")
    return found


def forgotten(article: Article, acts: Acts) -> list[str]:
    """Columns that do not hold what was saved last; `acts` oldest first."""
    if any(act.action == UNDO for act in acts):
        return []
    said: dict[str, Any] = {}
    drafted: dict[str, Any] = {}
    for act in acts:
        after = {name: both[1] for name, both in (act.changes or {}).items() if name in TEXTS}
        if act.action in DRAFTED:
            drafted |= after
        elif act.action == Action.PUBLISH_DRAFT:
            said, drafted = said | drafted, {}
        elif act.from_state != act.to_state or act.action == Action.DISCARD_DRAFT:
            drafted = {}
        else:
            said |= after
    draft = draft_of(article)
    holds = draft.values if draft else {name: getattr(article, name) for name in TEXTS}
    return [
        f"{article.slug}: {name} is {holds[name]!r}, saved as {text!r}"
        for name, text in (said | drafted).items()
        if _plain(holds[name]) != _plain(text)
    ]


TEXTS = frozenset({"title", "body", "embed", "excerpt", "amp_url", "cdn_amp_url", "original_url"})


def leaks(articles: Iterable[Article]) -> list[str]:
    """Leads whose story's page answers otherwise than their state says, and others published."""
    reader, now = Client(), timezone.now()
    shown = set(Article.objects.published(now).values_list("pk", flat=True))
    found = []
    for article in articles:
        is_out = article.state == State.PUBLISHED
        if (article.pk in shown) is not is_out:
            found.append(f"{article.slug} is {article.state}; published: {article.pk in shown}")
        if article.is_lead:
            status = reader.get(f"/news/{article.story.slug or article.slug}/").status_code
            if (status == 200) is not is_out:
                found.append(f"{article.slug} is {article.state}, its page answers {status}")
    return found


def miscounted() -> list[str]:
    """Stories whose counts, heat, rank or address are others when counted anew."""
    before = _counts()
    refresh(before)
    after = _counts()
    return [
        f"story {pk}: {before[pk]}, not {after[pk]}" for pk in before if before[pk] != after[pk]
    ]


def _counts() -> dict[int, tuple[Any, ...]]:
    return {pk: tuple(values) for pk, *values in Story.objects.values_list("pk", *COUNTS)}


def _plain(value: Any) -> str:
    return str("" if value is None else value).replace("\r\n", "\n").strip()

"""What editors decide about membership, over whatever the files claim."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ..models import Article, PairFact, Story
from ..states import State
from ..workflow import audit
from ..workflow.rows import hold_stories, one_at_a_time
from ..workflow.wording import stale
from . import places
from .counts import refresh
from .membership import regroup

PERMISSION = "articles.story_acts"


class NotPossible(ValueError):
    """The act would break a rule of stories; the message says which."""


def attach(
    article: Article,
    lead: Article,
    actor: User,
    *,
    expected_version: int | None = None,
    lead_version: int | None = None,
) -> Story:
    """Make an article coverage of the story that `lead` leads; answers that story.

    Its former story goes on without it; the lead stays the lead. `expected_version` is the
    article's that the actor saw, `lead_version` the lead's. Raises NotPossible, StaleVersion and
    PermissionDenied.
    """
    with transaction.atomic():
        article, lead = _locked(actor, article, lead)
        _check_version(article, expected_version)
        _check_version(lead, lead_version)
        if article.story_id == lead.story_id:
            raise NotPossible("It belongs to this story already.")
        if not lead.is_lead:
            raise NotPossible("That article does not lead a story.")
        if article.state == State.PUBLISHED:
            raise NotPossible(
                "It is published; only the lead of a story can be. Unpublish it first."
            )
        stood = places.standing(article, [article.story_id, lead.story_id])
        left = _others(article)
        joined = list(Article.objects.filter(story=lead.story_id))
        _keep_apart(article, left, actor)
        _forget(article, joined)
        _keep_together(article, lead, actor)
        if article.is_lead:
            # It was chosen for a story that it leaves now, not for this one.
            Story.objects.filter(pk=article.story_id).update(is_lead_chosen=False)
        Story.objects.filter(pk=lead.story_id).update(is_lead_chosen=True)
        _carry_out("attach", article, [*left, *joined], actor, lead.slug, stood)
        return Article.objects.get(pk=article.pk).story


def detach(article: Article, actor: User, *, expected_version: int | None = None) -> Story:
    """Take an article out of its story into one of its own; answers that one.

    It stays off though every file of the story still lists it. `expected_version` as for
    `attach`. Raises NotPossible, StaleVersion and PermissionDenied.
    """
    with transaction.atomic():
        (article,) = _locked(actor, article)
        _check_version(article, expected_version)
        left = _others(article)
        if not left:
            raise NotPossible("It is alone in its story.")
        if article.state == State.PUBLISHED:
            raise NotPossible("It is the published lead; unpublish it or swap the lead first.")
        stood = places.standing(article, [article.story_id])
        _keep_apart(article, left, actor)
        _carry_out("detach", article, left, actor, "", stood)
        return Article.objects.get(pk=article.pk).story


def _check_version(article: Article, expected: int | None) -> None:
    if expected is not None and article.version != expected:
        raise stale(article, timezone.now())


def _locked(actor: User, *articles: Article) -> list[Article]:
    """The rows, for this transaction alone: stories first, then articles, each in order of id."""
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied("You may not change stories.")
    ids = [article.pk for article in articles]
    one_at_a_time()
    hold_stories(Article.objects.filter(pk__in=ids))
    found = Article.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    rows = {row.pk: row for row in found}
    return [rows[pk] for pk in ids]


def _others(article: Article) -> list[Article]:
    return list(Article.objects.filter(story=article.story_id).exclude(pk=article.pk))


def _pair(one: Article, other: Article) -> tuple[int, int]:
    return (min(one.pk, other.pk), max(one.pk, other.pk))


def _forget(article: Article, others: Iterable[Article]) -> None:
    for other in others:
        first, second = _pair(article, other)
        PairFact.objects.filter(first=first, second=second).delete()


def _keep_apart(article: Article, others: Iterable[Article], actor: User) -> None:
    _set_facts(article, others, actor, is_together=False)


def _keep_together(article: Article, lead: Article, actor: User) -> None:
    _set_facts(article, [lead], actor, is_together=True)


def _set_facts(
    article: Article, others: Iterable[Article], actor: User, *, is_together: bool
) -> None:
    now = timezone.now()
    PairFact.objects.bulk_create(
        [
            PairFact(
                first_id=first,
                second_id=second,
                is_together=is_together,
                actor=actor,
                created_at=now,
            )
            for first, second in (_pair(article, other) for other in others)
        ],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["is_together", "actor", "created_at"],
    )


def _carry_out(
    action: str,
    article: Article,
    others: list[Article],
    actor: User,
    comment: str,
    stood: places.Standing,
) -> None:
    """Regroup, mark what an export has to look at, write the audit row."""
    now = timezone.now()
    plan = regroup(changed=[article.pk, *(other.pk for other in others)])
    if plan.demoted:
        raise NotPossible("A published article would lose the lead; swap the lead first.")
    touched = plan.apply()
    members = Article.objects.filter(story__in=touched)
    members.update(is_edited=True)
    members.filter(is_lead=True).update(state_acted_at=now)
    row = Article.objects.get(pk=article.pk)
    row.version += 1
    row.state_acted_at = now
    row.save(update_fields=["version", "state_acted_at"])
    before = places.after(stood, touched)
    audit.write_down(
        row,
        action,
        actor,
        now,
        from_state=row.state,
        comment=comment,
        before={"places": before} if before else None,
    )
    refresh(touched)

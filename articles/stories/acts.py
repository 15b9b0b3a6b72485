"""What editors decide about membership, over whatever the files claim."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ..models import Article, PairFact, Story, Transition
from ..states import State
from .counts import refresh
from .membership import regroup

PERMISSION = "articles.story_acts"


class NotPossible(ValueError):
    """The act would break a rule of stories; the message says which."""


def attach(article: Article, lead: Article, actor: User) -> Story:
    """Make an article coverage of the story that `lead` leads; answers that story.

    Its former story goes on without it. Raises NotPossible, and PermissionDenied.
    """
    with transaction.atomic():
        article, lead = _locked(actor, article, lead)
        if article.story_id == lead.story_id:
            raise NotPossible("It belongs to this story already.")
        if not lead.is_lead:
            raise NotPossible("That article does not lead a story.")
        if article.state == State.PUBLISHED:
            raise NotPossible(
                "It is published; only the lead of a story can be. Unpublish it first."
            )
        left = _others(article)
        joined = list(Article.objects.filter(story=lead.story_id))
        _keep_apart(article, left, actor)
        _forget(article, joined)
        _keep_together(article, lead, actor)
        Story.objects.filter(pk=lead.story_id).update(is_lead_chosen=True)
        _carry_out("attach", article, [*left, *joined], actor, lead.slug)
        return Article.objects.get(pk=article.pk).story


def detach(article: Article, actor: User) -> Story:
    """Take an article out of its story into one of its own; answers that one.

    It stays off though every file of the story still lists it. Raises NotPossible and
    PermissionDenied.
    """
    with transaction.atomic():
        (article,) = _locked(actor, article)
        left = _others(article)
        if not left:
            raise NotPossible("It is alone in its story.")
        if article.state == State.PUBLISHED:
            raise NotPossible("It is the published lead; unpublish it or swap the lead first.")
        _keep_apart(article, left, actor)
        _carry_out("detach", article, left, actor, "")
        return Article.objects.get(pk=article.pk).story


def _locked(actor: User, *articles: Article) -> list[Article]:
    """The rows, for this transaction alone: stories first, then articles, each in order of id."""
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied("You may not change stories.")
    ids = [article.pk for article in articles]
    stories = Story.objects.select_for_update().filter(members__in=ids).order_by("pk")
    list(stories.values_list("pk", flat=True))
    rows = {row.pk: row for row in Article.objects.select_for_update().filter(pk__in=ids)}
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
    action: str, article: Article, others: list[Article], actor: User, comment: str
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
    _note(article, action, actor, comment, now)
    refresh(touched)


def _note(article: Article, action: str, actor: User, comment: str, now: datetime) -> None:
    row = Article.objects.get(pk=article.pk)
    row.version += 1
    row.state_acted_at = now
    row.save(update_fields=["version", "state_acted_at"])
    Transition.objects.create(
        article=row,
        action=action,
        from_state=row.state,
        to_state=row.state,
        actor=actor,
        comment=comment,
        version=row.version,
        at=now,
    )

"""Erasing an article: the one act that loses something, on purpose and for good."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..images.withdrawing import erase_pictures
from ..models import Article, Claim, Erasure, Source, Story
from ..states import State
from ..stories import detach
from ..workflow import ActRefused, ReasonMissing, locked
from ..workflow.rows import hold_stories


class NotTyped(ActRefused):
    """What had to be typed was not."""


def erase(article: Article, actor: User, *, typed: str, reason: str) -> None:
    """Remove a withdrawn article, its history, its file's bytes and its pictures; what stays is
    that it happened. A superuser types the stem.

    Its pictures are deleted once this is committed, unless others name them. Raises
    PermissionDenied, ActRefused, stories.NotPossible.
    """
    if not actor.is_superuser:
        raise PermissionDenied("Only a superuser erases.")
    if typed.strip() != article.slug:
        raise NotTyped(f"Type {article.slug} to erase it.")
    if not reason.strip():
        raise ReasonMissing("Say why; that is what stays of it.")
    with transaction.atomic():
        naming = list(_naming(article).values_list("article", flat=True))
        # All at once, in their order: acts on several stories never wait for one another.
        hold_stories(Article.objects.filter(pk__in=[article.pk, *naming]))
        # Looked at again once it is held: whoever reinstates it meanwhile is in time.
        _check(article)
        if article.story.members.count() > 1:
            detach(article, actor)
        row = locked(article.pk)
        _check(row)
        said = {"actor": actor, "reason": reason.strip(), "at": timezone.now()}
        Erasure.objects.create(stem=row.slug, identity=row.identity, **said)
        erase_pictures(row)
        # The next export takes it out of their files.
        Article.objects.filter(pk__in=naming).mark()
        Source.objects.filter(kind=Source.Kind.ARTICLE, key=row.slug).delete()
        row.delete()
        Story.objects.filter(pk=row.story_id, members=None).delete()


def _naming(article: Article) -> QuerySet[Claim]:
    """How other articles' files name it."""
    return Claim.objects.filter(identity=article.identity).exclude(article=article)


def _check(article: Article) -> None:
    if article.state != State.WITHDRAWN:
        raise ActRefused("Only what was withdrawn can be erased.")

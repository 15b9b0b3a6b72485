"""Making the digest of a day: its stories, their order, closing it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from ..models import Article, ArticleQuerySet, Digest, DigestItem

MOST = 40
"""Stories of a day that a digest begins with."""

EDITING = "articles.rank"
CLOSING = "articles.publish"


class NotPossible(ValueError):
    """The digest cannot be closed or changed; the message says why."""


def stories_of(day: date, at: datetime) -> ArticleQuerySet:
    """The published stories that went live on a day of the site's zone, by rank."""
    zone = timezone.get_default_timezone()
    begin = datetime.combine(day, time.min, zone)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    rows = Article.objects.published(at).filter(go_live_at__gte=begin, go_live_at__lt=end)
    return rows.order_by("-story__rank", "story_id")


def fill(digest: Digest, at: datetime) -> int:
    """Add the day's stories that the digest has not, at its end; how many they were.

    Raises NotPossible when it is closed.
    """
    with transaction.atomic():
        _locked_open(digest)
        known = list(digest.items.values_list("story_id", "position"))
        place = max((position for _, position in known), default=0)
        stories = stories_of(digest.day, at).exclude(story__in=[story for story, _ in known])
        found = list(stories.values_list("story_id", flat=True)[:MOST])
        items = [
            DigestItem(digest=digest, story_id=story, position=place + number)
            for number, story in enumerate(found, 1)
        ]
        DigestItem.objects.bulk_create(items)
    return len(items)


def close(digest: Digest, actor: User, at: datetime) -> None:
    """Let readers see it as it is. Raises NotPossible and PermissionDenied."""
    if not actor.has_perm(CLOSING):
        raise PermissionDenied("You may not close digests.")
    with transaction.atomic():
        row = _locked_open(digest)
        if not row.items.exists():
            raise NotPossible(f"The digest of {row.day} has no story.")
        row.closed_at, row.closed_by = at, actor
        row.save(update_fields=["closed_at", "closed_by"])


def reopen(digest: Digest, actor: User) -> None:
    """Take it back; readers see the day's stories by rank again. Raises PermissionDenied."""
    if not actor.has_perm(CLOSING):
        raise PermissionDenied("You may not reopen digests.")
    Digest.objects.filter(pk=digest.pk).update(closed_at=None, closed_by=None)


def _locked_open(digest: Digest) -> Digest:
    row = Digest.objects.select_for_update().get(pk=digest.pk)
    if row.closed_at:
        raise NotPossible(f"The digest of {row.day} is closed; reopen it first.")
    return row

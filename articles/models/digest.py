"""The day's digest as an editor made it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Digest(models.Model):
    """The stories of a day in an editor's order, with comments. Readers see it once it is closed;
    until then, and where there is none, the day's stories by rank."""

    day = models.DateField(unique=True)
    introduction = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.CheckConstraint(
                name="digest_closed_with_a_time",
                condition=Q(closed_by__isnull=True) | Q(closed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Digest of {self.day}"


class DigestItem(models.Model):
    """A story's place in a digest, the smallest first, and what the editor says about it."""

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="items")
    story = models.ForeignKey("articles.Story", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    comment = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["digest", "story"], name="a_story_once_a_digest")
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.digest_id}"

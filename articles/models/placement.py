"""What editors say of a story's place on the front page, how it stood there, and addresses of
stories that are gone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from providers.fields import JSONTextField, StemField

from .story import Story

LAST_PIN = 10
"""The lowest place that a story can be pinned to: well within the first page."""


class Placement(models.Model):
    """A pin, a boost or a bury of one story, until `ends_at`; one that is over may stay.

    A pin holds `place` of the front page. A boost and a bury move the rank by `shift`, in
    doublings of the heat (`articles.ranking.rank`): 2 counts as four times the heat, -2 as
    a quarter. `reason` is for colleagues.
    """

    class Kind(models.TextChoices):
        PIN = "pin"
        BOOST = "boost"
        BURY = "bury"

    story = models.OneToOneField(Story, on_delete=models.CASCADE, related_name="placement")
    kind = models.CharField(max_length=5, choices=Kind)
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    shift = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=500)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="placement_is_of_its_kind",
                condition=Q(kind="pin", place__gte=1, place__lte=LAST_PIN, shift=0)
                | Q(kind="boost", place__isnull=True, shift__gt=0)
                | Q(kind="bury", place__isnull=True, shift__lt=0),
            ),
            models.CheckConstraint(
                name="placement_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.story_id}"


class FormerAddress(models.Model):
    """An address of a story that went into another, for which it goes on to answer."""

    slug = StemField(max_length=200)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="former_addresses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug"], name="one_story_a_former_address")]

    def __str__(self) -> str:
        return self.slug


class FrontSnapshot(models.Model):
    """The front page as it stood from a moment on: at most one a minute, and none where nothing
    changed. `order`: [story, lead, heat, rank, kind of placement or ""] from its top down."""

    at = models.DateTimeField(db_index=True)
    order = JSONTextField(default=list)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"front page at {self.at:%Y-%m-%d %H:%M:%S}"

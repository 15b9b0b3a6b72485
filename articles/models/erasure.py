"""What was erased: that it was, by whom and why, and nothing of what it said."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from providers.fields import StemField


class Erasure(models.Model):
    """An article that was removed for good. `stem` is its file's, which no import takes again;
    `identity` the number by which other files name it (`articles.identity`): they are to forget it.
    """

    stem = StemField(max_length=200)
    identity = models.BigIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["stem"], name="one_erasure_a_stem")]

    def __str__(self) -> str:
        return self.stem

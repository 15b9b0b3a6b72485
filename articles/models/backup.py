"""When the newsroom was saved last."""

from __future__ import annotations

from django.db import models


class Backup(models.Model):
    """One backup that was made (`articles.safety.backup`): where, how large, in how long."""

    made_at = models.DateTimeField()
    folder = models.TextField()
    bytes = models.PositiveBigIntegerField()
    seconds = models.FloatField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.folder

"""How far the caches of a CDN were told of what changed."""

from __future__ import annotations

from django.db import models


class Purge(models.Model):
    """Where a round of telling stands: all until this edition and this number of the log of
    changes, what happened until `at`, and the release (`public.responses`) that pages came from.
    """

    round = models.CharField(max_length=10, unique=True)
    edition = models.BigIntegerField()
    number = models.BigIntegerField()
    at = models.DateTimeField()
    made_of = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.round}: {self.edition}"

"""Work that waits for the worker."""

from __future__ import annotations

from django.db import models


class Task(models.Model):
    """One piece of work: `kind` says which function (`articles.tasks`), `key` what it is given.

    It is tried again at `due_at`, after ever longer pauses, until it failed `attempts` times. Of
    the same kind and key one waits at most: asking twice asks once.
    """

    class Standing(models.TextChoices):
        WAITING = "waiting", "waiting"
        WORKING = "working", "at work"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=60)
    standing = models.CharField(
        max_length=7, choices=Standing.choices, default=Standing.WAITING, editable=False
    )
    attempts = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(standing="waiting"),
                name="one_task_of_a_key_waits",
            ),
            models.CheckConstraint(
                name="task_standing_known",
                condition=models.Q(standing__in=["waiting", "working", "done", "failed"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="tasks_due", condition=models.Q(standing="waiting")
            ),
            models.Index(
                fields=["ended_at"], name="tasks_ended", condition=~models.Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

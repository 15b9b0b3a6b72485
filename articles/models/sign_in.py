"""Who signed in, or tried to, and which sessions go on."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models


class SignIn(models.Model):
    """One attempt to sign in. `username` is as typed, where an account has that name.

    `session` goes when the session does: signed out, expired, or ended from another place.
    """

    class Outcome(models.TextChoices):
        SIGNED_IN = "in", "signed in"
        REFUSED = "refused", "refused"
        LOCKED = "locked", "locked out"
        SECOND_REFUSED = "second", "second step refused"

    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="sign_ins",
    )
    username = models.CharField(max_length=150, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    agent = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField(db_index=True)
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "sign-in"
        constraints = [
            models.CheckConstraint(
                name="sign_in_outcome_known",
                condition=models.Q(outcome__in=["in", "refused", "locked", "second"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.username or 'unknown name'}, {self.get_outcome_display()}"

"""Who publishes: a provider is identified by its domain."""

from __future__ import annotations

from django.db import models

from .fields import JSONTextField, StemField


class Policy(models.TextChoices):
    """How far a provider's articles may go."""

    NORMAL = "normal", "normal"
    TRUSTED = "trusted", "trusted"
    HELD = "held", "held"
    BLOCKED = "blocked", "blocked"


class Provider(models.Model):
    """A publisher. `domain` is normalised (`providers.domains.normalise`) and never changes.

    `stem` is its file's, empty without one; then name and images are those
    printed in the article file that comes first by name (`printed_by`, those with a logo before
    those without), so that no order of arrival matters. `logo` is the token of the one of its
    images that is kept here (`articles.models.Picture`), empty while there is none.
    """

    domain = StemField(max_length=253, unique=True)
    name = models.CharField(max_length=200)
    other_names = JSONTextField(default=list, blank=True)
    description = models.TextField(blank=True, default="")
    images = JSONTextField(default=list, blank=True)
    policy = models.CharField(max_length=8, choices=Policy.choices, default=Policy.NORMAL)
    excerpt_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Characters of an excerpt shown to readers; empty: all."
    )
    is_link_only = models.BooleanField(
        default=False, help_text="Show title and link only: no excerpt, no picture."
    )
    printed_by = StemField(max_length=200, blank=True, default="", editable=False)
    stem = StemField(max_length=253, blank=True, default="", editable=False)
    is_edited = models.BooleanField(default=False, editable=False)
    logo = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        ordering = ["name", "domain"]
        constraints = [
            models.CheckConstraint(
                name="provider_policy_known", condition=models.Q(policy__in=Policy.values)
            ),
            models.CheckConstraint(name="provider_domain_present", condition=~models.Q(domain="")),
        ]

    def __str__(self) -> str:
        return self.name

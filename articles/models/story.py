"""Stories: the articles that report one event, and what their files claim about it."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Lower, Replace

from providers.fields import JSONTextField, StemField
from providers.models import Policy, Provider

GROWN = models.Q(
    rank__isnull=False,
    looked_at_count__gt=0,
    looked_at_count__lt=models.F("member_count") + models.F("related_count"),
)
"""Live stories that a person has looked at and that are larger since."""


class Story(models.Model):
    """One event. Its members are the articles that point here; the one with `is_lead` leads.

    `slug` is the stem under which the story was first public, for good; empty until then.
    `heat` is the story's score, `rank` its place in time (`articles.ranking`), null while
    its lead is not published. `hidden_count` of the `related_count` items are hidden from readers:
    they score, as files go on naming them, and are no coverage. `is_lead_chosen`: a person chose
    the lead. `looked_at_count`: its members and related items when a person last looked.
    """

    slug = StemField(max_length=200, null=True, blank=True)
    heat = models.IntegerField(default=0)
    rank = models.FloatField(null=True, blank=True)
    member_count = models.PositiveIntegerField(default=1)
    related_count = models.PositiveIntegerField(default=0)
    hidden_count = models.PositiveIntegerField(default=0)
    is_lead_chosen = models.BooleanField(default=False)
    looked_at_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "stories"
        # Not `unique=True`, to which Django adds a second index for LIKE on PostgreSQL: one of
        # code points serves both.
        constraints = [models.UniqueConstraint(fields=["slug"], name="one_story_a_slug")]
        indexes = [
            models.Index(
                fields=["-rank", "id"],
                name="story_by_rank",
                condition=models.Q(rank__isnull=False),
            ),
            models.Index(fields=["-rank", "id"], name="grown_by_rank", condition=GROWN),
        ]

    def __str__(self) -> str:
        return self.slug or f"story {self.pk}"

    @property
    def coverage_count(self) -> int:
        """The other members, and the related items that are not hidden."""
        return self.member_count - 1 + self.related_count - self.hidden_count


class Claim(models.Model):
    """One identity that an article's file names in `related` (`articles.identity`)."""

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="claims")
    identity = models.BigIntegerField()
    title_hash = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["identity"], name="claim_by_identity")]

    def __str__(self) -> str:
        return f"{self.article_id} claims {self.identity}"

    @classmethod
    def naming(cls, identities: Iterable[int]) -> list[int]:
        """The ids of the articles whose files name any of these identities; one query.

        Asked for by a query within another, PostgreSQL would read every article there is: it takes
        an identity for more often named than it is.
        """
        claims = cls.objects.filter(identity__among=list(identities)).order_by()
        return list(claims.values_list("article_id", flat=True).distinct())


class RelatedItem(models.Model):
    """Coverage that is no article here, known only from the files that claim it.

    Its data are those printed by the claiming file that comes first by name (`printed_by`).
    `hidden_at`: taken from readers by a person; files keep it.
    """

    identity = models.BigIntegerField()
    title_hash = models.BigIntegerField()
    title = models.TextField()
    excerpt = models.TextField(blank=True, default="")
    link = models.CharField(max_length=2000)
    published_at = models.DateTimeField(null=True, blank=True)
    quality = models.IntegerField(null=True, blank=True)
    provider_name = models.CharField(max_length=200, blank=True, default="")
    provider_domain = models.CharField(max_length=253, blank=True, default="")
    printed_by = StemField(max_length=200)
    images = JSONTextField(default=list, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "title_hash"], name="one_row_a_related_item"
            )
        ]

    def __str__(self) -> str:
        return self.title


def of_blocked_providers() -> Exists:
    """Whether the provider that is printed on a related item is blocked, for queries of items."""
    printed = Lower(OuterRef("provider_domain"))
    domains = [printed, Replace(printed, Value("www."))]
    blocked: QuerySet[Provider] = Provider.objects.filter(policy=Policy.BLOCKED, domain__in=domains)
    return Exists(blocked)


class PairFact(models.Model):
    """What an editor decided about two articles, over whatever their files claim.

    `is_together`: the same story; else: not the same story. `first` has the smaller id.
    """

    first = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    is_together = models.BooleanField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_fact_a_pair"),
            models.CheckConstraint(
                name="pair_in_order", condition=models.Q(first__lt=models.F("second"))
            ),
        ]

    def __str__(self) -> str:
        word = "with" if self.is_together else "apart from"
        return f"{self.first_id} {word} {self.second_id}"

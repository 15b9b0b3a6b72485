"""What happened to an article: every transition, and every content it ever had."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from providers.fields import JSONTextField, StemField

from ..states import State


class FormerStem(models.Model):
    """A stem that an article's file had until it was renamed; readers who come by it are led on."""

    slug = StemField(max_length=200)
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="former_stems"
    )
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug"], name="one_article_a_former_stem")]

    def __str__(self) -> str:
        return self.slug


class Revision(models.Model):
    """An article's front matter without `related` and `secured`, plus body; zlib, UTF-8.

    The key `members` lists the stems of the story's other articles, where it was kept.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="revisions"
    )
    data = models.BinaryField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"revision {self.pk} of {self.article_id}"


class Transition(models.Model):
    """The audit row of one act on one article. `changes` maps keys to [before, after].

    `reason` is the code of a spike (`articles.states.SpikeReason`), `public_note` what readers are
    told of a correction. `batch` is the same for the acts of one bulk, which are undone together;
    `undoes` is the act that this one took back. `before` is what undo puts back: columns of the
    article, and what `articles.workflow.undoing` says of its surroundings.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="transitions"
    )
    action = models.CharField(max_length=30)
    from_state = models.CharField(max_length=17, blank=True, default="")
    to_state = models.CharField(max_length=17)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    run = models.ForeignKey(
        "articles.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="transitions"
    )
    comment = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=30, blank=True, default="")
    public_note = models.TextField(blank=True, default="")
    changes = JSONTextField(null=True)
    before = JSONTextField(null=True)
    batch = models.CharField(max_length=32, blank=True, default="")
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="undone_by"
    )
    revision = models.ForeignKey(
        Revision, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # Imports, whose acts are most of them, have no actor.
            models.Index(
                fields=["actor", "-at"],
                name="acts_of_a_person",
                condition=models.Q(actor__isnull=False),
            ),
            models.Index(
                fields=["revision"],
                name="act_of_a_revision",
                condition=models.Q(revision__isnull=False),
            ),
            models.Index(fields=["batch"], name="acts_of_a_batch", condition=~models.Q(batch="")),
            models.Index(
                fields=["-at", "-id"], name="public_notes", condition=~models.Q(public_note="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="transition_to_known_state",
                condition=models.Q(to_state__in=[state.value for state in State]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.article_id}"

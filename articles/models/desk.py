"""What people leave on the desk: notes, notices, open forms, saved views, share links, uploads."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from providers.fields import JSONTextField

PERSON = settings.AUTH_USER_MODEL


class Note(models.Model):
    """What one editor tells the others about an article; a blocking one stops publication.

    `resolved_at` and `resolved_by` are set together when it is settled; `resolved_by` goes with
    the account.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    is_blocking = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="note_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="note_resolved_with_a_time",
                condition=Q(resolved_by__isnull=True) | Q(resolved_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["article"],
                name="blocking_notes",
                condition=Q(is_blocking=True, resolved_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Notice(models.Model):
    """One thing that one person should know; `seen_at` once read, `mailed_at` once sent."""

    class Kind(models.TextChoices):
        SENT_BACK = "sent_back", "sent back"
        APPROVED = "approved", "approved"
        ASSIGNED = "assigned", "assigned"
        MENTIONED = "mentioned", "mentioned"
        REMOVED_UPSTREAM = "removed_upstream", "removed upstream"

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["person", "-id"],
                name="notices_unseen",
                condition=Q(seen_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"


class OpenForm(models.Model):
    """One person's open form of an article: that it is open, and what was typed and not saved.

    `typed` maps names of the form's fields to lists of their values as typed, null when nothing
    is unsaved; `version` is the article's version that the form showed.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    version = models.PositiveIntegerField()
    typed = JSONTextField(null=True, blank=True)
    typed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "person"], name="one_open_form_a_person_and_article"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} has {self.article_id} open"


class SavedView(models.Model):
    """A list of articles with its filters under a name; `query` is the list's query string."""

    owner = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True, default="")
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="a_view_once_by_name",
                violation_error_message="You have a view of that name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ShareLink(models.Model):
    """A signed address under which somebody without an account may read one revision.

    `revision` null: the article as it stands. Answers until `expires_at`, unless revoked.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="share_links"
    )
    revision = models.ForeignKey(
        "articles.Revision", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="share_link_expires_later", condition=Q(expires_at__gt=F("made_at"))
            )
        ]

    def __str__(self) -> str:
        return f"share link {self.pk}"


class Upload(models.Model):
    """Files that somebody brought to the desk to be checked or imported: plan first, apply after.

    `folder` is their place under the site's upload folder, empty once they are gone. `progress`
    is {"done": files, "of": files}; `plan` the report of the dry run, `run` the import itself.
    """

    class Standing(models.TextChoices):
        WAITING = "waiting", "waiting"
        PLANNING = "planning", "planning"
        PLANNED = "planned", "planned"
        IMPORTING = "importing", "importing"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        DROPPED = "dropped", "dropped"

    name = models.CharField(max_length=200)
    folder = models.CharField(max_length=100, blank=True, default="")
    is_check_only = models.BooleanField(default=False)
    as_drafts = models.BooleanField(default=False)
    standing = models.CharField(max_length=9, choices=Standing.choices, default=Standing.WAITING)
    progress = JSONTextField(default=dict)
    plan = models.BinaryField(null=True, help_text="The report's JSON, zlib.")
    failure = models.TextField(blank=True, default="")
    run = models.ForeignKey(
        "articles.Run", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """What the desk remembers of an account: its zone and its way of working.

    `zone` is a name of the zone database, empty for the site's. `keys` maps actions of triage to
    keys where they differ from the usual ones. `spike_reason` is the one given last.
    """

    user = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="desk")
    zone = models.CharField(max_length=60, blank=True, default="")
    has_keys = models.BooleanField(default=True)
    keys = JSONTextField(default=dict, blank=True)
    spike_reason = models.CharField(max_length=30, blank=True, default="")
    wants_mail = models.BooleanField(default=True)

    def __str__(self) -> str:
        return str(self.user)

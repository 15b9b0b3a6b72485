"""Where the content came from: the base of every file, and the runs that moved it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from providers.fields import JSONTextField, StemField


class Run(models.Model):
    """One import or export, and its report: the audit row of everything it did."""

    class Kind(models.TextChoices):
        IMPORT = "import", "import"
        EXPORT = "export", "export"

    kind = models.CharField(max_length=6, choices=Kind.choices)
    root = models.TextField(blank=True, default="")
    options = JSONTextField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    totals = JSONTextField(default=dict)
    report = models.BinaryField(null=True, help_text="The report's JSON, zlib.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Passage(models.Model):
    """A piece of text that many files repeat (`exchange.passages`), zlib; never changed.

    `digest` is BLAKE2b of the text, 16 bytes in hexadecimal.
    """

    digest = models.CharField(max_length=32)
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="a_passage_once")]

    def __str__(self) -> str:
        return self.digest


class Source(models.Model):
    """The base of one file: the bytes last agreed on, compressed, with digest, place and run.

    `path` is the file's place in the content folder `root`, the one it was last read from.
    `data` is null for a file that was never taken. `theirs` is a newer version of the file that
    waits for its conflicts; `refused_digest` one that was refused, with why. `written_digest` is
    what an export last wrote outside the folder the file came from.
    Digests are SHA-256 (32 bytes). `data` and `theirs` are packed by `exchange.passages`;
    `base_bytes` and `theirs_bytes` are no columns but the files themselves, where
    `exchange.bases.load` put them.
    """

    base_bytes: bytes | None = None
    theirs_bytes: bytes | None = None

    class Kind(models.TextChoices):
        ARTICLE = "article", "article"
        PROVIDER = "provider", "provider"
        TOPIC = "topic", "topic"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = StemField(max_length=253)
    root = models.TextField()
    path = models.TextField()
    digest = models.BinaryField(max_length=32, null=True)
    data = models.BinaryField(null=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="sources")
    written_digest = models.BinaryField(max_length=32, null=True)
    theirs_digest = models.BinaryField(max_length=32, null=True)
    theirs = models.BinaryField(null=True)
    refused_digest = models.BinaryField(max_length=32, null=True)
    refused_at = models.DateTimeField(null=True)
    refused_for = JSONTextField(null=True)
    missing_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["root"], name="source_by_root")]
        constraints = [
            # Kinds fall as they are imported, articles last: an index that grows at its end
            # is half as big as one that grows in the middle.
            models.UniqueConstraint(models.F("kind").desc(), "key", name="one_base_a_file"),
            models.CheckConstraint(
                name="base_has_digest",
                condition=models.Q(data__isnull=True, digest__isnull=True)
                | models.Q(data__isnull=False, digest__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.path


class PushedCommit(models.Model):
    """A commit that others made in the content repository; `message` in their own words."""

    sha = models.CharField(max_length=64)
    author = models.CharField(max_length=200)
    address = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    message = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha"], name="one_row_a_commit")]

    def __str__(self) -> str:
        return self.sha[:12]


class PushedChange(models.Model):
    """What such a commit did to the file of one article; `fate` is git's letter, `keys` those of
    the front matter whose lines it changed."""

    class Fate(models.TextChoices):
        ADDED = "A", "added the file"
        CHANGED = "M", "changed the file"
        REMOVED = "D", "took the file out"
        RETYPED = "T", "made the file something else"

    commit = models.ForeignKey(PushedCommit, on_delete=models.CASCADE, related_name="changes")
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="pushed", db_index=False
    )
    fate = models.CharField(max_length=1, choices=Fate.choices)
    keys = JSONTextField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "commit"], name="a_commit_once_an_article"),
            models.CheckConstraint(
                name="pushed_fate_known", condition=models.Q(fate__in=["A", "M", "D", "T"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commit_id}: {self.article_id}"


class SyncRun(models.Model):
    """One sync with the content repository, asked for on the desk or by a command.

    `asked_by` is null for a command's; `error` says why it came to nothing. `taken` and `given`
    are the runs of its two directions, `commits` how many commits it made.
    """

    class Standing(models.TextChoices):
        WAITING = "waiting", "waiting"
        WORKING = "working", "at work"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    standing = models.CharField(max_length=7, choices=Standing.choices)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    root = models.TextField()
    error = models.TextField(blank=True, default="")
    taken = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    given = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+")
    commits = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        verbose_name = "sync"
        constraints = [
            models.UniqueConstraint(
                fields=["standing"],
                condition=models.Q(standing="waiting"),
                name="one_sync_waits",
            ),
            models.CheckConstraint(
                name="sync_standing_known",
                condition=models.Q(standing__in=["waiting", "working", "done", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"sync {self.pk}"


class Conflict(models.Model):
    """One key that both the file and the desk changed; ours is in force until it is resolved.

    `theirs` and `ours` are the two values as JSON text, `theirs` as of the waiting file.
    """

    class Resolution(models.TextChoices):
        OURS = "ours", "ours"
        THEIRS = "theirs", "theirs"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="conflicts")
    key = models.CharField(max_length=100)
    theirs = JSONTextField(null=True)
    ours = JSONTextField(null=True)
    message = models.TextField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    resolution = models.CharField(max_length=6, choices=Resolution.choices, blank=True, default="")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "key"],
                condition=models.Q(resolution=""),
                name="one_open_conflict_a_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.key}"

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
            models.UniqueConstraint(fields=["kind", "key"], name="one_base_a_file"),
            models.CheckConstraint(
                name="base_has_digest",
                condition=models.Q(data__isnull=True, digest__isnull=True)
                | models.Q(data__isnull=False, digest__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.path


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

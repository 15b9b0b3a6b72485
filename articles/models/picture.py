"""Pictures that are kept here, and where each comes from. The files' own lists of them stay as
they are: nothing here is exported."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class PictureKind(models.TextChoices):
    """What a picture is for decides which renditions it has."""

    PICTURE = "picture", "picture"
    LOGO = "logo", "logo"


class Picture(models.Model):
    """A picture that was decoded, encoded anew and kept; equal files are one.

    `digest` is the SHA-256 of the file as it came, `token` what readers ask for it by
    (`articles.images.recipe`), the same for good; `width`, `height` (pixels), `size` (bytes) and
    `kept_digest` are the picture's as it is kept. `tint` is the colour that keeps its place
    (`articles.images.recipe.TINTS`), the focus what matters in it, in hundredths from left and
    top. `stamp` says by what its renditions were made, empty while it has none; `is_due`: they are
    to be made (anew).
    """

    digest = models.CharField(max_length=64)
    token = models.CharField(max_length=24)
    kind = models.CharField(max_length=7, choices=PictureKind.choices)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    kept_digest = models.CharField(max_length=64, blank=True, default="")
    tint = models.PositiveSmallIntegerField()
    focus_x = models.PositiveSmallIntegerField(default=50)
    focus_y = models.PositiveSmallIntegerField(default=50)
    stamp = models.CharField(max_length=8, blank=True, default="")
    is_due = models.BooleanField(default=True)
    kept_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "kind"], name="one_picture_a_digest"),
            models.CheckConstraint(
                name="picture_has_a_size", condition=Q(width__gt=0, height__gt=0, size__gt=0)
            ),
            models.CheckConstraint(
                name="picture_focus_within", condition=Q(focus_x__lte=100, focus_y__lte=100)
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="pictures_due", condition=Q(is_due=True)),
            models.Index(fields=["changed_at"], name="pictures_by_change"),
            models.Index(fields=["token"], name="pictures_by_token"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"


class PictureSource(models.Model):
    """Where a picture comes from: an address that files name, or an editor who brought it for an
    article.

    `number` is that of the address (`articles.identity.number`) under its kind. `picture` is none
    while nothing was kept, `failure` says why as a sentence, `digest` of which bytes; `retry_at` is
    when an address may be asked again, none: never.
    """

    kind = models.CharField(max_length=7, choices=PictureKind.choices)
    address = models.CharField(max_length=2000, blank=True, default="")
    number = models.BigIntegerField(null=True, unique=True)
    article = models.OneToOneField(
        "articles.Article", null=True, on_delete=models.CASCADE, related_name="brought_picture"
    )
    picture = models.ForeignKey(
        Picture, null=True, on_delete=models.SET_NULL, related_name="sources"
    )
    digest = models.CharField(max_length=64, blank=True, default="")
    alt = models.CharField(max_length=300, blank=True, default="")
    attribution = models.CharField(max_length=200, blank=True, default="")
    failure = models.CharField(max_length=300, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="picture_from_an_address_or_an_editor",
                condition=Q(number__isnull=False, article__isnull=True)
                | Q(number__isnull=True, article__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.address or f"brought for article {self.article_id}"

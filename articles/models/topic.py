"""Editorial subjects, in a tree."""

from __future__ import annotations

from django.db import models

from providers.fields import JSONTextField, StemField


class Topic(models.Model):
    """A subject. `stem` is its file's (`01-serverless`), empty for one known only by name.

    `parent_name` is the parent as printed; `parent` is set once a topic of that name is here.
    """

    slug = StemField(max_length=120, unique=True)
    name = models.CharField(max_length=120, db_index=True)
    shortname = models.CharField(max_length=120, blank=True, default="")
    parent_name = models.CharField(max_length=120, blank=True, default="")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    keywords = JSONTextField(default=list, blank=True)
    hashtags = JSONTextField(default=list, blank=True)
    images = JSONTextField(default=list, blank=True)
    stem = StemField(max_length=200, blank=True, default="", editable=False)
    is_edited = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["stem", "name"]
        constraints = [
            models.CheckConstraint(name="topic_slug_present", condition=~models.Q(slug="")),
            models.CheckConstraint(
                name="topic_not_its_own_parent", condition=~models.Q(parent=models.F("id"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Editorial subjects, in a tree."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from django.db import models

from providers.fields import JSONTextField, StemField


class Topic(models.Model):
    """A subject. `stem` is its file's (`01-serverless`), empty for one known only by name.

    `parent_name` is the parent as printed; `parent` is set once a topic of that name is here.
    `former_names` are those it had before, by which files may still call it.
    """

    _stored_name = ""

    slug = StemField(max_length=120)
    name = models.CharField(max_length=120)
    former_names = JSONTextField(default=list, blank=True, editable=False)
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
        indexes = [models.Index(fields=["name"], name="topic_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="one_topic_a_slug"),
            models.CheckConstraint(name="topic_slug_present", condition=~models.Q(slug="")),
            models.CheckConstraint(
                name="topic_not_its_own_parent", condition=~models.Q(parent=models.F("id"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """As Django's; whoever renames a topic, its name until now is remembered."""
        fields = options.get("update_fields")
        is_loaded = "name" not in self.get_deferred_fields()
        if is_loaded and (fields is None or "name" in fields):
            self._remember_name()
            if fields is not None:
                options["update_fields"] = {*fields, "former_names"}
        super().save(*args, **options)

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        topic = super().from_db(db, field_names, values, **options)
        topic._stored_name = topic.__dict__.get("name", "")
        return topic

    def _remember_name(self) -> None:
        before = self._stored_name
        if before and before != self.name:
            self.former_names = [name for name in self.former_names if name != before] + [before]
        # A name that it has again is no former one.
        self.former_names = [name for name in self.former_names if name != self.name]
        self._stored_name = self.name

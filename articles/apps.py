"""The articles app."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate, pre_migrate

ROOMS = (
    "articles.models.placed",
    "articles.models.edition",
    "articles.search.tables",
    "articles.search.headlines",
    "articles.models.changes",
)
"""Modules with `install(using)` and `remove(using)` of triggers."""

_NEEDED = ("articles", "0028_kept_digest")
"""The migration that made the last of the columns that triggers name."""


class ArticlesConfig(AppConfig):
    """Keeps triggers in step with the schema (`articles.models.triggers`), and sign-ins on record
    (`articles.desk.sign_ins`)."""

    name = "articles"

    def ready(self) -> None:
        pre_migrate.connect(_before, sender=self)
        post_migrate.connect(_after, sender=self)
        import_module("articles.desk.sign_ins")


def install(using: str) -> None:
    """Let the triggers follow every change again; what they missed is made good."""
    for room in ROOMS:
        import_module(room).install(using)


def remove(using: str) -> None:
    """Let the triggers rest, while rows change that they need not follow."""
    for room in ROOMS:
        import_module(room).remove(using)


def _before(using: str, plan: list[Any], **_signal: Any) -> None:
    if plan:
        remove(using)


def _after(using: str, **_signal: Any) -> None:
    # Somebody may have migrated back to a time before them.
    if _NEEDED in MigrationRecorder(connections[using]).applied_migrations():
        install(using)

"""The articles app."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

ROOMS = ("articles.models.edition", "articles.search.tables", "articles.models.changes")
"""Modules with `install(using)` and `remove(using)` of triggers."""


class ArticlesConfig(AppConfig):
    """Keeps triggers in step with the schema (`articles.models.triggers`)."""

    name = "articles"

    def ready(self) -> None:
        pre_migrate.connect(_remove, sender=self)
        post_migrate.connect(_install, sender=self)


def _remove(using: str, plan: list[Any], **_signal: Any) -> None:
    for room in ROOMS if plan else ():
        import_module(room).remove(using)


def _install(using: str, **_signal: Any) -> None:
    # Somebody may have migrated back to a time before triggers.
    if "articles_change" in connections[using].introspection.table_names():
        for room in ROOMS:
            import_module(room).install(using)

"""`manage.py roles`: the groups of a newsroom."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from articles.workflow.roles import ROLES, ensure_roles


class Command(BaseCommand):
    help = "Create the groups of a newsroom, or give them exactly their permissions again."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = ensure_roles()
        for role, permissions in ROLES.items():
            outcome = "set" if role in changed else "unchanged"
            self.stdout.write(f"{role}: {len(permissions)} permissions, {outcome}")

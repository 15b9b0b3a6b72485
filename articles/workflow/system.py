"""The newsroom itself as an actor: what its policies do goes through the same door, on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import User

RIGHTS = frozenset({"articles.publish", "articles.story_acts"})
"""What its policies may do; passing over a guard is not among it."""


@dataclass(frozen=True, slots=True)
class _System:
    """No account: nobody signs in as it, and records of its acts name nobody."""

    pk: None = None
    id: None = None
    is_active: bool = True
    is_superuser: bool = False

    def has_perm(self, name: str) -> bool:
        return name in RIGHTS


SYSTEM = cast(User, _System())
"""Stands where functions ask for a person; `on_record` is what is stored of it."""


def on_record(actor: User | None) -> User | None:
    """The person of a record; None for the newsroom itself."""
    return None if actor is SYSTEM else actor

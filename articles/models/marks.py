"""What makes an export look at an article's file again."""

from __future__ import annotations

import secrets

NOT_IN_FILE = {
    "version",
    "touched_at",
    "state_acted_at",
    "assignee",
    "assignee_id",
    "claimed_at",
    "came_from",
    "approved_revision",
    "draft",
    "draft_base",
    "marked",
    "is_seal_stale",
    "warnings",
    "is_above_bar",
    "is_backlog",
    "removed_upstream_at",
    "arrived_at",
    "run",
    "run_id",
    "first_published_at",
    "file_state",
}
"""Columns that no file shows: setting them is no reason for an export to look again."""

FIRST_MARK = 1
"""On an article that no export has seen."""


def new_mark() -> int:
    """A number that no other mark has."""
    return secrets.randbits(62)

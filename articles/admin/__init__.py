"""The desk: lists, forms and records for editors. Calls the workflow, decides nothing."""

from . import (
    article,
    conflicts,
    digest,
    erasing,
    history,
    people,
    provider,
    runs,
    sign_ins,
    story,
    syncs,
    tasks,
    topic,
    uploads,
)

__all__ = [
    "article",
    "conflicts",
    "digest",
    "erasing",
    "history",
    "people",
    "provider",
    "runs",
    "sign_ins",
    "story",
    "syncs",
    "tasks",
    "topic",
    "uploads",
]

"""The desk: lists, forms and records for editors. Calls the workflow, decides nothing."""

from . import article, conflicts, digest, history, people, provider, runs, story, topic, uploads

__all__ = [
    "article",
    "conflicts",
    "digest",
    "history",
    "people",
    "provider",
    "runs",
    "story",
    "topic",
    "uploads",
]

"""The desk: lists, forms and records for editors. Calls the workflow, decides nothing."""

from . import article, conflicts, history, provider, story, topic

__all__ = ["article", "conflicts", "history", "provider", "story", "topic"]

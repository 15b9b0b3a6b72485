"""The desk: lists, forms and records for editors. Calls the workflow, decides nothing."""

from . import article, history, provider, story, topic

__all__ = ["article", "history", "provider", "story", "topic"]

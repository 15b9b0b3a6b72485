"""Full text search of published stories, and of the headlines of some days: one interface over
SQLite FTS5 and PostgreSQL tsvector."""

from .asking import Asked, BadQuestionError, Term, parse
from .finding import MOST, Matches, find, topics_of
from .sharing import Sought, sharing, sharing_each

__all__ = [
    "MOST",
    "Asked",
    "BadQuestionError",
    "Matches",
    "Sought",
    "Term",
    "find",
    "parse",
    "sharing",
    "sharing_each",
    "topics_of",
]

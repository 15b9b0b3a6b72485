"""Full text search of published stories: one interface over SQLite FTS5 and PostgreSQL tsvector."""

from .asking import Asked, BadQuestionError, Term, parse
from .finding import MOST, Matches, find

__all__ = ["MOST", "Asked", "BadQuestionError", "Matches", "Term", "find", "parse"]

"""What is stored. Knows no views, no files."""

from .among import Among
from .article import Article, ArticleQuerySet, ArticleTopic
from .history import Revision, Transition
from .source import Conflict, Passage, Run, Source
from .story import Claim, PairFact, RelatedItem, Story
from .topic import Topic

__all__ = [
    "Among",
    "Article",
    "ArticleQuerySet",
    "ArticleTopic",
    "Claim",
    "Conflict",
    "PairFact",
    "Passage",
    "RelatedItem",
    "Revision",
    "Run",
    "Source",
    "Story",
    "Topic",
    "Transition",
]

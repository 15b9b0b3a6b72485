"""What is stored. Knows no views, no files."""

from .among import Among
from .article import Article, ArticleQuerySet, ArticleTopic
from .changes import Change
from .conditions import (
    AWAITS_ADMISSION,
    LEFT_READERS,
    QUEUE_DAYS,
    TAKEN_OFF,
    UNDECIDED,
    WAITING,
)
from .desk import Note, Notice, OpenForm, Person, SavedView, ShareLink, Upload
from .digest import Digest, DigestItem
from .edition import Edition
from .falling import Falling
from .history import Revision, Transition
from .source import Conflict, Passage, Run, Source
from .story import GROWN, Claim, PairFact, RelatedItem, Story
from .topic import Topic

__all__ = [
    "AWAITS_ADMISSION",
    "GROWN",
    "LEFT_READERS",
    "QUEUE_DAYS",
    "TAKEN_OFF",
    "UNDECIDED",
    "WAITING",
    "Among",
    "Article",
    "ArticleQuerySet",
    "ArticleTopic",
    "Change",
    "Claim",
    "Conflict",
    "Digest",
    "DigestItem",
    "Edition",
    "Falling",
    "Note",
    "Notice",
    "OpenForm",
    "PairFact",
    "Passage",
    "Person",
    "RelatedItem",
    "Revision",
    "Run",
    "SavedView",
    "ShareLink",
    "Source",
    "Story",
    "Topic",
    "Transition",
    "Upload",
]

"""What is stored. Knows no views, no files."""

from .among import Among
from .article import Article, ArticleQuerySet
from .backup import Backup
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
from .erasure import Erasure
from .falling import Falling
from .file_name import FileName
from .history import FormerStem, Revision, Transition
from .picture import Picture, PictureKind, PictureSource
from .place import ArticleTopic
from .placement import LAST_PIN, FormerAddress, FrontSnapshot, Placement
from .purge import Purge
from .sign_in import SignIn
from .source import Conflict, Passage, PushedChange, PushedCommit, Run, Source, SyncRun
from .story import GROWN, Claim, PairFact, RelatedItem, Story, of_blocked_providers
from .task import Task
from .topic import Topic

__all__ = [
    "AWAITS_ADMISSION",
    "GROWN",
    "LAST_PIN",
    "LEFT_READERS",
    "QUEUE_DAYS",
    "TAKEN_OFF",
    "UNDECIDED",
    "WAITING",
    "Among",
    "Article",
    "ArticleQuerySet",
    "ArticleTopic",
    "Backup",
    "Change",
    "Claim",
    "Conflict",
    "Digest",
    "DigestItem",
    "Edition",
    "Erasure",
    "Falling",
    "FileName",
    "FormerAddress",
    "FormerStem",
    "FrontSnapshot",
    "Note",
    "Notice",
    "OpenForm",
    "PairFact",
    "Passage",
    "Person",
    "Picture",
    "PictureKind",
    "PictureSource",
    "Placement",
    "Purge",
    "PushedChange",
    "PushedCommit",
    "RelatedItem",
    "Revision",
    "Run",
    "SavedView",
    "ShareLink",
    "SignIn",
    "Source",
    "Story",
    "SyncRun",
    "Task",
    "Topic",
    "Transition",
    "Upload",
    "of_blocked_providers",
]

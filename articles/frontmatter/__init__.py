"""The front-matter format: text to records and back, without a database."""

from .errors import Problem, Refused
from .memory import Memory
from .patch import ABSENT, Entry, Unpatchable, patch, patched
from .read import read
from .record import Limits, Record
from .schema import ARTICLE, PROVIDER, TOPIC, Schema
from .write import write

__all__ = [
    "ABSENT",
    "ARTICLE",
    "PROVIDER",
    "TOPIC",
    "Entry",
    "Limits",
    "Memory",
    "Problem",
    "Record",
    "Refused",
    "Schema",
    "Unpatchable",
    "patch",
    "patched",
    "read",
    "write",
]

"""Files that people bring to the desk: kept aside, planned first, imported after."""

from .jobs import RIGHT, Wish, again, apply, bring, drop, perform, planned
from .limits import Limits, UploadRefused

__all__ = [
    "RIGHT",
    "Limits",
    "UploadRefused",
    "Wish",
    "again",
    "apply",
    "bring",
    "drop",
    "perform",
    "planned",
]

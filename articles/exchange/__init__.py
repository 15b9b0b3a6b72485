"""Database ↔ content folder: one pipeline for import, export and sync."""

from .importing import ImportOptions, run_import
from .lock import Busy
from .report import FileReport, Report
from .scan import NothingToRead

__all__ = [
    "Busy",
    "FileReport",
    "ImportOptions",
    "NothingToRead",
    "Report",
    "run_import",
]

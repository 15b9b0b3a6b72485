"""Database ↔ content folder: one pipeline for import, export and sync."""

from ..lock import Busy
from .checking import run_check
from .conflicts import NoSuchConflict, resolve, resolve_many
from .exporting import run_export
from .importing import ImportOptions, run_import
from .report import FileReport, Report
from .repository import GitError
from .scan import NothingToRead
from .selection import ExportOptions
from .sync import Sync, SyncOptions, run_sync

__all__ = [
    "Busy",
    "ExportOptions",
    "FileReport",
    "GitError",
    "ImportOptions",
    "NoSuchConflict",
    "NothingToRead",
    "Report",
    "Sync",
    "SyncOptions",
    "resolve",
    "resolve_many",
    "run_check",
    "run_export",
    "run_import",
    "run_sync",
]

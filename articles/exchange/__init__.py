"""Database ↔ content folder: one pipeline for import, export and sync."""

from .checking import run_check
from .conflicts import NoSuchConflict, resolve, resolve_many
from .exporting import ExportOptions, run_export
from .importing import ImportOptions, run_import
from .lock import Busy
from .report import FileReport, Report
from .scan import NothingToRead

__all__ = [
    "Busy",
    "ExportOptions",
    "FileReport",
    "ImportOptions",
    "NoSuchConflict",
    "NothingToRead",
    "Report",
    "resolve",
    "resolve_many",
    "run_check",
    "run_export",
    "run_import",
]

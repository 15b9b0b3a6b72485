"""The newsroom kept safe: backups, restoring, copies between databases, checks, what is let go."""

from .backup import Backed, back_up
from .copying import copy_database
from .manifest import BackupRefused
from .restore import Restored, restore

__all__ = ["Backed", "BackupRefused", "Restored", "back_up", "copy_database", "restore"]

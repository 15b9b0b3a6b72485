"""What a backup holds, and the proof that it holds it: `manifest.json`."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .rows import Counted

NAME = "manifest.json"
DATABASE = "database.sqlite3"
FOLDERS = ("media", "uploads")
FORMAT = 1

SECRETS = {
    "SECRET_KEY": "signs links that share previews, invitations and sessions; with another key they"
    " end, and nothing else is lost",
    "DATABASE_URL": "the password of the database",
    "CACHE_URL": "the password of the cache",
    "EMAIL_URL": "the password of the mail server",
    "METRICS_TOKEN, SENTRY_DSN": "who may read figures, and where faults are told",
    "PURGE_HEADER": "who may tell the CDN what to forget",
    "the key of the content repository": "in the account that runs `frontmatter sync`",
}
"""What a site needs beside its backup, and must be kept elsewhere: who finds both has the site."""


class BackupRefused(RuntimeError):
    """A backup that is not whole, or cannot be put here; the message says which."""


class Filed(NamedTuple):
    """A file's size in bytes and its SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` by their path in the backup; `migrations` are the newest of each app."""

    made_at: str
    versions: dict[str, str]
    migrations: dict[str, str]
    tables: dict[str, Counted]
    files: dict[str, Filed]

    def write(self, folder: Path) -> None:
        """Into a folder, as JSON that people read, too."""
        tables = {name: found._asdict() for name, found in self.tables.items()}
        files = {path: found._asdict() for path, found in self.files.items()}
        said = {"format": FORMAT, **asdict(self), "tables": tables, "files": files}
        said["kept_apart"] = SECRETS
        text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
        (folder / NAME).write_text(text, encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a backup; raises BackupRefused."""
    try:
        said = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupRefused(f"{folder} holds no backup: {error}") from error
    if said.get("format") != FORMAT:
        raise BackupRefused(f"{folder} is of another format than {FORMAT}")
    return Manifest(
        said["made_at"],
        said["versions"],
        said["migrations"],
        {name: Counted(**found) for name, found in said["tables"].items()},
        {path: Filed(**found) for path, found in said["files"].items()},
    )


def check_files(folder: Path, files: Mapping[str, Filed]) -> None:
    """Compare every file with its digest; raises BackupRefused naming the first few that differ."""
    wrong = [
        f"{path} is {'not what was saved' if (folder / path).is_file() else 'missing'}"
        for path, found in files.items()
        if not (folder / path).is_file() or filed(folder / path) != found
    ]
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise BackupRefused(f"{'; '.join(wrong[:3])}{more}")


def filed(path: Path) -> Filed:
    """Size and digest of a file."""
    with open(path, "rb") as file:
        return Filed(path.stat().st_size, file_digest(file, "sha256").hexdigest())


def versions() -> dict[str, str]:
    """What the site runs on."""
    return {
        "python": platform.python_version(),
        "django": django.get_version(),
        "database": f"{connection.display_name} {_version_of_database()}",
    }


def newest_migrations(using: Any = None) -> dict[str, str]:
    """The newest applied migration of each app."""
    applied = MigrationLoader(using or connection).applied_migrations or {}
    return dict(sorted(applied))


def unknown_migrations(migrations: Mapping[str, str]) -> list[str]:
    """Those that this version of the site does not have: the backup is of a newer one."""
    known = MigrationLoader(None).disk_migrations
    return [f"{app}.{name}" for app, name in migrations.items() if (app, name) not in known]


def _version_of_database() -> str:
    return ".".join(map(str, connection.get_database_version()))

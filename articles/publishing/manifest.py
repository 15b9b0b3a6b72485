"""What a folder holds since it was last published into."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

NAME = ".newsroom-manifest.json"


@dataclass(slots=True)
class Manifest:
    """`made_of` and `version` are code and content that the files came from, `cursor` the place in
    the log of changes, `next_boundary` the time (ISO 8601) at which pages change by the clock;
    `files` are digests (SHA-256) by path; `stories`, `names` and `placed` are those of
    `touched.Standing`, `lists` are `lists.Lists`."""

    made_of: str = ""
    version: str = ""
    cursor: str = ""
    next_boundary: str = ""
    files: dict[str, str] = field(default_factory=dict)
    stories: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    placed: dict[str, str] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)


def load(folder: Path) -> Manifest:
    """The folder's manifest; an empty one when there is none that can be read."""
    try:
        return Manifest(**json.loads((folder / NAME).read_bytes()))
    except (OSError, ValueError, TypeError):
        return Manifest()


def written(manifest: Manifest) -> bytes:
    """A manifest as its file."""
    said = {one.name: getattr(manifest, one.name) for one in fields(manifest)}
    return json.dumps(said, sort_keys=True).encode()


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()

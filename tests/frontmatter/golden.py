"""Golden triples of the patcher: a file before, the changes as JSON, the file after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from articles.frontmatter.patch import Entry

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "patch"
PARTS = ("before.md", "changes.json", "after.md")


def names() -> dict[str, set[str]]:
    """The parts there are of every case."""
    found: dict[str, set[str]] = {}
    for path in FOLDER.iterdir():
        name, _, part = path.name.partition(".")
        found.setdefault(name, set()).add(part)
    return found


def changes_of(written: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as the patcher takes them: JSON knows neither moments nor entries."""
    return {key: _value(key, value) for key, value in written.items()}


def _value(key: str, value: Any) -> Any:
    if key.endswith("DateTime") and isinstance(value, str):
        return datetime.fromisoformat(value)
    if key == "related" and isinstance(value, list):
        return [Entry(item["index"], changes_of(item.get("values", {}))) for item in value]
    return value

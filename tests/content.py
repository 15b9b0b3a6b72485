"""Content files for tests, invented: articles, their siblings' entries, whole folders."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from articles.frontmatter import PROVIDER, TOPIC, write
from articles.frontmatter.schema import RELATED

A_DAY = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
SEAL = "bm90aGluZw==;AAECAwQFBgcICQoLDA0ODw=="


@dataclass(frozen=True)
class Piece:
    """One invented article; `related` are the pieces that its file lists, in that order."""

    name: str
    title: str = ""
    quality: int = 50
    heat: int | None = None
    published: bool | None = False
    removed: bool = False
    link: str = ""
    at: datetime | None = None
    related: Sequence[Piece] = field(default=(), compare=False)
    extra: Mapping[str, Any] = field(default_factory=dict, compare=False)
    body: str = "\n"

    @property
    def values(self) -> dict[str, Any]:
        """Its front matter, without `related` and state."""
        host = f"{self.name.split('-')[0]}.example"
        return {
            "category": "news",
            "title": self.title or f"What happened at {self.name}",
            "excerpt": f"A report of {self.name}, told twice.",
            "publishedDateTime": self.at or A_DAY + timedelta(minutes=len(self.name)),
            "originalUrl": self.link or f"https://{host}/{self.name}",
            "webUrl": self.link or f"https://{host}/{self.name}",
            "type": "article",
            "quality": self.quality,
            "provider": {"name": host.title(), "domain": host},
            "topics": ["Harbours"],
            "images": [
                {
                    "url": f"https://{host}/{self.name}.jpg",
                    "width": 640,
                    "height": 480,
                    "title": "A quay",
                }
            ],
        } | dict(self.extra)

    @property
    def entry(self) -> dict[str, Any]:
        """How a sibling's `related` prints it: a copy, image titles apart."""
        wanted = RELATED.by_name
        found = {key: self.values[key] for key in wanted if self.values.get(key) is not None}
        if "images" in found:
            found["images"] = [
                {key: value for key, value in image.items() if key != "title"}
                for image in found["images"]
            ]
        return found

    @property
    def data(self) -> bytes:
        """Its file, canonically."""
        heat = self.heat
        if heat is None:
            heat = self.quality + 20 * len(self.related) if self.published else self.quality
        values = self.values | {"heat": heat, "secured": SEAL}
        if self.published is not None:
            values["published"] = self.published
        if self.removed:
            values["removed"] = True
        if self.related:
            values["related"] = [piece.entry for piece in self.related]
        return write(values, body=self.body)

    def but(self, **changes: Any) -> Piece:
        """The same piece, changed."""
        return replace(self, **changes)


def story(*pieces: Piece) -> list[Piece]:
    """The pieces as one story: each file lists all others, the best first; the best leads."""
    ranked = sorted(pieces, key=lambda piece: (-piece.quality, piece.name + ".md"))
    lead = ranked[0]
    return [
        piece.but(
            related=tuple(other for other in ranked if other is not piece),
            heat=piece.heat if piece is lead else -1,
            published=piece.published if piece is lead else False,
        )
        for piece in pieces
    ]


def put(folder: Path, *pieces: Piece) -> Path:
    """Write these articles into a content folder; answers the folder."""
    for piece in pieces:
        put_file(folder, f"_news/{piece.name}.md", piece.data)
    return folder


def put_file(folder: Path, path: str, data: bytes | str) -> Path:
    """Write one file of a content folder; answers the file."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def provider_file(domain: str, **changes: Any) -> bytes:
    """The file of a provider."""
    values = {
        "taxonomy": "organization",
        "_id": domain,
        "name": domain.split(".")[0].title(),
        "otherNames": [f"The {domain.split('.')[0].title()}"],
        "domain": domain,
        "description": "An invented paper.",
        "images": [{"url": f"/assets/{domain}-50x50.png", "width": 50, "height": 50}],
    } | changes
    return write({k: v for k, v in values.items() if v is not None}, PROVIDER, "")


def topic_file(name: str, **changes: Any) -> bytes:
    """The file of a topic."""
    values = {
        "taxonomy": "topic",
        "_id": name.lower(),
        "name": name,
        "shortname": name[:3],
        "keywords": [name.lower()],
    } | changes
    return write({k: v for k, v in values.items() if v is not None}, TOPIC, "")


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path, hidden ones included."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def changed_lines(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came, in order, by a diff."""
    one, other = before.decode().splitlines(), after.decode().splitlines()
    lines = list(difflib.ndiff(one, other))
    return (
        [line[2:] for line in lines if line.startswith("- ")],
        [line[2:] for line in lines if line.startswith("+ ")],
    )

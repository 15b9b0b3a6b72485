"""Articles that people grouped: the table that says how, and where their texts are."""

from __future__ import annotations

import csv
import re
import tarfile
from collections.abc import Iterable, Iterator, Set
from datetime import UTC, datetime
from pathlib import Path

from django.db import DatabaseError

from ..frontmatter import Record, Refused, read
from ..likeness import Piece
from ..models import Article

ARTICLES, SUFFIX = "_news", ".md"
DATED = re.compile(r"(\d{4}-\d{2}-\d{2})-(.+)")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class NotATable(ValueError):
    """The file is no table with the columns `file` and `story`."""


def events(table: Path) -> dict[str, str]:
    """Stem → the event it reports, empty when alone; raises NotATable."""
    try:
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotATable(str(error)) from error
    if not rows or not {"file", "story"} <= rows[0].keys():
        raise NotATable("its first line must name the columns file and story")
    return {
        (row["file"] or "").strip().removesuffix(SUFFIX): (row["story"] or "").strip()
        for row in rows
    }


def beside(table: Path, stems: Iterable[str]) -> Path | None:
    """The content folder or archive beside a table that has the most of its articles, if any."""
    names = {stem + SUFFIX for stem in stems}
    folder = table.resolve().parent
    counts = {path: _count(path, names) for path in (folder, *sorted(folder.iterdir()))}
    best = max(counts, key=lambda path: counts[path])
    return best if counts[best] else None


def in_content(path: Path) -> Iterator[Piece]:
    """The articles of a content folder or of an archive of one; refused files are left out."""
    for name, data in _files(path):
        try:
            record = read(data)
        except Refused:
            continue
        yield _piece(Path(name).stem, record)


def in_database(stems: Iterable[str]) -> list[Piece]:
    """Those articles that are stored; none where no database answers."""
    try:
        return [piece_of(row) for row in Article.objects.filter(slug__in=list(stems))]
    except DatabaseError:
        return []


def in_name(stem: str) -> Piece:
    """What a file's name alone says: `2024-05-06-cracks-in-orsk-dam`."""
    dated = DATED.fullmatch(stem)
    day, slug = dated.groups() if dated else ("1970-01-01", stem)
    try:
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        at = LONG_AGO
    return Piece(stem, slug.replace("-", " "), at)


def piece_of(article: Article) -> Piece:
    """A stored article as plain values."""
    return Piece(
        article.slug,
        article.title,
        article.published_at or LONG_AGO,
        article.excerpt or article.body[:1000],
        article.provider_domain or "",
        article.web_url or article.original_url or "",
    )


def _piece(stem: str, record: Record) -> Piece:
    values = record.values
    provider = values.get("provider") or {}
    return Piece(
        stem,
        values["title"],
        values.get("publishedDateTime") or LONG_AGO,
        values.get("excerpt") or record.body[:1000],
        provider.get("domain") or "",
        values.get("webUrl") or values.get("originalUrl") or "",
    )


def _count(path: Path, names: Set[str]) -> int:
    if path.is_dir():
        return sum((path / ARTICLES / name).is_file() for name in names)
    if ".tar" not in path.suffixes:
        return 0
    with tarfile.open(path) as archive:
        return len(names & {member.name.rpartition("/")[2] for member in archive})


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the files of articles; those of `_news` where there is one."""
    if path.is_dir():
        within = path / ARTICLES if (path / ARTICLES).is_dir() else path
        yield from ((found.name, found.read_bytes()) for found in within.rglob(f"*{SUFFIX}"))
        return
    with tarfile.open(path) as archive:
        for member in archive:
            is_text = member.name.endswith(SUFFIX) and f"{ARTICLES}/" in member.name
            file = archive.extractfile(member) if is_text else None
            if file is not None:
                yield member.name, file.read()

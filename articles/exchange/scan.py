"""Finds the files of content folders: articles, providers, topics and the pictures they name."""

from __future__ import annotations

import filecmp
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from ..frontmatter import Problem
from ..images.assets import FOLDER
from ..models import Source

ARTICLES = "_news"
PROVIDERS = "_data/organizations"
TOPICS = "_data/topics"

Kind = Source.Kind
FOLDERS = {Kind.TOPIC: TOPICS, Kind.PROVIDER: PROVIDERS, Kind.ARTICLE: ARTICLES}
"""Where each kind lies in a content folder, in the order in which they are imported."""

WITHIN = [(kind, f"{folder}/") for kind, folder in FOLDERS.items()]

SUFFIXES = {
    Kind.TOPIC: (".yaml", ".yml"),
    Kind.PROVIDER: (".md",),
    Kind.ARTICLE: (".md",),
}
MAX_STEM = {Kind.TOPIC: 200, Kind.PROVIDER: 253, Kind.ARTICLE: 200}


class NothingToRead(ValueError):
    """A given path does not exist, cannot be read, or holds more than one folder where one is."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file: `key` is its stem, `path` its place in the content folder `root`."""

    kind: Kind
    key: str
    path: str
    root: Path

    @property
    def file(self) -> str:
        return f"{self.root}/{self.path}"


@dataclass(slots=True)
class Scan:
    """What the given `paths` hold. `roots` are folders read whole: what is gone there is missing.

    `unknown` counts files that no kind claims by their folder; `refused` are files that no
    content can save: two of one stem, a name that cannot be an identity.
    """

    paths: list[Path] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    roots: list[Path] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[Found, Problem]] = field(default_factory=list)


def scan(paths: Iterable[Path]) -> Scan:
    """List every file under the paths; raises NothingToRead. The order is kind, then file name."""
    result = Scan(list(paths))
    everything: list[Found] = []
    for path in result.paths:
        absolute = Path(os.path.abspath(path))
        if not absolute.exists() or not _is_text(str(absolute)):
            raise NothingToRead(f"{path}: no such file or folder")
        everything += _files_of(absolute, result)
    everything.sort(key=_order)
    result.found = _without_twins(everything, result)
    result.unknown = dict(sorted(result.unknown.items()))
    return result


def _is_text(path: str) -> bool:
    try:
        return bool(path.encode())
    except UnicodeEncodeError:
        return False


PLACES = {kind: place for place, kind in enumerate(FOLDERS)}


def _order(found: Found) -> tuple[int, str, str]:
    return PLACES[found.kind], found.key + ".md", found.path


def _files_of(path: Path, result: Scan) -> Iterator[Found]:
    if path.is_file():
        if found := _single(path):
            yield found
        else:
            _count_unknown(result, path.name)
        return
    folders = list(_content_folders(path))
    for root in folders:
        yield from _content(root, path, result)
    if not folders:
        yield from _flat(path, result)


def _single(file: Path) -> Found | None:
    """A file named on its own: by the content folder it lies in, else a loose article."""
    for kind, folder in FOLDERS.items():
        for parent in file.parents:
            if parent.as_posix().endswith("/" + folder):
                root = parent.parents[folder.count("/")]
                return _found(kind, file.relative_to(root).as_posix(), root)
    return _found(Kind.ARTICLE, file.name, file.parent)


def _found(kind: Kind, path: str, root: Path) -> Found | None:
    stem, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return Found(kind, stem, path, root) if stem and dot + suffix in SUFFIXES[kind] else None


def _content_folders(path: Path) -> Iterator[Path]:
    """The content folders at, above or below a folder: those that hold one of FOLDERS."""
    for folder in FOLDERS.values():
        for parent in (path, *path.parents):
            if parent.as_posix().endswith("/" + folder):
                yield parent.parents[folder.count("/")]
                return
    if path.name == "_data" and any((path.parent / folder).is_dir() for folder in FOLDERS.values()):
        yield path.parent
        return
    for current, names, _ in os.walk(path):
        if any(os.path.isdir(os.path.join(current, folder)) for folder in FOLDERS.values()):
            yield Path(current)
            names[:] = []
        names[:] = sorted(name for name in names if not name.startswith("."))


def _content(root: Path, within: Path, result: Scan) -> Iterator[Found]:
    """The files of one content folder that lie under `within` (the folder or a part of it)."""
    is_whole = within == root or within in root.parents
    if is_whole:
        result.roots.append(root)
    for path in _walk(root if is_whole else within, root):
        kind = next((kind for kind, start in WITHIN if path.startswith(start)), None)
        found = _found(kind, path, root) if kind else None
        if found:
            yield found
        elif not path.startswith(FOLDER + "/"):
            _count_unknown(result, path)


def _flat(root: Path, result: Scan) -> Iterator[Found]:
    """A folder that is no content folder is read as a folder of article files."""
    result.roots.append(root)
    for path in _walk(root, root):
        if found := _found(Kind.ARTICLE, path, root):
            yield found
        else:
            _count_unknown(result, path)


def _walk(folder: Path, root: Path) -> Iterator[str]:
    """Paths below `root` of the regular files in a folder, as texts: a Path each would cost more
    than reading the files. Hidden ones and links (which may lead outside) are left."""
    start = len(f"{root}/")
    waiting = [str(folder)]
    while waiting:
        for entry in _entries(waiting.pop()):
            if entry.is_file(follow_symlinks=False):
                yield entry.path[start:]
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What a folder shows; nothing where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]
    except OSError:
        return []


def _count_unknown(result: Scan, path: str) -> None:
    folder = path.rpartition("/")[0]
    place = f"{folder}/" if folder else path
    result.unknown[place] = result.unknown.get(place, 0) + 1


def _without_twins(found: list[Found], result: Scan) -> list[Found]:
    kept = []
    for _, group in groupby(found, key=attrgetter("kind", "key")):
        twins = list(group)
        if len(twins) > 1:
            twins = list({one.file: one for one in twins}.values())
        problem = next((wrong for one in twins if (wrong := _wrong_name(one))), None)
        if problem is None and (len(twins) == 1 or _are_copies(twins)):
            kept.append(twins[0])
            continue
        legible = [_legible(one) for one in twins]
        names = [str(one.file) for one in legible]
        result.refused += [(one, problem or _twin(names)) for one in legible]
    return kept


def _legible(found: Found) -> Found:
    """A file that is only spoken of: names that are not UTF-8 in a form that can be printed."""
    key, path = (
        text.encode(errors="backslashreplace").decode() for text in (found.key, found.path)
    )
    return replace(found, key=key, path=path)


def can_be_name(kind: Kind, key: str) -> bool:
    """Whether a file of this stem would be found again as this very one."""
    return (
        0 < len(key) <= MAX_STEM[kind]
        and "/" not in key
        and not key.startswith(".")
        and key.isprintable()
    )


def _are_copies(twins: list[Found]) -> bool:
    """Files of one name and the same bytes, in two content folders say, are one file."""
    return all(filecmp.cmp(twins[0].file, twin.file, shallow=False) for twin in twins[1:])


def _twin(names: list[str]) -> Problem:
    return Problem(1, "", f"different files have one name, {' and '.join(names)}; rename one")


def _wrong_name(found: Found) -> Problem | None:
    longest = MAX_STEM[found.kind]
    if len(found.key) > longest:
        return Problem(1, "", f"the file name is longer than {longest} characters; shorten it")
    if not _is_text(found.path):
        return Problem(1, "", "the file name is not UTF-8; rename it")
    if not found.path.isprintable():
        return Problem(1, "", "the file name holds control characters; rename it")
    return None


def fitting(root: Path, path: str) -> str:
    """Where a file belongs in a content folder: a loose article goes back where its name lies, else
    among the articles, so that the folder is a content folder."""
    if "/" in path or (root / path).exists() or _is_flat(root):
        return path
    return f"{ARTICLES}/{path}"


def _is_flat(root: Path) -> bool:
    return root.is_dir() and not (root / ARTICLES).is_dir() and any(root.glob("*.md"))

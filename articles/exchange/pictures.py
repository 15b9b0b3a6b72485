"""Pictures that files name under the folder's own `assets/`: kept once an import is over.

Decoding takes longer than a transaction should, and a picture that is refused is no reason to
refuse the file that names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from providers.models import Provider

from ..frontmatter.record import Values
from ..images import logos
from ..images.assets import (
    FOLDER,
    addresses_of,
    article_addresses,
    keep_local,
    local_path,
    written_anew,
)
from ..models import Article, PictureKind, PictureSource
from ..states import State
from .report import FileReport
from .scan import Found, Kind


class RefusedPicture(NamedTuple):
    """A picture that is not kept: the `kind` and `key` of a file that names it, its address, and
    why as a sentence."""

    kind: Kind
    key: str
    address: str
    why: str


class Pictures:
    """What the files of a run name, to be kept at its end."""

    def __init__(self) -> None:
        self._is_news = False
        self._roots: set[Path] = set()
        self._named: dict[Path, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def note(self, found: Found, values: Values) -> None:
        """A file was taken."""
        self._is_news = True
        self._roots.add(found.root)
        if found.kind is Kind.ARTICLE:
            for address in filter(local_path, article_addresses(values.get("images"))):
                self._named[found.root][address].add(found.key)

    def keep(self, roots: Iterable[Path]) -> list[RefusedPicture]:
        """Keep what the files name that were taken, and what was written anew in these content
        folders; see which logo each provider has now. Answers what was refused just now."""
        folders = [root for root in self._roots | set(roots) if (root / FOLDER).is_dir()]
        refused: list[PictureSource] = []
        anew = _by_kind(written_anew(folders))
        for kind, addresses in anew.items():
            refused += keep_local(kind, folders, addresses)
        if self._is_news and folders:
            refused += keep_local(PictureKind.LOGO, folders, _of_providers())
        for root in folders:
            refused += keep_local(PictureKind.PICTURE, [root], self._shown(root))
        if self._is_news or anew:
            logos.settle()
        return [found for source in refused for found in self._naming(source)]

    def _shown(self, root: Path) -> list[str]:
        """The addresses that an article names which is not withdrawn."""
        stems = {stem for named in self._named[root].values() for stem in named}
        gone = Article.objects.filter(slug__among=sorted(stems), state=State.WITHDRAWN)
        withdrawn = set(gone.values_list("slug", flat=True))
        return [address for address, named in self._named[root].items() if named - withdrawn]

    def _naming(self, source: PictureSource) -> Iterable[RefusedPicture]:
        """The files that name it: those of this run, else those of any."""
        address, why = source.address, source.failure
        if source.kind == PictureKind.LOGO:
            rows = Provider.objects.filter(images__contains=f'"{address}"')
            keys = rows.exclude(stem="").values_list("stem", flat=True)
            return [RefusedPicture(Kind.PROVIDER, key, address, why) for key in keys]
        stems = {stem for named in self._named.values() for stem in named.get(address, ())}
        if not stems:
            naming = Article.objects.filter(images__contains=f'"{address}"')
            stems = set(naming.values_list("slug", flat=True))
        return [RefusedPicture(Kind.ARTICLE, stem, address, why) for stem in sorted(stems)]


def tell(files: Sequence[FileReport], refused: Iterable[RefusedPicture]) -> None:
    """Say in the reports of files which of their pictures are not kept."""
    by_key = {(file.kind, PurePosixPath(file.path).stem): file for file in files}
    for picture in refused:
        if report := by_key.get((picture.kind, picture.key)):
            report.warnings += (f"images: {picture.address} is not kept. {picture.why}",)


def _by_kind(sources: Iterable[PictureSource]) -> dict[PictureKind, list[str]]:
    found: dict[PictureKind, list[str]] = defaultdict(list)
    for source in sources:
        found[PictureKind(source.kind)].append(source.address)
    return found


def _of_providers() -> Iterable[str]:
    rows = Provider.objects.exclude(images=[]).values_list("images", flat=True)
    return {address for images in rows for address in addresses_of(images)}

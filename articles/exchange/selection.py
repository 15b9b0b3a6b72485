"""Which files an export looks at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from ..models import Article, Source
from .scan import Kind
from .shelves import changed_rows
from .targets import candidates


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """`only` is "all" or "published"; `slugs` limits to these articles, and refuses those that
    others would lose when they are written alone; `force` writes those and over files that
    changed since import; `recreate` writes again what is gone from the folder it came from.
    `check` and `dry_run` write nothing; `check` also says where each file differs first.
    `after_import` leaves what an import of the folder has just read, where nobody acted here."""

    only: str = "all"
    slugs: tuple[str, ...] = ()
    dry_run: bool = False
    check: bool = False
    force: bool = False
    recreate: bool = False
    after_import: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it covers every article."""
        return self.only == "all" and not self.slugs

    @property
    def writes(self) -> bool:
        return not (self.dry_run or self.check)


def keys_to_export(kind: Kind, options: ExportOptions, at: datetime) -> list[str]:
    """The keys of all files that these options ask for, in order."""
    if kind is not Kind.ARTICLE:
        if options.slugs:
            return []
        stored = Source.objects.filter(kind=kind, data__isnull=False)
        return sorted({*stored.values_list("key", flat=True), *changed_rows(kind)})
    articles = Article.objects.all()
    if options.only == "published":
        articles = articles.published(at)
    if options.slugs:
        articles = articles.filter(slug__in=options.slugs)
    return list(articles.order_by("slug").values_list("slug", flat=True))


def keys_not_read(kind: Kind, root: str) -> set[str]:
    """The keys of what changed here since it was last agreed on, and of what an import of the
    folder `root` did not find there."""
    read = Source.objects.filter(kind=kind, root=root, data__isnull=False, missing_since=None)
    if kind is Kind.ARTICLE:
        articles = Article.objects.filter(~Exists(read.filter(key=OuterRef("slug"))))
        return {*articles.values_list("slug", flat=True), *candidates()}
    others = Source.objects.filter(kind=kind, data__isnull=False).exclude(pk__in=read.values("pk"))
    return {*others.values_list("key", flat=True), *changed_rows(kind)}


def waiting() -> dict[Kind, set[str]]:
    """The keys of files on disk that people have to look at first: refused, or in conflict."""
    open_ones = Source.objects.filter(Q(theirs__isnull=False) | Q(refused_digest__isnull=False))
    found: dict[Kind, set[str]] = defaultdict(set)
    for kind, key in open_ones.values_list("kind", "key"):
        found[Kind(kind)].add(key)
    return found

"""Files that go on under another name: the same bytes, or the same link, time and seal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from ..frontmatter import Refused
from ..frontmatter.record import Values
from ..models import Article, FormerAddress, FormerStem, RelatedItem, Run, Source, Story
from ..models.bulk import update_rows
from ..stories import refresh
from ..stories.membership import regroup
from ..workflow import admission
from ..workflow.rows import hold_stories, one_at_a_time
from . import bases
from .catalogue import CATALOGUES
from .columns import link_of
from .loading import Loaded, Reader, load_file
from .scan import Found, Kind, Scan

SEAL = "secured"


@dataclass(slots=True)
class Gone:
    """A file that is not where it was, with what tells it from others."""

    source: Source
    values: Values = field(default_factory=dict)

    @property
    def mark(self) -> bytes:
        """What every file of the same piece holds somewhere."""
        return str(self.values.get(SEAL) or link_of(self.values)).encode()


def renamed(scanned: Scan, run: Run, reader: Reader, at: datetime) -> dict[str, str]:
    """Let what is known of files go on under their new names; answers the old path by the new.

    Only where it is clear which is which: one file gone and one come that are the same. Rows are
    moved and nothing else, so that what also changed in a file comes in as in any other.
    """
    found: dict[str, str] = {}
    if not scanned.roots:
        return found
    for kind in Kind:
        come, gone = _come_and_gone(scanned, kind)
        if pairs := list(_pairs(come, gone, reader)):
            with transaction.atomic():
                one_at_a_time()
                _move(kind, pairs, run, at)
            found |= {new.found.path: old.source.path for old, new in pairs}
    return found


def _come_and_gone(scanned: Scan, kind: Kind) -> tuple[list[Found], list[Gone]]:
    """Files of names that nothing here has, and known ones that are in none of the folders."""
    here = {one.key: one for one in scanned.found if one.kind is kind}
    here |= {one.key: one for one, _ in scanned.refused if one.kind is kind}
    stored = Source.objects.filter(kind=kind, data__isnull=False)
    within = stored.filter(root__in=[str(root) for root in scanned.roots])
    missing = [pk for pk, key in within.values_list("pk", "key") if key not in here]
    if not missing:
        return [], []
    known = bases.known(kind, here)
    refused = {one.key for one, _ in scanned.refused}
    come = [one for key, one in here.items() if key not in known and key not in refused]
    taken = _taken(kind, [one.key for one in come])
    come = [one for one in come if one.key not in taken]
    if not come:
        return [], []
    sources = list(Source.objects.filter(pk__among=missing))
    bases.read_in(sources)
    return come, [Gone(source) for source in sources]


def _taken(kind: Kind, keys: Sequence[str]) -> set[str]:
    """Names that a row without a file, or the address of a story, has already; catalogues find
    their rows by what files hold."""
    if kind is not Kind.ARTICLE:
        return set()
    rows = Article.objects.filter(slug__among=list(keys)).values_list("slug", flat=True)
    stories = Story.objects.filter(slug__among=list(keys)).values_list("slug", flat=True)
    former = FormerAddress.objects.filter(slug__among=list(keys)).values_list("slug", flat=True)
    return {*rows, *former, *filter(None, stories)}


def _pairs(
    come: Iterable[Found], gone: Sequence[Gone], reader: Reader
) -> Iterator[tuple[Gone, Loaded]]:
    """What is the same under two names, by bytes first."""
    if not gone:
        return
    loaded = [load_file(one, reader.limits.file_bytes) for one in come]
    loaded = [one for one in loaded if not one.trouble]
    left = list(gone)
    by_bytes = list(_same(left, loaded, _digests, lambda new: [new.digest]))
    yield from by_bytes
    done = {id(one) for pair in by_bytes for one in pair}
    left = [one for one in left if id(one) not in done]
    loaded = [one for one in loaded if id(one) not in done]
    if not left or not loaded:
        return
    kind = Kind(left[0].source.kind)
    for one in left:
        one.values = _values(one.source.base_bytes or b"", kind, reader)
    if kind is Kind.ARTICLE:
        marks = {one.mark for one in left} - {b""}
        # A parse costs far more than a look, and most that comes is simply new.
        loaded = [one for one in loaded if any(mark in one.data for mark in marks)]
    yield from _same(
        left,
        loaded,
        lambda old: [_piece(kind, old.values)],
        lambda new: [_piece(kind, _values(new.data, kind, reader))],
    )


def _digests(old: Gone) -> list[Hashable]:
    found = (old.source.digest, old.source.theirs_digest)
    return list({bytes(one) for one in found if one is not None})


def _values(data: bytes, kind: Kind, reader: Reader) -> Values:
    try:
        return reader.one(data, kind).values
    except Refused:
        return {}


def _piece(kind: Kind, values: Values) -> Hashable:
    """What a file is about, whatever its name is; None where that is not clear."""
    if not values:
        return None
    if kind is Kind.ARTICLE:
        return link_of(values), values.get("publishedDateTime"), values.get(SEAL)
    # Without an id of its own the name is the identity.
    return CATALOGUES[kind].identify(values, "") or None


def _same(
    gone: Iterable[Gone],
    come: Iterable[Loaded],
    of_old: Callable[[Gone], list[Hashable]],
    of_new: Callable[[Loaded], list[Hashable]],
) -> Iterator[tuple[Gone, Loaded]]:
    """The pairs that have something in common which no third has."""
    olds: dict[Hashable, list[Gone]] = defaultdict(list)
    news: dict[Hashable, list[Loaded]] = defaultdict(list)
    for old in gone:
        for mark in of_old(old):
            olds[mark].append(old)
    for new in come:
        for mark in of_new(new):
            news[mark].append(new)
    pairs = [
        (olds[mark][0], news[mark][0])
        for mark in olds
        if mark is not None and len(olds[mark]) == len(news.get(mark, ())) == 1
    ]
    times = Counter(id(old) for old, _ in pairs)
    yield from ((old, new) for old, new in pairs if times[id(old)] == 1)


def _move(kind: Kind, pairs: Sequence[tuple[Gone, Loaded]], run: Run, at: datetime) -> None:
    rows: list[Any] = [
        (new.found.key, str(new.found.root), new.found.path, None, old.source.pk)
        for old, new in pairs
    ]
    update_rows(Source, ["key", "root", "path", "missing_since"], rows)
    names = {old.source.key: new.found.key for old, new in pairs}
    if kind is Kind.ARTICLE:
        _move_articles(names, run, at)
        return
    model = CATALOGUES[kind].model
    found: Iterable[Any] = model._default_manager.filter(stem__in=list(names))
    update_rows(model, ["stem"], [(names[row.stem], row.pk) for row in found])


def _move_articles(names: Mapping[str, str], run: Run, at: datetime) -> None:
    """The row, the address of the story that was first public under it, and its history stay one;
    the former stem leads there."""
    found = Article.objects.filter(slug__among=list(names))
    hold_stories(found)
    articles = list(found.select_for_update(of=("self",)).order_by("pk"))
    # Ties between leads are decided by file name.
    update_rows(Article, ["slug"], [(names[one.slug], one.pk) for one in articles])
    remember(names, articles, at)
    stories = Story.objects.filter(slug__among=list(names))
    update_rows(Story, ["slug"], [(names[one.slug or ""], one.pk) for one in stories])
    items = RelatedItem.objects.filter(printed_by__among=list(names))
    update_rows(RelatedItem, ["printed_by"], [(names[one.printed_by], one.pk) for one in items])
    plan = regroup(changed=[one.pk for one in articles])
    admission.demote(plan.demoted, run, at)
    admission.note_renamed([(one, names[one.slug]) for one in articles], run, at)
    refresh(plan.apply())


def remember(names: Mapping[str, str], articles: Iterable[Article], at: datetime) -> None:
    """Former stems by their articles, `names` the new by the old; a stem that is in use again
    leads nowhere else."""
    give_back(names.values())
    FormerStem.objects.bulk_create(
        [FormerStem(slug=one.slug, article=one, since=at) for one in articles],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["article", "since"],
    )


def give_back(stems: Iterable[str]) -> None:
    """Let stems that are in use be what they say."""
    FormerStem.objects.filter(slug__among=list(stems)).delete()

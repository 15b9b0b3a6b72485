"""After files were written: what was agreed on, and how files name one another from now on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Q

from ..frontmatter import Record, read
from ..models import Article, Claim, Run
from ..models.bulk import insert_rows, update_rows
from ..workflow.rows import hold_stories
from . import bases
from .columns import claimed, file_state, set_identity
from .names import stories_tied_to
from .scan import Found, Kind
from .shelves import changed_rows

ROWS = 500
"""Articles agreed on together, to bound memory."""


@dataclass(slots=True)
class Written:
    """A file that holds in its place, now or already, what it should by what is known here;
    `record` is what it reads as, where somebody has read it, `mark` what stood on its article
    before."""

    found: Found
    data: bytes
    digest: bytes
    record: Record | None = None
    mark: int | None = None


def agree_on_written(
    written: Sequence[Written],
    run: Run,
    at: datetime,
    *,
    left: Collection[str],
) -> None:
    """Make the bases of these files what they hold; `at` is when their bytes were worked out.

    How articles are named does not change around those that are `left`, slugs of changed articles
    whose files were not written: some files of a story would name one another by a new link, the
    others by the old one, and lose each other.
    """
    for kind in Kind:
        files = [one for one in written if one.found.kind is kind]
        if not files:
            continue
        stored = bases.load(kind, [one.found.key for one in files])
        changed = [
            one
            for one in files
            if (source := stored.get(one.found.key)) is None
            or source.theirs_digest is not None
            or source.digest != one.digest
        ]
        bases.settle((stored[one.found.key] for one in changed if one.found.key in stored), at)
        bases.agree(run, [(one.found, one.data, one.digest) for one in changed], stored)
        if kind is not Kind.ARTICLE:
            _shelve(kind, files)
            continue
        tied = stories_tied_to(left)
        for start in range(0, len(files), ROWS):
            _rename(files[start : start + ROWS], tied)


def mark_acted_on(stories: Iterable[int]) -> None:
    """Let an export look again at the stories that an import brought up and that people acted on,
    and at all that name those articles: a file that came in knows nothing of what was decided
    here, and neither do newcomers."""
    acted = Article.objects.filter(
        Q(touched_at__isnull=False) | Q(state_acted_at__isnull=False), story__among=list(stories)
    )
    found = list(acted.values_list("story", "identity"))
    if found:
        of_stories = Q(story__among=[story for story, _ in found])
        by_name = Q(pk__among=Claim.naming(identity for _, identity in found))
        told = Article.objects.filter(of_stories | by_name)
        hold_stories(told)
        told.mark()


def _rename(written: Sequence[Written], tied: Collection[int]) -> None:
    """Identities and claims as the written files print them, those of `tied` stories apart.

    The desk goes on while an export runs: what was acted on meanwhile has another mark, and keeps
    it for the next one.
    """
    by_slug = {one.found.key: one for one in written}
    rows = Article.objects.filter(slug__among=list(by_slug))
    hold_stories(rows)
    held = rows.select_for_update(of=("self",)).order_by("pk")
    articles = [row for row in held if row.story_id not in tied]
    claims = set()
    for article in articles:
        one = by_slug[article.slug]
        record = one.record or read(one.data)
        set_identity(article, record.values)
        # A file made here ends in an empty line, which its row then holds as any other file's.
        article.body = article.body or record.body
        if article.state_acted_at is not None:
            article.file_state = file_state(record.values)
        if article.marked == one.mark:
            article.marked = None
        claims |= {(article.pk, *name) for name in claimed(record.values)}
    columns = ("identity", "title_hash", "body", "file_state", "marked", "pk")
    update_rows(Article, columns[:-1], map(attrgetter(*columns), articles))
    _claim(articles, claims)


def _claim(articles: Sequence[Article], claims: set[tuple[int, int, int]]) -> None:
    """These are what the files of these articles claim: of a large story they do already."""
    columns = ("article", "identity", "title_hash")
    stored = Claim.objects.filter(article__among=[article.pk for article in articles])
    held = {row[1:]: row[0] for row in stored.values_list("pk", *columns)}
    Claim.objects.filter(pk__among=[held[name] for name in held.keys() - claims]).delete()
    insert_rows(Claim, columns, sorted(claims - held.keys()))


def _shelve(kind: Kind, written: Sequence[Written]) -> None:
    rows = changed_rows(kind)
    for one in written:
        if changed := rows.get(one.found.key):
            changed.row.stem = one.found.key
            changed.row.is_edited = changed.target() != one.data
            changed.row.save(update_fields=["stem", "is_edited"])

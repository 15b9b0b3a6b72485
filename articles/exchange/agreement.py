"""After files were written: what was agreed on, and how files name one another from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from providers.models import Provider

from ..frontmatter import read
from ..models import Article, Claim, Run, Source, Topic
from ..models.bulk import insert_rows, update_rows
from . import bases
from .columns import claimed, set_identity
from .scan import Found, Kind


@dataclass(slots=True)
class Written:
    """A file that now holds, or held already, bytes that are not its base. `in_place`: in the
    folder it was read from, not in a copy elsewhere."""

    found: Found
    data: bytes
    digest: bytes
    in_place: bool


def agree_on_written(written: Sequence[Written], run: Run) -> None:
    """Move the bases of files written in place; of copies elsewhere remember the digest."""
    for kind in Kind:
        files = [one for one in written if one.found.kind is kind]
        stored = bases.load(kind, [one.found.key for one in files])
        copies = [one for one in files if not one.in_place]
        update_rows(
            Source,
            ["written_digest"],
            [(one.digest, stored[one.found.key].pk) for one in copies],
        )
        ours = [one for one in files if one.in_place]
        bases.agree(run, [(one.found, one.data, one.digest) for one in ours], stored)
        if kind is Kind.ARTICLE:
            _rename(ours)
        else:
            _shelve(kind, ours)


def _rename(written: Sequence[Written]) -> None:
    """Identities and claims as the written files print them."""
    by_slug = {one.found.key: one for one in written}
    articles = list(Article.objects.filter(slug__among=list(by_slug)))
    claims = []
    for article in articles:
        values = read(by_slug[article.slug].data).values
        set_identity(article, values)
        claims += [(article.pk, *name) for name in sorted(claimed(values))]
    rows = [(a.identity, a.title_hash, False, a.pk) for a in articles]
    update_rows(Article, ["identity", "title_hash", "is_edited"], rows)
    Claim.objects.filter(article__in=articles).delete()
    insert_rows(Claim, ["article", "identity", "title_hash"], claims)


def _shelve(kind: Kind, written: Sequence[Written]) -> None:
    keys = [one.found.key for one in written]
    if kind is Kind.PROVIDER:
        Provider.objects.filter(stem__in=keys).update(is_edited=False)
        for row in Provider.objects.filter(stem="", domain__in=keys):
            Provider.objects.filter(pk=row.pk).update(stem=row.domain, is_edited=False)
    else:
        Topic.objects.filter(stem__in=keys).update(is_edited=False)
        for topic in Topic.objects.filter(stem="", slug__in=keys):
            Topic.objects.filter(pk=topic.pk).update(stem=topic.slug, is_edited=False)

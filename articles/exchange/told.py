"""What others committed to the repository, for the timelines of the articles it was about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from ..models import Article, FormerStem, PushedChange, PushedCommit
from ..workflow.rows import one_at_a_time
from .gitlog import Change, Told
from .repository import Repository
from .scan import SUFFIXES, WITHIN, Kind

LONGEST = 1_000
"""Characters of a message that are kept."""

_OWN = re.compile(r"^Newsroom-Run: \d+$", re.MULTILINE)
"""The trailer of commits that a site made for its editors, whose acts timelines tell anyway."""


def note_commits(repository: Repository, folder: Path) -> None:
    """Record what was committed since this was last asked, once those files are imported.

    A repository that is met for the first time has no past here. Killed before the end, it tells
    the same again, and each commit is recorded once.
    """
    tip, since = repository.standing()
    if tip == since:
        return
    if since:
        for told in repository.log(since, tip, folder, but=_OWN):
            _record(told)
    repository.tell(tip)


def _record(told: Told) -> None:
    found = {stem: one for one in told.changes if (stem := _stem(one.path))}
    articles = _articles(found)
    if not articles:
        return
    with transaction.atomic():
        one_at_a_time()
        commit, is_new = PushedCommit.objects.get_or_create(
            sha=told.sha,
            defaults={
                "author": told.name[:200],
                "address": told.address[:200],
                "at": told.at,
                "message": told.message[:LONGEST],
            },
        )
        if is_new:
            PushedChange.objects.bulk_create(
                PushedChange(commit=commit, article_id=pk, fate=one.fate, keys=list(one.keys))
                for pk, one in articles.items()
            )


def _stem(path: str) -> str:
    """The stem of an article's file; empty for anything else."""
    kind = next((kind for kind, start in WITHIN if path.startswith(start)), Kind.ARTICLE)
    stem, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return stem if kind is Kind.ARTICLE and dot + suffix in SUFFIXES[kind] else ""


def _articles(changes: Mapping[str, Change]) -> dict[int, Change]:
    """The articles of these stems, of former ones too, with what was changed in their files."""
    stems = list(changes)
    former = FormerStem.objects.filter(slug__among=stems).values_list("article_id", "slug")
    rows = Article.objects.filter(slug__among=stems).values_list("pk", "slug")
    return {pk: changes[slug] for pk, slug in (*former, *rows)}

"""Reads at once what the pages of a whole site would ask for one by one."""

from __future__ import annotations

from datetime import datetime

from ..models import Article
from ..public import addresses, archive, corrections, directory
from ..public.api import news
from ..public.entries import LINES_IN_LISTS, entries
from ..public.feeds.stories import ITEMS
from ..public.leads import leads

AT_ONCE = 500
MOST = 5_000
"""Stories of a site that are read ahead; those of a larger one are as they are asked for."""


def read_ahead(at: datetime) -> None:
    """Read every story; only within `sharing`."""
    stories = Article.objects.published(at)
    if stories.count() > MOST:
        return
    found = leads(stories)
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        for lines in (LINES_IN_LISTS, None):
            entries(some, at, lines)
    addresses.read_ahead(at)
    corrections.read_ahead([lead.pk for lead in found], at)
    news.read_ahead(at)
    archive.read_ahead(at, MOST)
    directory.read_ahead(at, MOST, ITEMS)

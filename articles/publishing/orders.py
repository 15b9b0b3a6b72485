"""What pages go by that list things, kind by kind: as long as that is the same, they change only
where they tell of a story that did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet

from ..models import Digest, DigestItem
from ..public import directory
from ..public.digests import IN_FEED, LISTED
from ..public.prepared import Given, Prepared

Row = Sequence[Any]

_STORIES, _REPORTS, _DIGESTS = "stories", "reports", "digests"
_ADDRESSES, _NOTHING = "addresses", "nothing"
WORDLESS = {_ADDRESSES, _NOTHING}
"""Those of pages that show nothing of a story but where it is and since when."""

_GOES_BY = {
    **dict.fromkeys(
        (
            *("front", "latest", "topic", "feed", "topic-feed", "provider-feed"),
            *("api-news", "api-news-page", "api-news-topic", "api-news-under"),
            *("archive", "archive_year", "archive_month", "archive_day"),
            "missing",
        ),
        _STORIES,
    ),
    **dict.fromkeys(("topics", "opml", "sitemap", "sitemap-lists", "sitemap-stories"), _ADDRESSES),
    **dict.fromkeys(("provider", "providers"), _REPORTS),
    **dict.fromkeys(("digests", "digest", "digest-form", "digests-feed"), _DIGESTS),
    **dict.fromkeys(("about", "search", "robots"), _NOTHING),
}
"""Pages, and what says of how many there are, by the names of their addresses; the last ones are
made of code and settings alone (`public.responses.release`)."""


def order_of(name: str | None) -> str | None:
    """Which of `orders` the pages of an address of that name go by; None: of none of them."""
    return _GOES_BY.get(name or "")


def orders(
    stories: Sequence[Row],
    reports: Sequence[Row],
    folders: Iterable[tuple[str, list[str]]],
    at: datetime,
) -> dict[str, str]:
    """Digests of what lists go by; two queries. `stories` are rows of (published_at, go_live_at, …)
    of the published ones, `reports` of (published_at, …) of whatever providers are shown with,
    `folders` whatever has a folder of its own with what it lies in."""
    recent = at - directory.RECENT
    published = digest((stories, sorted(folders), _after(recent, stories, 1)))
    counted = (_after(recent, reports, 0), _after(at, reports, 0))
    closed = (_CLOSED.rows(at=at), _ITEMS.rows(at=at))
    return {
        _STORIES: published,
        _REPORTS: digest((published, reports, counted)),
        _DIGESTS: digest((published, closed)),
        _ADDRESSES: published,
        _NOTHING: "",
    }


def digest(said: object) -> str:
    """A short mark that is another one as soon as anything is said otherwise."""
    return sha256(repr(said).encode()).hexdigest()[:16]


def _after(moment: datetime, rows: Iterable[Row], column: int) -> int:
    """How many of the rows are after a moment: of the same rows as many are always the same."""
    return sum(row[column] is not None and row[column] > moment for row in rows)


def _closed() -> QuerySet[Digest, Any]:
    rows = _closed_digests().order_by("-day")
    return rows.values_list("pk", "day", "closed_at", "introduction")


def _items() -> QuerySet[DigestItem, Any]:
    """Of the digests that have a page or stand in the feed."""
    listed = _closed_digests().order_by("-day").values("pk")[:LISTED]
    fed = _closed_digests().order_by("-closed_at", "-day").values("pk")[:IN_FEED]
    rows = DigestItem.objects.filter(Q(digest__in=listed) | Q(digest__in=fed))
    return rows.order_by("pk").values_list("pk", "digest", "position", "story", "comment")


def _closed_digests() -> QuerySet[Digest]:
    return Digest.objects.filter(closed_at__lte=Given("at"))


_CLOSED, _ITEMS = Prepared(_closed), Prepared(_items)

"""Front-matter values ↔ the columns of an article."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from providers.domains import normalise, of_link

from ..frontmatter.record import Values
from ..identity import identity, link_number, number
from ..models import Article
from ..printing import KEY_OF_COLUMN
from ..ranking import HEAT_PER_RELATED
from ..states import State
from ..stories.grouping import Named

COLUMNS = {key: column for column, key in KEY_OF_COLUMN.items()}
"""The keys that one column holds each; `provider` has three and a row, `topics` a table."""


def set_columns(article: Article, values: Values) -> None:
    """Put file values (a whole record's, or those that a merge took) into the row's columns."""
    for key in values.keys() & COLUMNS.keys():
        setattr(article, COLUMNS[key], values[key])
    if "provider" in values:
        printed = values["provider"] or {}
        article.provider_name = printed.get("name")
        article.provider_domain = printed.get("domain")
        article.provider_images = printed.get("images")
    article.link_hash = link_number(article.link)


def set_identity(article: Article, values: Values) -> None:
    """What siblings' files call this article: from its own file, whatever was edited here."""
    article.identity = identity(link_of(values), values.get("publishedDateTime"))
    article.title_hash = number(values["title"])


def link_of(values: Values) -> str:
    """The link readers follow: webUrl, else originalUrl."""
    return values.get("webUrl") or values.get("originalUrl") or ""


def domain_of(values: Values) -> str:
    """The normalised domain of the publisher: as printed, else the link's host."""
    printed = (values.get("provider") or {}).get("domain")
    return (normalise(printed) if printed else "") or of_link(link_of(values))


def claimed(values: Values) -> dict[Named, Values]:
    """The entries of `related` by what they claim; an address that repeats counts once."""
    return {name_of(entry): entry for entry in values.get("related") or ()}


def name_of(entry: Values) -> Named:
    """How an entry of `related` names its article."""
    return _name(link_of(entry), entry.get("publishedDateTime"), entry.get("title") or "")


@lru_cache(maxsize=20_000)
def _name(link: str, published_at: datetime | None, title: str) -> Named:
    """Remembered, since every file of a story names the same articles."""
    return identity(link, published_at), number(title)


def file_state(values: Values) -> State:
    """The state that a file asks for; only a true of its own type publishes or removes."""
    if values.get("removed") is True:
        return State.WITHDRAWN
    return State.PUBLISHED if values.get("published") is True else State.NEW


def heat_extra(values: Values, claims: int) -> int:
    """What a published lead's heat holds beyond the formula of `ranking.heat`."""
    heat, quality = values.get("heat"), values.get("quality")
    if values.get("published") is not True or heat is None or heat < 0:
        return 0
    return int(heat) - int(quality or 0) - HEAT_PER_RELATED * claims

"""Finding articles by what an editor has at hand: a link, a domain, words."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from django.db.models import Q, QuerySet

from providers.models import Provider

from .. import identity
from ..models import Article
from ..tracking import stripped
from .queue import SHORT, ordering

WINDOW = 10_000
"""Words are looked for in the first articles of a list: no index knows them."""

LINKS = 2_500
"""The same for links that no hash knows: whoever pastes one wants an answer at once."""

COLUMNS = ("title", "excerpt", "web_url")


def is_link(text: str) -> bool:
    """Whether a search was a pasted address."""
    return text.strip().lower().startswith(("http://", "https://"))


def spellings(link: str) -> list[str]:
    """Other ways to write a pasted link: scheme, final slash, fragment, tracking parameters."""
    link = link.strip()
    try:
        parts = urlsplit(link)
        clean = urlsplit(stripped(link)[0]).query
    except ValueError:
        return [link]
    found = {link: None}
    path = parts.path.rstrip("/")
    for scheme in ("https", "http"):
        for shape in (path, f"{path}/"):
            for asked in (parts.query, clean):
                found[urlunsplit((scheme, parts.netloc, shape, asked, ""))] = None
    return list(found)


def by_link(articles: QuerySet[Article], link: str, shelf: str = "all") -> QuerySet[Article]:
    """The articles of the piece that a link leads to: by its hash, which is indexed and knows it
    with or without what trackers, phones and AMP add; else as edited on the desk.

    No hash knows the link that a publisher's piece had first, or has since an edit: those are
    looked for in the first of the list and the newest of what was edited.
    """
    written = spellings(link)
    has_it = Q(web_url__in=written) | Q(original_url__in=written)
    edited = Article.objects.edited().order_by("-slug").values("pk")[:LINKS]
    for found in (
        articles.filter(link_hash=identity.link_number(link.strip())),
        articles.filter(has_it, pk__in=edited),
    ):
        if found.exists():
            return found
    return first_of(articles, has_it, shelf, LINKS)


def first_of(articles: QuerySet[Article], wanted: Q, shelf: str, window: int) -> QuerySet[Article]:
    """What is wanted among the articles that come first on a shelf, which has an index."""
    if shelf in SHORT:
        return articles.filter(wanted)
    first = articles.order_by(*ordering(shelf)).values("pk")[:window]
    return Article.objects.filter(wanted, pk__in=first).order_by(*articles.query.order_by)


def search(articles: QuerySet[Article], asked: str, shelf: str) -> QuerySet[Article]:
    """What a search means: a link its article, a provider's domain its articles, else words."""
    # PostgreSQL takes no NUL in a text.
    asked = asked.replace("\0", " ").strip()
    if is_link(asked):
        return by_link(articles, asked, shelf)
    provider = Provider.objects.filter(domain=asked.lower().removeprefix("www.")).first()
    return articles.filter(provider=provider) if provider else by_words(articles, asked, shelf)


def by_words(articles: QuerySet[Article], asked: str, shelf: str) -> QuerySet[Article]:
    """Those of the first WINDOW articles that hold every word in title, excerpt or link."""
    every = Q()
    for word in asked.split():
        every &= _somewhere(word)
    return first_of(articles, every, shelf, WINDOW)


def _somewhere(word: str) -> Q:
    # SQLite folds the case of ASCII letters only.
    written = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    condition = Q()
    for column in COLUMNS:
        for spelling in sorted(written):
            condition |= Q(**{f"{column}__icontains": spelling})
    return condition

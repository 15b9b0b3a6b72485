"""How files name one another: which must be written together once links changed here."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from ..frontmatter import read
from ..frontmatter.record import Values
from ..identity import identity
from ..models import Article, Claim
from .columns import claimed, link_of


def must_go_along(
    slug: str, base: bytes | None, target: bytes, selected: Collection[str]
) -> list[str]:
    """The articles, none of them selected, whose files this one would lose when written without
    them: in its story a link or time changed here, by which some files name an article already
    and others not yet."""
    before: Values = read(base).values if base is not None else {}
    after = read(target).values
    if _identity(before) == _identity(after) and _identities(before) == _identities(after):
        return []
    row = Article.objects.only("story_id").get(slug=slug)
    dropped = list(_identities(before) - _identities(after))
    near = Article.objects.filter(Q(story=row.story_id) | Q(identity__among=dropped))
    moved = [one for one in near.only(*_NAMED_BY) if _printed(one) != one.identity]
    naming = Article.objects.filter(pk__among=Claim.naming(one.identity for one in moved))
    found = {*(one.slug for one in moved), *naming.values_list("slug", flat=True)}
    return sorted(found.difference(selected))


def stories_tied_to(slugs: Iterable[str]) -> set[int]:
    """The stories of these articles, of those that their files name and of those naming them."""
    rows = list(
        Article.objects.filter(slug__among=list(slugs)).values_list("pk", "story_id", "identity")
    )
    if not rows:
        return set()
    claims = Claim.objects.filter(article__among=[row[0] for row in rows])
    named = claims.values_list("identity", flat=True)
    naming = Claim.naming(row[2] for row in rows)
    near = Article.objects.filter(pk__among=naming).union(
        Article.objects.filter(identity__among=list(named)), all=True
    )
    return {*(row[1] for row in rows), *near.values_list("story_id", flat=True)}


_NAMED_BY = ("slug", "identity", "web_url", "original_url", "published_at")


def _printed(article: Article) -> int:
    """The identity that this article's file will have."""
    return identity(article.link, article.published_at)


def _identity(values: Values) -> int:
    return identity(link_of(values), values.get("publishedDateTime"))


def _identities(values: Values) -> set[int]:
    return {name[0] for name in claimed(values)}

"""Labelled articles among all others, as the desk suggests stories for them: `with_django
stories_among FILE.tsv` in an empty newsroom, whose articles lie beside the table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from articles import identity
from articles.likeness import Piece
from articles.likeness.evaluating import SHOWN, in_order
from articles.models import Article, Story
from articles.stories import labelled
from articles.stories.suggesting import suggest
from providers.models import Provider


def main(table: str) -> None:
    events = labelled.events(Path(table))
    content = labelled.beside(Path(table), events)
    pieces = in_order(labelled.in_content(content)) if content else []
    # Who is labelled says nothing of the others, so that those would count as wrong: an arrival
    # meets them as words of their time, and in its suggestions as nothing.
    _fill(pieces)
    earlier = dict[str, str]()
    recalls = []
    for article in Article.objects.filter(slug__in=list(events)).order_by("published_at", "slug"):
        event = events[article.slug] or article.slug
        there = [slug for slug, name in earlier.items() if name == event]
        if there:
            named = [one.lead.slug for one in suggest(article, most=len(pieces))]
            shown = [slug for slug in named if slug in earlier][:SHOWN]
            recalls.append(len(set(shown) & set(there)) / min(SHOWN, len(there)))
        earlier[article.slug] = event
    hits = sum(recall > 0 for recall in recalls)
    print(json.dumps({"recall": sum(recalls) / len(recalls), "hit": hits / len(recalls)}))


def _fill(pieces: Iterable[Piece]) -> None:
    """Each alone in its story."""
    pieces = list(pieces)
    named = {piece.domain or "none.example" for piece in pieces}
    providers = {
        domain: Provider.objects.create(domain=domain, name=domain) for domain in sorted(named)
    }
    stories = Story.objects.bulk_create([Story() for _ in pieces])
    Article.objects.bulk_create(
        Article(
            slug=piece.key,
            title=piece.title,
            excerpt=piece.excerpt,
            published_at=piece.published_at,
            arrived_at=piece.published_at,
            web_url=piece.link,
            provider=providers[piece.domain or "none.example"],
            provider_domain=piece.domain,
            story=story,
            link_hash=identity.link_number(piece.link),
            identity=story.pk,
            title_hash=story.pk,
        )
        for piece, story in zip(pieces, stories, strict=True)
    )

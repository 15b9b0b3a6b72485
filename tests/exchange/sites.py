"""Whole sites made up at random, and what a database holds of them, whatever its ids and times."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from articles.models import Article, Claim, RelatedItem, Topic
from providers.models import Provider
from tests.content import A_DAY, Piece, story


def made_up_site(seed: int, *, is_settled: bool = True) -> list[Piece]:
    """A site of 15 to 25 articles: stories, singles, claims on what is not here, removed files
    that still list others, two pieces of one link and time. Unless `is_settled`, some claims are
    made by one side alone and some coverage says that it is published."""
    seeded = random.Random(seed)
    pieces: list[Piece] = []
    for number in range(seeded.randint(4, 6)):
        pieces += _story(seeded, f"s{number}")
    pieces += _twins(seeded)
    pieces += [_removed(seeded, pieces, number) for number in range(2)]
    if not is_settled:
        pieces = [_unsettled(seeded, piece, pieces) for piece in pieces]
    return pieces


def _story(seeded: random.Random, name: str) -> list[Piece]:
    members = [
        Piece(f"{name}-{letter}", quality=seeded.choice([40, 50, 50, 60, 70]))
        for letter in seeded.sample("abcdefg", seeded.randint(1, 5))
    ]
    is_published = seeded.random() < 0.6
    members = story(*[piece.but(published=is_published) for piece in members])
    if seeded.random() < 0.5:
        gone = Piece(f"{name}-gone", quality=seeded.choice([30, 90]))
        members = [
            piece.but(related=(*piece.related, gone)) if seeded.random() < 0.7 else piece
            for piece in members
        ]
    return members


def _twins(seeded: random.Random) -> list[Piece]:
    """Two stories whose second pieces share link and time, told apart by title."""
    found = []
    for name in ("t0", "t1"):
        twin = Piece(f"{name}-twin", link="https://twin.example/live", at=A_DAY, quality=45)
        lead = Piece(f"{name}-lead", quality=seeded.choice([50, 60]), published=True)
        found += story(lead, twin)
    return found


def _removed(seeded: random.Random, pieces: list[Piece], number: int) -> Piece:
    listed = tuple(seeded.sample([piece.but(related=()) for piece in pieces], 2))
    return Piece(f"gone{number}-x", removed=True, related=listed)


def _unsettled(seeded: random.Random, piece: Piece, pieces: list[Piece]) -> Piece:
    if piece.removed or seeded.random() < 0.6:
        return piece
    others = [other for other in pieces if other.name != piece.name]
    return piece.but(
        related=(*piece.related[:2], seeded.choice(others)),
        published=seeded.random() < 0.5,
        at=A_DAY + timedelta(minutes=len(piece.name)) if not piece.at else piece.at,
    )


def snapshot() -> dict[str, Any]:
    """All that readers and editors could tell apart, by slug and address."""
    rows = Article.objects.select_related("story", "provider").order_by("slug")
    members: dict[int, list[str]] = {}
    for row in rows:
        members.setdefault(row.story_id, []).append(row.slug)
    return {
        "articles": {
            row.slug: (
                row.state,
                row.is_lead,
                tuple(members[row.story_id]),
                row.story.member_count,
                row.story.related_count,
                row.story.heat,
                row.story.rank is None,
                row.heat_extra,
                row.file_state,
                row.title,
                row.provider.domain,
                tuple(row.warnings),
            )
            for row in rows
        },
        "items": sorted(
            RelatedItem.objects.values_list("title", "link", "printed_by", "quality", "excerpt")
        ),
        "claims": sorted(Claim.objects.values_list("article__slug", "identity", "title_hash")),
        "providers": sorted(Provider.objects.values_list("domain", "name", "printed_by")),
        "topics": sorted(Topic.objects.values_list("slug", "name")),
    }


def clocks() -> dict[str, Any]:
    """What goes live when, and where: the same for one run whatever its chunks."""
    rows = Article.objects.select_related("story").order_by("slug")
    return {
        row.slug: (row.go_live_at if row.state == "published" else None, row.story.slug)
        for row in rows
    }

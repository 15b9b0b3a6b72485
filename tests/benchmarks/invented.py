"""Content folders of any size, invented: articles in stories sized as in a real site."""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

LARGEST, STEEPNESS, TOGETHER, ALONE = 180, 0.66, 534, 785
"""Story sizes of a site of 4,958 articles (FORMAT.md): the largest, how they fall by place, how
many stories have coverage, how many have none."""
PACE = 100
"""Articles a day: ten times as many are ten times as long an archive, as busy as the other."""
START = datetime(2021, 1, 4, tzinfo=UTC)
PROVIDERS = 200
TOPICS = ("World", "Science", "Business", "Culture", "Sport", "Health")
WORDS = """
harbour council bridge market river school budget train winter library garden museum theatre
clinic factory island ferry storm election court engine battery satellite forest farm village
teacher nurse captain mayor engineer painter opens closes plans delays doubles votes repairs
finds warns promises after before during against without under over new old long quiet early
"""
VOCABULARY = WORDS.split()


@dataclass(frozen=True, slots=True)
class Piece:
    """One article: its file's stem, and its text before, in and after `related`."""

    stem: str
    quality: int
    head: str
    entry: str
    seal: str


def invented(target: Path, articles: int, seed: int = 1) -> Path:
    """A folder of that many articles; the same seed gives the same folder.

    Every file lists the others of its story, so sizes of files follow those of stories.
    """
    news = target / "_news"
    news.mkdir(parents=True)
    chance, done = random.Random(seed), 0
    days = max(articles // PACE, 1)
    for size in _story_sizes(chance):
        members = _story(chance, min(size, articles - done), done, days)
        for piece in members:
            (news / f"{piece.stem}.md").write_text(_file(piece, members), encoding="utf-8")
        done += len(members)
        if done == articles:
            return target
    return target


def _story_sizes(chance: random.Random) -> Iterator[int]:
    sizes = [max(2, round(LARGEST / place**STEEPNESS)) for place in range(1, TOGETHER + 1)]
    sizes += [1] * ALONE
    while True:
        chance.shuffle(sizes)
        yield from sizes


def _story(chance: random.Random, size: int, number: int, days: int) -> list[Piece]:
    """Articles of one event within three days, the best first, as a file lists them."""
    begins = START + timedelta(minutes=chance.randrange(days * 1440))
    pieces = [_piece(chance, begins, number + place) for place in range(size)]
    return sorted(pieces, key=lambda piece: (-piece.quality, f"{piece.stem}.md"))


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(VOCABULARY, k=words)).capitalize()


def _piece(chance: random.Random, begins: datetime, number: int) -> Piece:
    at = begins + timedelta(seconds=chance.randrange(3 * 86_400))
    title = _text(chance, 9)
    stem = f"{at:%Y-%m-%d}-{title.lower().replace(' ', '-')}-{number}"
    domain = f"paper-{chance.randrange(PROVIDERS)}.example"
    quality = chance.randrange(20, 120)
    facts = (
        f'title: "{title}"\n'
        f'excerpt: "{_text(chance, 30)}."\n'
        f"publishedDateTime: {at:%Y-%m-%dT%H:%M:%SZ}\n"
        f'webUrl: "https://www.{domain}/{at:%Y/%m}/{number}"\n'
        "type: article\n"
    )
    provider = f"provider:\n  name: The {domain}\n  domain: {domain}\n"
    image = (
        f'images:\n  - url: "https://images.{domain}/{number}.jpg"\n'
        "    width: 1200\n    height: 630\n    isCached: true\n"
    )
    topics = "".join(f"  - {topic}\n" for topic in chance.sample(TOPICS, 2))
    seal = b64encode(chance.randbytes(600)).decode()
    return Piece(
        stem,
        quality,
        f"---\ncategory: news\n{facts}quality: {quality}\n"
        "{state}" + f"\n{provider}\ntopics:\n{topics}\n{image}",
        _as_item(f"{facts}{provider}quality: {quality}\n{image}"),
        f'\nsecured: "{seal};AAAAAAAAAAAAAAAAAAAAAA=="\n---\n\n',
    )


def _as_item(text: str) -> str:
    """The lines of a mapping as an item of a list."""
    return "  - " + text[:-1].replace("\n", "\n    ") + "\n"


def _file(piece: Piece, members: list[Piece]) -> str:
    others = [member for member in members if member is not piece]
    is_public = piece is members[0] and piece.quality >= (50 if others else 70)
    heat = piece.quality + 20 * len(others) * is_public if piece is members[0] else -1
    state = f"heat: {heat}\npublished: {str(is_public).lower()}\n"
    related = "".join(member.entry for member in others)
    return (
        piece.head.format(state=state) + (f"\nrelated:\n{related}" if others else "") + piece.seal
    )

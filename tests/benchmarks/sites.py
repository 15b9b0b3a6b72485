"""Content folders to measure with: the real ones, one five times as large, and invented ones."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from articles.frontmatter import write

CORPUS = Path(
    os.environ.get("NEWSROOM_CORPUS", Path(__file__).resolve().parents[3] / "shared" / "corpus")
)
SITES = ("site-a", "site-b")

LARGEST, STEEPNESS, TOGETHER, ALONE = 180, 0.66, 534, 785
"""Story sizes of a real site of 4,958 articles (FORMAT.md): the largest, how fast they fall by
place, how many stories have coverage, how many have none."""
DAYS = 1_000
START = datetime(2021, 1, 4, tzinfo=UTC)
WORDS = (
    "harbour council bridge market river school budget train winter library garden museum theatre"
    " clinic factory island ferry storm election court engine battery satellite forest farm village"
    " teacher nurse captain mayor engineer painter opens closes plans delays doubles votes repairs"
    " finds warns promises after before during against without under over new old long quiet early"
).split()
TOPICS = ("World", "Science", "Business", "Culture", "Sport", "Health")


def unpacked(folder: Path) -> Path | None:
    """The real content below `folder`: site-a/, site-b/, seed.md; None where there is none."""
    if not (CORPUS / "seed.md").exists():
        return None
    shutil.copyfile(CORPUS / "seed.md", folder / "seed.md")
    for site in SITES:
        archive = CORPUS / f"{site}.tar.xz"
        if archive.exists():
            shutil.unpack_archive(archive, folder)
        else:
            shutil.copytree(CORPUS / site, folder / site)
    return folder


def multiplied(site: Path, target: Path, times: int) -> Path:
    """A folder with the articles of `site` that many times; each copy has stems and links of its
    own, so that its stories are its own as well."""
    shutil.copytree(site / "_data", target / "_data")
    news = target / "_news"
    news.mkdir()
    for path in sorted((site / "_news").iterdir()):
        data = path.read_bytes()
        for number in range(times):
            mark = f"copy{number}"
            own = data.replace(b"://", f"://{mark}.".encode())
            (news / f"{path.stem}-{mark}.md").write_bytes(own)
    return target


def invented(target: Path, articles: int, seed: int = 1) -> Path:
    """A folder of that many invented articles in stories sized as in a real site.

    Every file lists the others of its story, so that sizes of files follow those of stories.
    """
    (target / "_news").mkdir(parents=True)
    chance = random.Random(seed)
    left = articles
    for size in _story_sizes(chance):
        members = _story(chance, min(size, left), articles - left)
        _write_story(target / "_news", members)
        left -= len(members)
        if not left:
            break
    return target


def _story_sizes(chance: random.Random) -> Iterator[int]:
    block = [max(2, round(LARGEST / place**STEEPNESS)) for place in range(1, TOGETHER + 1)]
    block += [1] * ALONE
    while True:
        chance.shuffle(block)
        yield from block


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize()


def _story(chance: random.Random, size: int, number: int) -> list[dict[str, object]]:
    """Articles of one event within three days, best first."""
    begins = START + timedelta(minutes=chance.randrange(DAYS * 1440))
    members = [_article(chance, begins, number + place) for place in range(size)]
    return sorted(members, key=lambda values: values["quality"], reverse=True)  # type: ignore

"""The demo's news is new, and its files still name one another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from articles.demo_dates import days_until, newest, shift, shifted_name
from articles.frontmatter import read

DEMO = Path(__file__).resolve().parent.parent / "fixtures" / "demo" / "_news"
FILE = """---
title: "On 2024-02-28T10:00:00Z: rain"
publishedDateTime: 2024-02-28T10:00:00Z
updatedDateTime: 2024-02-28T23:59:59Z
webUrl: "https://harbour.example/2024-02-28/rain"

related:
  - title: "Sun"
    publishedDateTime: 2024-02-27T09:00:00Z
  - publishedDateTime: 2024-02-26T09:00:00Z
---

publishedDateTime: 2024-02-28T10:00:00Z
"""


def texts() -> list[str]:
    return [path.read_bytes().decode() for path in sorted(DEMO.glob("*.md"))]


def test_only_moments_of_the_front_matter_move():
    before, after = FILE.splitlines(), shift(FILE, 2).splitlines()
    moved = {number: line for number, line in enumerate(after) if line != before[number]}
    assert moved == {
        2: "publishedDateTime: 2024-03-01T10:00:00Z",
        3: "updatedDateTime: 2024-03-01T23:59:59Z",
        8: "    publishedDateTime: 2024-02-29T09:00:00Z",
        9: "  - publishedDateTime: 2024-02-28T09:00:00Z",
    }


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_stay(ends):
    text = FILE.replace("\n", ends)
    assert shift(shift(text, 40), -40) == text
    assert shift(text, 40) != text


def test_what_is_no_article_stays():
    assert shift("publishedDateTime: 2024-02-28T10:00:00Z\n", 2) == (
        "publishedDateTime: 2024-02-28T10:00:00Z\n"
    )


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("2024-02-28-rain.md", "2024-03-01-rain.md"),
        ("2024-02-28-rain-of-2024-02-28.md", "2024-03-01-rain-of-2024-02-28.md"),
        ("about.md", "about.md"),
    ],
)
def test_a_dated_name_moves_with_its_article(name, moved):
    assert shifted_name(name, 2) == moved


def test_the_newest_moment_is_an_articles_own():
    assert newest([FILE, FILE.replace("02-28T10", "02-01T10"), "no article"]) == datetime(
        2024, 2, 28, 10, tzinfo=UTC
    )
    assert newest([]) is None


@pytest.mark.parametrize("hour", [0, 9, 10, 11, 23])
@pytest.mark.parametrize("day", [1, 15, 28])
def test_the_newest_moment_ends_within_the_last_day_and_never_ahead(day, hour):
    latest = datetime(2026, 11, 22, 10, tzinfo=UTC)
    for now in (datetime(2027, 2, day, hour, tzinfo=UTC), datetime(2026, 1, day, hour, tzinfo=UTC)):
        age = now - (latest + timedelta(days=days_until(latest, now)))
        assert timedelta(0) <= age < timedelta(days=1)


def test_related_entries_of_the_demo_still_name_their_articles():
    def named(text: str) -> set[tuple[str, datetime]]:
        values = read(text.encode()).values
        return {
            (entry["webUrl"], entry["publishedDateTime"]) for entry in values.get("related", ())
        }

    def own(text: str) -> tuple[str, datetime]:
        values = read(text.encode()).values
        return values.get("webUrl") or values["originalUrl"], values["publishedDateTime"]

    before, after = texts(), [shift(text, 100) for text in texts()]
    assert before
    for old, new in zip(before, after, strict=True):
        assert own(new)[1] - own(old)[1] == timedelta(days=100)
    here_before, here_after = {own(text) for text in before}, {own(text) for text in after}
    count_before = sum(len(named(text) & here_before) for text in before)
    count_after = sum(len(named(text) & here_after) for text in after)
    assert count_before == count_after > 0

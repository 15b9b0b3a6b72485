"""Moves the dates of a content folder by whole days, so that its news is new. Pure.

Only moments and file names change, line by line: every other byte stays, and an article's own
moment moves with the moment by which `related` lists name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

MOMENT = re.compile(
    r"^(?P<before>[ ]*(?:- )?(?:publishedDateTime|updatedDateTime): )"
    r"(?P<day>\d{4}-\d{2}-\d{2})(?P<time>T\d{2}:\d{2}:\d{2}Z)(?=\r?$)",
    re.MULTILINE,
)
OWN_MOMENT = re.compile(r"^publishedDateTime: (\S+)\r?$", re.MULTILINE)
FRONT_MATTER = re.compile(r"\A---\r?\n.*?^---\r?$", re.DOTALL | re.MULTILINE)
DATED_NAME = re.compile(r"\A(\d{4}-\d{2}-\d{2})(?=-)")


def shift(text: str, days: int) -> str:
    """An article file with the moments of its front matter moved; its body is left alone."""
    found = FRONT_MATTER.match(text)
    if found is None:
        return text
    return MOMENT.sub(lambda moment: _moved(moment, days), found[0]) + text[found.end() :]


def shifted_name(name: str, days: int) -> str:
    """`2024-02-28-rain.md` two days on is `2024-03-01-rain.md`; a name without a date stays."""
    return DATED_NAME.sub(lambda found: _day(found[1], days), name)


def newest(texts: Iterable[str]) -> datetime | None:
    """The latest moment at which one of these article files says that it was published."""
    moments = [datetime.fromisoformat(found[1]) for text in texts if (found := _own(text))]
    return max(moments, default=None)


def days_until(newest: datetime, now: datetime) -> int:
    """By how many days the newest moment moves to lie within the day before now, never after."""
    return (now - newest) // timedelta(days=1)


def _own(text: str) -> re.Match[str] | None:
    found = FRONT_MATTER.match(text)
    return OWN_MOMENT.search(found[0]) if found else None


def _moved(found: re.Match[str], days: int) -> str:
    return f"{found['before']}{_day(found['day'], days)}{found['time']}"


def _day(text: str, days: int) -> str:
    return (date.fromisoformat(text) + timedelta(days=days)).isoformat()

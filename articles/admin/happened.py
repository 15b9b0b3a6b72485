"""What just happened, for the first page: acts of one import or bulk are told as one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User
from django.utils.safestring import SafeString

from ..models import Run, Transition
from ..workflow.wording import done_words, name_of
from .cells import badge

SHOWN = 12
GATHERED = 300
"""Acts that are looked at: a bulk is hundreds, and what people did should be in sight behind it."""


@dataclass(frozen=True)
class Happened:
    """One line; `more` articles had the same done to them, `run` is 0 for what people did."""

    article: int
    title: str
    badge: SafeString
    done: str
    by: str
    at: datetime
    run: int
    more: int


class _Act(NamedTuple):
    pk: int
    action: str
    to_state: str
    batch: str
    at: datetime
    article: int
    article__title: str
    run: int | None
    run__kind: str | None
    actor: int | None
    actor__username: str
    actor__first_name: str
    actor__last_name: str


def happened() -> list[Happened]:
    """The newest acts; one query, of plain columns: there are more than are shown."""
    found: dict[Hashable, list[_Act]] = {}
    for row in Transition.objects.values_list(*_Act._fields)[:GATHERED]:
        act = _Act(*row)
        together = (act.run, act.batch, act.action) if act.run or act.batch else act.pk
        found.setdefault(together, []).append(act)
    return [_told(alike[0], len(alike) - 1) for alike in list(found.values())[:SHOWN]]


def _told(act: _Act, more: int) -> Happened:
    return Happened(
        act.article,
        act.article__title,
        badge(act.to_state),
        done_words(act.action),
        _by(act),
        act.at,
        act.run or 0,
        more,
    )


def _by(act: _Act) -> str:
    if act.actor:
        names = {"first_name": act.actor__first_name, "last_name": act.actor__last_name}
        return name_of(User(username=act.actor__username, **names))
    return str(Run(pk=act.run, kind=act.run__kind or "")) if act.run else "the newsroom itself"

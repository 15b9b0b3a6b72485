"""What a worker does for pictures: renditions of what was brought, and asking publishers."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from time import monotonic

from django.conf import settings
from django.utils import timezone

from .. import tasks
from ..lock import Busy
from ..tasks import Later
from .fetching import fetch_all
from .rendering import due, render
from .wanting import RECENT, wanted

KIND = "pictures"
RENDER, FETCH = "render", "fetch"
EVERY = timedelta(minutes=1)
AT_ONCE = 20
"""Pictures that are asked for before the worker looks at imports again."""
SECONDS = 10
"""The same of renditions."""

_looked: list[datetime] = []


def look(at: datetime) -> None:
    """Ask for what their rows say is due; whether publishers have any is asked once a minute."""
    if due() is not None:
        tasks.look_after(KIND, RENDER, at)
    if not settings.FETCH_IMAGES or (_looked and abs(at - _looked[-1]) < EVERY):
        return
    _looked[:] = [at]
    if any(True for _ in wanted(at, at - RECENT)):
        tasks.look_after(KIND, FETCH, at)


def work_on(key: str) -> str:
    """Make renditions for a while, or get some pictures. Raises Later while somebody else does."""
    return _render() if key == RENDER else _fetch(timezone.now())


def _render() -> str:
    said, until = [], monotonic() + SECONDS
    while monotonic() < until and (picture := due()) is not None:
        made = render(picture)
        said.append(f"{picture}: {'rendered' if made else 'what is kept of it cannot be read'}")
    return "; ".join(said) or "pictures: nothing to render"


def _fetch(at: datetime) -> str:
    if not settings.FETCH_IMAGES:
        return "pictures: the site asks for none any more"
    todo = list(islice(wanted(at, at - RECENT), AT_ONCE))
    try:
        done = fetch_all(todo)
    except Busy as busy:
        raise Later(f"{busy}.") from busy
    if len(todo) == AT_ONCE:
        # There may be more.
        _looked.clear()
    return f"pictures: {done.kept} kept, {done.refused} refused, {done.later} to be asked again"

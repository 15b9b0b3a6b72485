"""The public site in a folder (PUBLISH_FOLDER), kept in step by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .. import tasks
from ..lock import Busy
from ..public import clock
from ..public.responses import release
from ..tasks import Later
from .memory import Memory
from .site import publish

KIND, KEY = "publish", "site"
PAUSE = timedelta(seconds=30)
"""In which changes gather for one run."""

_published: list[str] = []
"""What the last run of this process made the folder of."""

_memories: dict[str, Memory] = {}
"""What this process remembers of a folder."""


def look(at: datetime) -> None:
    """Ask for a run after a change, a boundary of the clock, or a start."""
    if settings.PUBLISH_FOLDER and _published != [_made_of(at)]:
        tasks.look_after(KIND, KEY, at + (PAUSE if _published else timedelta(0)))


def work_on(key: str) -> str:
    """Publish what changed. Raises Later while somebody else does, NoAnswer."""
    if not settings.PUBLISH_FOLDER:
        return f"publish {key}: there is no PUBLISH_FOLDER any more"
    # Read before: what changes meanwhile is the next run's.
    made_of = _made_of(timezone.now())
    folder = settings.PUBLISH_FOLDER
    try:
        done = publish(Path(folder), memory=_memories.setdefault(folder, Memory()))
    except Busy as busy:
        raise Later(f"{busy}.") from busy
    _published[:] = [made_of]
    return f"publish: {done.written} files written, {done.kept} kept, {done.deleted} deleted"


def _made_of(at: datetime) -> str:
    return f"{release()} {clock.read(at).version}"

"""Gets pictures from their publishers, politely: one at a time from each host."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from queue import Queue
from threading import Event
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from ..lock import held, process
from . import logos
from .client import NotFetched, fetch
from .guard import Network
from .keeping import LONGEST_FAILURE, save, source_of, take
from .store import LOCKS
from .wanting import Wanted

HOSTS = 4
"""Hosts that are asked at the same time."""
PAUSE = 0.5
"""Seconds between two questions to one host."""
TROUBLE = 3
"""Failures in a row after which a host is left alone for this run."""
WAITS = tuple(timedelta(minutes=m) for m in (10, 60, 360, 2160))
"""After each failure, how long until an address is asked again; then never."""
LOCK = "fetching"

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Fetched:
    """What a run did, in pictures; `later` are those that are asked for again another time."""

    kept: int = 0
    refused: int = 0
    later: int = 0


class _Answer(NamedTuple):
    wanted: Wanted
    data: bytes
    failure: NotFetched | None


def fetch_all(
    wanted: Iterable[Wanted], network: Network | None = None, progress: Progress | None = None
) -> Fetched:
    """Ask for these pictures and keep them; raises `lock.Busy`.

    What is known of every address is stored at once: a run that is ended anyhow goes on where it
    was.
    """
    folder = Path(settings.MEDIA_ROOT) / LOCKS
    folder.mkdir(parents=True, exist_ok=True)
    todo, report = list(wanted), Fetched()
    with held(folder / LOCK, f"fetch_images, {process()}"):
        for done, answer in enumerate(_answers(todo, network), 1):
            _store(answer, report, timezone.now())
            if progress:
                progress(done, len(todo))
        if report.kept:
            logos.settle()
    return report


def _answers(todo: Sequence[Wanted], network: Network | None) -> Iterator[_Answer]:
    """As they come; a host that is in trouble leaves some of its addresses without one."""
    by_host: dict[str, list[Wanted]] = defaultdict(list)
    for one in todo:
        by_host[urlsplit(one.address).netloc.lower()].append(one)
    answers: Queue[_Answer | None] = Queue(maxsize=2 * HOSTS)
    stopped = Event()

    def ask_host(some: Sequence[Wanted]) -> None:
        try:
            for answer in _asked_in_turn(some, network, stopped):
                answers.put(answer)
        finally:
            answers.put(None)

    with ThreadPoolExecutor(HOSTS) as pool:
        for some in by_host.values():
            pool.submit(ask_host, some)
        open_hosts = len(by_host)
        try:
            while open_hosts:
                answer = answers.get()
                if answer is None:
                    open_hosts -= 1
                else:
                    yield answer
        finally:
            stopped.set()
            while open_hosts:
                open_hosts -= answers.get() is None


def _asked_in_turn(
    some: Sequence[Wanted], network: Network | None, stopped: Event
) -> Iterator[_Answer]:
    trouble = 0
    for place, one in enumerate(some):
        if trouble >= TROUBLE or (place and stopped.wait(PAUSE)) or stopped.is_set():
            return
        try:
            yield _Answer(one, fetch(one.address, network), None)
            trouble = 0
        except NotFetched as failure:
            trouble = 0 if failure.is_final else trouble + 1
            yield _Answer(one, b"", failure)


def _store(answer: _Answer, report: Fetched, at: datetime) -> None:
    source, failure = source_of(*answer.wanted), answer.failure
    if failure is None:
        if take(source, answer.data, at):
            report.kept += 1
        else:
            report.refused += 1
        return
    source.failure, source.tried_at = str(failure)[:LONGEST_FAILURE], at
    source.retry_at = None
    if not failure.is_final and source.attempts < len(WAITS):
        wait = max(WAITS[source.attempts], timedelta(seconds=failure.wait))
        source.retry_at = at + wait
        report.later += 1
    else:
        report.refused += 1
    source.attempts += 1
    save(source)

"""The process that decodes. It knows Pillow and nothing else of the site, so that what a hostile
file does to it cannot reach far.

Started by `darkroom`. It imports Pillow once and forks for every job; the fork has limits on
memory, time and files, does one picture and ends.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
from io import BytesIO
from math import ceil
from time import monotonic

from PIL import UnidentifiedImageError

from .drawing import card
from .pixels import Answer, Job, Refused, picture
from .wire import FAILED, Header, receive, send

MOST_ANSWERED = 64_000_000
"""Bytes of an answer: a picture with its renditions is a tenth of it."""
MOST_FILES = 32


def serve() -> None:
    """Do the jobs that come in until there are no more."""
    orders, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            job, [data] = receive(orders)
        except EOFError:
            return
        send(answers, *_apart(job, data))


def _apart(job: Job, data: bytes) -> Answer:
    """Do a job in a process of its own; the header says also how many bytes of memory it took."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _live_and_end(job, data, theirs)
    os.close(theirs)
    said, is_late = _read(ours, job["seconds"])
    os.close(ours)
    if is_late:
        os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    said_of_it: Header = {"peak": usage.ru_maxrss * 1024}
    if is_late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        said_of_it["refused"] = f"It takes longer than {job['seconds']} seconds to decode."
        return said_of_it, []
    if status or not said:
        said_of_it["refused"] = FAILED
        return said_of_it, []
    header, pieces = receive(BytesIO(said))
    return header | said_of_it, pieces


def _read(pipe: int, seconds: float) -> tuple[bytes, bool]:
    """All that a pipe says, and whether that took too long or was too much."""
    said, until = bytearray(), monotonic() + seconds
    while (left := until - monotonic()) > 0 and len(said) <= MOST_ANSWERED:
        if select.select([pipe], [], [], left)[0]:
            if not (some := os.read(pipe, 1 << 20)):
                return bytes(said), False
            said += some
    return b"", True


def _live_and_end(job: Job, data: bytes, pipe: int) -> None:
    """The fork's whole life; never returns."""
    code = 1
    try:
        _limit(job)
        header, pieces = _answer(job, data)
        with os.fdopen(pipe, "wb") as target:
            send(target, header, pieces)
        code = 0
    finally:
        # Whatever happened: nothing that was registered in the process above runs here, too.
        os._exit(code)


def _limit(job: Job) -> None:
    # At the harder of both limits the kernel kills without saying why. It counts whole seconds.
    seconds = ceil(job["seconds"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    for kind, most in (
        (resource.RLIMIT_AS, job["memory"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
    ):
        resource.setrlimit(kind, (most, most))


def _answer(job: Job, data: bytes) -> Answer:
    try:
        return card(job) if job["kind"] == "card" else picture(job, data)
    except Refused as refusal:
        return {"refused": str(refusal)}, []
    except UnidentifiedImageError:
        return {"refused": "It cannot be decoded: its beginning is damaged."}, []
    except MemoryError:
        most = job["memory"] // 1_000_000
        return {"refused": f"It takes more memory to decode than {most} MB."}, []
    except Exception as error:
        # Pillow's plugins raise whatever they stumble over.
        why = " ".join(str(error).split())[:80] or type(error).__name__
        return {"refused": f"It cannot be decoded: {why}."}, []

"""What a call or a process costs: CPU, wall and peak memory."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Cost(NamedTuple):
    """Seconds; `peak` in bytes, 0 where it was not asked for."""

    cpu: float
    wall: float
    peak: int = 0


class FailedError(RuntimeError):
    """A measured process failed; the message ends with what it said."""


def timed(call: Callable[[], object]) -> Cost:
    """The cost of one call in this process; what it returns is dropped within the time."""
    wall, cpu = perf_counter(), process_time()
    call()
    return Cost(process_time() - cpu, perf_counter() - wall)


def least(costs: Sequence[Cost]) -> Cost:
    """The least of each: what disturbs a measurement only ever adds to it."""
    return Cost(
        min(cost.cpu for cost in costs),
        min(cost.wall for cost in costs),
        min(cost.peak for cost in costs),
    )


def run(command: Sequence[str], env: Mapping[str, str], output: Path) -> Cost:
    """The cost of a whole process and its children; raises FailedError.

    Its output goes to a file, not to a pipe that this process would have to read meanwhile.
    The peak is never below that of this process, from which a new one inherits its mark: keep
    this one small.
    """
    with open(output, "wb") as file:
        started = perf_counter()
        process = subprocess.Popen(
            command, env=dict(env), cwd=ROOT, stdout=file, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = output.read_text(errors="replace")[-1500:]
        raise FailedError(f"{' '.join(command)} ended with {process.returncode}: {said}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024)

"""The guided fuzzer on the reader and the patcher for NEWSROOM_FUZZ_SECONDS (3600) of CPU.

What it learnt stays in build/fuzz, and with it any file for which something did not hold.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from math import ceil

from .figure import Figure
from .measure import ROOT, FailedError

SECONDS = int(os.environ.get("NEWSROOM_FUZZ_SECONDS", 3_600))
CRASHES = f"fuzzing the reader and the patcher for {SECONDS:,} s of CPU: crashes"
FOLDER = ROOT / "build" / "fuzz"


def figures() -> Iterator[Figure]:
    """One figure: it ends at the first crash."""
    if find_spec("atheris") is None:
        yield Figure.missing(CRASHES, 0, "atheris is not installed")
        return
    found, runs, used = 0, 0, 0.0
    while not found and used < SECONDS:
        found, more, cost = _fuzzed(SECONDS - used)
        runs, used = runs + more, used + cost
    note = f"{runs:,} files in {used:,.0f} s of CPU"
    yield replace(Figure.at_most(CRASHES, int(found), 0), note=note)


def _fuzzed(seconds: float) -> tuple[bool, int, float]:
    """Whether it found something in so many seconds of the clock, how many files, and the CPU."""
    asked = [sys.executable, "-m", "tests.frontmatter.guided", str(FOLDER), str(ceil(seconds))]
    before = _cpu()
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    runs = re.findall(r"^#(\d+)", done.stderr, re.M)
    if not runs:
        raise FailedError(f"the fuzzer did not start: {done.stderr[-2000:]}")
    return done.returncode != 0, int(runs[-1]), _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

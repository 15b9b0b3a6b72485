"""The guided fuzzer on the reader and the patcher for NEWSROOM_FUZZ_SECONDS (3600).

What it learnt stays in build/fuzz, and with it any file for which something did not hold.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec

from .figure import Figure
from .measure import ROOT

SECONDS = int(os.environ.get("NEWSROOM_FUZZ_SECONDS", 3_600))
CRASHES = f"fuzzing the reader and the patcher for {SECONDS:,} s: crashes"
FOLDER = ROOT / "build" / "fuzz"


def figures() -> Iterator[Figure]:
    """One figure: it ends at the first crash."""
    if find_spec("atheris") is None:
        yield Figure.missing(CRASHES, 0, "atheris is not installed")
        return
    asked = [sys.executable, "-m", "tests.frontmatter.guided", str(FOLDER), str(SECONDS)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    runs = re.findall(r"^#(\d+)", done.stderr, re.M)
    note = f"{int(runs[-1]):,} files" if runs else done.stderr[-200:]
    yield replace(Figure.at_most(CRASHES, int(done.returncode != 0), 0), note=note)

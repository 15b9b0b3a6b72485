"""A fuzzer that sees the code finds no file on which reader or patcher fail."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.shares import ALL

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60


@pytest.mark.skipif(not ALL, reason=f"NEWSROOM_TESTS=all fuzzes for {SECONDS} s")
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed on this system")
def test_a_guided_fuzzer_finds_nothing_within_a_minute(tmp_path: Path):
    asked = [sys.executable, "-m", "tests.frontmatter.guided", str(tmp_path), str(SECONDS)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "INFO: Instrumenting articles.frontmatter.read" in done.stderr

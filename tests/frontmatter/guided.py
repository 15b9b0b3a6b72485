"""Files that a fuzzer makes by what it sees the reader and the patcher do: `python -m
tests.frontmatter.guided FOLDER SECONDS`, with atheris. It ends with 0 when all held.

FOLDER keeps what taught it something, for the next run, and the file for which something did not
hold, as `crash-…`, which `golden` then gets a case of.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["articles.frontmatter"]):
    from articles.frontmatter import Record
    from tests.frontmatter.fuzzing import LARGEST, TOKENS, answer, is_patched, originals

PATIENCE, MEGABYTES = 60, 2_000


def attempt(data: bytes) -> None:
    """Whatever a file holds: every reader says the same of it, and what is taken can be changed."""
    said = answer(data)
    assert answer(data, pure=True) == said, "read differently without libyaml"
    if isinstance(said[0], Record):
        assert is_patched(data, said[0]), "spoiled by a patch"


def main(folder: Path, seconds: int) -> None:
    known, found = folder / "corpus", folder / "dictionary.txt"
    known.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(originals()):
        (known / f"original-{number}").write_bytes(data[:LARGEST])
    found.write_text("".join(f'"{_escaped(token)}"\n' for token in TOKENS))
    limits = [f"-timeout={PATIENCE}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={LARGEST}"]
    told = [f"-max_total_time={seconds}", f"-artifact_prefix={folder}{os.sep}", f"-dict={found}"]
    atheris.Setup([sys.argv[0], str(known), *limits, *told], attempt)
    atheris.Fuzz()


def _escaped(token: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in token)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

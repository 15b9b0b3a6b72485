"""Whatever a file holds, it is taken or refused: the same way by every reader, in little time."""

from __future__ import annotations

import pytest

from articles.frontmatter import Memory, Record, read
from tests.frontmatter.fuzzing import Findings, findings, originals, spoiled

FILES = 150
SECONDS = 5


def test_a_spoiled_file_is_read_the_same_by_every_reader_and_never_ends_in_a_traceback() -> None:
    found = findings(20_260_504, FILES)
    assert found.tried == FILES
    assert found.tracebacks == {}
    assert found.differing_without_libyaml == []
    assert found.differing_from_memory == []
    assert found.spoiled_by_patch == []
    assert found.slowest < SECONDS, found.slowest_seed
    # Files that are all refused, or all taken, would show nothing.
    assert FILES / 10 < found.accepted < FILES * 9 / 10


def test_a_reader_that_fails_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(data: bytes, *, pure: bool = False, memory: Memory | None = None) -> Record:
        if pure:
            raise RecursionError
        return read(data, memory=memory)

    monkeypatch.setattr("tests.frontmatter.fuzzing.read", fails)
    found = Findings()
    found.add(7, spoiled(7, originals()), Memory())
    assert "RecursionError" in found.tracebacks[7]


def test_a_seed_gives_the_same_file_again() -> None:
    good = originals()
    assert [spoiled(seed, good) for seed in range(50)] == [
        spoiled(seed, good) for seed in range(50)
    ]
    assert len({spoiled(seed, good) for seed in range(50)} - set(good)) > 40

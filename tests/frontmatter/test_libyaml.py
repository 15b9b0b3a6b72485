"""Reading is the same with libyaml and without it: acceptance, values, lines, keys and words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.frontmatter import Limits, Record, Refused, read
from articles.frontmatter.events import HAS_LIBYAML

HEAD = "title: a\nwebUrl: https://example.com/\n"

# Pieces of YAML that the two scanners are known, or likely, to see differently.
PIECES = st.sampled_from([
    "a", "b:", "c", "d:", "-", "?", "?a", "a?", "a?b", "!", "!!", "!!str", "!!int", "&", "&a",
    "*", "*a", "<<", "<<:", "@", "%", "`", "~", "null", "|", ">", "|+", ">-", "|2", "|#", ",",
    "[", "]", "{", "}", "#", "=", "\"", "'", "\\", "\\\"", "\\x41", "\\u2028", "\\ud83d",
    "\\0", "---", "...", "é", "😀", "404", "1.5", "true", ".nan", "x:", "y:", "k:", " ", "  ",
    "\n", "\n  ", "\n    ", "\n  - ", "\n- ", "\n\n", "\t", ": ", "- ", "? ", " #",
    "\n%YAML 1.1\n", "\u0085", "\u2028", "\ufeff", "\x7f", "\u0092", "\uffff", "\U0010fffd",
    "\u00a0", "x" * 1030,
])  # fmt: skip
BLOCKS = st.lists(PIECES, min_size=1, max_size=25).map("".join)


def outcome(data: bytes, *, pure: bool) -> tuple[object, ...]:
    try:
        record = read(data, pure=pure)
    except Refused as refusal:
        return refusal.problems
    return (record, *order(record))


def order(record: Record) -> list[list[str]]:
    """The order of keys, which equality of dicts does not see."""
    return [list(record.values), list(record.unknown), list(record.lines)]


@pytest.mark.skipif(not HAS_LIBYAML, reason="there is no libyaml to compare with")
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BLOCKS)
def test_any_block_reads_the_same_with_libyaml_and_without(block: str) -> None:
    data = f"---\n{HEAD}x: {block}\n---\n".encode()
    assert outcome(data, pure=False) == outcome(data, pure=True)


@pytest.mark.skipif(not HAS_LIBYAML, reason="there is no libyaml to compare with")
@pytest.mark.parametrize(
    "line",
    [
        "x: [what?, a ? b, ? c : d]",
        "x: |# glued\n  a",
        "x: {a: b?, c? : d}",
        "x:\ta",
        "x: a\tb",
        "x: a\t",
        "%YAML 1.3",
        "x: a\u2028  y: b",
        "x: 'a\u0085 b'",
        "\ufeffx: a",
        'x: "\\ud83d\\ude00"',
        'x: "\\UFFFFFFFF"',
        "k" * 1100 + ": a",
        "? " + "k" * 1100 + "\n: a",
        "x: !<tag:yaml.org,2002:str> 5",
        "x: ! 5",
        "x: a\n--- b",
    ],
)
def test_where_the_scanners_differ_the_reader_does_not(line: str) -> None:
    data = f"---\n{HEAD}{line}\n---\n".encode()
    assert outcome(data, pure=False) == outcome(data, pure=True)


def test_a_private_character_of_the_text_is_never_taken_for_a_stand_in() -> None:
    text = "\U0010fffd\u2028\U0010fffc?\t[\U0010fffb"
    data = f"---\n{HEAD}x: '{text}'\n---\n".encode()
    assert read(data).unknown == {"x": text}


@pytest.mark.skipif(not HAS_LIBYAML, reason="there is no libyaml to compare with")
def test_real_files_read_the_same_with_libyaml_and_without(corpus: Path) -> None:
    files = sorted(corpus.glob("site-*/_news/*.md"))[::40]
    files = [path for path in files if path.stat().st_size < Limits().file_bytes / 40]
    assert files
    for path in files:
        data = path.read_bytes()
        assert outcome(data, pure=False) == outcome(data, pure=True), path.name

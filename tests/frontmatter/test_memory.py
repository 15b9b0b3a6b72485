"""Remembering related entries makes a run faster and changes nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.frontmatter import Limits, Memory, Record, Refused, read

HEAD = "---\ntitle: a\nwebUrl: https://example.com/\n"
ENTRY = """  - title: "One"
    webUrl: "https://example.com/one"
    publishedDateTime: 2020-05-05T09:42:00Z
    provider:
      name: Example
      domain: example.com
    quality: 5
"""
OTHER = "  - title: 'Two'\n    quality: 7\n"
TAIL = '\nsecured: "x;y"\nlayout: post\n---\n\nbody\n'


def outcome(text: str, memory: Memory | None) -> tuple[object, ...]:
    try:
        record = read(text.encode(), memory=memory)
    except Refused as refusal:
        return refusal.problems
    return (record, list(record.values), list(record.lines.items()))


def remembering(text: str) -> Record | None:
    """The record if the memory gave it without reading the file whole: its entries are shared."""
    memory = Memory()
    first, second = read(text.encode(), memory=memory), read(text.encode(), memory=memory)
    assert first == second == read(text.encode())
    pairs = zip(first.values["related"], second.values["related"], strict=True)
    return first if all(one is other for one, other in pairs) else None


def test_an_entry_read_before_is_not_read_again() -> None:
    record = remembering(f"{HEAD}related:\n{ENTRY}{OTHER}{TAIL}")
    assert record is not None
    assert [entry["title"] for entry in record.values["related"]] == ["One", "Two"]


def test_the_lines_below_the_entries_are_those_of_the_file() -> None:
    record = remembering(f"{HEAD}related:\n{ENTRY}{OTHER}{TAIL}")
    assert record is not None
    assert record.lines == {"title": 2, "webUrl": 3, "related": 4, "secured": 15, "layout": 16}
    assert record.unknown == {"layout": "post"}
    assert record.body == "\nbody\n"


def test_windows_line_ends_make_no_difference() -> None:
    text = f"{HEAD}related:\n{ENTRY}{OTHER}{TAIL}".replace("\n", "\r\n")
    assert remembering(text) is not None


DOUBTFUL = {
    "inside a quoted text": f'{HEAD}excerpt: "a\nrelated:\n{ENTRY}"\n---\n',
    "inside single quotes": f"{HEAD}excerpt: 'a\nrelated:\n  - b\n'\nrelated: []\n---\n",
    "twice": f"{HEAD}related:\n{ENTRY}related:\n{OTHER}{TAIL}",
    "an anchor": f"{HEAD}x: &x 5\nrelated:\n{ENTRY}{TAIL}",
    "an alias in an entry": f"{HEAD}x: &x 5\nrelated:\n  - title: *x\n{TAIL}",
    "an anchor in an entry": f"{HEAD}related:\n  - title: &x a\n  - title: *x\n{TAIL}",
    "a tag": f"{HEAD}related:\n  - title: !!str 5\n{TAIL}",
    "brackets": f"{HEAD}related:\n  - images: []\n{TAIL}",
    "brackets elsewhere": f"{HEAD}topics: [a]\nrelated:\n{ENTRY}{TAIL}",
    "a literal text": f"{HEAD}related:\n  - title: |+\n      a\n\n  - title: b\n{TAIL}",
    "a quote over two entries": f'{HEAD}related:\n  - title: "a\n  - title: b"\n{TAIL}',
    "an item in the next form": f"{HEAD}related:\n  - title: a\n  -\n    title: b\n{TAIL}",
    "a text as item": f"{HEAD}related:\n  - title\n{TAIL}",
    "an item at the margin": f"{HEAD}related:\n{ENTRY}- title: b\n{TAIL}",
    "a comment at the margin": f"{HEAD}related:\n{ENTRY}# a\n{OTHER}{TAIL}",
    "a deeper item": f"{HEAD}related:\n{ENTRY}   - title: b\n{TAIL}",
    "a stray key": f"{HEAD}related:\n{ENTRY}  quality: 5\n{TAIL}",
    "a wrong value": f"{HEAD}related:\n{ENTRY}  - quality: high\n{TAIL}",
    "a key twice": f"{HEAD}related:\n{ENTRY}  - title: a\n    title: b\n{TAIL}",
    "a tab": f"{HEAD}related:\n  - title: a\tb\n{TAIL}",
    "a line separator": f"{HEAD}related:\n  - title: a \u2028 b\n{TAIL}",
    "no end": f"{HEAD}related:\n{ENTRY}",
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_at_the_least_doubt_the_file_is_read_whole(name: str) -> None:
    memory = Memory()
    read(f"{HEAD}related:\n{ENTRY}{OTHER}{TAIL}".encode(), memory=memory)
    assert outcome(DOUBTFUL[name], memory) == outcome(DOUBTFUL[name], None)


LINES = st.sampled_from(
    [
        "related:",
        "related: ",
        "  - title: a",
        "  - title: 'b",
        "    quality: 5",
        "    quality: high",
        "  -",
        "    title: b'",
        '    excerpt: "c',
        '    d"',
        "    e",
        "  f",
        "",
        "# g",
        "    # h",
        "- i",
        "secured: x",
        "topics:",
        "  - k",
        "excerpt: |",
        "provider:",
        "  name: l",
        "    images:",
        "      - url: /m",
        "  - - n",
        "  - title: &o p",
        "  - title: *o",
        "x: [q",
        "]",
        "  - {title: r}",
        "---",
        "\t",
        "  - title: s\u2028t",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(LINES, max_size=12), st.lists(LINES, max_size=12))
def test_any_file_reads_the_same_with_a_memory_and_without(
    before: list[str], after: list[str]
) -> None:
    memory = Memory()
    for lines in (before, [*before, "related:", *after], ["related:", *after]):
        text = HEAD + "".join(f"{line}\n" for line in lines) + "---\n"
        assert outcome(text, memory) == outcome(text, None)


def test_limits_hold_for_remembered_entries_too() -> None:
    text = f"{HEAD}related:\n{ENTRY}{OTHER}{TAIL}".encode()
    memory = Memory()
    read(text, memory=memory)
    for limits in (Limits(related=1), Limits(nodes=20), Limits(title=2), Limits(depth=2)):
        with pytest.raises(Refused):
            read(text, limits=limits, memory=memory)
    nodes = next(n for n in range(100) if _taken(text, Limits(nodes=n), None))
    assert not _taken(text, Limits(nodes=nodes - 1), memory)
    assert _taken(text, Limits(nodes=nodes), memory)


def _taken(text: bytes, limits: Limits, memory: Memory | None) -> bool:
    try:
        read(text, limits=limits, memory=memory)
    except Refused:
        return False
    return True


def test_a_memory_never_holds_much_more_than_its_capacity() -> None:
    memory = Memory(capacity=10_000)
    for number in range(100):
        entry = f"  - title: a{number}\n    excerpt: {'x' * 1_000}\n"
        read(f"{HEAD}related:\n{entry}{TAIL}".encode(), memory=memory)
        assert sum(map(len, memory.entries)) <= 12_000
    assert memory.entries


def test_real_files_read_the_same_with_a_memory_and_without(corpus: Path) -> None:
    memory = Memory()
    files = sorted(corpus.glob("site-*/_news/*.md"))
    assert files
    for path in files:
        data = path.read_bytes()
        remembered, read_whole = read(data, memory=memory), read(data)
        assert replace(remembered) == read_whole, path.name
        assert list(remembered.values) == list(read_whole.values)
        assert list(remembered.lines.items()) == list(read_whole.lines.items())

"""Files made to exhaust a reader end in a refusal, in little time and little memory."""

from __future__ import annotations

import resource
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from articles.frontmatter import Memory, Refused, read

SECONDS = 10
"""Of the processor, not of the clock: a busy machine takes longer."""
MEMORY = 500_000_000

# A process that has the reader loaded and little else; each bomb goes off in a fork of it.
FORKS = get_context("forkserver")
FORKS.set_forkserver_preload([__name__])

TITLE = b"title: a\nwebUrl: https://example.com/\n"
LAUGHS = b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)
)
MERGES = b"".join(
    b"m%d: &m%d\n  <<: [%s]\n  k%d: 1\n" % (n, n, b",".join([b"*m%d" % (n - 1)] * 9), n)
    for n in range(1, 12)
)
CHAIN = b"".join(b"c%d: &c%d [*c%d]\n" % (n, n, n - 1) for n in range(1, 60))

BOMBS = {
    "brackets": (b"x: " + b"[" * 100_000, "nested"),
    "braces": (b"x: " + b"{a: " * 100_000, "nested"),
    "closed brackets": (b"x: " + b"[" * 40_000 + b"]" * 40_000, "nested"),
    "brackets over lines": (b"x:\n" + b" [\n" * 100_000, "nested"),
    "dashes": (b"x:\n  " + b"- " * 100_000, "nested"),
    "question marks": (b"x:\n  " + b"? " * 100_000, "key must be plain text"),
    "indentation": (b"".join(b" " * n + b"a:\n" for n in range(1_000)), "nested"),
    "aliases of aliases": (b"a0: &a0 lol\n" + LAUGHS, "values"),
    "merges of merges": (b"m0: &m0 {k: 1}\n" + MERGES, "values"),
    "chain of aliases": (b"c0: &c0 [a]\n" + CHAIN, "levels deep through an alias"),
    "100 KB of aliases": (b"a: &a [b]\nx: [" + b"*a," * 33_000 + b"]", "100 aliases"),
    "aliases of a long text": (
        b"a: &a " + b"y" * 1_500_000 + b"\nx: [" + b"*a," * 90 + b"]",
        "too much text",
    ),
    "many values": (b"x: [" + b"a," * 200_000 + b"]", "50,000 values"),
    "many pairs": (b"x: {" + b",".join(b"k%d" % n for n in range(200_000)) + b"}", "50,000 values"),
    "many faults": (b"images:\n" + b"  - width: a\n" * 15_000, "whole number"),
    "equal keys": (b"a: b\n" * 20_000, "twice"),
    "long number": (b"heat: " + b"9" * 1_900_000, "out of range"),
    "long sexagesimal": (b"heat: " + b"1:" * 900_000 + b"x", "whole number"),
    "long key": (b"? " + b"1" * 1_900_000 + b"\n: a", "not text"),
    "long sexagesimal key": (b"? " + b"1:" * 900_000 + b"x\n: a", "taken"),
    "long moment": (b"publishedDateTime: 2020-01-01" + b" " * 900_000 + b"x", "date"),
    "long fraction": (b"publishedDateTime: 2020-01-01T00:00:00." + b"1" * 1_900_000, "taken"),
    "long host": (b"ampWebUrl: https://" + b"a." * 900_000, "2,000"),
    "long text": (b"secured: " + b"a " * 500_000, "taken"),
    "long lines of a text": (b"secured: |\n" + b"  a\n" * 250_000, "taken"),
    "blank lines": (b"secured: 'a\n" + b"\n" * 900_000 + b" b'", "taken"),
    "open quote": (b'x: "' + b"a\n" * 450_000, "never closed"),
    "comments": (b"# a\n" * 470_000 + b"type: b", "taken"),
    "tabs": (b"x: a" + b"\t" * 1_900_000, "tab"),
    "separators": (b"secured: '" + b"\xe2\x80\xa8" * 600_000 + b"'", "taken"),
    "documents": (b"--- a\n" * 300_000, "second document"),
    "directive": (b"%YAML 1." + b"9" * 1_000_000, "cannot be read as YAML"),
    "many anchors": (b"".join(b"a%d: &a%d b\n" % (n, n) for n in range(24_000)), "taken"),
    "related items": (b"related:\n" + b"  - title: a\n" * 12_000, "related items"),
    "deep related item": (b"related:\n  - " + b"- " * 100_000 + b"a\n", "nested"),
    "bad related items": (
        b"related:\n" + b"  - title: a\n    quality: b\n" * 1_000,
        "whole number",
    ),
}


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def told(block: bytes, parser: str) -> str:
    """What a reader says of the block."""
    try:
        read(block, memory=Memory(), pure=parser == "pure")
    except Refused as refusal:
        return str(refusal.problems[0])
    return "taken"


# Whatever libyaml makes a reader refuse is read by the pure parser again, so that a refusal has
# passed both; only what is taken has to be tried with each.
CASES = [(name, "libyaml") for name in BOMBS]
CASES += [(name, "pure") for name, (_, words) in BOMBS.items() if words == "taken"]


@pytest.mark.parametrize(("name", "parser"), CASES)
def test_a_bomb_is_refused_or_taken_within_seconds_and_bounds(name: str, parser: str) -> None:
    block, words = BOMBS[name]
    with ProcessPoolExecutor(1, mp_context=FORKS, initializer=limit) as fork:
        said = fork.submit(told, b"---\n" + TITLE + block + b"\n---\n", parser).result()
    assert words in said

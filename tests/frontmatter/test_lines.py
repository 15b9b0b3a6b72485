"""Reading straight from the lines gives what the parsers give, or leaves the text to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from articles.frontmatter import ARTICLE, Limits, Refused, lines, read, write
from articles.frontmatter.compose import Composer
from articles.frontmatter.events import disguise, parser
from articles.frontmatter.fences import split
from articles.frontmatter.nodes import Composed, Mapping, Node, Scalar
from tests.frontmatter import strategies
from tests.shares import PART

FIRST_LINE = 2
LIMITS = Limits()


def shape(node: Node) -> object:
    """A node with what readers make use of: order, spelling, and the lines of keys and items."""
    if isinstance(node, Scalar):
        return node.text, node.plain, node.tag
    if isinstance(node, Mapping):
        return [(key, line, shape(value)) for key, (line, value) in node.pairs.items()]
    return {"items": [(line, shape(item)) for line, item in node.items]}


def outcome(composed: Composed) -> tuple[object, ...]:
    return shape(composed.root), composed.total, composed.ornate


def by_parser(text: str, *, pure: bool, limits: Limits = LIMITS) -> tuple[object, ...]:
    """The same by the parser; empty when it refuses the text."""
    source, restore = disguise(text)
    composer = Composer(source, parser(source, pure=pure), FIRST_LINE, limits, restore)
    try:
        return outcome(composer.compose(marked=False))
    except Refused:
        return ()


def by_lines(text: str) -> object:
    """What the lines alone give; None where they leave a text to the parsers."""
    composed = lines.compose(text, FIRST_LINE, LIMITS)
    return None if composed is None else outcome(composed)


def by_parsers(text: str) -> list[object]:
    """What each of the two parsers gives."""
    return [by_parser(text, pure=True), by_parser(text, pure=False)]


INDENTS = st.sampled_from(["", "", "", "  ", "  ", "    ", "      ", " ", "   "])
DASHES = st.sampled_from(["", "", "", "- ", "- ", "-", "-  ", "- - "])
KEYS = st.sampled_from(
    [
        "a:",
        "b:",
        "c:",
        "d-e:",
        "_f:",
        "g1:",
        "yes:",
        "null:",
        "k",
        "7:",
        "h :",
        '"i":',
        "é:",
        "?",
        "",
    ]
)
VALUES = st.sampled_from(
    [
        "",
        "",
        "a",
        "true",
        "007",
        "1:20",
        "-1",
        "- 1",
        "-",
        ".nan",
        "~",
        "a b",
        "a  b",
        "a: b",
        "a:",
        "a:b",
        "a #b",
        "a#b",
        "#a",
        "a ",
        "Barron's",
        "A & B",
        "a, [b]",
        "[a]",
        "{a: b}",
        "é",
        "日本",
        "_a",
        "a\u00a0b",
        "\u00a0a",
        "a\tb",
        "a\u2028b",
        "a\u0085b",
        "\U0001f6a2 a",
        "a\U0001f6a2",
        "&a b",
        "*a",
        "!a b",
        "|",
        ">-",
        "%a",
        "@a",
        "`a",
        "'a'",
        '""',
        '"a"',
        '"a: b #c"',
        '" a "',
        '"a" ',
        '"a" #b',
        '"a"b',
        '"a',
        'a"',
        r'"\"a\\\n\r\t"',
        r'"\u2028"',
        r'"\/ \x41 \0"',
        r'"a\"',
        r'"a\\"',
        "https://example.com/?a=[1]",
        "2020-05-05T09:42:00Z",
        "---",
        "...",
        "<<",
        "=",
        "?a",
        "a?",
        "x" * 1030,
        '"' + "x" * 1030 + '"',
    ]
)
GAPS = st.sampled_from(["", " ", " ", " ", " ", "  "])
ENDS = st.sampled_from(["\n", "\n", "\n", "\n", "\n\n", "\n\n\n", "\n  \n", " \n", ""])
LINES = st.tuples(INDENTS, DASHES, KEYS, GAPS, VALUES, ENDS).map("".join)


@settings(max_examples=1500 // PART)
@given(st.lists(LINES, min_size=1, max_size=6).map("".join))
def test_whatever_the_lines_say_the_parsers_say_too(text: str) -> None:
    found = by_lines(text)
    event("by a parser" if found is None else "by lines")
    assert found is None or [found, found] == by_parsers(text)


@st.composite
def plain_blocks(draw: st.DrawFn) -> str:
    """Blocks of the plain style, but for one line perhaps."""
    values = st.sampled_from(["a", "true", "-1", '"a: #b"', r'"\"\\\n"', "a:b, [c]", "", '""'])
    text, keys = "", iter("abcdefghijklmnopqrstuvwxyz")

    def mapping(indent: str, depth: int) -> None:
        nonlocal text
        for _ in range(draw(st.integers(1, 3))):
            text += f"{indent}{next(keys, 'z')}:"
            kind = draw(st.sampled_from(["value", "value", "mapping", "items", "mappings"]))
            if kind == "value" or depth == 3:
                text += f" {draw(values)}".rstrip() + "\n"
                continue
            text += "\n"
            deeper = indent + draw(st.sampled_from(["  ", "  ", " ", "    "]))
            if kind == "mapping":
                mapping(deeper, depth + 1)
                continue
            dashed = draw(st.sampled_from([deeper, indent]))
            for _ in range(draw(st.integers(1, 2))):
                if kind == "items":
                    text += f"{dashed}- {draw(values) or 'a'}\n"
                else:
                    text += f"{dashed}- {next(keys, 'z')}: {draw(values)}".rstrip() + "\n"
                    if draw(st.booleans()):
                        mapping(dashed + "  ", depth + 1)

    mapping("", 0)
    if draw(st.booleans()):
        return text
    rows = text.splitlines(keepends=True)
    rows.insert(draw(st.integers(0, len(rows))), draw(LINES))
    return "".join(rows)


@settings(max_examples=1500 // PART)
@given(plain_blocks())
def test_blocks_of_any_nesting_are_what_the_parsers_make_of_them(text: str) -> None:
    found = by_lines(text)
    event("by a parser" if found is None else "by lines")
    assert found is None or [found, found] == by_parsers(text)


@strategies.law
@given(strategies.articles)
def test_a_canonical_file_is_what_the_parsers_make_of_it(values: dict[str, object]) -> None:
    data = write(values, ARTICLE)
    assume(len(data) < LIMITS.file_bytes)
    block = split(data, ARTICLE, LIMITS).block
    found = by_lines(block)
    assert found is None or [found, found] == by_parsers(block)
    assert read(data) == read(data, pure=True)


PLAIN = """category: news
title: "A \\"harbour\\" opens\\n"
publishedDateTime: 2023-03-23T19:55:00Z
quality: -1
removed:

provider:
  name: U.S. News & World Report
  images:
    - url: "/a.png"
      width: 50
    - url: "/b.png"
empty:

topics:
  - Ports
  - "Ships: 1"
flat:
- a
- b: c
  d:
  - e
last:"""


@pytest.mark.parametrize("text", [PLAIN, f"{PLAIN}\n", f"{PLAIN} x\n\n", "a: b", "a:\n  b: c\n"])
def test_the_style_of_real_files_needs_no_parser(text: str) -> None:
    assert by_lines(text) is not None
    assert [by_lines(text)] * 2 == by_parsers(text)


LEFT_TO_PARSERS = [
    *("", "\n", "\na: b\n", " a: b\n", "a: b\n  c: d\n", "a: b\n  c\n", "a: b\na: c\n"),
    *("a: 'b'\n", "a: [b]\n", "a: {}\n", "a: |\n  b\n", "a: &b c\n", "a: *b\n", "a: !!str b\n"),
    *("a: b # c\n", "# a\na: b\n", "a: b \n", "a: \tb\n", "a: b\u2028c\n", 'a: "b\n  c"\n'),
    *('a: "\\u2028"\n', 'a: "\\0"\n', "yes: a\n", "null: a\n", "1: a\n", '"a": b\n', "? a\n: b\n"),
    *(
        "- a\n",
        "a\n",
        "a:\n  - b\n c: d\n",
        "a:\n  - b: c\n   d: e\n",
        "a:\n  -\n",
        "a:\n  - - b\n",
    ),
    *(
        "a: .inf\n",
        "a: ~\n",
        "a: <<\n",
        "<<: a\n",
        "%YAML 1.1\n",
        "--- a\n",
        "a: b: c\n",
        "a: b:\n",
    ),
]


@pytest.mark.parametrize("text", LEFT_TO_PARSERS)
def test_at_the_least_doubt_a_parser_reads(text: str) -> None:
    assert lines.compose(text, FIRST_LINE, LIMITS) is None


def test_limits_are_the_parsers_to_refuse() -> None:
    text = "a:\n  b:\n    - c: d\n"
    for limits in (Limits(depth=3), Limits(nodes=7)):
        assert lines.compose(text, FIRST_LINE, limits) is None
        assert by_parser(text, pure=True, limits=limits) == ()
    for limits in (Limits(depth=4), Limits(nodes=8)):
        composed = lines.compose(text, FIRST_LINE, limits)
        assert composed is not None
        assert outcome(composed) == by_parser(text, pure=True, limits=limits)


def test_no_line_takes_longer_than_its_length_allows() -> None:
    for line in ("a: " + "b " * 200_000 + "#", 'a: "' + "\\\\" * 200_000, "a: " + "b:" * 200_000):
        assert lines.compose(f"{line}\n", FIRST_LINE, LIMITS) is None


def test_real_files_are_what_the_parsers_make_of_them(corpus: Path) -> None:
    files = sorted(corpus.glob("site-*/_news/*.md"))[::15]
    blocks = [split(path.read_bytes(), ARTICLE, LIMITS).block for path in files]
    small = [block for block in blocks if len(block) < 50_000]
    read_so = [block for block in small if by_lines(block) is not None]
    assert all([by_lines(block)] * 2 == by_parsers(block) for block in read_so)
    # The ones that escape a line separator are left to the parser.
    assert len(read_so) > len(small) * 0.9

"""A file read: values, unknown keys, body and lines; and its bytes cut at the fences."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.frontmatter import ARTICLE, PROVIDER, TOPIC, Limits, Memory, read
from articles.frontmatter.fences import split

FILE = """---
category: news
title: "Harbour bridge reopens"
excerpt: "After two years.\\n"
publishedDateTime: 2023-03-23T19:55:00Z
webUrl: "https://example.com/harbour bridge"
type: article
quality: 47
heat: -1
published: false

provider:
  name: Barron's
  domain: example.com
  owner: nobody
  images:
    - url: "/assets/example.com-50x50.jpg"
      width: 50
      height: 50

topics:
  - Harbour

layout: post
weights: {b: 1.50, a: [~, 0x10]}

related:
  - title: "Bridge: 'open again'"
    publishedDateTime: 2023-03-24T13:15:00+02:00
    webUrl: "https://example.org/bridge"
    images:
      - url: "https://example.org/a.jpg"
        isCached: true

secured: "c2VhbA==;aXY="
---

# Body
"""


def test_a_file_reads_as_its_values_in_file_order() -> None:
    record = read(FILE.encode())
    assert list(record.values.items()) == [
        ("category", "news"),
        ("title", "Harbour bridge reopens"),
        ("excerpt", "After two years.\n"),
        ("publishedDateTime", datetime(2023, 3, 23, 19, 55, tzinfo=UTC)),
        ("webUrl", "https://example.com/harbour bridge"),
        ("type", "article"),
        ("quality", 47),
        ("heat", -1),
        ("published", False),
        (
            "provider",
            {
                "name": "Barron's",
                "domain": "example.com",
                "images": [{"url": "/assets/example.com-50x50.jpg", "width": 50, "height": 50}],
            },
        ),
        ("topics", ["Harbour"]),
        (
            "related",
            [
                {
                    "title": "Bridge: 'open again'",
                    "publishedDateTime": datetime(2023, 3, 24, 11, 15, tzinfo=UTC),
                    "webUrl": "https://example.org/bridge",
                    "images": [{"url": "https://example.org/a.jpg", "isCached": True}],
                }
            ],
        ),
        ("secured", "c2VhbA==;aXY="),
    ]


def test_unknown_keys_keep_order_and_the_text_of_every_scalar() -> None:
    unknown = read(FILE.encode()).unknown
    assert unknown == {"layout": "post", "weights": {"b": "1.50", "a": ["~", "0x10"]}}
    assert list(unknown["weights"]) == ["b", "a"]


def test_every_top_level_key_has_its_line() -> None:
    lines = read(FILE.encode()).lines
    rows = FILE.split("\n")
    assert set(lines) >= {"category", "weights", "secured"}
    for key, line in lines.items():
        assert rows[line - 1].startswith(f"{key}:")


def test_the_body_is_everything_behind_the_closing_fence() -> None:
    assert read(FILE.encode()).body == "\n# Body\n"
    assert read(FILE.encode() + b"---\nnot a fence any more").body.endswith("not a fence any more")


def test_a_byte_order_mark_and_windows_line_ends_change_nothing_that_is_read() -> None:
    odd = b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode()
    assert read(odd) == read(FILE.encode())


def test_a_merged_key_stands_where_the_merge_stands() -> None:
    text = (
        "---\nx: &x {type: video, heat: 3}\n<<: *x\ntitle: a\nwebUrl: https://example.com/\n"
        "heat: 4\n---\n"
    )
    record = read(text.encode())
    assert list(record.values.items()) == [
        ("type", "video"),
        ("title", "a"),
        ("webUrl", "https://example.com/"),
        ("heat", 4),
    ]
    assert record.lines["type"] == 3


@pytest.mark.parametrize("opening", ["---\n", "---  \n", "---\t\r\n"])
@pytest.mark.parametrize("closing", ["---\n", "...\n", "--- \r\n", "---", "..."])
def test_fences_may_carry_blanks_and_end_with_dots(opening: str, closing: str) -> None:
    data = f"{opening}title: a\n{closing}".encode()
    parts = split(data, ARTICLE, Limits())
    assert (parts.opening, parts.block, parts.closing) == (opening, "title: a\n", closing)
    assert (parts.body, parts.first_line) == ("", 2)


@pytest.mark.parametrize("line", ["----", "--- a", " ---", "....", "---a", "-- -"])
def test_a_line_that_only_looks_like_a_fence_closes_nothing(line: str) -> None:
    data = f"---\ntitle: a\n{line}\n---\nbody".encode()
    assert split(data, ARTICLE, Limits()).block == f"title: a\n{line}\n"


@given(
    st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.just("\n")),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.just("\n")),
)
def test_the_pieces_of_a_file_put_together_are_the_file(bom: bool, block: str, body: str) -> None:
    data = b"\xef\xbb\xbf" * bom + f"---\n{block}\n---\n{body}".encode()
    parts = split(data, ARTICLE, Limits())
    assert parts.bom is bom
    whole = (parts.opening + parts.block + parts.closing + parts.body).encode()
    assert b"\xef\xbb\xbf" * parts.bom + whole == data


def test_every_real_file_is_taken(corpus: Path) -> None:
    memory = Memory()
    articles = [*sorted(corpus.glob("site-*/_news/*.md")), corpus / "seed.md"]
    assert len(articles) > 1
    for path in articles:
        record = read(path.read_bytes(), memory=memory)
        assert record.values["title"], path.name
    for folder, schema in (("organizations", PROVIDER), ("topics", TOPIC)):
        for path in sorted(corpus.glob(f"site-*/_data/{folder}/*")):
            assert read(path.read_bytes(), schema).values["name"], path.name

"""The canonical form: what is written reads back, and real files are written as they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given

from articles.frontmatter import ARTICLE, PROVIDER, TOPIC, read
from articles.frontmatter.emit import emit_scalar, reads_back_plain
from articles.frontmatter.record import Values
from articles.frontmatter.write import write

from .strategies import articles, bodies, law

WHOLE = {
    "category": "news",
    "title": 'A "quiet" harbour',
    "publishedDateTime": datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
    "webUrl": "https://harbour.example/a",
    "heat": -1,
    "published": False,
    "featuredContent": "<b>\n",
    "provider": {
        "name": "Quay & Sons",
        "domain": "harbour.example",
        "images": [{"url": "/assets/q.png", "width": 50}],
    },
    "topics": ["Ports", "1984"],
    "related": [
        {
            "title": "Pier",
            "provider": {"name": "No", "domain": "pier.example"},
            "images": [{"url": "/assets/p.png", "isCached": True}],
        }
    ],
}
CANONICAL = r"""---
category: news
title: "A \"quiet\" harbour"
publishedDateTime: 2026-05-04T09:30:00Z
webUrl: "https://harbour.example/a"
heat: -1
published: false

featuredContent: "<b>\n"

provider:
  name: Quay & Sons
  domain: harbour.example
  images:
    - url: "/assets/q.png"
      width: 50

topics:
  - Ports
  - "1984"

related:
  - title: "Pier"
    provider:
      name: "No"
      domain: pier.example
    images:
      - url: "/assets/p.png"
        isCached: true
---

"""


def test_the_canonical_form_looks_as_the_format_says():
    assert write(WHOLE).decode() == CANONICAL


def test_the_order_of_the_values_does_not_matter():
    assert write(dict(reversed(WHOLE.items()))) == write(WHOLE)


def test_absent_null_and_empty_lists_are_left_out_while_empty_text_stays():
    values: Values = {"title": "A", "heat": None, "topics": [], "provider": {}, "excerpt": ""}
    assert write(values) == b'---\ntitle: "A"\nexcerpt: ""\n---\n\n'


@law
@given(articles, bodies)
def test_what_is_written_reads_back_as_the_same_values_and_body(values: Values, body: str):
    record = read(write(values, body=body))
    assert (record.values, record.unknown, record.body) == (values, {}, body)


@law
@given(articles)
def test_what_was_read_is_written_the_same_way_again(values: Values):
    once = write(values)
    assert write(read(once).values) == once


@pytest.mark.parametrize(
    "text", ["Barron's", "Morningstar%2c Inc.", "U.S. News & World Report", "9to5", "a:b", "x#y"]
)
def test_names_stand_unquoted_where_they_read_back(text: str):
    assert emit_scalar(text, ARTICLE.by_name["category"]) == text


@pytest.mark.parametrize(
    "text", ["no", "007", "1:20", "~", "2026-05-04", "1e5", "a: b", "a #b", "- a"]
)
def test_a_text_that_any_reader_takes_for_something_else_is_quoted(text: str):
    assert emit_scalar(text, ARTICLE.by_name["category"]) == f'"{text}"'


def test_a_comma_needs_quotes_only_between_brackets():
    assert reads_back_plain("Quay, Inc.")
    assert not reads_back_plain("Quay, Inc.", flow=True)


def test_line_and_paragraph_separators_are_escaped_and_other_text_is_literal():
    title = ARTICLE.by_name["title"]
    assert (
        emit_scalar("\u2028 \u2029 \xa0 é 🚢 \\ \t", title)
        == '"\\u2028 \\u2029 \xa0 é 🚢 \\\\ \\t"'
    )


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 5, 4, tzinfo=UTC), "2026-05-04T00:00:00Z"),
        (datetime(2026, 5, 4, 1, tzinfo=timezone(timedelta(hours=2))), "2026-05-03T23:00:00Z"),
        (datetime(2026, 5, 4, 0, 0, 0, 250000, tzinfo=UTC), "2026-05-04T00:00:00.250000Z"),
    ],
)
def test_moments_are_written_in_utc_with_microseconds_only_when_present(
    moment: datetime, written: str
):
    assert emit_scalar(moment, ARTICLE.by_name["publishedDateTime"]) == written


@pytest.mark.parametrize(
    "values",
    [
        {"heat": "1"},
        {"heat": True},
        {"published": 1},
        {"title": 5},
        {"publishedDateTime": "2026-05-04"},
        {"publishedDateTime": datetime(2026, 5, 4)},
        {"topics": "Ports"},
        {"provider": ["Quay"]},
    ],
)
def test_a_value_of_another_type_is_never_written(values: Values):
    with pytest.raises(TypeError):
        write(values)


@pytest.mark.parametrize("values", [{"layout": "post"}, {"provider": {"city": "Portsea"}}])
def test_a_key_the_schema_does_not_name_is_an_error_not_a_loss(values: Values):
    with pytest.raises(KeyError):
        write(values)


def test_a_provider_file_has_plain_logos_and_no_body():
    values = {"taxonomy": "organization", "domain": "quay.example", "images": [{"url": "/q.png"}]}
    written = "---\ntaxonomy: organization\ndomain: quay.example\nimages:\n  - url: /q.png\n---\n"
    assert write(values, PROVIDER).decode() == written


def test_a_topic_file_has_no_fences_and_keeps_values_of_unknown_meaning():
    values = {
        "name": "Ports",
        "hashtags": ["#ports"],
        "images": [{"url": "https://quay.example/p.png"}],
        "services": {"news": "https://quay.example/", "odd": ["1", {"a": "b: c"}], "none": ""},
    }
    written = write(values, TOPIC)
    assert written.startswith(b'name: Ports\nhashtags:\n  - "#ports"\nimages:\n  - https://quay')
    assert read(written, TOPIC).values == values


@pytest.mark.corpus
def test_every_real_article_is_written_as_it_is(corpus: Path):
    files = [*corpus.glob("site-?/**/_news/*.md"), corpus / "seed.md"]
    assert len(files) > 1
    for path in files:
        data = path.read_bytes()
        record = read(data)
        assert write(record.values, body=record.body) == data, path.name


@pytest.mark.corpus
def test_real_providers_and_topics_differ_at_most_in_blanks_at_line_ends(corpus: Path):
    for folder, schema in [("organizations", PROVIDER), ("topics", TOPIC)]:
        for path in corpus.glob(f"site-?/**/_data/{folder}/*"):
            data = path.read_bytes()
            written = write(read(data, schema).values, schema)
            trimmed = [line.rstrip() for line in data.decode().splitlines()]
            assert written.decode().splitlines() == trimmed, path.name

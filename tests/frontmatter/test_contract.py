"""The contract of the format, point by point: what is refused, where and how; what is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from articles.frontmatter import ARTICLE, PROVIDER, TOPIC, Limits, Problem, Refused, Schema, read

from .refusals import LINK, TITLE, VALUES, article
from .refusals_of_structure import STRUCTURE

REFUSED = VALUES + STRUCTURE


def problems(
    data: bytes, schema: Schema = ARTICLE, limits: Limits | None = None
) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refusal:
        read(data, schema, limits or Limits())
    return refusal.value.problems


@pytest.mark.parametrize(
    ("data", "line", "key", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
def test_what_breaks_the_contract_is_refused_with_its_line_its_key_and_advice(
    data: bytes, line: int, key: str, words: str, pure: bool
) -> None:
    with pytest.raises(Refused) as refusal:
        read(data, pure=pure)
    first = refusal.value.problems[0]
    assert (first.line, first.key) == (line, key), first.message
    assert words in first.message
    assert len(str(first).splitlines()) == 1


def value(*lines: str | bytes, key: str) -> Any:
    return read(article(*lines)).values[key]


ACCEPTED: list[tuple[str, tuple[str | bytes, ...], str, Any]] = [
    ("sexagesimal text", ("excerpt: 1:20",), "excerpt", "1:20"),
    ("number as text", ("excerpt: 007",), "excerpt", "007"),
    ("float as text", ("excerpt: 1e3",), "excerpt", "1e3"),
    ("no as text", ("category: no",), "category", "no"),
    ("date as text", ("type: 2020-05-05",), "type", "2020-05-05"),
    ("tagged text", ("type: !!str 12",), "type", "12"),
    ("tagged null is text", ("type: !!str null",), "type", "null"),
    ("tagged number as text", ("type: !!int 12",), "type", "12"),
    ("unspecific tag", ("type: ! 12",), "type", "12"),
    ("quoted null", ('type: "null"',), "type", "null"),
    ("quoted infinity", ('type: ".inf"',), "type", ".inf"),
    ("null", ("type: null",), "type", None),
    ("tilde", ("published: ~",), "published", None),
    ("nothing", ("images:",), "images", None),
    ("empty text", ('excerpt: ""',), "excerpt", ""),
    ("empty list", ("topics: []",), "topics", []),
    ("empty link", ('ampWebUrl: ""',), "ampWebUrl", ""),
    ("tab in text", ("excerpt: a\tb", "type: c"), "excerpt", "a\tb"),
    ("tab in quotes", ('excerpt: "a\tb\\\tc"',), "excerpt", "a\tb\tc"),
    ("blanks are kept", ('excerpt: " a\\r\\n\\tb\\n"',), "excerpt", " a\r\n\tb\n"),
    ("no normalisation", ("excerpt: e\u0301ﬁ",), "excerpt", "e\u0301ﬁ"),
    ("line separator", ("excerpt: a \u2028 b",), "excerpt", "a \u2028 b"),
    ("next line, unquoted", ("excerpt: a\u0085b",), "excerpt", "a\u0085b"),
    ("zero width mark", ('excerpt: "\ufeffa"',), "excerpt", "\ufeffa"),
    ("C1 control", ("excerpt: it\u0092s",), "excerpt", "it\u0092s"),
    ("noncharacter", ("excerpt: a\uffffb",), "excerpt", "a\uffffb"),
    (
        "escaped separator",
        (r'ampWebUrl: "https://example.com/\u2028a"',),
        "ampWebUrl",
        "https://example.com/\u2028a",
    ),
    (
        "blank in link",
        ("ampWebUrl: https://example.com/a b",),
        "ampWebUrl",
        "https://example.com/a b",
    ),
    ("IDN", ("ampWebUrl: https://bücher.example/ä",), "ampWebUrl", "https://bücher.example/ä"),
    ("upper case scheme", ("ampWebUrl: HTTPS://EXAMPLE.COM",), "ampWebUrl", "HTTPS://EXAMPLE.COM"),
    ("port", ("ampWebUrl: http://localhost:8000/@a",), "ampWebUrl", "http://localhost:8000/@a"),
    ("IPv6", ("ampWebUrl: http://[2001:db8::1]/",), "ampWebUrl", "http://[2001:db8::1]/"),
    (
        "image of the site",
        ("images: [{url: /assets/a b.png}]",),
        "images",
        [{"url": "/assets/a b.png"}],
    ),
    ("question mark in brackets", ("topics: [what?, a?b]",), "topics", ["what?", "a?b"]),
    ("negative", ("heat: -1",), "heat", -1),
    ("largest", ("heat: 2147483647",), "heat", 2147483647),
    ("smallest", ("heat: -2147483648",), "heat", -2147483648),
    ("tagged number", ("heat: !!int 5",), "heat", 5),
    ("aliased by its place", ("x: &x 5", "type: *x", "heat: *x"), "heat", 5),
    ("aliased as text", ("x: &x 5", "type: *x", "heat: *x"), "type", "5"),
    (
        "merged",
        ("x: &x {name: a, domain: b.example}", "provider: {<<: *x, name: c}"),
        "provider",
        {"domain": "b.example", "name": "c"},
    ),
    (
        "merged first wins",
        ("x: &x {name: a}", "y: &y {name: b}", "provider: {<<: [*x, *y]}"),
        "provider",
        {"name": "a"},
    ),
    ("quoted merge sign is a key", ('provider: {"<<": 1, name: a}',), "provider", {"name": "a"}),
    ("unknown nested key", ("provider: {name: a, owner: {b: [c]}}",), "provider", {"name": "a"}),
    ("explicit key", ("? type", ": video"), "type", "video"),
    ("100 aliases", ("a: &a b", "topics: [" + "*a, " * 100 + "]"), "topics", ["b"] * 100),
    ("32 levels", ("x: " + "[" * 31 + "]" * 31, "type: a"), "type", "a"),
    ("sparse related item", ("related: [{type: a}]",), "related", [{"type": "a"}]),
]


@pytest.mark.parametrize(
    ("lines", "key", "expected"), [row[1:] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED]
)
@pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
def test_what_keeps_the_contract_is_taken_as_it_stands(
    lines: tuple[str | bytes, ...], key: str, expected: Any, pure: bool
) -> None:
    record = read(article(*lines), pure=pure)
    assert record.values[key] == expected
    assert type(record.values[key]) is type(expected)


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"])
def test_an_unquoted_yes_publishes(text: str) -> None:
    assert value(f"published: {text}", key="published") is True


@pytest.mark.parametrize("text", ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"])
def test_an_unquoted_no_does_not_publish(text: str) -> None:
    assert value(f"published: {text}", key="published") is False


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-05-05T09:42:00Z", datetime(2020, 5, 5, 9, 42)),
        ('"2020-05-05T09:42:00Z"', datetime(2020, 5, 5, 9, 42)),
        ("2020-05-05", datetime(2020, 5, 5)),
        ("2020-05-05T09:42", datetime(2020, 5, 5, 9, 42)),
        ("2020-05-05 09:42:00", datetime(2020, 5, 5, 9, 42)),
        ("2020-05-05 09:42:00 +02:00", datetime(2020, 5, 5, 7, 42)),
        ("2020-05-05t09:42:00-0530", datetime(2020, 5, 5, 15, 12)),
        ("2001-12-14 21:59:43.10 -5", datetime(2001, 12, 15, 2, 59, 43, 100_000)),
        ("2020-05-05T09:42:00.123456789Z", datetime(2020, 5, 5, 9, 42, 0, 123_456)),
        ("20200505T094200Z", datetime(2020, 5, 5, 9, 42)),
        ("2020-W19-2", datetime(2020, 5, 5)),
        ("0001-01-01", datetime(1, 1, 1)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59)),
    ],
)
def test_a_moment_is_kept_in_utc_whatever_its_offset(text: str, moment: datetime) -> None:
    read_back = value(f"publishedDateTime: {text}", key="publishedDateTime")
    assert read_back == moment.replace(tzinfo=UTC)
    assert read_back.utcoffset().total_seconds() == 0


def test_line_breaks_in_a_title_become_one_space() -> None:
    data = b'---\ntitle: "one\\r\\ntwo\\n\\nthree"\n' + LINK + b"---\n"
    assert read(data).values["title"] == "one two three"
    related = value(r'related: [{title: "a\nb", excerpt: "a\nb"}]', key="related")
    assert related == [{"title": "a b", "excerpt": "a\nb"}]


def test_the_original_link_is_link_enough() -> None:
    data = b"---\n" + TITLE + b"originalUrl: https://example.com/a\n---\n"
    assert read(data).values["originalUrl"] == "https://example.com/a"


def test_every_wrong_value_of_a_file_is_named_in_line_order() -> None:
    found = problems(b"---\nheat: hot\nimages:\n  - width: 1.5\npublished: 1\n---\n")
    assert [(p.line, p.key) for p in found] == [
        (1, "title"),
        (1, "webUrl"),
        (2, "heat"),
        (4, "images[0].width"),
        (5, "published"),
    ]


def test_an_alias_is_blamed_on_the_line_that_uses_it() -> None:
    found = problems(article("x: &x maybe", "type: article", "published: *x"))
    assert [(p.line, p.key) for p in found] == [(6, "published")]


def test_a_broken_secured_payload_is_not_quoted_in_the_message() -> None:
    found = problems(article("secured: [SEALED]"))
    assert found[0].key == "secured"
    assert "SEALED" not in str(found)


def test_a_provider_needs_a_domain_or_an_id() -> None:
    assert read(b"---\n_id: a.example\n---\n", PROVIDER).values == {"_id": "a.example"}
    found = problems(b"---\nname: A\n---\n", PROVIDER)
    assert [(p.line, p.key) for p in found] == [(1, "domain")]


def test_a_topic_needs_a_name_and_no_fences() -> None:
    for data in (
        b"name: AI\n",
        b"---\nname: AI\n---\n",
        b"---\nname: AI\n",
        b"# a\n---\nname: AI\n",
    ):
        assert read(data, TOPIC).values == {"name": "AI"}
    found = problems(b"shortname: AI\n", TOPIC)
    assert [(p.line, p.key) for p in found] == [(1, "name")]
    assert problems(b"name: AI\n---\nname: B\n", TOPIC)[0].line == 2


def test_a_topic_may_list_its_images_as_plain_addresses() -> None:
    record = read(b"name: AI\nimages:\n  - https://example.com/a.png\n  - url: /b.png\n", TOPIC)
    assert record.values["images"] == [{"url": "https://example.com/a.png"}, {"url": "/b.png"}]
    assert problems(b"name: AI\nimages:\n  - a.png\n", TOPIC)[0].key == "images[0]"

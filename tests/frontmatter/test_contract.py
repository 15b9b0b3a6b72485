"""The contract of the format, point by point: what is refused, where, in which words; what is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from articles.frontmatter import ARTICLE, PROVIDER, TOPIC, Limits, Problem, Refused, Schema, read

TITLE = b"title: A title\n"
LINK = b"webUrl: https://example.com/a\n"


def article(*lines: str | bytes) -> bytes:
    """An article file whose lines 2 and 3 are its title and link, the given lines following."""
    more = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    return b"---\n" + TITLE + LINK + more + b"---\n\n"


def problems(
    data: bytes, schema: Schema = ARTICLE, limits: Limits | None = None
) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refusal:
        read(data, schema, limits or Limits())
    return refusal.value.problems


REFUSED: list[tuple[str, bytes, int, str, str]] = [
    # 1. bytes
    ("not UTF-8", article(b"excerpt: caf\xe9"), 4, "", "save the file as UTF-8"),
    ("UTF-16", "---\ntitle: a\n---\n".encode("utf-16"), 1, "", "UTF-16"),
    ("surrogate bytes", article(b'excerpt: "\xed\xa0\xbd"'), 4, "", "UTF-8"),
    ("NUL", article(b"excerpt: a\x00b"), 4, "", "U+0000"),
    ("C0 control", article(b"excerpt: a\x1bb"), 4, "", "U+001B"),
    ("control in the body", article() + b"one\n\x07", 7, "", "U+0007"),
    ("bare CR", article(b"excerpt: a\rb"), 4, "", "carriage return"),
    ("escaped NUL", article(r'excerpt: "a\0b"'), 4, "excerpt", "U+0000"),
    ("escaped control", article(r'excerpt: "a\x1Bb"'), 4, "excerpt", "U+001B"),
    ("escaped bell", article(r'excerpt: "\a"'), 4, "excerpt", "U+0007"),
    ("lone surrogate", article(r'excerpt: "\ud83d"'), 4, "excerpt", "U+D83D"),
    ("paired surrogates", article(r'excerpt: "\ud83d\ude00"'), 4, "excerpt", "U+D83D"),
    ("escape beyond Unicode", article(r'excerpt: "\UFFFFFFFF"'), 4, "excerpt", "Unicode ends"),
    ("escape just beyond", article(r'excerpt: "\U00110000"'), 4, "excerpt", "Unicode ends"),
    # 2. fences
    ("empty file", b"", 1, "", "empty"),
    ("blank file", b"\n \n", 1, "", "empty"),
    ("no front matter", b"# Hello\n", 1, "", "three hyphens"),
    ("late front matter", b"\n---\ntitle: a\n---\n", 1, "", "empty lines"),
    ("indented fence", b" ---\ntitle: a\n---\n", 1, "", "three hyphens"),
    ("four hyphens", b"----\ntitle: a\n---\n", 1, "", "three hyphens"),
    ("a language", b"---js\ntitle: a\n---\n", 1, "", "three hyphens"),
    ("TOML", b'+++\ntitle = "a"\n+++\n', 1, "", "TOML"),
    ("JSON", b'{"title": "a"}\n', 1, "", "JSON"),
    ("never closed", b"---\n" + TITLE + LINK, 1, "", "never closed"),
    ("fence in text only", b"---\n" + TITLE + b"excerpt: 'a\n ---\n'\n", 1, "", "never closed"),
    ("empty block", b"---\n---\n", 1, "", "empty"),
    ("only comments", b"---\n# nothing\n---\n", 1, "", "empty"),
    ("a list", b"---\n- title\n---\n", 2, "", "no mapping"),
    ("a text", b"---\ntitle\n---\n", 2, "", "no mapping"),
    ("null", b"---\n~\n---\n", 2, "", "no mapping"),
    # 3. types
    ("text as list", article("excerpt: [a]"), 4, "excerpt", "a list cannot stand here"),
    ("text as mapping", article("category:", "  a: b"), 4, "category", "a mapping cannot"),
    ("quoted boolean", article('published: "false"'), 4, "published", "without quotes"),
    ("quoted true", article("published: 'true'"), 4, "published", "without quotes"),
    ("boolean as number", article("published: 1"), 4, "published", "true or false"),
    ("boolean as list", article("published: [false]"), 4, "published", "true or false"),
    ("odd casing", article("published: tRue"), 4, "published", "true or false"),
    ("boolean tagged text", article("published: !!str true"), 4, "published", "true or false"),
    ("fraction", article("quality: 4.5"), 4, "quality", "whole number"),
    ("quoted number", article('quality: "47"'), 4, "quality", "without quotes"),
    ("plus sign", article("heat: +5"), 4, "heat", "such as 47"),
    ("leading zeros", article("heat: 007"), 4, "heat", "such as 47"),
    ("underscore", article("heat: 1_000"), 4, "heat", "such as 47"),
    ("hexadecimal", article("heat: 0x10"), 4, "heat", "such as 47"),
    ("33 bits", article("heat: 2147483648"), 4, "heat", "out of range"),
    ("33 bits below", article("heat: -2147483649"), 4, "heat", "out of range"),
    ("endless number", article("heat: " + "9" * 5000), 4, "heat", "out of range"),
    ("other digits", article("heat: ٤٧"), 4, "heat", "digits only"),
    (
        "no date",
        article("publishedDateTime: 5 May"),
        4,
        "publishedDateTime",
        '"5 May" is not a date',
    ),
    ("bare digits", article("publishedDateTime: 20200505"), 4, "publishedDateTime", "not a date"),
    ("30 February", article("publishedDateTime: 2020-02-30"), 4, "publishedDateTime", "possible"),
    (
        "hour 24",
        article("publishedDateTime: 2020-02-01T24:00:00Z"),
        4,
        "publishedDateTime",
        "possible",
    ),
    ("leap second", article("updatedDateTime: 2016-12-31T23:59:60Z"), 4, "updatedDateTime", "leap"),
    ("year 0", article("updatedDateTime: 0000-01-01"), 4, "updatedDateTime", "possible"),
    (
        "before year 1",
        article("updatedDateTime: 0001-01-01T00:00:00+01:00"),
        4,
        "updatedDateTime",
        "possible",
    ),
    (
        "after year 9999",
        article("updatedDateTime: 9999-12-31T23:59:59-01:00"),
        4,
        "updatedDateTime",
        "possible",
    ),
    (
        "offset of a day",
        article("updatedDateTime: 2020-01-01T00:00:00+24:00"),
        4,
        "updatedDateTime",
        "possible",
    ),
    ("provider as text", article("provider: Example"), 4, "provider", "indented"),
    ("topics as text", article("topics: AI"), 4, "topics", "write a list"),
    ("topic as list", article("topics:", "  - AI", "  - [a]"), 6, "topics[1]", "a list stands"),
    ("topic as nothing", article("topics:", "  -"), 5, "topics[0]", "nothing stands"),
    ("images as mapping", article("images:", "  url: /a.png"), 4, "images", "list of mappings"),
    (
        "image as text",
        article("images:", "  - /a.png"),
        5,
        "images[0]",
        "text stands where a mapping",
    ),
    (
        "nested number",
        article("images:", "  - url: /a.png", "    width: wide"),
        6,
        "images[0].width",
        "whole",
    ),
    ("related as text", article("related: none"), 4, "related", "list of mappings"),
    ("related item as nothing", article("related:", "  -"), 5, "related[0]", "nothing stands"),
    (
        "deep inside related",
        article("related:", "  - title: a", "  - images:", "      - isCached: 'true'"),
        7,
        "related[1].images[0].isCached",
        "without quotes",
    ),
    # 4. presence
    ("no title", b"---\n" + LINK + b"---\n", 1, "title", "there is no title"),
    ("null title", b"---\n" + LINK + b"title: ~\n---\n", 3, "title", "there is no title"),
    ("empty title", b"---\n" + LINK + b'title: ""\n---\n', 3, "title", "there is no title"),
    ("blank title", b"---\n" + LINK + b'title: " \\n"\n---\n', 3, "title", "there is no title"),
    ("no link", b"---\n" + TITLE + b"---\n", 1, "webUrl", "there is no link"),
    (
        "null links",
        b"---\n" + TITLE + b"webUrl:\noriginalUrl: ''\n---\n",
        3,
        "webUrl",
        "there is no link",
    ),
    ("empty original", b"---\n" + TITLE + b"originalUrl: ''\n---\n", 3, "originalUrl", "no link"),
    # 5. structure
    ("same key twice", article("published: false", "published: true"), 5, "published", "twice"),
    ("same key, other spelling", article('"title": b'), 4, "title", "twice"),
    ("same key escaped", article(r'"titl\x65": b'), 4, "title", "twice"),
    (
        "same key in a provider",
        article("provider:", "  name: a", "  name: b"),
        6,
        "provider.name",
        "twice",
    ),
    (
        "same key in an item",
        article("images:", "  - url: /a", "    url: /b"),
        6,
        "images[0].url",
        "twice",
    ),
    ("same unknown key", article("x: {a: 1, a: 2}"), 4, "x.a", "twice"),
    ("two merges", article("a: &a {x: 1}", "b:", "  <<: *a", "  <<: *a"), 7, "b.<<", "as one list"),
    ("number as key", article("404: a"), 4, "404", "not text"),
    ("boolean as key", article("on: a"), 4, "on", "not text"),
    ("null as key", article("~: a"), 4, "~", "not text"),
    ("date as key", article("2020-01-01: a"), 4, "2020-01-01", "not text"),
    ("number as nested key", article("x:", "  y:", "    1.5: a"), 6, "x.y.1.5", "not text"),
    ("list as key", article("? [a]", ": b"), 4, "", "a key must be plain text"),
    ("mapping as key", article("{a: b}: c"), 4, "", "a key must be plain text"),
    ("list as key by alias", article("x: &x [a]", "*x : c"), 5, "", "a key must be plain text"),
    ("object tag", article("x: !!python/object:os.system {}"), 4, "x", "tag !!python/object"),
    ("own tag", article("x: !secret a"), 4, "x", "tag !secret"),
    ("binary tag", article("x: !!binary aGk="), 4, "x", "tag !!binary"),
    ("set tag", article("x: !!set {a}"), 4, "x", "tag !!set"),
    ("omap tag", article("x: !!omap [a: b]"), 4, "x", "tag !!omap"),
    ("timestamp tag", article("x: !!timestamp 2020-01-01"), 4, "x", "tag !!timestamp"),
    ("list tagged mapping", article("x: !!map [a]"), 4, "x", "tag !!map"),
    ("text tagged number", article("x: !!int abc"), 4, "x", "does not fit"),
    ("undefined alias", article("x: *gone"), 4, "x", "*gone names no anchor"),
    ("text with a star", article("excerpt: *bold*"), 4, "excerpt", "quotes"),
    ("cyclic list", article("x: &x [*x]"), 4, "x[0]", "inside the very thing"),
    ("cyclic mapping", article("x: &x", "  y: *x"), 5, "x.y", "inside the very thing"),
    ("cyclic merge", article("x: &x", "  <<: *x"), 5, "x.<<", "inside the very thing"),
    ("merge of a text", article("<<: a"), 4, "<<", "merges only mappings"),
    (
        "merge of a list",
        article("x: &x [a]", "y:", "  <<: [*x]"),
        6,
        "y.<<",
        "merges only mappings",
    ),
    ("NaN", article("x: .nan"), 4, "x", ".nan is no number"),
    ("infinity", article("x:", "  - -.INF"), 5, "x[0]", "-.INF is no number"),
    (
        "infinity as a title",
        b"---\ntitle: .inf\n" + LINK + b"---\n",
        2,
        "title",
        ".inf is no number",
    ),
    ("NaN by tag", article('x: !!float ".nan"'), 4, "x", ".nan is no number"),
    ("second document", article("--- {a: b}"), 4, "", "second document"),
    # broken YAML, in words of ours
    ("colon in text", article("excerpt: one: two"), 4, "excerpt", "double quotes"),
    ("open quote", article('excerpt: "one', "type: article"), 4, "excerpt", "never closed"),
    ("open single quote", article("excerpt: 'it", "type: article"), 4, "excerpt", "never closed"),
    ("unknown escape", article(r'excerpt: "C:\Windows"'), 4, "excerpt", "backslash"),
    ("short escape", article(r'excerpt: "\u12"'), 4, "excerpt", "hexadecimal"),
    ("tab as indentation", article("provider:", "\tname: a"), 5, "provider", "tab"),
    ("wrong indentation", article("provider:", "    name: a", "  domain: b"), 6, "", "indentation"),
    ("line without colon", article("excerpt", "type: article"), 4, "", "colon"),
    ("at sign", article("excerpt: @home"), 4, "excerpt", "quotes"),
    ("percent sign", article("excerpt: %5"), 4, "excerpt", "quotes"),
    ("open bracket", article("topics: [a, b"), 4, "topics[2]", "]"),
    ("text after quotes", article('excerpt: "a" b'), 4, "excerpt", "quotes"),
    # 6. links
    ("no scheme", article("ampWebUrl: example.com/a"), 4, "ampWebUrl", "http:// or https://"),
    ("no scheme but slashes", article("ampWebUrl: //example.com/a"), 4, "ampWebUrl", "https://"),
    ("script", article("ampWebUrl: javascript:alert(1)"), 4, "ampWebUrl", "https://"),
    ("file", article("ampWebUrl: file:///etc/passwd"), 4, "ampWebUrl", "https://"),
    ("blank before", article('ampWebUrl: " https://example.com"'), 4, "ampWebUrl", "https://"),
    ("no host", article("ampWebUrl: https:///a"), 4, "ampWebUrl", "no host"),
    ("only a port", article("ampWebUrl: https://:80/a"), 4, "ampWebUrl", "no host"),
    ("only a query", article("ampWebUrl: https://?a"), 4, "ampWebUrl", "no host"),
    ("dot as host", article("ampWebUrl: https://./a"), 4, "ampWebUrl", "no host"),
    ("blank in host", article("ampWebUrl: https://exam ple.com/a"), 4, "ampWebUrl", "no host"),
    (
        "user and password",
        article("ampWebUrl: https://u:p@example.com"),
        4,
        "ampWebUrl",
        "password",
    ),
    ("user", article("ampWebUrl: https://u@example.com"), 4, "ampWebUrl", "user name"),
    ("backslash", article(r"ampWebUrl: https://example.com\@b"), 4, "ampWebUrl", "backslash"),
    ("tab in link", article(r'ampWebUrl: "https://example.com/\ta"'), 4, "ampWebUrl", "control"),
    (
        "line break in link",
        article(r'ampWebUrl: "https://example.com/\na"'),
        4,
        "ampWebUrl",
        "control",
    ),
    ("open IPv6", article("ampWebUrl: https://[::1/a"), 4, "ampWebUrl", "host and port"),
    ("wrong port", article("ampWebUrl: https://example.com:99999/"), 4, "ampWebUrl", "port"),
    (
        "image without root",
        article("images:", "  - url: assets/a.png"),
        5,
        "images[0].url",
        "https:// or /",
    ),
    (
        "image as data",
        article("images:", "  - url: data:image/png,a"),
        5,
        "images[0].url",
        "https:// or /",
    ),
    (
        "image without scheme",
        article("images:", "  - url: //example.com/a"),
        5,
        "images[0].url",
        "scheme",
    ),
    (
        "link in related",
        article("related:", "  - webUrl: ftp://a.example"),
        5,
        "related[0].webUrl",
        "https",
    ),
    # 8. limits
    (
        "long title",
        b"---\ntitle: " + b"x" * 501 + b"\n" + LINK + b"---\n",
        2,
        "title",
        "at most 500",
    ),
    (
        "long link",
        article("ampWebUrl: https://example.com/" + "x" * 2000),
        4,
        "ampWebUrl",
        "at most 2,000",
    ),
    ("long excerpt", article("excerpt: " + "x" * 20_001), 4, "excerpt", "at most 20,000"),
    ("long type", article("type: " + "x" * 51), 4, "type", "at most 50"),
    (
        "long domain",
        article("provider:", "  domain: " + "x" * 254),
        5,
        "provider.domain",
        "at most 253",
    ),
    ("long topic", article("topics:", "  - " + "x" * 121), 5, "topics[0]", "at most 120"),
    ("1,001 related", article("related:", *["  - type: a"] * 1001), 4, "related", "at most 1,000"),
    ("33 levels", article("x: " + "[" * 32 + "]" * 32), 4, "x" + "[0]" * 31, "32 levels"),
    (
        "33 levels by alias",
        article("x: &x " + "[" * 30 + "]" * 30, "y: [[*x]]"),
        5,
        "y[0][0]",
        "alias",
    ),
    ("50,001 values", article("x: [" + "a," * 50_000 + "]"), 4, "x[49993]", "50,000 values"),
    ("101 aliases", article("a: &a b", "x: [" + "*a, " * 101 + "]"), 5, "x[100]", "100 aliases"),
    ("2 MB", article("x: " + "y" * 2_000_000), 1, "", "2,000,000"),
]


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

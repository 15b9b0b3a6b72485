"""Files that break the contract: name, bytes, and the line, key and words of the refusal."""

from __future__ import annotations

TITLE = b"title: A title\n"
LINK = b"webUrl: https://example.com/a\n"


def article(*lines: str | bytes) -> bytes:
    """An article file whose lines 2 and 3 are its title and link, the given lines following."""
    more = b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines)
    return b"---\n" + TITLE + LINK + more + b"---\n\n"


VALUES: list[tuple[str, bytes, int, str, str]] = [
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
]

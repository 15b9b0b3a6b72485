"""Invented articles of every shape, for the laws of writing and patching."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from articles.frontmatter.record import Values

# A busy machine is no failure.
law = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CONTROLS = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
AWKWARD = [
    "no", "null", "~", "007", "1:20", "-", "- x", "a: b", "a #b", "#", "it's", '"', "{}", "[x]",
    "&a", "*a", "!t", "|", ">", "%", "@", "`", "?", "? x", ":", "x:", "---", "...", "<<", "=", ",",
    "a\u2028b", "a\x85b", "\ufeff", "\xa0x", "x ", "\\", "\U0001f6a2", "a, b", "2026-05-04",
]  # fmt: skip

lines = st.sampled_from(AWKWARD) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=CONTROLS), max_size=12
)
texts = lines | st.text(
    st.sampled_from("ab \n\r\t\"'\\:#-\u2028\x85\x7f")
    | st.characters(exclude_categories=["Cs", "Cc"]),
    max_size=12,
)
titles = lines.filter(str.strip)
links = lines.filter(lambda text: not set(text) & {"\\", *CONTROLS}).map(
    "https://harbour.example/{}".format
)
paths = links | st.sampled_from(["/assets/a.png", "/assets/b: c.png", "/assets/d #e.png"])
integers = st.integers(-(2**31), 2**31 - 1)
moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def mapping(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Values]:
    """Mappings of at least one of the keys."""
    return st.fixed_dictionaries({}, optional=keys).filter(bool)


related_images = mapping(url=paths, width=integers, height=integers, isCached=st.booleans())
images = mapping(url=paths, width=integers, isCached=st.booleans(), title=titles, attribution=texts)
providers = mapping(
    name=texts,
    domain=texts,
    images=st.lists(mapping(url=paths, width=integers), min_size=1, max_size=2),
)
entries = mapping(
    title=titles,
    excerpt=texts,
    publishedDateTime=moments,
    webUrl=links,
    provider=mapping(name=texts, domain=texts),
    quality=integers,
    images=st.lists(related_images, min_size=1, max_size=2),
)
OPTIONAL: dict[str, st.SearchStrategy[Any]] = {
    "category": texts,
    "excerpt": texts,
    "publishedDateTime": moments,
    "updatedDateTime": moments,
    "originalUrl": links,
    "type": texts,
    "quality": integers,
    "heat": integers,
    "removed": st.booleans(),
    "published": st.booleans(),
    "featuredContent": texts,
    "provider": providers,
    "topics": st.lists(texts, min_size=1, max_size=4),
    "images": st.lists(images, min_size=1, max_size=3),
    "related": st.lists(entries, min_size=1, max_size=3),
    "secured": texts,
}
articles = st.fixed_dictionaries({"title": titles, "webUrl": links}, optional=OPTIONAL)
bodies = st.just("\n") | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=CONTROLS) | st.just("\n"),
    max_size=20,
)

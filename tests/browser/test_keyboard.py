"""A reader who has no mouse, in light with scripts and in the dark without any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from articles.public import listing, searching
from tests.conftest import Busy
from tests.factories import make_provider, make_topic
from tests.public.conftest import publish, publish_story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FARTHEST = 80
"""Presses after which somebody would have given up."""
FOCUS = """(wanted) => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  const isMarked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const isSeen = isMarked && box.bottom > 0 && box.top < innerHeight;
  return { isSeen, isThere: at === wanted, html: at.outerHTML };
}"""
"""Where one is, and whether that can be seen."""


@pytest.fixture(params=[("light", True), ("dark", False)], ids=["light", "dark-no-scripts"])
def reader(
    request: pytest.FixtureRequest, chromium: Browser, live_server: Any, busy: Busy
) -> Iterator[Page]:
    scheme: Literal["light", "dark"]
    scheme, has_scripts = request.param
    context = chromium.new_context(
        base_url=live_server.url, color_scheme=scheme, java_script_enabled=has_scripts
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def stories(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five stories on two pages, the first with coverage."""
    for module in (listing, searching):
        monkeypatch.setattr(module, "PAGE_SIZE", 3)
    harbour, now = make_topic("Harbour", slug="harbour"), timezone.now()
    first = {"title": "Night ferry sails", "slug": "ferry", "quality": 100, "topics": [harbour]}
    also = {"title": "A boat at last", "provider": make_provider(name="The Courant")}
    publish_story({**first, "go_live_at": now}, also)
    for number in range(4):
        publish(title=f"Tram {number} stops", topics=[harbour])


def go_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until the focus is there; it can be seen all the way."""
    for _ in range(FARTHEST):
        page.keyboard.press(key)
        at = wanted.evaluate(FOCUS)
        assert at["isSeen"], at["html"]
        if at["isThere"]:
            return
    raise AssertionError(f"no key leads to {wanted}")


def follow(page: Page, link: Locator) -> None:
    go_to(page, link)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_reader_skips_what_stands_on_every_page(reader: Page, stories: None):
    reader.goto("/")
    go_to(reader, reader.get_by_role("link", name="Skip to the stories"))
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")

    assert reader.evaluate("document.activeElement.closest('main') !== null")


def test_coverage_unfolds_and_a_topic_leads_on_and_back(reader: Page, stories: None):
    reader.goto("/")
    line = reader.get_by_role("link", name="A boat at last")
    expect(line).to_be_hidden()
    go_to(reader, reader.locator("summary").first)
    reader.keyboard.press("Enter")
    expect(line).to_be_visible()
    go_to(reader, line)
    follow(reader, reader.locator("article.entry").first.get_by_role("link", name="Harbour"))
    expect(reader.get_by_role("heading", level=1)).to_have_text("Harbour")

    reader.go_back()

    expect(reader.get_by_role("link", name="Night ferry sails", exact=True)).to_be_visible()


def test_lists_are_paged_to_their_end_and_back_to_the_top(reader: Page, stories: None):
    reader.goto("/latest/")
    more = reader.get_by_role("link", name="More stories")
    seen = set(reader.locator("main .headline").all_inner_texts())
    while more.count():
        follow(reader, more)
        seen |= set(reader.locator("main .headline").all_inner_texts())
    assert len(seen) == 5

    follow(reader, reader.get_by_role("link", name="From the top"))

    expect(reader.get_by_role("link", name="Night ferry sails", exact=True)).to_be_visible()


def test_a_search_is_typed_paged_and_read(reader: Page, stories: None):
    reader.goto("/topics/")
    go_to(reader, reader.get_by_role("searchbox"))
    reader.keyboard.type("tram")
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("status")).to_contain_text("4 stories")
    follow(reader, reader.get_by_role("link", name="More stories"))
    found = reader.locator("main .headline a").first
    title = found.inner_text()
    follow(reader, found)

    expect(reader.get_by_role("heading", level=1)).to_have_text(title)
    go_to(reader, reader.get_by_role("link", name="Harbour").last, key="Shift+Tab")

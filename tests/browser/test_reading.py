"""What a reader does on the public site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from articles.models import Article, Transition
from articles.public import views
from tests.factories import make_provider, make_topic
from tests.public.conftest import publish, publish_story, relate
from tests.shares import share

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(live_server: Any) -> Article:
    """A story of which others report too, corrected once, with a topic that has a parent."""
    parent = make_topic("Energy", slug="energy", stem="00-energy")
    topic = make_topic("Storage", slug="storage", parent=parent)
    courant = make_provider(name="The Courant", domain="courant.example")
    now = timezone.now()
    lead, *_ = publish_story(
        {
            "title": "Night ferry sails again",
            "slug": "ferry",
            "topics": [parent, topic],
            "provider": courant,
            "published_at": now,
            "go_live_at": now,
        },
        {"title": "A boat at last", "quality": 40, "published_at": now},
        {"title": "Who paid for it", "quality": 30},
    )
    relate(lead, title="Seen from the quay")
    publish(title="Tram stops", topics=[topic])
    Transition.objects.create(
        article=lead,
        action="edit",
        to_state=lead.state,
        public_note="It has 74 berths.",
        version=2,
        at=now,
    )
    return lead


@pytest.fixture
def plain(chromium: Browser, live_server: Any) -> Iterator[Page]:
    """A page of somebody whose browser runs no script."""
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_a_reader_searches_from_any_page_and_narrows_what_is_found(page: Page, story: Article):
    page.goto("/topics/")
    page.get_by_role("searchbox").fill("ferr")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 story")
    expect(page.locator("mark").first).to_have_text("ferry")
    page.get_by_label("Narrow the search").get_by_role("link", name="Storage").click()
    expect(page.get_by_role("status").get_by_role("link", name="Storage")).to_be_visible()
    page.get_by_role("link", name="Night ferry sails again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Night ferry sails again")


def test_coverage_unfolds_and_search_answers_without_scripts(plain: Page, story: Article):
    plain.goto("/")
    line = plain.get_by_role("link", name="A boat at last")
    expect(line).to_be_hidden()
    plain.locator("summary").first.click()
    expect(line).to_be_visible()
    plain.get_by_role("searchbox").fill("tram")
    plain.get_by_role("button", name="Search").click()
    expect(plain.get_by_role("link", name="Tram stops")).to_be_visible()


def test_an_open_page_tells_of_new_stories_and_stays_where_it_is(
    page: Page, story: Article, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(views, "LIVE_SECONDS", 1)
    with page.expect_response("**/live/"):
        page.goto("/")
    expect(page.locator("main time[title]").first).to_be_attached()
    first = page.locator("article.entry .headline").first
    place = first.bounding_box()

    publish(title="Just in", go_live_at=timezone.now(), quality=100)

    button = page.get_by_role("button", name="1 new story")
    expect(button).to_be_visible()
    assert first.bounding_box() == place
    button.click()
    expect(page.get_by_role("link", name="Just in", exact=True)).to_be_visible()
    expect(button).to_be_hidden()


PATHS = (
    *("/", "/latest/", "/news/ferry/", "/topics/", "/topics/storage/", "/providers/"),
    *("/providers/courant.example/", "/archive/", "/archive/2024/", "/archive/2024/05/"),
    *("/archive/2024/05/06/", "/search/", "/search/?q=ferry", "/search/?q=...", "/about/"),
    *("/corrections/", "/news/nothing/"),
)

# Only colours differ in the dark.
SCHEMES: tuple[tuple[Literal["light", "dark"], dict[str, list[str]]], ...] = (
    ("light", {}),
    ("dark", {"runOnly": ["color-contrast"]}),
)


def test_axe_finds_nothing_on_any_page_in_light_and_dark(page: Page, story: Article):
    axe, found = Axe(), []
    backgrounds = set()
    for scheme, rules in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for path in share(PATHS, SCHEMES.index((scheme, rules))):
            page.goto(path)
            page.evaluate(
                "for (const folded of document.querySelectorAll('details')) folded.open = true"
            )
            for violation in axe.run(page, options=rules).response["violations"]:
                nodes = [node["html"] for node in violation["nodes"]]
                found.append((scheme, path, violation["id"], nodes))
        backgrounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert found == []
    assert len(backgrounds) == 2


@pytest.mark.parametrize("width", [320, 768])
def test_no_page_is_wider_than_the_screen_or_moves_while_it_loads(
    page: Page, story: Article, width: int
):
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => {"
        " for (const shift of list.getEntries()) window.moved += shift.value;"
        "}).observe({ type: 'layout-shift', buffered: true });"
    )
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate("window.moved") == 0, path

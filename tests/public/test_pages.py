"""What every page carries."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from tests.factories import A_DAY, make_provider, make_topic

from .conftest import publish, publish_story, relate

pytestmark = pytest.mark.django_db

Pages = Callable[[], dict[str, str]]


def some_of_everything() -> None:
    topic = make_topic(slug="harbour", name="Harbour")
    provider = make_provider(domain="courant.example", name="The Courant")
    publish_story({"slug": "story", "topics": [topic], "provider": provider}, {}, {})


PATHS = (
    "/",
    "/latest/",
    "/news/story/",
    "/topics/",
    "/topics/harbour/",
    "/topics/harbour/?order=latest",
    "/providers/",
    "/providers/courant.example/",
    "/archive/",
    "/archive/2024/",
    "/archive/2024/05/",
    "/archive/2024/05/06/",
    "/about/",
    "/corrections/",
    "/search/",
    "/search/?q=article",
    "/search/?q=article&topic=harbour&from=2024-01-01",
)


def without_data(text: str) -> str:
    """A page without its JSON-LD, which browsers do not run."""
    text = re.sub(r'<script src="/static/public/[a-z]+\.js" defer></script>', "", text)
    return re.sub(r'<script type="application/ld\+json">[^<>]*</script>', "", text)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_one_h1_a_title_a_description_and_its_own_address(client: Client, path: str):
    some_of_everything()

    text = client.get(path).content.decode()

    assert len(re.findall(r"<h1\b", text)) == 1
    assert re.search(r"<title>[^<]*\w[^<]*</title>", text)
    assert re.search(r'<meta name="description" content="\w', text)
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{escape(path)}">' in text
    assert re.search(r'<html lang="en" dir="ltr">', text)
    assert 'class="skip" href="#content"' in text


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_inline_script_or_style(client: Client, path: str):
    some_of_everything()

    text = client.get(path).content.decode()

    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", without_data(text))


@pytest.mark.parametrize("path", [*PATHS, "/news/"])
def test_no_page_sets_or_varies_on_a_cookie(client: Client, path: str):
    some_of_everything()

    response = client.get(path, headers={"cookie": "sessionid=junk; csrftoken=junk"})

    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_the_same_with_junk_cookies_and_query(client: Client, path: str):
    some_of_everything()
    junk = f"{path}{'&' if '?' in path else '?'}utm_source=x&p=7"

    plain = client.get(path)
    other = client.get(junk, headers={"cookie": "sessionid=junk"})

    assert plain.content == other.content


@pytest.mark.parametrize("path", PATHS)
def test_an_unchanged_page_is_not_sent_twice(client: Client, path: str):
    some_of_everything()
    first = client.get(path)

    second = client.get(path, headers={"if-none-match": first.headers["ETag"]})

    assert first.headers["Cache-Control"].startswith("public, max-age=")
    assert (second.status_code, second.content) == (304, b"")
    assert second.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_a_changed_page_is_sent_again(client: Client):
    some_of_everything()
    first = client.get("/")
    publish()

    assert client.get("/", headers={"if-none-match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", [*PATHS, "/news/second/", "/news/none/"])
def test_the_number_of_queries_does_not_grow(client: Client, path: str):
    topic = make_topic(slug="harbour")
    provider = make_provider(domain="courant.example")

    def fill(stories: int, members: int) -> None:
        for number in range(stories):
            slug = {"slug": "story"} if members == 1 else {}
            also: list[dict[str, Any]] = [{} for _ in range(members)]
            if members == 1:
                also[0] = {"slug": "second"}
            lead, *_ = publish_story({"topics": [topic], "provider": provider, **slug}, *also)
            relate(lead, title=f"Related {number}", quality=1)

    fill(1, 1)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(path)
    fill(50, 4)
    with CaptureQueriesContext(connection) as fifty:
        client.get(path)

    assert len(one) == len(fifty) <= 6


def test_hostile_text_is_escaped_on_every_page(every_page: Pages):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    topic = make_topic(evil, slug="evil")
    provider = make_provider(name=evil, description=evil)
    texts: dict[str, Any] = {
        "title": evil,
        "excerpt": evil,
        "body": f"{evil}\n\n[a](javascript:alert(3)) ![b](https://tracker.example/p.gif)",
        "type": "<script>",
        "embed": evil,
        "topics": [topic],
        "provider": provider,
    }
    publish_story(texts, texts)

    for path, text in every_page().items():
        assert "<script" not in without_data(text), path
        assert "<img" not in text, path
        assert "javascript:" not in re.sub(r"\[a\]\(javascript:alert\(3\)\)", "", text), path


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "https:x"],
)
def test_only_http_and_https_links_are_rendered(every_page: Pages, link: str):
    texts = {"title": "Linked badly", "web_url": link}
    publish_story(texts, texts)

    for path, text in every_page().items():
        assert link not in text, path
    assert "Linked badly" in every_page()["/"]


def test_a_provider_that_allows_title_and_link_gets_no_more(client: Client):
    provider = make_provider(is_link_only=True)
    embed = '<iframe src="https://www.youtube.com/embed/x"></iframe>'
    publish(slug="bare", provider=provider, excerpt="Excerpt", body="Body text", embed=embed)

    text = client.get("/news/bare/").content.decode() + client.get("/").content.decode()

    assert "Excerpt" not in text
    assert "Body text" not in text
    assert "<iframe" not in text


def test_an_excerpt_is_no_longer_than_its_provider_allows(client: Client):
    provider = make_provider(excerpt_limit=20)
    publish(slug="short", provider=provider, excerpt="One two three four five six", body="Body")

    text = client.get("/news/short/").content.decode()

    assert re.findall(r'class="excerpt" dir="auto">(.*?)<', text) == ["One two three four…"]
    assert "Body" not in text


def test_times_are_absolute(client: Client):
    publish(published_at=A_DAY)

    text = client.get("/").content.decode()

    assert '<time datetime="2024-05-06T12:00:00Z">6 May 2024, 12:00</time>' in text


def test_the_page_of_a_fault_needs_nothing_but_itself():
    assert "Something broke on our side" in render_to_string("500.html")

"""The JSON that existing readers of this format consume."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.states import State
from tests.factories import A_DAY, make_article, make_provider, make_topic

from ..conftest import LIVE, publish, publish_story

pytestmark = pytest.mark.django_db

KEYS = [
    *("path", "title", "excerpt", "sourceUrl", "webUrl", "originalUrl", "featuredContent"),
    *("highlight", "heat", "tags", "images", "content", "type", "ampWebUrl", "cdnAmpWebUrl"),
    *("publishedDateTime", "updatedDateTime", "provider", "locale", "categories", "topics"),
]


def titles(client: Client, path: str) -> list[str]:
    return [item["title"] for item in client.get(path).json()["value"]]


@pytest.mark.corpus
def test_every_page_that_the_publisher_served_is_served_item_for_item(corpus: Path, client: Client):
    call_command("frontmatter", "import", str(corpus / "site-a"), verbosity=0)
    recorded = sorted((corpus / "site-a-api").rglob("index.json"))
    pages = {path: json.loads(path.read_text(encoding="utf-8")) for path in recorded}

    for path, page in pages.items():
        address = f"/{path.relative_to(corpus / 'site-a-api')}"
        for spelling in (address, address.removesuffix("index.json")):
            assert client.get(spelling).json() == page, spelling
    items = {
        item["path"]: item
        for path, page in pages.items()
        if "news/page/" in str(path)
        for item in page["value"]
    }
    assert len(items) == 428
    for name, item in items.items():
        stem = name.removeprefix("_news/").removesuffix(".md")
        assert client.get(f"/api/news/{stem}/index.json").json() == item


def test_an_item_has_every_key_and_null_for_what_is_absent(client: Client):
    article = publish(
        excerpt=None, type=None, category=None, topics=[], heat=None, body="\n", quality=None
    )
    Article.objects.filter(pk=article.pk).update(provider_name=None, provider_domain=None)

    [item] = client.get("/api/news/").json()["value"]

    assert list(item) == KEYS
    assert {key: item[key] for key in KEYS if item[key] is not None} == {
        "path": f"_news/{article.slug}.md",
        "title": article.title,
        "webUrl": article.web_url,
        "content": "",
        "publishedDateTime": "2024-05-06T12:00:00Z",
        "locale": "en-us",
    }


def test_pages_go_by_publication_and_file_name_and_undated_ones_come_last(client: Client):
    late = A_DAY + timedelta(hours=1)
    for slug, at in (("a", A_DAY), ("a-b", A_DAY), ("late", late), ("z", None), ("y", None)):
        publish(slug=slug, title=slug, published_at=at)

    assert titles(client, "/api/news/") == ["late", "a-b", "a", "y", "z"]


@pytest.mark.parametrize("undated", [0, 10, 60])
def test_the_pages_hold_every_article_once(client: Client, undated: int):
    for number in range(60):
        publish(title=str(number), published_at=None if number < undated else A_DAY)
    found, page = [], 1
    while page:
        answer = client.get(f"/api/news/page/{page}/").json()
        assert answer["page"] == page
        found.append([item["title"] for item in answer["value"]])
        page = answer["nextPage"]

    assert [len(part) for part in found] == [25, 25, 10]
    assert {title for part in found for title in part} == {str(number) for number in range(60)}
    assert client.get("/api/news/page/4/").status_code == 404


def test_a_topic_comes_before_a_stem_of_that_name(client: Client):
    topic = make_topic(slug="harbour")
    publish(slug="harbour", title="Not in it")
    publish(title="In it", topics=[topic])

    for path in ("/api/news/harbour/", "/api/news/harbour/index.json", "/api/news/harbour/page/1/"):
        assert titles(client, path) == ["In it"]
    assert client.get("/api/news/harbour/page/2/index.json").status_code == 404


def test_a_stem_answers_as_its_page_does(client: Client):
    lead, member = publish_story({}, {})
    make_article(slug="never")
    make_article(slug="gone", state=State.WITHDRAWN, first_published_at=LIVE)

    assert client.get(f"/api/news/{lead.slug}/index.json").json()["title"] == lead.title
    moved = client.get(f"/api/news/{member.slug}/")
    assert (moved.status_code, moved["Location"]) == (302, f"/api/news/{lead.slug}/index.json")
    for path, status in (("never", 404), ("gone", 410), ("page/0", 404), ("page/01", 404)):
        response = client.get(f"/api/news/{path}/index.json")
        assert response.status_code == status, path
    assert "error" in client.get("/api/news/gone/").json()


def test_heat_follows_the_story_once_somebody_acted(client: Client):
    lead, _ = publish_story({"heat": 7, "quality": 50}, {})
    assert client.get(f"/api/news/{lead.slug}/").json()["heat"] == 7

    Article.objects.filter(pk=lead.pk).update(state_acted_at=LIVE)

    assert client.get(f"/api/news/{lead.slug}/").json()["heat"] == 70


def test_programs_get_no_more_of_a_provider_than_readers(client: Client):
    texts: dict[str, Any] = {
        "excerpt": "Word " * 50,
        "body": "Body",
        "embed": "<iframe>",
        "images": [{"url": "https://a.example/a.png"}],
    }
    publish(provider=make_provider(is_link_only=True), slug="link", **texts)
    publish(provider=make_provider(excerpt_limit=20), slug="short", **texts)

    link, short = (client.get(f"/api/news/{slug}/").json() for slug in ("link", "short"))

    kept = [link[key] for key in ("excerpt", "content", "featuredContent", "images")]
    assert kept == ["", "", None, None]
    assert (short["excerpt"], short["content"]) == ("Word Word Word Word…", "")


def test_no_link_but_http_is_given_to_programs(client: Client):
    article = publish()
    Article.objects.filter(pk=article.pk).update(
        web_url="javascript:alert(1)", amp_url="data:text/html,x"
    )

    [item] = client.get("/api/news/").json()["value"]

    assert (item["webUrl"], item["ampWebUrl"]) == (None, None)


def test_any_site_may_read_and_ask_again(client: Client):
    publish()

    first = client.get("/api/news/", headers={"origin": "https://reader.example"})
    again = client.get("/api/news/", headers={"if-none-match": first["ETag"]})
    asked = client.options(
        "/api/news/",
        headers={
            "origin": "https://reader.example",
            "access-control-request-method": "GET",
            "access-control-request-headers": "if-none-match",
        },
    )

    assert first["Access-Control-Allow-Origin"] == "*"
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    assert asked.status_code == 204
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    assert client.post("/api/news/").status_code == 405


def test_a_page_of_many_costs_what_a_page_of_one_does(client: Client):
    publish()
    with CaptureQueriesContext(connection) as one:
        client.get("/api/news/")
    for _ in range(30):
        publish_story({"topics": [make_topic(), make_topic()]}, {})
    with CaptureQueriesContext(connection) as many:
        client.get("/api/news/")

    assert len(many) <= len(one) <= 6

"""What search engines and cards are told."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from html import unescape
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext, override_script_prefix
from django.utils import timezone
from PIL import Image

from articles.models import Article
from articles.public import sitemaps
from newsroom.environment import contact
from tests.factories import make_article, make_provider, make_topic

from .conftest import publish, publish_story
from .test_pages import PATHS, some_of_everything

pytestmark = pytest.mark.django_db

HOME = "http://127.0.0.1:8000"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def places(client: Client, path: str) -> list[str]:
    """The addresses of a sitemap or an index, as paths."""
    response = client.get(path)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    for at in root.iter(f"{MAP}lastmod"):
        assert datetime.fromisoformat(at.text or "").tzinfo
    return [(place.text or "").removeprefix(HOME) for place in root.iter(f"{MAP}loc")]


def json_ld(text: str) -> dict[str, Any]:
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    return json.loads(data)


def properties(text: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', text)
    assert len(found) == len(dict(found))
    return {name: unescape(value) for name, value in found}


def test_the_index_leads_to_every_story_and_list_once(client: Client):
    some_of_everything()
    make_article(slug="hidden")

    parts = places(client, "/sitemap.xml")
    found = [address for part in parts for address in places(client, part)]

    assert len(found) == len(set(found))
    # The years lead to their months and days, and results are no place to begin.
    finer = re.compile(r"\?|/archive/\d+/\d|/search/")
    assert set(found) >= {path for path in PATHS if not finer.search(path)}
    assert not any("hidden" in address for address in found)
    for address in found:
        assert client.get(address).status_code == 200, address


def test_a_part_holds_what_it_may_and_stays_as_it_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sitemaps, "PART", 4)
    for _ in range(10):
        publish()
    before = {part: places(client, part) for part in places(client, "/sitemap.xml")}
    stories = {part: found for part, found in before.items() if "stories" in part}

    publish()

    assert sum(map(len, stories.values())) == 10
    assert max(map(len, stories.values())) <= 4
    full = [part for part, found in stories.items() if len(found) == 4]
    assert full
    assert all(places(client, part) == before[part] for part in full)
    assert client.get("/sitemap-stories-999999.xml").status_code == 404


def test_the_news_sitemap_forgets_after_two_days(client: Client):
    now = timezone.now()
    publish(slug="new", title="New <b> & more", go_live_at=now - timedelta(hours=47))
    publish(slug="old", go_live_at=now - timedelta(hours=49))
    publish(slug="soon", go_live_at=now + timedelta(hours=1))

    root = ElementTree.fromstring(client.get("/news-sitemap.xml").content)

    assert places(client, "/news-sitemap.xml") == ["/news/new/"]
    assert [title.text for title in root.iter(f"{NEWS}title")] == ["New <b> & more"]
    assert [name.text for name in root.iter(f"{NEWS}language")] == ["en"]


def test_robots_are_told_what_to_leave_and_where_the_maps_are(client: Client):
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /admin/\n" in text
    for address in re.findall(rf"Sitemap: {HOME}(.*)", text):
        assert client.get(address).status_code == 200
    with override_settings(SITE_URL="https://example.org/press"), override_script_prefix("/press/"):
        text = client.get("/robots.txt").content.decode()
    assert "Disallow: /press/admin/\n" in text
    assert "Sitemap: https://example.org/press/sitemap.xml\n" in text


def test_security_txt_says_whom_to_tell_and_until_when(client: Client):
    assert client.get("/.well-known/security.txt").status_code == 404
    with override_settings(SECURITY_CONTACT=contact("safe@example.org")):
        response = client.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())

    assert response["Content-Type"].startswith("text/plain")
    assert fields["Contact"] == "mailto:safe@example.org"
    ahead = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=30) < ahead < timedelta(days=365)


@pytest.mark.parametrize("wrong", ["nobody", "http://plain.example", "a@b.example\nX: y"])
def test_a_security_contact_that_nobody_could_use_is_refused(wrong: str):
    with pytest.raises(ImproperlyConfigured, match="SECURITY_CONTACT"):
        contact(wrong)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_a_card_with_a_picture_that_exists(client: Client, path: str):
    some_of_everything()

    text = client.get(path).content.decode()
    card = properties(text)

    [title] = re.findall("<title>(.*?)</title>", text)
    assert card["og:title"] == unescape(title)
    assert card["og:description"] == card["description"]
    assert card["og:url"] == f"{HOME}{path}"
    address = card["og:image"].removeprefix(HOME)
    if address.startswith("/news/"):
        drawn: Any = BytesIO(client.get(address).content)
    else:
        assert address == "/static/public/card.png"
        drawn = str(finders.find("public/card.png"))
    with Image.open(drawn) as image:
        size = (str(image.width), str(image.height))
    assert (card["og:image:width"], card["og:image:height"]) == size


@pytest.mark.parametrize(
    "path", ["/", "/latest/", "/topics/harbour/", "/providers/courant.example/"]
)
def test_lists_are_collections_of_stories_for_machines(client: Client, path: str):
    some_of_everything()

    data = json_ld(client.get(path).content.decode())

    assert data["@type"] == "CollectionPage"
    assert data["url"] == f"{HOME}{path}"
    [item] = data["mainEntity"]["itemListElement"]
    assert (item["position"], item["url"]) == (1, f"{HOME}/news/story/")


def test_a_story_cites_the_publishers_and_claims_to_have_written_nothing(client: Client):
    lead, member = publish_story(
        {"slug": "story", "provider": make_provider(name="The Courant", domain="courant.example")},
        {"title": "Second"},
    )

    data = json_ld(client.get("/news/story/").content.decode())

    assert data["@type"] == "WebPage"
    assert data["isBasedOn"] == lead.web_url
    assert [work["url"] for work in data["citation"]] == [lead.web_url, member.web_url]
    assert data["citation"][0]["publisher"]["name"] == "The Courant"
    assert "author" not in json.dumps(data)
    assert "publisher" not in data


def test_hostile_text_stays_inside_its_data_and_its_attributes(client: Client):
    evil = '</script><script>alert(1)</script>"&quot; <!-- \u2028'
    topic = make_topic(evil, slug="evil")
    lead = publish(title=evil, excerpt=evil, topics=[topic], provider=make_provider(name=evil))

    for path in (f"/news/{lead.slug}/", "/", "/topics/evil/"):
        text = client.get(path).content.decode()
        assert "<script>" not in text, path
        assert "<!--" not in text
        assert json_ld(text)["url"]
    story = client.get(f"/news/{lead.slug}/").content.decode()
    assert properties(story)["og:title"].startswith(evil.partition(" <")[0])
    assert json_ld(story)["citation"][0]["headline"] == evil


def test_a_page_of_machines_never_leads_to_another_scheme(client: Client):
    lead = publish()
    Article.objects.filter(pk=lead.pk).update(web_url="javascript:alert(1)")

    assert "javascript:" not in client.get(f"/news/{lead.slug}/").content.decode()


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-lists.xml", "/news-sitemap.xml"])
def test_maps_of_many_cost_what_a_map_of_one_does(client: Client, path: str):
    publish()
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for _ in range(10):
        publish(go_live_at=timezone.now() - timedelta(hours=1))
    with CaptureQueriesContext(connection) as many:
        client.get(path)

    assert len(one) == len(many) <= 6

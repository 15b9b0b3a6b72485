"""What feed readers are told: every story once, in the order of going live, in three formats."""

from __future__ import annotations

import json
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext, override_script_prefix
from django.utils import timezone

from articles.models import Article
from articles.public.feeds.formats import Feed, Item, atom, json_feed, rss
from tests.factories import make_article, make_provider, make_topic

from ..conftest import LIVE, publish, publish_story, relate
from .validators import CHECKS, HOME, check_atom, check_rss

pytestmark = pytest.mark.django_db

SCOPES = ("/", "/topics/harbour/", "/providers/courant.example/")
MEDIA_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


def a_story(**changes: Any) -> list[Article]:
    values = {
        "slug": "story",
        "title": "A <b>harbour</b> & more",
        "topics": [make_topic(slug="harbour", name="Harbour")],
        "provider": make_provider(domain="courant.example", name="The Courant"),
    }
    return publish_story(values | changes, {"title": "Second report"})


VERSIONS = {"rss": "rss20", "atom": "atom10"}


def read_by_others(suffix: str, data: bytes) -> list[dict[str, str]]:
    """What a feed reader that is not ours finds in it, without a complaint."""
    found = feedparser.parse(data)
    assert not found.bozo, found.bozo_exception
    assert (found.version, found.feed.title != "") == (VERSIONS[suffix], True)
    return [
        {
            "id": entry.id,
            "title": entry.title,
            "link": entry.link,
            "at": datetime.fromtimestamp(timegm(entry.published_parsed), UTC).isoformat(),
        }
        for entry in found.entries
    ]


def items(client: Client, suffix: str, scope: str = "/") -> list[dict[str, str]]:
    response = client.get(f"{scope}feed.{suffix}")
    assert response["Content-Type"] == MEDIA_TYPES[suffix]
    return CHECKS[suffix](response.content)


@pytest.mark.parametrize("suffix", CHECKS)
@pytest.mark.parametrize("scope", SCOPES)
def test_every_feed_is_a_valid_one_of_its_format(client: Client, scope: str, suffix: str):
    lead, *_ = a_story()

    [item] = items(client, suffix, scope)

    assert item["id"] == f"{HOME}/news/story/"
    assert item["title"] == "A <b>harbour</b> & more"
    assert item["link"] == lead.web_url
    assert "Second report" in item["html"]
    assert datetime.fromisoformat(item["at"]) == LIVE


@pytest.mark.parametrize("suffix", VERSIONS)
@pytest.mark.parametrize("scope", SCOPES)
def test_readers_that_are_not_ours_find_the_same_in_a_feed(client: Client, scope: str, suffix: str):
    a_story()
    publish(title="Wind & <em>waves</em> “again”", topics=[], excerpt="One & two")
    ours = items(client, suffix, scope)

    theirs = read_by_others(suffix, client.get(f"{scope}feed.{suffix}").content)

    assert [{**item, "html": ""} for item in ours] == [{**item, "html": ""} for item in theirs]


@pytest.mark.parametrize("suffix", CHECKS)
def test_an_empty_feed_is_valid_and_stays_the_same_bytes(client: Client, suffix: str):
    assert items(client, suffix) == []
    assert client.get(f"/feed.{suffix}").content == client.get(f"/feed.{suffix}").content


@pytest.mark.parametrize("suffix", CHECKS)
def test_a_late_approval_of_an_old_piece_comes_on_top(client: Client, suffix: str):
    old = LIVE - timedelta(days=400)
    for number in range(60):
        publish(go_live_at=LIVE + timedelta(minutes=number))
    publish(title="Old", published_at=old, go_live_at=LIVE + timedelta(days=1))

    found = items(client, suffix)

    assert found[0]["title"] == "Old"
    assert len(found) == 50
    times = [datetime.fromisoformat(item["at"]) for item in found]
    assert times == sorted(times, reverse=True)


def test_an_id_stays_when_another_article_leads(client: Client):
    lead, member = a_story()
    before = items(client, "atom")
    Article.objects.filter(pk=lead.pk).update(is_lead=False, state="approved", go_live_at=None)
    Article.objects.filter(pk=member.pk).update(is_lead=True, state="published", go_live_at=LIVE)

    after = items(client, "atom")

    assert after[0]["title"] == "Second report"
    assert after[0]["id"] == before[0]["id"]


HOSTILE = 'T\x01\x0b<script>alert(1)</script>]]>\ufffe&amp;"\u2028end'


@pytest.mark.parametrize("suffix", CHECKS)
def test_hostile_text_stays_text(client: Client, suffix: str):
    a_story(title=HOSTILE, excerpt=HOSTILE, web_url="javascript:alert(1)")

    [item] = items(client, suffix)

    assert item["link"] == f"{HOME}/news/story/"
    assert "<script>alert(1)</script>]]>" in item["title"]
    assert "&lt;script&gt;" in item["html"]
    assert "<script" not in item["html"]
    assert "javascript:" not in client.get(f"/feed.{suffix}").content.decode()


def test_what_xml_cannot_write_is_left_out():
    item = Item(HOME, HOME, "a\x00b\ud800c\U0001f600", "\x1f", "", LIVE, tags=["\x0c"])
    feed = Feed("\x02t", "d", HOME, HOME, [item])

    assert check_rss(rss(feed))[0]["title"] == "abc\U0001f600"
    assert check_atom(atom(feed))[0]["title"] == "abc\U0001f600"
    assert b'"title"' in json_feed(Feed("t", "d", HOME, HOME, []))


@pytest.mark.parametrize("path", ["/topics/none/feed.rss", "/providers/none.example/feed.atom"])
def test_there_is_no_feed_of_what_nobody_knows(client: Client, path: str):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("scope", SCOPES)
def test_a_feed_answers_a_second_visit_with_not_modified(client: Client, scope: str):
    a_story()
    first = client.get(f"{scope}feed.rss")

    again = client.get(f"{scope}feed.rss", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert not first.cookies
    assert "Vary" not in first


@pytest.mark.parametrize("scope", SCOPES)
def test_pages_name_their_feeds(client: Client, scope: str):
    a_story()

    head = client.get(scope).content.decode().partition("</head>")[0]
    links = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', head)

    assert links[0] == ("application/rss+xml", f"{scope}feed.rss")
    assert ("application/feed+json", "/feed.json") in links
    for media_type, address in links:
        assert client.get(address)["Content-Type"].startswith(media_type)


def outlines(element: ElementTree.Element) -> Iterator[dict[str, str]]:
    for outline in element.iter("outline"):
        assert outline.attrib["text"]
        if "xmlUrl" in outline.attrib:
            yield outline.attrib


def test_opml_names_every_feed_that_has_something_in_it(client: Client):
    a_story()
    make_topic(slug="empty", stem="09-empty")

    root = ElementTree.fromstring(client.get("/opml.xml").content)
    found = [outline["xmlUrl"] for outline in outlines(root)]

    assert root.attrib["version"] == "2.0"
    assert root.find("head/title") is not None
    assert set(found) >= {f"{HOME}{scope}feed.rss" for scope in SCOPES}
    assert not any("empty" in address for address in found)
    for address in found:
        check_rss(client.get(address.removeprefix(HOME)).content)


@override_settings(SITE_URL="https://example.org/press")
def test_addresses_are_right_under_a_path(client: Client):
    a_story()

    with override_script_prefix("/press/"):
        text = client.get("/feed.json", SCRIPT_NAME="/press").content.decode()

    assert json.loads(text)["feed_url"] == "https://example.org/press/feed.json"
    assert json.loads(text)["items"][0]["id"] == "https://example.org/press/news/story/"


@pytest.mark.parametrize("scope", SCOPES)
def test_a_feed_of_many_costs_what_a_feed_of_one_does(client: Client, scope: str):
    lead, *_ = a_story()
    with CaptureQueriesContext(connection) as one:
        client.get(f"{scope}feed.atom")
    for _ in range(9):
        same = {"topics": list(lead.topics.all()), "provider": lead.provider}
        publish_story(same, {}, {})
    with CaptureQueriesContext(connection) as many:
        client.get(f"{scope}feed.atom")

    assert len(many) == len(one) <= 6


@pytest.mark.parametrize("suffix", CHECKS)
def test_a_search_can_be_followed(client: Client, suffix: str):
    publish(title="Ferry one", go_live_at=LIVE)
    publish(title="Ferry two", go_live_at=LIVE + timedelta(days=1))
    publish(title="Library")
    page = client.get("/search/?q=ferry").content.decode()
    [address] = re.findall(rf'href="(/search/feed.{suffix}[^"]*)"', page)

    found = CHECKS[suffix](client.get(address).content)

    assert [item["title"] for item in found] == ["Ferry two", "Ferry one"]
    assert client.get(f"/search/feed.{suffix}").status_code == 400
    assert client.get(f"/search/feed.{suffix}?from=soon").status_code == 400


@pytest.mark.parametrize("suffix", CHECKS)
def test_corrections_can_be_followed(client: Client, suffix: str):
    lead = publish(slug="story", title="Story")
    gone = make_article(title="Withdrawn", state="withdrawn", first_published_at=LIVE)
    for article in (lead, gone):
        note = {"public_note": f"Put <right> {article.pk}", "at": LIVE, "version": 1}
        article.transitions.create(action="withdraw", to_state=article.state, **note)

    found = CHECKS[suffix](client.get(f"/corrections/feed.{suffix}").content)

    assert [item["title"] for item in found] == ["A story was withdrawn", "Story"]
    assert found[0]["id"].startswith(f"{HOME}/corrections/#correction-")
    assert found[1]["link"] == f"{HOME}/news/story/"
    assert "Put &lt;right&gt;" in found[1]["html"]
    assert "Withdrawn" not in client.get(f"/corrections/feed.{suffix}").content.decode()


def test_scheduled_stories_are_in_no_feed(client: Client):
    publish(title="Later", go_live_at=timezone.now() + timedelta(hours=1))
    relate(publish(title="Now"), title="Related")

    assert [item["title"] for item in items(client, "rss")] == ["Now"]

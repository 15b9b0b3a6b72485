"""What lists promise: order, pages that stay, coverage under its lead."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client
from django.utils import timezone

from articles.public import directory
from tests.factories import make_provider, make_topic

from .conftest import HEADLINE, LIVE, headlines, publish, publish_story, relate

pytestmark = pytest.mark.django_db


def all_headlines(client: Client, path: str) -> list[str]:
    """Of a list, page after page."""
    found = []
    while path:
        text = client.get(path).content.decode()
        found += HEADLINE.findall(text)
        more = re.search(r'rel="next" href="([^"]+)"', text)
        path = path.partition("?")[0] + more[1].replace("&amp;", "&") if more else ""
    return found


def test_the_front_page_ranks_by_heat_and_youth(client: Client):
    publish(title="Old and hot", quality=100, go_live_at=LIVE - timedelta(days=9))
    publish(title="New and cool", quality=50)
    publish(title="New and hot", quality=100)

    assert headlines(client, "/") == ["New and hot", "New and cool", "Old and hot"]


def test_latest_goes_by_going_live_day_by_day(client: Client):
    publish(title="Monday", go_live_at=LIVE, quality=100)
    publish(title="Tuesday", go_live_at=LIVE + timedelta(days=1), quality=1)

    text = client.get("/latest/").content.decode()

    assert HEADLINE.findall(text) == ["Tuesday", "Monday"]
    assert re.findall(r'dayline"><time datetime="(.*?)"', text) == ["2024-05-08", "2024-05-07"]


@pytest.mark.parametrize(
    "path", ["/", "/latest/", "/topics/harbour/", "/topics/harbour/?order=latest"]
)
def test_paging_shows_every_story_once(client: Client, path: str):
    topic = make_topic(slug="harbour")
    # Equal times and ranks throughout: only the tie-breaker tells the pages apart.
    titles = {publish(title=f"Story {number}", topics=[topic]).title for number in range(60)}

    found = all_headlines(client, path)

    assert len(found) == 60
    assert set(found) == titles


def test_a_provider_page_pages_through_all_it_has(client: Client):
    provider = make_provider(domain="busy.example")
    for _ in range(30):
        publish(provider=provider)

    assert len(all_headlines(client, "/providers/busy.example/")) == 30


@pytest.mark.parametrize("path", ["/", "/latest/"])
def test_pages_stay_where_they_are_while_stories_arrive(client: Client, path: str):
    for number in range(30):
        publish(title=f"Story {number}", go_live_at=LIVE + timedelta(minutes=number))
    more = re.search(r'rel="next" href="([^"]+)"', client.get(path).content.decode())
    assert more
    before = headlines(client, path + more[1])

    publish(go_live_at=LIVE + timedelta(hours=5))

    assert headlines(client, path + more[1]) == before
    assert len(before) == 5


def test_coverage_is_one_line_that_names_providers_and_unfolds(client: Client):
    names = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]
    coverage = [
        {"provider": make_provider(name=name), "title": f"By {name}", "quality": 40 - place}
        for place, name in enumerate(names)
    ]
    publish_story({}, *coverage)

    text = client.get("/").content.decode()
    summary = " ".join(
        re.sub(r"<[^>]+>", "", text.split("<summary>")[1].split("</summary>")[0]).split()
    )

    assert summary == "Also covered by Alpha, Beta, Gamma and 2 more"
    assert HEADLINE.findall(text)[1:] == [f"By {name}" for name in names]


def test_a_story_lists_all_its_coverage_and_a_list_its_best(client: Client):
    lead, *_ = publish_story({}, *({"quality": number} for number in range(12)))

    assert len(headlines(client, "/")) == 1 + 8
    assert "All 12 reports" in client.get("/").content.decode()
    assert len(headlines(client, f"/news/{lead.slug}/")) == 1 + 12


def test_related_items_stand_among_the_coverage_by_quality(client: Client):
    lead, *_ = publish_story({}, {"title": "Good", "quality": 60}, {"title": "Weak", "quality": 10})
    relate(lead, title="Middling", quality=30)

    assert headlines(client, f"/news/{lead.slug}/")[1:] == ["Good", "Middling", "Weak"]


def test_an_empty_site_says_so(client: Client):
    for path in ("/", "/latest/", "/topics/", "/providers/"):
        assert 'class="nothing"' in client.get(path).content.decode(), path


def test_topics_are_a_tree_with_counts(client: Client):
    parent = make_topic("Energy", slug="energy", stem="00-energy")
    child = make_topic("Storage", slug="storage", parent=parent)
    publish(topics=[parent, child], go_live_at=timezone.now() - timedelta(days=1))
    publish(topics=[parent])

    text = client.get("/topics/").content.decode()

    assert text.index("Energy") < text.index("Storage")
    assert text.count("1 story") == 2
    assert "/topics/storage/" in client.get("/topics/energy/").content.decode()
    assert "/topics/energy/" in client.get("/topics/storage/").content.decode()


def test_providers_stand_by_the_stories_they_lead_and_join(client: Client):
    joining, leading = make_provider(name="Joining"), make_provider(name="Leading")
    recent = {"published_at": timezone.now() - timedelta(days=1)}
    publish_story({"provider": leading} | recent, {"provider": joining} | recent)
    publish(provider=leading)

    text = client.get("/providers/").content.decode()

    assert text.index("Leading") < text.index("Joining")
    assert re.findall(r'<td class="figure">(\d)</td>', text) == ["1", "0", "0", "1"]


def test_a_full_front_page_is_light(client: Client):
    words = Random(1)

    def some(many: int) -> str:
        return " ".join(f"{words.randrange(10**6):x}" for _ in range(many))

    for _ in range(26):
        lines = [{"title": some(10)} for _ in range(8)]
        publish_story({"title": some(12), "excerpt": some(45)}, *lines)

    pages = [client.get("/").content]
    pages += [Path(str(find(f"public/{name}"))).read_bytes() for name in ("site.css", "live.js")]

    assert sum(len(gzip.compress(page)) for page in pages) <= 60_000


@pytest.mark.parametrize("order", ["", "?order=latest"])
def test_a_busy_topic_lists_the_same_stories_in_the_same_order(
    client: Client, monkeypatch: pytest.MonkeyPatch, order: str
):
    topic = make_topic(slug="harbour")
    for number in range(5):
        at = LIVE + timedelta(minutes=7 * number % 5)
        publish(title=f"Story {number}", topics=[topic], quality=number * 13 % 50, go_live_at=at)
        publish(title=f"Other {number}")
    quiet = headlines(client, f"/topics/harbour/{order}")

    monkeypatch.setattr(directory, "BUSY", 3)

    assert headlines(client, f"/topics/harbour/{order}") == quiet
    assert len(quiet) == 5

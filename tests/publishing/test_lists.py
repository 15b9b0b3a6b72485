"""Lists that tell of no change stay as they are, and follow whatever else they go by."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from articles.digests import fill
from articles.models import (
    Article,
    Digest,
    Placement,
)
from articles.public import directory
from articles.publishing import publish as publish_site
from articles.states import State
from articles.stories import refresh
from tests.factories import make_provider, make_topic
from tests.public.conftest import LIVE, publish, publish_story

from .conftest import Anew
from .test_static import files, settle

pytestmark = pytest.mark.django_db


def test_no_list_is_made_anew_that_tells_of_no_change(
    tmp_path: Path, asked: list[str], short_lists: None
):
    topic = make_topic(slug="sea")
    for number in range(7):
        publish(slug=f"story-{number}", topics=[topic], quality=90 - number)
    settle()
    publish_site(tmp_path)
    asked.clear()
    Article.objects.filter(slug="story-0").update(title="Renamed")
    settle()
    publish_site(tmp_path)

    assert {"/", "/latest/", "/topics/sea/", "/topics/sea/?order=latest"} <= set(asked)
    assert not [address for address in asked if "after=" in address]
    kept = files(tmp_path)
    publish_site(tmp_path, is_fresh=True)
    assert files(tmp_path) == kept


def test_a_change_of_a_title_leaves_alone_what_lists_no_titles(
    tmp_path: Path, asked: list[str], short_lists: None
):
    topic, provider = make_topic(slug="sea"), make_provider(domain="courant.example")
    for number in range(7):
        back = {"published_at": LIVE - timedelta(hours=number)}
        publish(slug=f"story-{number}", topics=[topic], provider=provider, **back)
    close_digest()
    settle()
    publish_site(tmp_path)
    kept = {*asked, *files(tmp_path)}
    asked.clear()
    Article.objects.filter(slug="story-0").update(title="Renamed")
    settle()
    publish_site(tmp_path)

    assert {"/providers/courant.example/", "/digest/feed.rss"} <= set(asked)
    left = {"/topics/", "/providers/", "/digest/", "/opml.xml", "/sitemap-lists.xml", "/about/"}
    left |= {"/sitemap-stories-0.xml"}
    assert left <= kept
    assert left.isdisjoint(asked)
    assert "providers/courant.example/page/2/index.html" in kept
    assert not [address for address in asked if "after=" in address]


def test_the_mail_of_a_digest_follows_the_reports_of_its_stories(tmp_path: Path, anew: Anew):
    lead, report = publish_story({"slug": "story"}, {})
    close_digest()
    settle()
    publish_site(tmp_path)
    before = files(tmp_path)[f"digest/{LIVE:%Y-%m-%d}/mail.txt"]
    assert b"One more report" in before

    Article.objects.filter(pk=report.pk).update(state=State.SPIKED)
    refresh([lead.story_id])
    settle()
    publish_site(tmp_path)

    assert b"One more report" not in files(tmp_path)[f"digest/{LIVE:%Y-%m-%d}/mail.txt"]
    assert files(tmp_path) == anew()


def close_digest() -> None:
    digest = Digest.objects.create(day=LIVE.date())
    fill(digest, timezone.now())
    Digest.objects.update(closed_at=timezone.now())


def test_a_topic_without_stories_is_seen_beside_its_parent(tmp_path: Path, anew: Anew):
    sea = make_topic(slug="sea", stem="01-sea")
    publish(topics=[sea])
    settle()
    publish_site(tmp_path)

    make_topic(slug="harbour", parent=sea, stem="02-harbour")
    settle()
    publish_site(tmp_path)

    assert b"/topics/harbour/" in files(tmp_path)["topics/sea/index.html"]
    assert files(tmp_path) == anew()


def test_what_counts_the_last_days_follows_the_clock(tmp_path: Path, anew: Anew):
    with time_machine.travel(LIVE + directory.RECENT - timedelta(minutes=1), tick=False) as now:
        own = {"topics": [make_topic(slug="sea")], "go_live_at": LIVE, "published_at": LIVE}
        publish_story({"slug": "early", **own}, {"published_at": LIVE})
        late = publish(slug="late", topics=own["topics"], published_at=timezone.now())
        settle()
        publish_site(tmp_path)
        now.shift(timedelta(minutes=2))
        Article.objects.filter(pk=late.pk).update(title="Renamed")
        settle()
        publish_site(tmp_path)

        assert files(tmp_path) == anew()


def test_a_boost_and_its_end_are_seen_in_the_lists_of_its_topics(tmp_path: Path):
    with time_machine.travel(LIVE + timedelta(days=3), tick=False) as now:
        topic, until = make_topic(slug="sea"), timezone.now() + timedelta(hours=1)
        for number in range(2):
            publish(slug=f"story-{number}", topics=[topic], quality=90 - number)
        settle()
        publish_site(tmp_path)
        page = tmp_path / "topics/sea/index.html"
        before = page.read_bytes()

        said = {"kind": "boost", "shift": 2, "reason": "so", "ends_at": until}
        story = Article.objects.get(slug="story-1").story
        Placement.objects.create(story=story, begins_at=timezone.now(), **said)
        settle()
        publish_site(tmp_path)
        assert page.read_bytes() != before

        now.shift(timedelta(hours=2))
        publish_site(tmp_path)
        assert page.read_bytes() == before

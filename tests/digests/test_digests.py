"""The day's digest: by rank until an editor closes another order, public stories only."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.digests import NotPossible, close, fill, reopen
from articles.models import Article, Digest
from tests.factories import make_article, make_provider, make_user
from tests.public.conftest import LIVE, headlines, publish, publish_story, relate

pytestmark = pytest.mark.django_db

DAY = "2024-05-07"
PAGE = f"/digest/{DAY}/"
FORMS = (f"{PAGE}mail.html", f"{PAGE}mail.txt")


def a_digest() -> Digest:
    digest = Digest.objects.create(day=date(2024, 5, 7), introduction="Good <b>morning</b>")
    fill(digest, timezone.now())
    return digest


def test_a_day_is_its_stories_by_rank(client: Client):
    publish(title="Cool", quality=10)
    publish(title="Hot", quality=90)
    publish(title="Next day", go_live_at=LIVE + timedelta(days=1))

    assert headlines(client, PAGE) == ["Hot", "Cool"]


def test_an_editors_order_is_seen_once_it_is_closed(client: Client):
    publish(title="Cool", quality=10)
    publish(title="Hot", quality=90)
    digest = a_digest()
    second = digest.items.last()
    assert second
    digest.items.filter(pk=second.pk).update(position=0, comment="Read <i>this</i> first")
    assert headlines(client, PAGE) == ["Hot", "Cool"]
    assert "first" not in client.get(PAGE).content.decode()

    close(digest, make_user("publisher"), timezone.now())

    assert headlines(client, PAGE) == ["Cool", "Hot"]
    text = client.get(PAGE).content.decode()
    assert "Read &lt;i&gt;this&lt;/i&gt; first" in text
    assert "Good &lt;b&gt;morning&lt;/b&gt;" in text
    reopen(digest, make_user("publisher"))
    assert headlines(client, PAGE) == ["Hot", "Cool"]


def test_a_closed_digest_is_changed_by_nobody_until_it_is_reopened():
    publish()
    digest, editor = a_digest(), make_user("editor")
    with pytest.raises(PermissionDenied):
        close(digest, editor, timezone.now())
    close(digest, make_user("publisher"), timezone.now())

    with pytest.raises(NotPossible):
        fill(digest, timezone.now())
    with pytest.raises(NotPossible):
        close(digest, make_user("publisher"), timezone.now())


def test_an_empty_digest_is_not_closed():
    with pytest.raises(NotPossible):
        close(a_digest(), make_user("publisher"), timezone.now())


def test_filling_adds_what_came_since_at_the_end():
    publish(quality=10)
    digest = a_digest()
    late = publish(quality=99)

    assert fill(digest, timezone.now()) == 1
    last = digest.items.last()
    assert last
    assert last.story_id == late.story_id
    assert fill(digest, timezone.now()) == 0


def test_what_is_no_longer_public_is_in_no_form_of_a_closed_digest(client: Client):
    lead = publish(title="Hushmark", excerpt="Hushmark")
    publish(title="Plain")
    digest = a_digest()
    digest.items.filter(story=lead.story_id).update(comment="Hushmark indeed")
    close(digest, make_user("publisher"), timezone.now())
    paths = [PAGE, *FORMS, "/digest/feed.rss", "/digest/feed.atom", "/digest/feed.json"]
    assert all(b"Hushmark" in client.get(path).content for path in paths)

    Article.objects.filter(pk=lead.pk).update(state="unpublished")

    for path in paths:
        text = client.get(path).content.decode()
        assert "Hushmark" not in text, path
        assert "Plain" in text, path


@pytest.mark.parametrize(
    "path", ["/digest/2999-01-01/", "/digest/2024-02-30/", "/digest/0001-01-01/"]
)
def test_there_is_no_digest_of_a_day_that_has_not_been(client: Client, path: str):
    assert client.get(path).status_code == 404


def test_forms_for_mail_have_tables_no_scripts_and_whole_links(client: Client):
    publish(title="A <b> & c", excerpt="Words & more", provider=make_provider(name="The & Co"))

    html, text = (client.get(path) for path in FORMS)

    assert html["Content-Type"].startswith("text/html")
    markup = html.content.decode()
    assert "<table" in markup
    assert not re.search(r"<script|<style|<link|\sstyle=|\son[a-z]+=", markup)
    assert all(link.startswith("http") for link in re.findall(r'href="([^"]*)"', markup))
    assert "A &lt;b&gt; &amp; c" in markup
    assert text["Content-Type"].startswith("text/plain")
    assert "1. A <b> & c\nThe & Co\n" in text.content.decode()
    assert "&amp;" not in text.content.decode()


def test_the_feed_tells_of_closed_digests_only(client: Client):
    publish()
    digest = a_digest()
    assert b"<item>" not in client.get("/digest/feed.rss").content

    close(digest, make_user("publisher"), timezone.now())

    channel = ElementTree.fromstring(client.get("/digest/feed.rss").content)[0]
    assert channel.findtext("item/guid") == f"http://127.0.0.1:8000{PAGE}"
    assert PAGE in client.get("/digest/").content.decode()


def test_a_closed_digest_answers_with_not_modified_until_it_changes(client: Client):
    publish()
    digest = a_digest()
    first = client.get(PAGE)
    assert client.get(PAGE, headers={"if-none-match": first["ETag"]}).status_code == 304

    close(digest, make_user("publisher"), timezone.now())

    assert client.get(PAGE, headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", [PAGE, *FORMS, "/digest/feed.rss", "/digest/"])
def test_many_stories_cost_what_one_does(client: Client, path: str):
    relate(publish_story({}, {})[0], title="Related")
    digest = a_digest()
    close(digest, make_user("publisher"), timezone.now())
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    reopen(digest, make_user("publisher"))
    for _ in range(15):
        publish_story({}, {})
    fill(digest, timezone.now())
    close(digest, make_user("publisher"), timezone.now())
    with CaptureQueriesContext(connection) as many:
        client.get(path)

    assert len(many) == len(one) <= 6


def test_an_editor_makes_a_digest_and_a_publisher_closes_it(client: Client):
    publish(title="Story")
    make_article(title="Hidden")
    client.force_login(make_user("editor"))
    add, listed = reverse("admin:articles_digest_add"), reverse("admin:articles_digest_changelist")

    assert "closed" not in client.get(add).content.decode().lower()
    client.post(add, {"day": DAY, "introduction": ""})
    digest = Digest.objects.get()
    page = client.get(reverse("admin:articles_digest_change", args=[digest.pk])).content.decode()
    data = {"action": "close_them", "_selected_action": str(digest.pk)}
    client.post(listed, data)
    assert "Story" in page
    assert "Hidden" not in page
    assert "›" in page
    assert "Home" not in page + client.get(listed).content.decode()
    assert not Digest.objects.exclude(closed_at=None).exists()

    client.force_login(make_user("publisher"))
    client.post(listed, data)
    assert Digest.objects.exclude(closed_at=None).exists()


@pytest.mark.parametrize("role", ["auditor", "contributor"])
def test_who_may_not_rank_changes_no_digest(client: Client, role: str):
    publish()
    digest = a_digest()
    client.force_login(make_user(role))

    assert (
        client.post(reverse("admin:articles_digest_add"), {"day": "2024-01-01"}).status_code == 403
    )
    address = reverse("admin:articles_digest_change", args=[digest.pk])
    assert client.post(address, {"introduction": "Mine"}).status_code == 403

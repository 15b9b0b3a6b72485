"""Share links: read by whoever has one while it lasts, and by nobody else anywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.desk.sharing import revoke, share, token_of
from articles.models import Article, Revision, ShareLink
from articles.states import State
from articles.workflow import edit, transition
from tests.factories import make_article, make_story, make_topic, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def shared(article: Article, revision: Revision | None = None, **changes: Any) -> str:
    """The address of a link that works for a day."""
    now = timezone.now() + changes.pop("age", timedelta())
    link = share(article, make_user("editor"), revision=revision, lifetime=DAY, now=now)
    return reverse("public:preview", args=[token_of(link)])


def test_whoever_has_the_link_reads_what_is_not_public(client: Client):
    article = make_article(title="Ferry hits pier", body="\nIt did.\n")
    page = client.get(shared(article))
    assert page.status_code == 200
    assert "Ferry hits pier" in page.content.decode()
    assert "It did." in page.content.decode()
    assert client.get(f"/news/{article.slug}/").status_code == 404


def test_nobody_keeps_or_lists_a_preview(client: Client):
    page = client.get(shared(make_article()))
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies
    assert "ETag" not in page
    assert 'name="robots" content="noindex' in page.content.decode()


def test_a_link_is_over_when_it_expires_or_is_revoked(client: Client):
    article = make_article(title="Ferry hits pier")
    late = shared(article, age=-DAY)
    revoked = shared(article)
    revoke(ShareLink.objects.latest("pk"), make_user("editor"), timezone.now())
    for address in (late, revoked):
        page = client.get(address)
        assert page.status_code == 410
        assert "no-store" in page["Cache-Control"]
        assert "Ferry" not in page.content.decode()


def test_withdrawing_ends_every_link_for_good(client: Client):
    article = make_article()
    address = shared(article)
    transition(article, "withdraw", make_user("superuser"), expected_version=1, comment="wrong")
    assert client.get(address).status_code == 410
    article.refresh_from_db()
    with pytest.raises(ValueError, match="withdrawn"):
        shared(article)
    transition(article, "reinstate", make_user("superuser"), expected_version=2, comment="right")
    assert client.get(address).status_code == 410
    article.refresh_from_db()
    assert client.get(shared(article)).status_code == 200


def test_only_this_site_can_have_written_a_link(client: Client):
    good = shared(make_article())
    pk = ShareLink.objects.get().pk
    for token in ("1", f"{pk}", f"{pk}.x", f"{pk + 1}{good.rpartition('.')[2]}", "a.b", "ü"):
        assert client.get(f"/preview/{token}/").status_code == 404


def test_a_link_to_a_revision_shows_that_text_whatever_came_later(client: Client):
    ana = make_user("editor")
    sea, tide = make_topic("Sea"), make_topic("Tide")
    article = make_article(title="First words", topics=[sea])
    edit(article, ana, {"title": "Second words"}, expected_version=1, topics=[tide])
    first = Revision.objects.order_by("pk")[0]
    old, now = (client.get(shared(article, which)).content.decode() for which in (first, None))
    assert ("First words" in old, "Second words" in old) == (True, False)
    assert (f"/topics/{sea.slug}/" in old, f"/topics/{tide.slug}/" in old) == (True, False)
    assert ("First words" in now, "Second words" in now) == (False, True)
    article.refresh_from_db()
    assert article.title == "Second words"


def test_a_preview_shows_the_coverage_that_readers_would_see(client: Client):
    lead, *_ = make_story(
        {}, {"title": "Told too"}, {"title": "Rejected", "state": State.SPIKED, "quality": 1}
    )
    text = client.get(shared(lead)).content.decode()
    assert ("Told too" in text, "Rejected" in text) == (True, False)


def test_only_who_may_change_articles_shares_them():
    article = make_article()
    for role in ("contributor", "auditor", ""):
        with pytest.raises(PermissionDenied):
            share(article, make_user(role), revision=None, lifetime=DAY, now=timezone.now())


def test_the_desk_makes_lists_and_revokes_links(editor: Client, client: Client):
    article = make_article()
    page = reverse("admin:articles_article_share", args=[article.pk])
    editor.post(page, {"act": "make", "days": "7", "revision": ""})
    link = ShareLink.objects.get()
    assert link.expires_at - link.made_at == timedelta(days=7)
    [line] = editor.get(page).context["lines"]
    address = reverse("public:preview", args=[token_of(link)])
    assert line.address.endswith(address)
    assert client.get(address).status_code == 200
    editor.post(page, {"act": f"revoke:{link.pk}"})
    assert client.get(address).status_code == 410
    assert [line.ended for line in editor.get(page).context["lines"]] == ["revoked"]


def test_a_forged_press_makes_and_revokes_nothing(sign_in: Callable[[str], Client]):
    article, other = make_article(), make_article()
    shared(article)
    link = ShareLink.objects.get()
    page = reverse("admin:articles_article_share", args=[article.pk])
    for role in ("auditor", "contributor"):
        client = sign_in(role)
        assert client.get(page).status_code == 200
        for act in ("make", f"revoke:{link.pk}"):
            assert client.post(page, {"act": act, "days": "7"}).status_code == 403
    elsewhere = reverse("admin:articles_article_share", args=[other.pk])
    editor = sign_in("editor")
    assert editor.post(elsewhere, {"act": f"revoke:{link.pk}"}).status_code == 404
    assert editor.post(page, {"act": "make", "days": "9999"}).status_code == 403
    link.refresh_from_db()
    assert link.revoked_at is None
    assert ShareLink.objects.count() == 1


def test_the_desk_previews_any_revision_without_a_link(editor: Client, client: Client):
    article = make_article(title="First words")
    edit(article, make_user("editor"), {"title": "Second words"}, expected_version=1)
    first = Revision.objects.order_by("pk")[0]
    page = reverse("admin:articles_article_preview", args=[article.pk])
    assert "First words" in editor.get(f"{page}?revision={first.pk}").content.decode()
    assert "Second words" in editor.get(page).content.decode()
    assert "no-store" in editor.get(page)["Cache-Control"]
    assert editor.get(f"{page}?revision=draft").status_code == 404
    assert editor.get(f"{page}?revision=0x1").status_code == 404
    assert client.get(page).status_code == 302


def test_a_preview_asks_few_queries_whatever_its_coverage(client: Client):
    lead, *_ = make_story({}, {})
    address = shared(lead)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(20):
        make_article(story=lead.story, is_lead=False, quality=number)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 6

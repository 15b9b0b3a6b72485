"""What a person should know is counted, shown to that person alone, and told once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import available_timezones

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Notice, Person
from articles.workflow.notices import tell
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/articles/article/notices/"


@pytest.fixture
def ana(db: None) -> User:
    return make_user("editor", first_name="Ana")


@pytest.fixture
def client(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def news(person: User, count: int = 1, **changes: Any) -> list[Notice]:
    bo = make_user("publisher", first_name="Bo", last_name="Lindal")
    for _ in range(count):
        tell(Notice.Kind.SENT_BACK, make_article(**changes), bo, [person], timezone.now(), "why?")
    return list(Notice.objects.filter(person=person).order_by("-id"))


def test_news_is_counted_on_every_page_and_read_on_one(ana: User, client: Client):
    news(ana, title="The quay")
    assert '1<span class="visually-hidden"> unseen' in client.get("/admin/").content.decode()
    text = client.get(PAGE).content.decode()
    assert "sent this back" in text
    assert "The quay" in text
    assert "why?" in text


def test_looking_marks_nothing_as_seen_and_pressing_does(ana: User, client: Client):
    first, second, _ = news(ana, 3)
    client.get(PAGE)
    assert Notice.objects.filter(seen_at=None).count() == 3
    client.post(PAGE, {"notice": first.pk})
    assert set(Notice.objects.exclude(seen_at=None)) == {first}
    client.post(PAGE, {"_all": "1"})
    assert not Notice.objects.filter(seen_at=None).exists()
    second.refresh_from_db()
    assert second.seen_at is not None


def test_nobody_reads_or_marks_another_s_notices(ana: User, client: Client):
    (theirs,) = news(make_user("editor"), title="Not for Ana")
    assert "Not for Ana" not in client.get(PAGE).content.decode()
    client.post(PAGE, {"notice": theirs.pk})
    client.post(PAGE, {"_all": "1"})
    theirs.refresh_from_db()
    assert theirs.seen_at is None


def test_who_lost_every_role_reads_no_notice_and_is_told_of_none(ana: User, client: Client):
    news(ana, 2, title="The quay")
    client.post(PAGE, {"notice": Notice.objects.latest("pk").pk})
    ana.groups.clear()
    text = client.get(PAGE).content.decode()
    assert "The quay" not in text
    assert "why?" not in text
    assert "unseen" not in client.get("/admin/").content.decode()
    client.post(PAGE, {"_all": "1"})
    assert Notice.objects.filter(seen_at=None).count() == 1


def test_a_notice_is_not_for_strangers():
    assert Client().get(PAGE).status_code == 302
    stranger = Client()
    stranger.force_login(make_user(is_staff=False))
    assert stranger.get(PAGE).status_code == 302


def test_mail_can_be_switched_off_and_a_zone_chosen(ana: User, client: Client):
    client.post(PAGE, {"_settings": "1", "zone": "Asia/Tokyo"})
    person = Person.objects.get(user=ana)
    assert (person.wants_mail, person.zone) == (False, "Asia/Tokyo")
    client.post(PAGE, {"_settings": "1", "zone": "", "wants_mail": "on"})
    person.refresh_from_db()
    assert (person.wants_mail, person.zone) == (True, "")


def test_a_zone_that_there_is_not_is_refused(client: Client):
    answer = client.post(PAGE, {"_settings": "1", "zone": "Middle/Nowhere"})
    assert answer.context["form"].errors["zone"]
    assert "Europe/Lisbon" in available_timezones()


def test_times_on_the_desk_are_those_of_the_reader(ana: User, client: Client):
    news(ana)
    at = datetime(2026, 1, 2, 23, 30, tzinfo=UTC)
    Notice.objects.update(created_at=at)
    for zone, shown in (("", "2 Jan 2026, 23:30"), ("Asia/Tokyo", "3 Jan 2026, 08:30 JST")):
        Person.objects.update_or_create(user=ana, defaults={"zone": zone})
        assert shown in client.get(PAGE).content.decode()
    Person.objects.update(zone="Middle/Nowhere")
    assert "2 Jan 2026, 23:30" in client.get(PAGE).content.decode()
    assert timezone.get_current_timezone_name() == "UTC"


def test_readers_pages_know_no_zone_of_a_person(ana: User, client: Client):
    Person.objects.create(user=ana, zone="Asia/Tokyo")
    make_article(state="published", go_live_at=timezone.now())
    assert client.get("/latest/").content == Client().get("/latest/").content


def test_a_page_of_the_desk_asks_once_for_news_and_never_for_the_zone(ana: User, client: Client):
    Person.objects.create(user=ana, zone="Asia/Tokyo")
    with CaptureQueriesContext(connection) as queries:
        client.get("/admin/articles/topic/")
    assert sum("articles_notice" in query["sql"] for query in queries) == 1
    assert sum('FROM "articles_person"' in query["sql"] for query in queries) == 0


def test_the_page_asks_the_database_the_same_for_one_notice_and_for_many(ana: User, client: Client):
    counts = []
    for count in (1, 7):
        news(ana, count)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12

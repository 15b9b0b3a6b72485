"""Readers' pages are read from a replica where there is one; the desk never is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, connections, router
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.public import replica
from articles.safety.places import opened
from tests.factories import A_DAY, make_article, make_user
from tests.safety.conftest import address

__all__ = ["address"]

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ("/", "/news/one/", "/search/?q=one", "/latest/", "/api/news/", "/feed.rss", "/sitemap.xml")


@pytest.fixture
def follower(address: str, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The alias of another connection to the same database, as a replica that is never late."""
    make_article(slug="one", state="published", go_live_at=A_DAY, first_published_at=A_DAY)
    with opened(address) as alias:
        settings.REPLICA = alias
        monkeypatch.setattr(router, "routers", [replica.ReaderRouter()])
        yield alias


@pytest.mark.parametrize("page", PAGES)
def test_a_readers_page_asks_only_the_replica(follower: str, page: str):
    with (
        CaptureQueriesContext(connections[follower]) as there,
        CaptureQueriesContext(connection) as here,
    ):
        assert Client().get(page).status_code == 200
    assert len(there) > 0
    assert [query["sql"] for query in here] == []


def test_the_desk_asks_only_the_database(follower: str):
    client = Client()
    client.force_login(make_user("superuser"))
    with CaptureQueriesContext(connections[follower]) as there:
        assert client.get("/admin/articles/article/").status_code == 200
    assert len(there) == 0


def test_readers_are_served_without_a_replica_that_went_away(follower: str, settings):
    connections[follower].close()
    connections[follower].settings_dict["NAME"] = "/nowhere/at/all"
    assert Client().get("/news/one/").status_code == 200

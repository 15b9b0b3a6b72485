"""The archive: what was reported when, by the calendar of the site's zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from .conftest import headlines, publish

pytestmark = pytest.mark.django_db


def reported(year: int, month: int, day: int, hour: int = 12, **changes: str) -> None:
    publish(published_at=datetime(year, month, day, hour, tzinfo=UTC), **changes)


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def counts(client: Client, path: str) -> list[tuple[str, str]]:
    return re.findall(
        r'<time[^>]*>([^<]+)</time></a>\s*<span class="count">(\d+)', text(client, path)
    )


def test_years_months_and_days_lead_to_the_stories_reported_then(client: Client):
    reported(2023, 3, 23, title="Then")
    reported(2023, 3, 23)
    reported(2023, 4, 1)
    reported(2021, 12, 31)

    assert re.findall(r'href="/archive/(\d+)/"', text(client, "/archive/")) == ["2023", "2021"]
    assert counts(client, "/archive/2023/") == [("March", "2"), ("April", "1")]
    assert counts(client, "/archive/2023/03/") == [("Thu 23", "2")]
    assert counts(client, "/archive/2021/12/") == [("Fri 31", "1")]
    assert "Then" in headlines(client, "/archive/2023/03/23/")


def test_a_day_leads_to_its_nearest_neighbours_and_an_empty_one_too(client: Client):
    reported(2023, 3, 20)
    reported(2023, 3, 27)

    page = client.get("/archive/2023/03/23/")

    assert page.status_code == 200
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', page.content.decode()) == [
        ("prev", "/archive/2023/03/20/"),
        ("next", "/archive/2023/03/27/"),
    ]


@pytest.mark.parametrize(
    "path",
    ["2023/02/30/", "2023/13/", "2023/00/", "0000/", "9999/12/31/", "2023/3/", "2023/03/1/", "x/"],
)
def test_a_date_that_no_calendar_has_is_not_found(client: Client, path: str):
    assert client.get(f"/archive/{path}").status_code == 404


@pytest.mark.parametrize("path", ["0001/", "0001/01/01/", "9998/12/", "1970/01/01/"])
def test_any_other_date_is_a_page(client: Client, path: str):
    assert client.get(f"/archive/{path}").status_code == 200


def test_days_are_those_of_the_sites_zone(client: Client, settings: Any):
    reported(2023, 3, 23, 23, title="Late in the evening")
    settings.TIME_ZONE = "Europe/Berlin"

    assert headlines(client, "/archive/2023/03/24/") == ["Late in the evening"]
    assert headlines(client, "/archive/2023/03/23/") == []


def test_one_odd_date_does_not_fill_the_archive_with_years(client: Client):
    reported(1, 1, 2)
    reported(2023, 3, 23)

    assert re.findall(r'href="/archive/(\d+)/"', text(client, "/archive/")) == ["2023"]

"""Laws 2 and 3 for the files of providers and topics."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles.exchange import resolve
from articles.models import Conflict, Topic
from providers.models import Provider
from tests.content import provider_file, put_file, topic_file
from tests.exchange.acts import bring_in, bring_out, counts

pytestmark = pytest.mark.django_db


def open_conflicts() -> list[tuple[str, object, object]]:
    rows = Conflict.objects.filter(resolution="").order_by("source__key", "key")
    return list(rows.values_list("key", "theirs", "ours"))


PROVIDER = "_data/organizations/coast.example.md"


def provider() -> Provider:
    return Provider.objects.get(domain="coast.example")


def test_a_provider_file_s_own_changes_are_taken_whatever_the_key(folder: Path):
    put_file(folder, PROVIDER, provider_file("coast.example", description=""))
    bring_in(folder)
    put_file(
        folder,
        PROVIDER,
        provider_file("coast.example", description="A paper.", taxonomy="paper", name="Coastal"),
    )
    assert counts(bring_in(folder), "provider") == {"updated": 1}
    assert (provider().description, provider().name) == ("A paper.", "Coastal")


def test_a_topic_file_s_own_changes_are_taken_whatever_the_key(folder: Path):
    path = "_data/topics/01-harbours.yaml"
    put_file(folder, path, topic_file("Harbours"))
    bring_in(folder)
    put_file(
        folder,
        path,
        topic_file("Harbours", images=[{"url": "/assets/h.png"}], keywords=["quay"]),
    )
    assert counts(bring_in(folder), "topic") == {"updated": 1}
    assert Topic.objects.get(slug="harbours").keywords == ["quay"]


def test_a_provider_changed_on_both_sides_is_a_conflict_until_it_is_resolved(folder: Path):
    put_file(folder, PROVIDER, provider_file("coast.example"))
    bring_in(folder)
    Provider.objects.update(name="Ours", is_edited=True)
    put_file(folder, PROVIDER, provider_file("coast.example", name="Theirs", description="2"))
    assert counts(bring_in(folder), "provider") == {"conflict": 1}
    assert (provider().name, provider().description) == ("Ours", "2")
    put_file(folder, PROVIDER, provider_file("coast.example", name="Theirs", description="3"))
    assert counts(bring_in(folder), "provider") == {"conflict": 1}
    assert open_conflicts() == [("name", "Theirs", "Ours")]
    assert bring_in(folder).exit_code() == 0
    resolve("coast.example", "name", "theirs")
    assert (provider().name, provider().description) == ("Theirs", "3")
    assert counts(bring_in(folder), "provider") == {"unchanged": 1}
    assert counts(bring_out(folder), "provider") == {"unchanged": 1}

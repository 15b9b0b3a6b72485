"""A topic that was renamed is the same topic, whatever files still call it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.models import Conflict, Topic
from tests.content import Piece, changed_lines, files_of, put, put_file, topic_file
from tests.exchange.acts import article, bring_in, bring_out, counts, edit
from tests.factories import make_topic

pytestmark = pytest.mark.django_db

PATH = "_data/topics/01-water.yaml"


def rename(slug: str, name: str) -> None:
    """What the desk's form does."""
    topic = Topic.objects.get(slug=slug)
    topic.name, topic.is_edited = name, True
    topic.save()


@pytest.fixture
def site(folder: Path) -> dict[str, bytes]:
    """An article under a topic whose slug is not what its name would give, renamed since."""
    put(folder, Piece("coast-a"))
    put_file(folder, PATH, topic_file("Harbours", _id="water"))
    bring_in(folder)
    rename("water", "Ports")
    return files_of(folder)


def topics_of(slug: str) -> list[str]:
    return [place.topic.name for place in article(slug).topic_places.select_related("topic")]


def test_a_file_with_the_old_name_means_the_renamed_topic(folder: Path, site: dict[str, bytes]):
    put(folder, Piece("coast-a", quality=51), Piece("dune-b"))
    assert counts(bring_in(folder)) == {"updated": 1, "created": 1}
    assert list(Topic.objects.values_list("slug", "name")) == [("water", "Ports")]
    assert topics_of("coast-a") == topics_of("dune-b") == ["Ports"]


def test_a_new_name_keeps_the_bytes_of_every_article(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("coast-a", ana, title="New")
    bring_out(folder)
    after = files_of(folder)
    assert changed_lines(site["_news/coast-a.md"], after["_news/coast-a.md"]) == (
        ['title: "What happened at coast-a"'],
        ['title: "New"'],
    )
    assert changed_lines(site[PATH], after[PATH]) == (["name: Harbours"], ["name: Ports"])
    assert counts(bring_in(folder)) == {"unchanged": 1}
    assert counts(bring_out(folder)) == {"unchanged": 1}


def test_another_topic_added_leaves_the_old_name_as_the_file_spells_it(
    folder: Path, site: dict[str, bytes], ana: User
):
    water = Topic.objects.get(slug="water")
    edit("coast-a", ana, topics=[water, make_topic("Land", slug="land")])
    bring_out(folder)
    after = files_of(folder)["_news/coast-a.md"]
    assert changed_lines(site["_news/coast-a.md"], after) == ([], ["  - Land"])


@pytest.mark.parametrize("options", [{"check": True}, {"dry_run": True}, {}])
def test_no_export_makes_a_topic(folder: Path, ana: User, options: dict[str, bool]):
    put(folder, Piece("coast-a"))
    bring_in(folder)
    edit("coast-a", ana, title="New")
    # Renamed past the model, as nothing of ours does: its old name is not known.
    Topic.objects.update(name="Ports", slug="ports")
    bring_out(folder, **options)
    assert list(Topic.objects.values_list("slug", flat=True)) == ["ports"]


def test_a_name_that_another_topic_has_by_now_means_that_one(folder: Path, site: dict[str, bytes]):
    make_topic("Harbours", slug="quays")
    put(folder, Piece("dune-b"))
    bring_in(folder)
    assert topics_of("dune-b") == ["Harbours"]
    assert topics_of("coast-a") == ["Ports"]


def test_a_topic_that_has_its_name_again_has_no_former_one_of_that_kind(
    folder: Path, site: dict[str, bytes]
):
    rename("water", "Quays")
    rename("water", "Harbours")
    assert Topic.objects.get().former_names == ["Ports", "Quays"]


def test_a_name_that_its_own_file_changes_is_remembered_too(folder: Path):
    put(folder, Piece("coast-a"))
    put_file(folder, PATH, topic_file("Harbours", _id="water"))
    bring_in(folder)
    put_file(folder, PATH, topic_file("Ports", _id="water"))
    put(folder, Piece("coast-a", quality=51))
    bring_in(folder)
    assert list(Topic.objects.values_list("name", flat=True)) == ["Ports"]
    assert topics_of("coast-a") == ["Ports"]


def test_children_that_print_the_old_name_stay_below_it(folder: Path, site: dict[str, bytes]):
    put_file(folder, "_data/topics/02-quays.yaml", topic_file("Quays", parent="Harbours"))
    report = bring_in(folder)
    assert not [warning for file in report.files for warning in file.warnings]
    child = Topic.objects.select_related("parent").get(slug="quays")
    assert child.parent is not None
    assert child.parent.slug == "water"
    before = files_of(folder)
    bring_out(folder)
    path = "_data/topics/02-quays.yaml"
    assert files_of(folder)[path] == before[path]


def test_the_first_file_of_a_topic_that_was_renamed_here_is_no_other_topic(folder: Path):
    put(folder, Piece("coast-a"))
    bring_in(folder)
    rename("harbours", "Ports")
    put_file(folder, PATH, topic_file("Harbours", _id="water"))
    assert counts(bring_in(folder), "topic") == {"conflict": 1}
    assert Topic.objects.count() == 1
    assert list(Conflict.objects.values_list("key", "theirs", "ours")) == [
        ("name", "Harbours", "Ports")
    ]

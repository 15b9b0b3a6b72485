"""A file under another name is the same article: what it was, and where readers found it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.admin.timeline import timeline
from articles.models import Article, FormerStem, Source, Topic
from articles.publishing import publish
from tests.content import Piece, put, put_file, story, topic_file
from tests.exchange.acts import act, article, bring_in, bring_out, command, counts, edit
from tests.exchange.repositories import git, repositories

pytestmark = pytest.mark.django_db

ONE, OTHER = Piece("coast-a", quality=80, published=True), Piece("dune-b", quality=50)
HERE = Piece("pier-a", link=ONE.values["webUrl"], at=ONE.values["publishedDateTime"], quality=80)


def rename(folder: Path, old: str, new: str) -> Path:
    return (folder / f"_news/{old}.md").rename(folder / f"_news/{new}.md")


def test_the_same_bytes_under_a_new_name_are_the_same_article(folder: Path, ana: User):
    put(folder, ONE, OTHER)
    bring_in(folder)
    pk = article("coast-a").pk
    edit("coast-a", ana, title="A new pier")
    rename(folder, "coast-a", "pier-a")
    report = bring_in(folder)
    assert counts(report) == {"updated": 1, "unchanged": 1}
    [told] = [file for file in report.files if file.outcome == "updated"]
    assert (told.path, told.changed) == ("_news/pier-a.md", ("renamed from _news/coast-a.md",))
    row = article("pier-a")
    assert (row.pk, row.title) == (pk, "A new pier")
    assert "publish_draft" in row.transitions.values_list("action", flat=True)
    assert counts(bring_in(folder)) == {"unchanged": 2}
    bring_out(folder)
    assert "A new pier" in (folder / "_news/pier-a.md").read_text()
    assert not (folder / "_news/coast-a.md").exists()


def test_the_same_link_time_and_seal_are_enough_and_what_else_changed_comes_in(folder: Path):
    put(folder, *story(ONE, OTHER))
    bring_in(folder)
    (folder / "_news/coast-a.md").unlink()
    put_file(folder, "_news/pier-a.md", HERE.but(title="A pier, retold", published=True).data)
    report = bring_in(folder)
    assert counts(report) == {"updated": 1, "unchanged": 1}
    row = article("pier-a")
    assert row.title == "A pier, retold"
    assert row.state == "published"
    assert not Article.objects.filter(slug="coast-a").exists()


@pytest.mark.parametrize(
    "data",
    [HERE.but(link="https://coast.example/else").data, HERE.data.replace(b'd: "bm90', b'd: "bm91')],
)
def test_another_link_or_another_seal_is_another_article(folder: Path, data: bytes):
    put(folder, ONE)
    bring_in(folder)
    (folder / "_news/coast-a.md").unlink()
    put_file(folder, "_news/pier-a.md", data)
    assert counts(bring_in(folder)) == {"created": 1, "missing": 1}


def test_a_copy_is_no_rename_and_neither_is_what_could_be_either_of_two(folder: Path):
    put(folder, ONE)
    bring_in(folder)
    put_file(folder, "_news/pier-a.md", ONE.data)
    assert counts(bring_in(folder)) == {"created": 1, "unchanged": 1}
    (folder / "_news/coast-a.md").unlink()
    rename(folder, "pier-a", "quay-a")
    assert counts(bring_in(folder)) == {"created": 1, "missing": 2}


def test_the_public_address_moves_and_the_old_one_leads_there(client: Client, folder: Path):
    put(folder, *story(ONE, OTHER))
    bring_in(folder)
    rename(folder, "coast-a", "pier-a")
    bring_in(folder)
    rename(folder, "pier-a", "quay-a")
    bring_in(folder)
    for old in ("coast-a", "pier-a"):
        answer = client.get(f"/news/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/news/quay-a/")
        answer = client.get(f"/api/news/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/api/news/quay-a/index.json")
        answer = client.get(f"/api/v1/stories/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/api/v1/stories/quay-a/")
    page = client.get("/news/quay-a/")
    assert page.status_code == 200
    assert client.get("/news/dune-b/")["Location"] == "/news/quay-a/"


def test_an_old_address_of_what_left_the_site_is_gone(client: Client, folder: Path, ana: User):
    put(folder, ONE)
    bring_in(folder)
    rename(folder, "coast-a", "pier-a")
    bring_in(folder)
    act("pier-a", "unpublish", ana)
    assert client.get("/news/coast-a/").status_code == 410


def test_a_name_that_is_in_use_again_leads_nowhere_else(client: Client, folder: Path):
    put(folder, ONE)
    bring_in(folder)
    rename(folder, "coast-a", "pier-a")
    bring_in(folder)
    put_file(folder, "_news/coast-a.md", OTHER.but(published=True).data)
    bring_in(folder)
    assert client.get("/news/coast-a/").status_code == 200
    (folder / "_news/coast-a.md").unlink()
    rename(folder, "pier-a", "quay-a")
    bring_in(folder)
    assert FormerStem.objects.get().slug == "pier-a"


def test_a_file_renamed_and_back_has_its_first_address(client: Client, folder: Path):
    put(folder, ONE)
    bring_in(folder)
    for old, new in (("coast-a", "pier-a"), ("pier-a", "coast-a")):
        rename(folder, old, new)
        bring_in(folder)
    assert client.get("/news/coast-a/").status_code == 200
    assert client.get("/news/pier-a/")["Location"] == "/news/coast-a/"


def test_the_static_site_leads_on_from_the_old_address(folder: Path, tmp_path: Path):
    put(folder, ONE)
    bring_in(folder)
    site = tmp_path / "site"
    publish(site)
    rename(folder, "coast-a", "pier-a")
    bring_in(folder)
    publish(site)
    assert "url=/news/pier-a/" in (site / "news/coast-a/index.html").read_text()
    items = [(site / f"api/news/{stem}/index.json").read_bytes() for stem in ("coast-a", "pier-a")]
    assert items[0] == items[1]


def test_the_timeline_tells_of_it(folder: Path):
    put(folder, ONE)
    bring_in(folder)
    rename(folder, "coast-a", "pier-a")
    bring_in(folder)
    [told] = [entry for entry in timeline(article("pier-a")) if entry.says == "rename"]
    assert (told.actor, told.words) == ("the file", "coast-a is pier-a now")


def test_topics_and_providers_keep_their_rows_when_their_files_are_renamed(folder: Path):
    put_file(folder, "_data/topics/01-tides.yaml", topic_file("Tides"))
    bring_in(folder)
    (folder / "_data/topics/01-tides.yaml").unlink()
    put_file(folder, "_data/topics/02-tides.yaml", topic_file("Tides", shortname="T"))
    report = bring_in(folder)
    assert counts(report, "topic") == {"updated": 1}
    topic = Topic.objects.get(slug="tides")
    assert (topic.stem, topic.shortname) == ("02-tides", "T")


def test_a_dry_run_tells_of_it_and_keeps_nothing(folder: Path):
    put(folder, ONE)
    bring_in(folder)
    rename(folder, "coast-a", "pier-a")
    _, said, _ = command("import", folder, "-n")
    assert "renamed: _news/pier-a.md, before _news/coast-a.md" in said
    assert Article.objects.get().slug == "coast-a"
    assert Source.objects.get().key == "coast-a"


def test_a_file_that_waits_for_a_decision_goes_on_waiting_under_its_new_name(
    folder: Path, ana: User
):
    put(folder, ONE)
    bring_in(folder)
    edit("coast-a", ana, title="Ours")
    put(folder, ONE.but(title="Theirs"))
    bring_in(folder)
    rename(folder, "coast-a", "pier-a")
    report = bring_in(folder)
    assert counts(report) == {"conflict": 1}
    assert report.exit_code() == 0
    assert article("pier-a").title == "Ours"


def test_a_sync_follows_a_rename_that_somebody_pushed(tmp_path: Path, ana: User):
    repos = repositories(tmp_path, lambda folder: put(folder, ONE, OTHER))
    repos.sync()
    edit("coast-a", ana, excerpt="Of stone.")
    repos.push(lambda folder: rename(folder, "coast-a", "pier-a"), "Call it by its name")
    sync = repos.sync()
    assert counts(sync.taken) == {"updated": 1, "unchanged": 1}
    assert sync.commits == 1
    files = git(repos.kept, "ls-tree", "-r", "--name-only", "main").split()
    assert files == ["_news/dune-b.md", "_news/pier-a.md"]
    assert "Of stone." in git(repos.kept, "show", "main:_news/pier-a.md")


def test_many_renames_ask_as_much_as_one(folder: Path):
    asked = []
    for start, count in ((0, 1), (10, 5)):
        names = [f"coast-{number}" for number in range(start, start + count)]
        put(folder, *(Piece(name, quality=40) for name in names))
        bring_in(folder)
        for name in names:
            rename(folder, name, f"pier{name}")
        with CaptureQueriesContext(connection) as queries:
            assert len(bring_in(folder).renamed) == count
        asked.append(len(queries))
    assert asked[0] == asked[1]

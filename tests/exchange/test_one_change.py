"""Law 2: one change rewrites exactly the keys that follow from it, every other line stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Article, Source, Topic
from articles.stories import acts
from articles.writing import Folder
from providers.models import Provider
from tests.content import (
    Piece,
    changed_lines,
    files_of,
    provider_file,
    put,
    put_file,
    story,
    topic_file,
)
from tests.exchange.acts import act, article, bring_in, bring_out, counts, edit
from tests.factories import make_article, make_provider, make_topic

pytestmark = pytest.mark.django_db

LEAD, SECOND, THIRD = (
    Piece("coast-a", quality=80, published=True),
    Piece("dune-b", quality=60),
    Piece("reef-c", quality=40),
)


@pytest.fixture
def site(folder: Path) -> dict[str, bytes]:
    """A story of three and an article apart, imported."""
    put(folder, *story(LEAD, SECOND, THIRD), Piece("moor-x", related=[Piece("gone-y")]))
    bring_in(folder)
    return files_of(folder)


def differences(folder: Path, before: dict[str, bytes]) -> dict[str, tuple[list[str], list[str]]]:
    """The lines gone and come, by file, after an export in place."""
    bring_out(folder)
    after = files_of(folder)
    assert after.keys() == before.keys()
    return {
        path.removeprefix("_news/").removesuffix(".md"): changed_lines(before[path], after[path])
        for path in before
        if before[path] != after[path]
    }


def test_a_new_title_changes_its_line_and_its_siblings_entries(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("dune-b", ana, title='Dunes "move" again')
    old, new = "What happened at dune-b", 'Dunes \\"move\\" again'
    assert differences(folder, site) == {
        "dune-b": ([f'title: "{old}"'], [f'title: "{new}"']),
        "coast-a": ([f'  - title: "{old}"'], [f'  - title: "{new}"']),
        "reef-c": ([f'  - title: "{old}"'], [f'  - title: "{new}"']),
    }


def test_a_new_excerpt_changes_its_line_and_its_siblings_entries(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("reef-c", ana, excerpt="Short.\nIn two lines.")
    found = differences(folder, site)
    assert found.keys() == {"reef-c", "coast-a", "dune-b"}
    assert found["reef-c"][1] == ['excerpt: "Short.\\nIn two lines."']
    assert found["coast-a"][1] == ['    excerpt: "Short.\\nIn two lines."']


def test_an_excerpt_taken_away_takes_its_lines_away(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("reef-c", ana, excerpt=None)
    found = differences(folder, site)
    assert [lines[1] for lines in found.values()] == [[], [], []]
    assert [len(lines[0]) for lines in found.values()] == [1, 1, 1]


def test_topics_are_the_article_s_own_and_no_sibling_s(
    folder: Path, site: dict[str, bytes], ana: User
):
    topics = [make_topic("Sea"), Topic.objects.get(name="Harbours"), make_topic("No: 7")]
    edit("dune-b", ana, topics=topics)
    assert differences(folder, site) == {"dune-b": ([], ["  - Sea", '  - "No: 7"'])}


def test_an_image_s_title_is_the_article_s_own_and_its_address_everybody_s(
    folder: Path, site: dict[str, bytes], ana: User
):
    images = article("dune-b").images or []
    edit("dune-b", ana, images=[images[0] | {"title": "A dune"}])
    found = differences(folder, site)
    assert found == {"dune-b": (['    title: "A quay"'], ['    title: "A dune"'])}
    between = files_of(folder)
    edit("dune-b", ana, images=[images[0] | {"title": "A dune", "width": 320}])
    assert differences(folder, between) == {
        "dune-b": (["    width: 640"], ["    width: 320"]),
        "coast-a": (["        width: 640"], ["        width: 320"]),
        "reef-c": (["        width: 640"], ["        width: 320"]),
    }


def test_a_new_quality_of_coverage_is_its_own_and_its_siblings(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("reef-c", ana, quality=41)
    assert differences(folder, site) == {
        "reef-c": (["quality: 40"], ["quality: 41"]),
        "coast-a": (["    quality: 40"], ["    quality: 41"]),
        "dune-b": (["    quality: 40"], ["    quality: 41"]),
    }


def test_publishing_changes_published_and_heat_only(folder: Path, ana: User):
    put(folder, *story(LEAD.but(published=False), SECOND, THIRD))
    bring_in(folder)
    before = files_of(folder)
    act("coast-a", "publish", ana)
    assert differences(folder, before) == {
        "coast-a": (["heat: 80", "published: false"], ["heat: 120", "published: true"])
    }


def test_taking_it_back_restores_the_file(folder: Path, ana: User):
    put(folder, *story(LEAD.but(published=False), SECOND, THIRD))
    bring_in(folder)
    before = files_of(folder)
    act("coast-a", "publish", ana)
    bring_out(folder)
    act("coast-a", "unpublish", ana)
    assert differences(folder, before) == {}


def test_a_publication_to_come_is_written_when_it_has_come(folder: Path, ana: User):
    put(folder, LEAD.but(published=False))
    bring_in(folder)
    before = files_of(folder)
    soon = timezone.now() + timedelta(hours=1)
    act("coast-a", "publish", ana, go_live_at=soon)
    assert differences(folder, before) == {}
    # The clock passes the hour: nobody acts, and no row changes but for the test's own hand.
    rows = Article.objects.filter(slug="coast-a")
    rows.update(
        go_live_at=soon - timedelta(hours=2),
        state_acted_at=soon - timedelta(hours=3),
        marked=None,
    )
    assert differences(folder, before)["coast-a"][1] == ["published: true"]


def test_withdrawing_writes_removed_and_leaves_the_siblings_lists(
    folder: Path, site: dict[str, bytes], ana: User
):
    act("dune-b", "withdraw", ana)
    found = differences(folder, site)
    assert found["dune-b"] == ([], ["removed: true"])
    assert "dune-b" not in files_of(folder)["_news/coast-a.md"].decode()
    assert "dune-b" not in files_of(folder)["_news/reef-c.md"].decode()
    assert found["coast-a"][1] == []


def test_a_member_taken_out_leaves_all_lists_and_the_lead_s_heat(
    folder: Path, site: dict[str, bytes], ana: User
):
    acts.detach(article("reef-c"), ana)
    found = differences(folder, site)
    after = files_of(folder)
    assert found.keys() == {"coast-a", "dune-b", "reef-c"}
    assert b"reef-c" not in after["_news/coast-a.md"] + after["_news/dune-b.md"]
    assert b"related:" not in after["_news/reef-c.md"]
    assert found["coast-a"][1] == ["heat: 100"]
    assert found["dune-b"][1] == []
    assert found["reef-c"][1] == ["heat: 40"]


def test_a_member_joined_enters_all_lists_in_order_and_the_lead_s_heat(
    folder: Path, site: dict[str, bytes], ana: User
):
    acts.attach(article("moor-x"), article("coast-a"), ana)
    found = differences(folder, site)
    after = {path: data.decode() for path, data in files_of(folder).items()}
    assert found["coast-a"][0] == ["heat: 120"]
    assert "heat: 160" in found["coast-a"][1]
    entries = after["_news/coast-a.md"]
    assert entries.index("dune-b") < entries.index("moor-x") < entries.index("reef-c")
    for name in ("coast-a", "dune-b", "reef-c"):
        assert f'webUrl: "https://{name.split("-")[0]}.example/{name}"' in after["_news/moor-x.md"]
    assert "gone-y" in after["_news/moor-x.md"]
    assert "heat: -1" in after["_news/moor-x.md"]
    assert all(lines[0] in ([], ["heat: 120"], ["heat: 50"]) for lines in found.values())


def test_what_an_act_joined_and_wrote_stays_joined_when_it_is_imported_again(
    folder: Path, site: dict[str, bytes], ana: User
):
    acts.attach(article("moor-x"), article("coast-a"), ana)
    bring_out(folder)
    report = bring_in(folder)
    assert counts(report) == {"unchanged": 4}
    assert article("moor-x").story_id == article("coast-a").story_id
    assert counts(bring_out(folder)) == {"unchanged": 4}


def test_a_second_export_writes_nothing(folder: Path, site: dict[str, bytes], ana: User):
    edit("dune-b", ana, title="Dunes move again")
    bring_out(folder)
    assert counts(bring_out(folder)) == {"unchanged": 4}
    assert Article.objects.edited().count() == 0


def test_an_export_in_place_is_agreed_on_and_the_next_import_says_unchanged(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("dune-b", ana, title="Dunes move again")
    bring_out(folder)
    assert counts(bring_in(folder)) == {"unchanged": 4}


def test_an_export_elsewhere_leaves_the_base_and_may_be_written_again(
    folder: Path, tmp_path: Path, site: dict[str, bytes], ana: User
):
    bases = list(Source.objects.order_by("key").values_list("key", "digest"))
    edit("dune-b", ana, title="Dunes move again")
    assert counts(bring_out(tmp_path / "copy")) == {"created": 4}
    assert list(Source.objects.order_by("key").values_list("key", "digest")) == bases
    edit("dune-b", ana, title="Dunes rest")
    assert counts(bring_out(tmp_path / "copy")) == {"updated": 3, "unchanged": 1}
    assert counts(bring_out(tmp_path / "copy")) == {"unchanged": 4}
    assert files_of(folder) == site


def test_a_copy_follows_when_the_files_it_was_made_of_change(
    folder: Path, tmp_path: Path, site: dict[str, bytes]
):
    bring_out(tmp_path / "copy")
    put(folder, Piece("moor-x", quality=51, related=[Piece("gone-y")]))
    bring_in(folder)
    assert counts(bring_out(tmp_path / "copy")) == {"updated": 1, "unchanged": 3}
    assert files_of(tmp_path / "copy") == files_of(folder)


def test_importing_a_copy_that_holds_our_changes_converges(
    folder: Path, tmp_path: Path, site: dict[str, bytes], ana: User
):
    edit("dune-b", ana, title="Dunes move again")
    bring_out(tmp_path / "copy")
    report = bring_in(tmp_path / "copy")
    assert report.new_problems() == 0
    assert counts(bring_out(tmp_path / "copy")) == {"unchanged": 4}
    assert counts(bring_in(tmp_path / "copy")) == {"unchanged": 4}


def test_an_article_made_on_the_desk_is_written_canonically(folder: Path, ana: User):
    provider = make_provider(domain="isle.example", name="Isle")
    topics = [make_topic("Sea"), make_topic("No: 7")]
    make_article(
        slug="2024-05-06-isle", title="The isle", provider=provider, topics=topics, quality=70
    )
    row = Article.objects.get(slug="2024-05-06-isle")
    bring_out(folder)
    assert files_of(folder)["_news/2024-05-06-isle.md"].decode() == (
        '---\ncategory: news\ntitle: "The isle"\n'
        f'excerpt: "{row.excerpt}"\npublishedDateTime: 2024-05-06T12:00:00Z\n'
        f'webUrl: "{row.web_url}"\ntype: article\nquality: 70\nheat: 70\npublished: false\n\n'
        "provider:\n  name: Isle\n  domain: isle.example\n\n"
        'topics:\n  - Sea\n  - "No: 7"\n---\n\n'
    )
    assert counts(bring_out(folder)) == {"unchanged": 1}
    assert counts(bring_in(folder)) == {"unchanged": 1}


def test_a_new_name_of_a_provider_touches_its_own_file_alone(folder: Path):
    put(folder, Piece("coast-a"))
    put_file(folder, "_data/organizations/coast.example.md", provider_file("coast.example"))
    bring_in(folder)
    before = files_of(folder)
    row = Provider.objects.get(domain="coast.example")
    row.name, row.is_edited = "The Coast", True
    row.save()
    assert differences(folder, before) == {
        "_data/organizations/coast.example": (["name: Coast"], ["name: The Coast"])
    }
    assert counts(bring_in(folder), "provider") == {"unchanged": 1}


def test_a_new_name_of_a_topic_changes_its_own_file(folder: Path):
    put(folder, Piece("coast-a"))
    put_file(folder, "_data/topics/01-harbours.yaml", topic_file("Harbours"))
    bring_in(folder)
    before = files_of(folder)
    row = Topic.objects.get(slug="harbours")
    row.shortname, row.is_edited = "Hbr", True
    row.save()
    assert differences(folder, before) == {
        "_data/topics/01-harbours.yaml": (["shortname: Har"], ["shortname: Hbr"])
    }


def test_a_provider_made_on_the_desk_gets_a_file_of_its_own(folder: Path):
    put(folder, Piece("coast-a"))
    bring_in(folder)
    make_provider(domain="isle.example", name="Isle", is_edited=True)
    bring_out(folder)
    assert files_of(folder)["_data/organizations/isle.example.md"].decode() == (
        "---\ntaxonomy: organization\n_id: isle.example\nname: Isle\ndomain: isle.example\n---\n"
    )
    assert counts(bring_in(folder), "provider") == {"unchanged": 1}


def test_the_seed_is_published_by_two_lines(corpus: Path, folder: Path, ana: User):
    seed = (corpus / "seed.md").read_bytes()
    put_file(folder, "seed.md", seed)
    bring_in(folder / "seed.md")
    act("seed", "publish", ana)
    bring_out(folder)
    assert changed_lines(seed, (folder / "seed.md").read_bytes()) == (
        ["heat: -1", "published: false"],
        ["heat: 67", "published: true"],
    )


def test_a_change_made_while_an_export_runs_is_written_by_the_next_one(
    folder: Path, site: dict[str, bytes], ana: User, monkeypatch: pytest.MonkeyPatch
):
    edit("dune-b", ana, title="Dunes move")
    write = Folder.write

    def write_and_edit(self: Folder, target: str, data: bytes) -> None:
        write(self, target, data)
        if Path(target).stem == "dune-b":
            edit("dune-b", ana, excerpt="Meanwhile.")

    with monkeypatch.context() as during:
        during.setattr(Folder, "write", write_and_edit)
        bring_out(folder)
    assert b"Meanwhile." not in files_of(folder)["_news/dune-b.md"]
    assert counts(bring_out(folder)) == {"updated": 3, "unchanged": 1}
    assert files_of(folder)["_news/dune-b.md"].count(b"Meanwhile.") == 1


def test_a_provider_changed_back_is_written_back(folder: Path):
    put_file(folder, "_data/organizations/coast.example.md", provider_file("coast.example"))
    bring_in(folder)
    before = files_of(folder)
    for name in ("The Coast", "Coast"):
        Provider.objects.filter(stem="coast.example").update(name=name, is_edited=True)
        bring_out(folder)
    assert files_of(folder) == before

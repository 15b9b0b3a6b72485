"""Links that change here: files of one story never name one another by different ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.identity import identity
from articles.models import Article, Claim
from tests.content import Piece, files_of, put, put_file, story
from tests.exchange.acts import article, bring_in, bring_out, counts, edit

pytestmark = pytest.mark.django_db

LEAD, SECOND, THIRD = (
    Piece("coast-a", quality=80, published=True),
    Piece("dune-b", quality=60),
    Piece("reef-c", quality=40),
)

LINK = "https://dunes.example/moved"


@pytest.fixture
def site(folder: Path) -> dict[str, bytes]:
    """A story of three and an article apart, imported."""
    put(folder, *story(LEAD, SECOND, THIRD), Piece("moor-x"))
    bring_in(folder)
    return files_of(folder)


def test_a_new_link_is_not_exported_without_the_files_that_name_it(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("dune-b", ana, web_url=LINK)
    report = bring_out(folder, slugs=("dune-b",))
    [refusal] = [str(error) for file in report.files for error in file.errors]
    assert "export coast-a, reef-c too" in refusal
    assert report.exit_code() == 1
    report = bring_out(folder, slugs=("dune-b", "coast-a"), check=True)
    assert counts(report) == {"refused": 2}, "coast-a would name what dune-b does not say yet"
    assert counts(bring_out(folder, slugs=("coast-a",))) == {"refused": 1}
    assert files_of(folder) == site


def test_a_new_link_exported_with_the_files_that_name_it_is_how_they_are_named(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("dune-b", ana, web_url=LINK)
    edit("moor-x", ana, excerpt="Something else.")
    assert counts(bring_out(folder, slugs=("coast-a", "dune-b", "reef-c"))) == {"updated": 3}
    found = files_of(folder)
    assert {path for path, data in found.items() if LINK.encode() in data} == {
        f"_news/{name}.md" for name in ("coast-a", "dune-b", "reef-c")
    }
    row = article("dune-b")
    assert row.identity == identity(LINK, row.published_at)
    naming = Claim.objects.filter(identity=row.identity).order_by("article__slug")
    assert list(naming.values_list("article__slug", flat=True)) == ["coast-a", "reef-c"]
    assert list(Article.objects.edited().values_list("slug", flat=True)) == ["moor-x"]
    put(folder, Piece("coast-a", quality=90, related=[Piece("dune-b", link=LINK)]))
    bring_in(folder)
    assert article("dune-b").story_id == article("coast-a").story_id


def test_one_article_exported_alone_is_done_and_its_siblings_follow(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("dune-b", ana, excerpt="New.")
    assert counts(bring_out(folder, slugs=("dune-b",))) == {"updated": 1}
    assert [path for path, data in files_of(folder).items() if data != site[path]] == [
        "_news/dune-b.md"
    ]
    assert counts(bring_out(folder)) == {"updated": 2, "unchanged": 2}
    assert counts(bring_out(folder)) == {"unchanged": 4}
    assert not Article.objects.edited().exists()


def test_a_new_link_may_be_exported_alone_to_another_place(
    folder: Path, tmp_path: Path, site: dict[str, bytes], ana: User
):
    edit("dune-b", ana, web_url=LINK)
    assert counts(bring_out(tmp_path / "copy", slugs=("dune-b",))) == {"created": 1}


def test_an_export_forced_to_write_one_file_alone_loses_no_member(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("dune-b", ana, web_url=LINK)
    assert counts(bring_out(folder, slugs=("dune-b",), force=True)) == {"updated": 1}
    bring_in(folder)
    bring_out(folder)
    assert all(
        LINK.encode() in data for path, data in files_of(folder).items() if "moor" not in path
    )
    bring_in(folder)
    assert article("dune-b").story_id == article("coast-a").story_id


def test_a_sibling_whose_file_may_not_be_written_over_loses_nobody(
    folder: Path, site: dict[str, bytes], ana: User
):
    edit("dune-b", ana, web_url=LINK)
    path = "_news/reef-c.md"
    put_file(folder, path, site[path].replace(b"A report of reef-c", b"A story of reef-c"))
    assert counts(bring_out(folder)) == {"updated": 2, "refused": 1, "unchanged": 1}
    assert bring_in(folder).exit_code() == 0
    assert article("reef-c").story_id == article("dune-b").story_id == article("coast-a").story_id
    assert counts(bring_out(folder)) == {"updated": 1, "unchanged": 3}
    assert LINK.encode() in files_of(folder)[path]
    assert counts(bring_out(folder)) == {"unchanged": 4}
    assert not Article.objects.edited().exists()

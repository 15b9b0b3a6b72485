"""Import and export in turn: what the desk decided holds, and both ends agree after each round."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.exchange import resolve
from articles.models import Article, RelatedItem
from articles.stories import acts
from tests.content import A_DAY, Piece, changed_lines, files_of, put, put_file, story
from tests.exchange.acts import act, article, bring_in, bring_out, counts, edit
from tests.factories import make_provider

pytestmark = pytest.mark.django_db

LEAD, SECOND, THIRD = (
    Piece("coast-a", quality=80, published=True),
    Piece("dune-b", quality=50),
    Piece("reef-c", quality=40),
)
NEWCOMER = Piece("moor-x", quality=30)


def text(folder: Path, slug: str) -> str:
    return (folder / f"_news/{slug}.md").read_text()


def assert_both_ends_agree(folder: Path) -> None:
    """The folder is what the database says, and the other way round."""
    assert counts(bring_in(folder)).keys() == {"unchanged"}
    assert counts(bring_out(folder)).keys() == {"unchanged"}


def test_a_newcomer_learns_of_a_member_that_the_desk_joined(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND), NEWCOMER)
    bring_in(folder)
    acts.attach(article("moor-x"), article("coast-a"), ana)
    put(folder, *story(LEAD, SECOND, THIRD))
    bring_in(folder)
    bring_out(folder)
    assert "moor-x" in text(folder, "reef-c")
    assert "reef-c" in text(folder, "moor-x")
    assert "heat: 140" in text(folder, "coast-a")
    assert_both_ends_agree(folder)


def test_a_member_taken_out_is_taken_out_of_every_newer_file(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND, THIRD))
    bring_in(folder)
    acts.detach(article("dune-b"), ana)
    bring_out(folder)
    assert_both_ends_agree(folder)
    put(folder, *story(LEAD, SECOND, THIRD, NEWCOMER))
    bring_in(folder)
    assert article("dune-b").story_id != article("coast-a").story_id
    bring_out(folder)
    for slug in ("coast-a", "reef-c", "moor-x"):
        assert "dune-b" not in text(folder, slug)
    assert "heat: 120" in text(folder, "coast-a")
    assert_both_ends_agree(folder)


def test_a_newer_file_that_prints_a_sibling_s_old_title_gets_the_new_one(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND, THIRD))
    bring_in(folder)
    edit("dune-b", ana, title="Dunes move")
    bring_out(folder)
    machine = story(LEAD.but(quality=82), SECOND, THIRD)
    put(folder, *[piece for piece in machine if piece.name != "dune-b"])
    assert counts(bring_in(folder)) == {"updated": 2, "unchanged": 1}
    bring_out(folder)
    assert 'title: "Dunes move"' in text(folder, "coast-a")
    assert 'title: "Dunes move"' in text(folder, "reef-c")
    assert_both_ends_agree(folder)


def test_a_file_that_takes_a_publication_back_is_told_again(folder: Path, ana: User):
    put(folder, LEAD.but(published=False))
    bring_in(folder)
    act("coast-a", "publish", ana)
    bring_out(folder)
    put(folder, LEAD.but(published=False, quality=81))
    assert counts(bring_in(folder)) == {"updated": 1}
    assert article("coast-a").state == "published"
    before = files_of(folder)["_news/coast-a.md"]
    bring_out(folder)
    assert changed_lines(before, files_of(folder)["_news/coast-a.md"]) == (
        ["published: false"],
        ["published: true"],
    )
    assert_both_ends_agree(folder)


def test_a_link_changed_on_the_desk_changes_what_siblings_call_it(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND))
    bring_in(folder)
    edit("dune-b", ana, web_url="https://dune.example/new", published_at=A_DAY)
    bring_out(folder)
    assert "https://dune.example/new" in text(folder, "coast-a")
    assert_both_ends_agree(folder)
    edit("dune-b", ana, title="Dunes move")
    bring_out(folder)
    assert "Dunes move" in text(folder, "coast-a")
    assert article("dune-b").story_id == article("coast-a").story_id
    assert not RelatedItem.objects.exists()
    assert_both_ends_agree(folder)


def test_a_sibling_still_finds_a_link_changed_here_and_not_yet_there(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND))
    bring_in(folder)
    edit("dune-b", ana, web_url="https://dune.example/new")
    put(folder, story(LEAD.but(extra={"excerpt": "New."}), SECOND)[0])
    bring_in(folder)
    assert article("dune-b").story_id == article("coast-a").story_id
    bring_out(folder)
    assert "https://dune.example/new" in text(folder, "coast-a")
    assert_both_ends_agree(folder)


def test_another_provider_is_printed_by_the_article_and_its_siblings(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND))
    bring_in(folder)
    edit("dune-b", ana, provider=make_provider(domain="isle.example", name="Isle"))
    bring_out(folder)
    assert "  name: Isle\n  domain: isle.example" in text(folder, "dune-b")
    assert "      name: Isle\n      domain: isle.example" in text(folder, "coast-a")
    assert_both_ends_agree(folder)


def test_a_conflict_kept_as_ours_is_told_to_the_siblings_files(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND))
    bring_in(folder)
    edit("dune-b", ana, title="Ours")
    put(folder, *story(LEAD, SECOND.but(title="Theirs")))
    assert counts(bring_in(folder)) == {"updated": 1, "conflict": 1}
    resolve("dune-b", "title", "ours")
    bring_out(folder)
    assert 'title: "Ours"' in text(folder, "dune-b")
    assert 'title: "Ours"' in text(folder, "coast-a")
    assert_both_ends_agree(folder)


def test_a_withdrawn_member_leaves_the_story_s_files_for_good(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND, THIRD))
    bring_in(folder)
    act("dune-b", "withdraw", ana)
    bring_out(folder)
    assert_both_ends_agree(folder)
    removed = files_of(folder)["_news/dune-b.md"]
    put(folder, *story(LEAD.but(quality=81), SECOND, THIRD))
    put_file(folder, "_news/dune-b.md", removed)
    bring_in(folder)
    bring_out(folder)
    assert "dune-b" not in text(folder, "coast-a")
    assert "dune-b" not in text(folder, "reef-c")
    assert_both_ends_agree(folder)


def test_an_edited_article_that_names_a_stranger_changes_in_its_own_lines_only(
    folder: Path, ana: User
):
    stranger = Piece("dune-b", extra={"topics": ["Land"]})
    put(folder, Piece("coast-a", extra={"topics": ["Sea"]}, related=[stranger]), stranger)
    bring_in(folder)
    before = files_of(folder)
    edit("coast-a", ana, excerpt="New.")
    bring_out(folder)
    after = files_of(folder)
    assert before["_news/dune-b.md"] == after["_news/dune-b.md"]
    assert changed_lines(before["_news/coast-a.md"], after["_news/coast-a.md"])[1] == [
        'excerpt: "New."'
    ]


def test_nothing_is_left_to_do_after_a_round(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND, THIRD), NEWCOMER)
    bring_in(folder)
    edit("reef-c", ana, excerpt="New.")
    act("coast-a", "unpublish", ana)
    acts.attach(article("moor-x"), article("coast-a"), ana)
    bring_out(folder)
    assert_both_ends_agree(folder)
    assert not Article.objects.edited().exists()


def test_a_story_grows_while_its_lead_s_title_is_in_conflict(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND))
    bring_in(folder)
    edit("coast-a", ana, title="Ours")
    put(folder, *story(LEAD.but(title="Theirs"), SECOND, THIRD))
    assert counts(bring_in(folder)) == {"conflict": 1, "created": 1, "updated": 1}
    assert article("reef-c").story_id == article("coast-a").story_id
    resolve("coast-a", "title", "ours")
    assert article("reef-c").story_id == article("coast-a").story_id
    bring_out(folder)
    assert_both_ends_agree(folder)


def test_another_piece_kept_out_joins_its_own_story_once_it_is_taken(folder: Path, ana: User):
    put(folder, *story(LEAD, SECOND))
    bring_in(folder)
    edit("dune-b", ana, title="Ours")
    other = SECOND.but(link="https://rival.example/z", related=[NEWCOMER])
    put(folder, LEAD, other)
    assert counts(bring_in(folder)) == {"updated": 1, "conflict": 1}
    assert not RelatedItem.objects.exists()
    resolve("dune-b", "source", "theirs")
    assert article("dune-b").story.related_count == 1
    assert RelatedItem.objects.get().printed_by == "dune-b"
    bring_out(folder)
    assert_both_ends_agree(folder)


def test_a_draft_that_a_person_publishes_is_the_published_file_it_was(folder: Path, ana: User):
    put(folder, LEAD)
    before = files_of(folder)
    bring_in(folder, as_drafts=True)
    act("coast-a", "publish", ana)
    bring_out(folder)
    assert files_of(folder) == before


def test_heat_beyond_the_formula_outlives_every_act(folder: Path, ana: User):
    put(folder, LEAD.but(heat=83))
    bring_in(folder)
    before = files_of(folder)["_news/coast-a.md"]
    act("coast-a", "unpublish", ana)
    act("coast-a", "republish", ana)
    edit("coast-a", ana, title="New")
    bring_out(folder)
    assert changed_lines(before, files_of(folder)["_news/coast-a.md"]) == (
        ['title: "What happened at coast-a"'],
        ['title: "New"'],
    )

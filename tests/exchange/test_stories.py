"""Law 4: stories from claims, in any order of arrival and over several runs; and law 6 for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.models import Article, RelatedItem, Story
from articles.stories import acts
from tests.content import Piece, files_of, put, story
from tests.exchange.acts import act, article, bring_in, bring_out, counts
from tests.exchange.sites import made_up_site
from tests.exchange.trials import Found, chunks_of, differing_orders, differing_ways, files, trial

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 4])
def test_the_same_claims_give_the_same_stories_whatever_the_order_of_arrival(
    folder: Path, seed: int
):
    put(folder, *made_up_site(seed))
    assert differing_orders(folder, seed, trial([folder])) == []


def test_a_difference_that_an_order_or_a_way_makes_is_found_out(folder: Path):
    put(folder, *made_up_site(1))
    nothing: Found = ({}, {})
    assert len(differing_orders(folder, 1, nothing)) == 3
    assert len(differing_ways(folder, 1, nothing)) == 2


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_neither_the_size_of_chunks_nor_libyaml_makes_a_difference(folder: Path, seed: int):
    put(folder, *made_up_site(seed, is_settled=False))
    assert differing_ways(folder, seed, trial([folder])) == []


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_a_later_run_of_many_files_is_the_same_in_any_chunks(
    folder: Path, tmp_path: Path, seed: int
):
    before, after = made_up_site(seed, is_settled=False), made_up_site(seed + 100, is_settled=False)
    put(tmp_path / "before", *before)
    put(folder, *after)
    expected, _ = trial([tmp_path / "before"], [folder])
    with chunks_of(1):
        assert trial([tmp_path / "before"], [folder])[0] == expected


def test_two_processes_read_what_one_does(folder: Path):
    put(folder, *made_up_site(1, is_settled=False))
    assert trial([folder], jobs=2) == trial([folder])


def test_a_claim_of_one_side_joins_a_file_of_an_older_run_only(folder: Path, tmp_path: Path):
    one, other = Piece("coast-a"), Piece("dune-b", related=[Piece("coast-a")])
    put(folder, one, other)
    together, _ = trial([folder])
    in_turn, _ = trial([folder / "_news/coast-a.md"], [folder])
    assert together["articles"]["dune-b"][2] == ("dune-b",)
    assert in_turn["articles"]["dune-b"][2] == ("coast-a", "dune-b")


def test_a_related_entry_that_is_no_article_becomes_membership_when_its_article_arrives(
    folder: Path,
):
    lead, cover = story(Piece("coast-a", quality=70, published=True), Piece("dune-b"))
    put(folder, lead)
    bring_in(folder)
    assert list(RelatedItem.objects.values_list("title", flat=True)) == ["What happened at dune-b"]
    assert article("coast-a").story.related_count == 1
    put(folder, cover)
    bring_in(folder)
    assert not RelatedItem.objects.exists()
    assert article("coast-a").story_id == article("dune-b").story_id
    assert (article("coast-a").story.related_count, article("coast-a").story.member_count) == (0, 2)


def test_membership_becomes_a_related_item_again_when_the_article_s_link_is_replaced(folder: Path):
    lead, cover = story(Piece("coast-a", quality=70, published=True), Piece("dune-b"))
    put(folder, lead, cover)
    bring_in(folder)
    put(folder, Piece("dune-b", link="https://rival.example/other"))
    bring_in(folder)
    assert article("coast-a").story_id != article("dune-b").story_id
    assert list(RelatedItem.objects.values_list("link", flat=True)) == [
        "https://dune.example/dune-b"
    ]
    assert article("coast-a").story.related_count == 1
    put(folder, cover)
    bring_in(folder)
    assert not RelatedItem.objects.exists()
    assert article("coast-a").story_id == article("dune-b").story_id


def test_an_item_that_no_file_names_any_more_is_forgotten(folder: Path):
    put(folder, Piece("coast-a", related=[Piece("gone-x")]))
    bring_in(folder)
    put(folder, Piece("coast-a"))
    bring_in(folder)
    assert not RelatedItem.objects.exists()
    assert article("coast-a").story.related_count == 0


def test_an_item_is_printed_by_the_file_that_comes_first_in_any_order(folder: Path):
    one, other = Piece("gone-x", quality=1), Piece("gone-x", quality=2)
    put(folder, Piece("a-1", related=[one]), Piece("b-2", related=[other]))
    first, _ = trial(*[[file] for file in files(folder)])
    last, _ = trial(*[[file] for file in reversed(files(folder))])
    assert first["items"] == last["items"]
    assert first["items"][0][2:4] == ("a-1", 1)
    bring_in(folder)
    put(folder, Piece("a-1"))
    bring_in(folder)
    assert list(RelatedItem.objects.values_list("printed_by", "quality")) == [("b-2", 2)]


def test_the_lead_is_the_best_that_is_here_ties_by_file_name(folder: Path):
    put(folder, *story(Piece("b-x", quality=60), Piece("a-y", quality=60), Piece("c-z", quality=9)))
    bring_in(folder)
    assert Article.objects.get(is_lead=True).slug == "a-y"


def test_names_that_begin_alike_are_ordered_as_file_names(folder: Path):
    put(folder, *story(Piece("a", quality=60), Piece("a-b", quality=60)))
    bring_in(folder)
    assert Article.objects.get(is_lead=True).slug == "a-b"


def test_a_member_taken_out_on_the_desk_stays_out_though_files_still_list_it(
    folder: Path, ana: User
):
    pieces = story(Piece("coast-a", quality=70), Piece("dune-b"), Piece("reef-c", quality=40))
    put(folder, *pieces)
    bring_in(folder)
    acts.detach(article("dune-b"), ana)
    put(folder, *[piece.but(extra={"excerpt": "New."}) for piece in pieces])
    assert counts(bring_in(folder)) == {"updated": 3}
    assert article("dune-b").story_id != article("coast-a").story_id
    assert article("reef-c").story_id == article("coast-a").story_id


def test_a_member_joined_on_the_desk_stays_though_no_file_lists_it(folder: Path, ana: User):
    put(folder, Piece("coast-a", quality=70), Piece("dune-b"))
    bring_in(folder)
    acts.attach(article("dune-b"), article("coast-a"), ana)
    put(folder, Piece("coast-a", quality=71), Piece("dune-b", quality=51))
    bring_in(folder)
    assert article("dune-b").story_id == article("coast-a").story_id


def test_the_lead_that_a_person_published_stays_when_a_better_one_arrives(folder: Path, ana: User):
    first, better = story(Piece("coast-a", quality=60), Piece("dune-b", quality=90))
    put(folder, first)
    bring_in(folder)
    act("coast-a", "publish", ana)
    put(folder, better.but(published=True))
    bring_in(folder)
    assert article("coast-a").story_id == article("dune-b").story_id
    assert (article("coast-a").is_lead, article("coast-a").state) == (True, "published")
    assert article("dune-b").state == "new"


def test_the_lead_that_a_file_published_gives_way_to_a_better_one(folder: Path):
    put(folder, Piece("coast-a", quality=60, published=True))
    bring_in(folder)
    one, better = story(Piece("coast-a", quality=60), Piece("dune-b", quality=90, published=True))
    put(folder, one, better)
    report = bring_in(folder)
    assert (article("coast-a").state, article("dune-b").state) == ("unpublished", "published")
    assert article("dune-b").story.slug == "coast-a", "the address of a story is for good"
    assert (report.appeared, report.disappeared) == (["dune-b"], ["coast-a"])


def test_a_lead_that_loses_its_place_to_another_file_is_said_to_leave(folder: Path):
    put(folder, Piece("coast-a", quality=60, published=True))
    bring_in(folder)
    put(folder, Piece("dune-b", quality=90, related=[Piece("coast-a")]))
    report = bring_in(folder, dry_run=True)
    assert report.disappeared == ["coast-a"]
    assert article("coast-a").state == "published"


def test_stories_that_part_keep_addresses_of_their_own(folder: Path):
    put(folder, Piece("coast-a", quality=50, published=True))
    bring_in(folder)
    one, better = story(Piece("coast-a", quality=50), Piece("dune-b", quality=60, published=True))
    put(folder, one, better)
    bring_in(folder)
    put(folder, Piece("coast-a", quality=50, published=True), Piece("dune-b", published=True))
    bring_in(folder)
    assert (article("coast-a").state, article("dune-b").state) == ("published", "published")
    assert Story.objects.exclude(slug=None).count() == 2


def test_an_export_of_what_claims_made_is_the_files_as_they_came(folder: Path, tmp_path: Path):
    put(folder, *made_up_site(3, is_settled=False))
    bring_in(folder)
    Article.objects.all().mark()
    bring_out(tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files_of(folder)

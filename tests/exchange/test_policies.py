"""What the newsroom does by itself with what an import brings."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.models import Article
from articles.stories import detach
from articles.workflow import undo
from providers.models import Policy
from tests.content import Piece, put, story
from tests.exchange.acts import act, article, bring_in
from tests.factories import make_provider, make_user

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)


def test_an_import_publishes_by_policy_and_says_so(folder: Path, settings: Any):
    settings.AUTO_PUBLISH = True
    make_provider(domain="coast.example", policy=Policy.TRUSTED)
    put(folder, Piece("coast-a", quality=80, at=NOW), Piece("dune-b", quality=80, at=NOW))
    bring_in(folder, dry_run=True)
    assert not Article.objects.exists()
    report = bring_in(folder)
    assert (article("coast-a").state, article("dune-b").state) == ("published", "new")
    assert report.appeared == ["coast-a"]
    bring_in(folder)
    assert article("coast-a").transitions.filter(action="publish").count() == 1


def test_what_is_imported_as_drafts_waits_for_people(folder: Path, settings: Any):
    settings.AUTO_PUBLISH = True
    make_provider(domain="coast.example", policy=Policy.TRUSTED)
    put(folder, Piece("coast-a", quality=80, at=NOW))
    bring_in(folder, as_drafts=True)
    put(folder, Piece("dune-b", at=NOW))
    bring_in(folder)
    assert article("coast-a").state == "new"


def test_an_import_publishes_nothing_by_itself_unless_told_to(folder: Path):
    make_provider(domain="coast.example", policy=Policy.TRUSTED)
    put(folder, Piece("coast-a", quality=80, at=NOW))
    bring_in(folder)
    assert article("coast-a").state == "new"


FERRY = (
    "Ferry strikes pier at Calder Reach, forty passengers taken off",
    "Pier at Calder Reach struck by ferry; forty passengers taken off",
    "Forty passengers taken off ferry after it strikes Calder Reach pier",
)


def ferry(name: str, number: int, **changes: Any) -> Piece:
    return Piece(name, FERRY[number], at=NOW, extra={"excerpt": ""}, **changes)


@pytest.fixture
def joining(folder: Path, settings: Any) -> Path:
    """A site that lets arrivals join, with one report of a ferry."""
    settings.AUTO_JOIN = 0.8
    put(folder, ferry("coast-a", 0))
    bring_in(folder)
    return folder


def test_an_arrival_joins_the_story_it_is_likest_to_on_record(joining: Path):
    put(joining, ferry("dune-b", 1), Piece("hill-c", "Valley choir sings", at=NOW))
    bring_in(joining)
    lead, joined = article("coast-a"), article("dune-b")
    assert (joined.story, joined.is_lead) == (lead.story, False)
    assert article("hill-c").story != lead.story
    record = joined.transitions.get(action="attach")
    assert (record.actor, record.run) == (None, None)
    assert record.comment.startswith("coast-a: ")
    assert "rare words shared" in record.comment
    assert not lead.story.is_lead_chosen


def test_the_next_import_leaves_it_where_it_is(joining: Path):
    put(joining, ferry("dune-b", 1))
    bring_in(joining)
    put(joining, ferry("dune-b", 1, quality=51), ferry("coast-a", 0, quality=49))
    bring_in(joining)
    assert article("dune-b").story == article("coast-a").story


def test_a_join_is_undone_by_whoever_may_change_stories(joining: Path):
    put(joining, ferry("dune-b", 1))
    bring_in(joining)
    record = article("dune-b").transitions.get(action="attach")
    assert undo(make_user("contributor"), act=record).done == []
    assert undo(make_user("editor"), act=record).refused == []
    assert article("dune-b").story != article("coast-a").story
    bring_in(joining)
    assert article("dune-b").story.member_count == 1


def test_what_editors_keep_apart_stays_apart(joining: Path):
    put(joining, ferry("dune-b", 1))
    bring_in(joining)
    detach(article("dune-b"), make_user("editor"))
    put(joining, ferry("dune-b", 1, quality=70))
    bring_in(joining)
    assert article("dune-b").story != article("coast-a").story


def test_nothing_joins_a_story_that_was_rejected(joining: Path, ana: User):
    act("coast-a", "spike", ana)
    put(joining, ferry("dune-b", 1))
    bring_in(joining)
    assert article("dune-b").story != article("coast-a").story


def test_two_stories_never_join(joining: Path):
    put(joining, *story(ferry("dune-b", 1), ferry("hill-c", 2)))
    bring_in(joining)
    assert article("dune-b").story == article("hill-c").story
    assert article("dune-b").story != article("coast-a").story


def test_the_same_piece_again_joins_nothing(joining: Path):
    put(joining, ferry("dune-b", 0))
    bring_in(joining)
    assert article("dune-b").story != article("coast-a").story


def test_arrivals_of_one_import_join_one_another_once(joining: Path):
    put(joining, ferry("dune-b", 1), ferry("hill-c", 2))
    bring_in(joining)
    assert len({article(name).story_id for name in ("coast-a", "dune-b", "hill-c")}) == 1


def test_nothing_joins_by_itself_unless_told_to(joining: Path, settings: Any):
    settings.AUTO_JOIN = None
    put(joining, ferry("dune-b", 1))
    bring_in(joining)
    assert article("dune-b").story != article("coast-a").story


def test_a_dry_run_joins_nothing(joining: Path):
    put(joining, ferry("dune-b", 1))
    bring_in(joining, dry_run=True)
    assert not Article.objects.filter(slug="dune-b").exists()

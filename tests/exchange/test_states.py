"""Law 3 for states: a file moves them until somebody here has acted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.exchange import resolve
from articles.models import QUEUE_DAYS, Article, Transition
from providers.models import Provider
from tests.content import Piece, files_of, put, put_file, story
from tests.exchange.acts import act, article, bring_in, bring_out, counts

pytestmark = pytest.mark.django_db
PIECE = Piece("coast-a")


@pytest.fixture
def site(folder: Path) -> Path:
    """A folder of one article, imported."""
    put(folder, PIECE)
    bring_in(folder)
    return folder


def test_a_file_never_moves_a_state_that_is_touched(folder: Path, ana: User):
    put(folder, Piece("coast-a"), Piece("dune-b", published=True, quality=90))
    bring_in(folder)
    act("coast-a", "claim", ana)
    act("coast-a", "release", ana)
    act("dune-b", "unpublish", ana)
    put(folder, Piece("coast-a", published=True), Piece("dune-b", quality=91))
    bring_in(folder)
    assert article("dune-b").state == "unpublished"
    assert article("coast-a").state == "published", "claiming and releasing touch nothing"
    put(folder, Piece("dune-b", quality=91, published=True))
    bring_in(folder)
    assert article("dune-b").state == "unpublished"


def test_an_untouched_state_follows_its_file_to_and_fro(folder: Path):
    states = []
    for published in (False, True, False, True):
        put(folder, Piece("coast-a", published=published))
        bring_in(folder)
        states.append(article("coast-a").state)
    assert states == ["new", "published", "unpublished", "published"]
    actions = Transition.objects.filter(article__slug="coast-a").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "import_create",
        "import_publish",
        "import_retract",
        "import_publish",
    ]


def test_removed_on_a_touched_article_is_a_warning_and_moves_nothing(site: Path, ana: User):
    act("coast-a", "publish", ana)
    put(site, PIECE.but(removed=True))
    report = bring_in(site)
    assert any("removed upstream" in warning for warning in report.files[0].warnings)
    assert any("removed upstream" in warning for warning in article("coast-a").warnings)
    assert article("coast-a").state == "published"


def test_removed_on_an_untouched_article_withdraws_it(folder: Path):
    put(folder, PIECE.but(published=True))
    bring_in(folder)
    put(folder, PIECE.but(removed=True))
    report = bring_in(folder)
    assert article("coast-a").state == "withdrawn"
    assert report.disappeared == ["coast-a"]


@pytest.mark.parametrize("resolution", ["theirs", "ours"])
def test_removed_gone_again_is_always_a_conflict(folder: Path, resolution: str):
    put(folder, PIECE.but(removed=True))
    bring_in(folder)
    put(folder, PIECE.but(published=True))
    assert counts(bring_in(folder)) == {"conflict": 1}
    assert article("coast-a").state == "withdrawn"
    assert counts(bring_in(folder)) == {"conflict": 1}
    resolve("coast-a", "removed", resolution)
    assert counts(bring_in(folder)) == {"unchanged": 1}
    assert article("coast-a").state == {"theirs": "in_review", "ours": "withdrawn"}[resolution]
    bring_out(folder)
    is_written = b"removed: true" in files_of(folder)["_news/coast-a.md"]
    assert is_written is (resolution == "ours")


@pytest.mark.parametrize(
    "value", ['"true"', "'yes'", "1", "[true]", '"false"', "maybe", "!!bool x"]
)
def test_only_a_true_of_its_own_type_publishes(folder: Path, value: str):
    data = PIECE.data.replace(b"published: false", f"published: {value}".encode())
    put_file(folder, "_news/coast-a.md", data)
    assert counts(bring_in(folder)) == {"refused": 1}
    assert not Article.objects.exists()


@pytest.mark.parametrize("value", ["", "~", "null", "no", "off", "False"])
def test_anything_but_true_is_not_published(folder: Path, value: str):
    data = PIECE.data.replace(b"published: false", f"published: {value}".encode())
    put_file(folder, "_news/coast-a.md", data)
    bring_in(folder)
    assert article("coast-a").state == "new"


def test_as_drafts_nothing_is_published_withdrawn_or_rewritten(folder: Path, tmp_path: Path):
    put(folder, PIECE.but(published=True, quality=90), Piece("dune-b", removed=True))
    bring_in(folder, as_drafts=True)
    assert set(Article.objects.values_list("state", flat=True)) == {"new"}
    put(folder, PIECE.but(published=True, quality=91), Piece("reef-c", published=True))
    bring_in(folder, as_drafts=True)
    assert set(Article.objects.values_list("state", flat=True)) == {"new"}
    bring_out(tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files_of(folder)


@pytest.mark.parametrize("as_drafts", [False, True])
def test_what_a_removed_file_claims_joins_nothing_not_even_as_a_draft(
    folder: Path, as_drafts: bool
):
    lead, second = story(PIECE, Piece("dune-b", quality=20))
    put(folder, lead, second.but(removed=True))
    bring_in(folder, as_drafts=as_drafts)
    assert article("coast-a").story_id != article("dune-b").story_id
    put(folder, lead.but(quality=91), second.but(removed=True, title="Gone"))
    bring_in(folder, as_drafts=as_drafts)
    assert article("coast-a").story_id != article("dune-b").story_id
    assert article("dune-b").state == ("new" if as_drafts else "withdrawn")


def test_a_draft_stays_one_while_its_file_is_removed_as_it_was(folder: Path):
    put(folder, PIECE.but(removed=True))
    bring_in(folder, as_drafts=True)
    put(folder, PIECE.but(removed=True, title="Gone"))
    assert counts(bring_in(folder)) == {"updated": 1}
    assert (article("coast-a").state, article("coast-a").title) == ("new", "Gone")


def test_a_removed_draft_that_a_person_publishes_belongs_to_its_story_again(
    folder: Path, ana: User
):
    lead, second = story(PIECE, Piece("dune-b", quality=20))
    put(folder, lead.but(removed=True), second)
    bring_in(folder, as_drafts=True)
    act("coast-a", "publish", ana)
    bring_out(folder)
    assert b"removed" not in (folder / "_news/coast-a.md").read_bytes()
    put(folder, second.but(quality=21))
    bring_in(folder)
    assert article("coast-a").story_id == article("dune-b").story_id


def test_a_blocked_provider_s_article_is_not_published_by_its_file(folder: Path):
    Provider.objects.create(domain="coast.example", name="Coast", policy="blocked")
    put(folder, PIECE.but(published=True))
    bring_in(folder)
    assert article("coast-a").state == "new"


def test_what_nobody_decided_in_two_weeks_is_put_aside_by_the_next_import(site: Path):
    long_ago = timezone.now() - timedelta(days=QUEUE_DAYS, hours=1)
    Article.objects.filter(slug="coast-a").update(arrived_at=long_ago, is_backlog=False)
    put(site, PIECE, Piece("dune-b"))
    bring_in(site)
    assert article("coast-a").is_backlog
    assert not article("dune-b").is_backlog

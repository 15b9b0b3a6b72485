"""What files ask of articles that people decided about, and of a desk that begins."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.exchange import first_queue, loading
from articles.models import Article, Notice
from articles.workflow import (
    ReasonMissing,
    WrongState,
    answer_removal,
    draft_of,
    save_draft,
    transition,
    undo,
)
from providers.models import Provider
from tests.content import Piece, put
from tests.exchange.acts import act, article, bring_in, bring_out
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PIECE = Piece("coast-a", title="Rain")


@pytest.fixture
def live(folder: Path, ana: User) -> Path:
    """A folder of one article that a person published."""
    put(folder, PIECE)
    bring_in(folder)
    act("coast-a", "publish", ana)
    return folder


def again(folder: Path, piece: Piece) -> Article:
    put(folder, piece)
    bring_in(folder)
    return article(piece.name)


def drafted(row: Article) -> str:
    found = draft_of(row)
    assert found is not None
    return str(found.values["title"])


def publish_draft(row: Article, person: User) -> Article:
    return transition(row, "publish_draft", person, expected_version=row.version)


def test_a_new_headline_of_a_live_article_waits_for_a_person(live: Path, ana: User):
    row = again(live, PIECE.but(title="Sun", quality=61))
    assert (row.title, row.quality) == ("Rain", 61)
    assert drafted(row) == "Sun"
    assert row.draft is not None
    assert row.draft.actor is None
    assert row.transitions.latest("id").action == "import_draft"
    assert publish_draft(row, ana).title == "Sun"


def test_a_headline_that_changes_again_changes_its_draft_and_is_no_conflict(live: Path, ana: User):
    again(live, PIECE.but(title="Sun"))
    row = again(live, PIECE.but(title="Snow"))
    assert (row.title, drafted(row)) == ("Rain", "Snow")
    assert publish_draft(row, ana).title == "Snow"
    assert again(live, PIECE.but(title="Hail")).title == "Snow"


def test_a_persons_draft_keeps_what_the_person_wrote(live: Path, ana: User):
    row = article("coast-a")
    save_draft(row, ana, {"title": "Ours"}, expected_version=row.version)
    row = again(live, PIECE.but(title="Theirs", extra={"excerpt": "New."}))
    found = draft_of(row)
    assert found is not None
    assert (found.values["title"], found.values["excerpt"]) == ("Ours", "New.")


def test_a_discarded_headline_stays_ours_in_the_file(live: Path, ana: User, tmp_path: Path):
    row = again(live, PIECE.but(title="Sun"))
    transition(row, "discard_draft", ana, expected_version=row.version)
    bring_out(live)
    assert b'title: "Rain"' in (live / "_news/coast-a.md").read_bytes()


def test_whoever_trusts_files_takes_their_headlines(live: Path, settings):
    settings.LIVE_TEXT = "take"
    row = again(live, PIECE.but(title="Sun"))
    assert (row.title, row.draft) == ("Sun", None)


def test_a_trusted_providers_headline_goes_live(live: Path):
    Provider.objects.update(policy="trusted")
    assert again(live, PIECE.but(title="Sun")).title == "Sun"


def test_what_a_file_published_follows_its_file(folder: Path):
    put(folder, PIECE.but(published=True))
    bring_in(folder)
    row = again(folder, PIECE.but(published=True, title="Sun"))
    assert (row.state, row.title, row.draft) == ("published", "Sun", None)


class TestRemoval:
    @pytest.fixture
    def asked(self, live: Path, ana: User) -> Article:
        make_user("contributor")
        return again(live, PIECE.but(removed=True))

    def test_whoever_may_publish_is_told(self, asked: Article, ana: User):
        assert asked.removed_upstream_at is not None
        assert asked.state == "published"
        notices = Notice.objects.filter(article=asked, kind="removed_upstream")
        assert [notice.person for notice in notices] == [ana]

    def test_the_same_file_again_tells_nothing_new(self, asked: Article, live: Path):
        again(live, PIECE.but(removed=True, quality=77))
        assert Notice.objects.filter(kind="removed_upstream").count() == 1

    def test_keeping_it_needs_a_reason_and_is_undone(self, asked: Article, ana: User):
        with pytest.raises(ReasonMissing):
            answer_removal(asked, ana, "keep", expected_version=asked.version)
        row = answer_removal(
            asked, ana, "keep", expected_version=asked.version, comment="It is right"
        )
        assert (row.removed_upstream_at, row.state) == (None, "published")
        assert undo(ana).refused == []
        assert article("coast-a").removed_upstream_at == asked.removed_upstream_at

    def test_withdrawing_it_is_a_withdrawal(self, asked: Article, ana: User):
        row = answer_removal(
            asked, ana, "withdraw", expected_version=asked.version, comment="They asked"
        )
        assert (row.removed_upstream_at, row.state) == (None, "withdrawn")
        with pytest.raises(WrongState):
            answer_removal(row, ana, "keep", expected_version=row.version, comment="No")


@pytest.mark.parametrize("chunk", [400, 2, 1])
def test_of_a_first_import_the_hottest_wait_and_the_rest_is_backlog(
    folder: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
):
    monkeypatch.setattr(loading, "CHUNK_FILES", chunk)
    monkeypatch.setattr(first_queue, "FIRST_QUEUE", 2)
    put(folder, *[Piece(f"p-{n}", quality=n) for n in (10, 40, 30, 20)])
    bring_in(folder)
    rows = Article.objects.order_by("quality").values_list("slug", "is_backlog")
    assert list(rows) == [("p-10", True), ("p-20", True), ("p-30", False), ("p-40", False)]
    assert again(folder, Piece("p-5", quality=5)).is_backlog is False


def test_who_acts_on_something_of_the_backlog_takes_it_out(
    folder: Path, ana: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(first_queue, "FIRST_QUEUE", 0)
    put(folder, PIECE)
    bring_in(folder)
    assert article("coast-a").is_backlog
    assert not act("coast-a", "claim", ana).is_backlog


def test_a_new_file_with_a_rejected_link_is_held_and_says_what_was_decided(folder: Path, ana: User):
    put(folder, PIECE)
    bring_in(folder)
    act("coast-a", "spike", ana, reason="press_release", comment="")
    put(folder, Piece("other-b", link=PIECE.values["webUrl"], published=True))
    bring_in(folder)
    row = article("other-b")
    assert row.state == "new"
    (held,) = [warning for warning in row.warnings if warning.startswith("held")]
    assert "coast-a with the same link is spiked (by" in held
    assert held.endswith(": press release)")

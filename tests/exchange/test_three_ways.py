"""Law 3: base, file and desk, key by key, by the owners of the format."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.exchange import NoSuchConflict, resolve
from articles.models import Conflict, Source, Topic, Transition
from tests.content import Piece, changed_lines, files_of, put, put_file
from tests.exchange.acts import act, article, bring_in, bring_out, counts, edit
from tests.factories import make_article, make_topic

pytestmark = pytest.mark.django_db
PIECE = Piece("coast-a")


@pytest.fixture
def site(folder: Path) -> Path:
    """A folder of one article, imported."""
    put(folder, PIECE)
    bring_in(folder)
    return folder


def digest(slug: str = "coast-a") -> bytes:
    return bytes(Source.objects.get(key=slug).digest or b"")


def open_conflicts() -> list[tuple[str, object, object]]:
    rows = Conflict.objects.filter(resolution="").order_by("source__key", "key")
    return list(rows.values_list("key", "theirs", "ours"))


def test_what_only_the_file_changed_is_taken(site: Path):
    put(site, PIECE.but(title="New", quality=51, extra={"topics": ["Sea"], "category": "views"}))
    report = bring_in(site)
    assert counts(report) == {"updated": 1}
    assert report.files[0].changed == ("category", "title", "quality", "heat", "topics")
    row = article("coast-a")
    assert (row.title, row.quality, row.category) == ("New", 51, "views")
    assert list(row.topics.values_list("name", flat=True)) == ["Sea"]
    assert counts(bring_in(site)) == {"unchanged": 1}


def test_a_key_taken_out_of_the_file_is_taken_out_here(site: Path):
    put(site, PIECE.but(extra={"excerpt": None, "images": None, "updatedDateTime": None}))
    bring_in(site)
    assert (article("coast-a").excerpt, article("coast-a").images) == (None, None)


def test_a_new_unknown_key_or_body_is_kept(site: Path, tmp_path: Path):
    data = PIECE.data.replace(b"---\n\n", b"layout: post\n---\n\nText.\n")
    put_file(site, "_news/coast-a.md", data)
    report = bring_in(site)
    assert report.files[0].changed == ("layout", "body") or set(report.files[0].changed) == {
        "layout",
        "body",
    }
    bring_out(tmp_path / "copy")
    assert files_of(tmp_path / "copy")["_news/coast-a.md"] == data


def test_what_only_the_desk_changed_stays(site: Path, ana: User):
    edit("coast-a", ana, title="Ours")
    put(site, PIECE.but(quality=51))
    assert counts(bring_in(site)) == {"updated": 1}
    row = article("coast-a")
    assert (row.title, row.quality) == ("Ours", 51)
    before = files_of(site)["_news/coast-a.md"]
    bring_out(site)
    assert changed_lines(before, files_of(site)["_news/coast-a.md"]) == (
        ['title: "What happened at coast-a"'],
        ['title: "Ours"'],
    )


def test_the_same_change_on_both_sides_is_agreement(site: Path, ana: User):
    edit("coast-a", ana, title="Same")
    put(site, PIECE.but(title="Same"))
    assert counts(bring_in(site)) == {"updated": 1}
    assert open_conflicts() == []
    assert counts(bring_out(site)) == {"unchanged": 1}


def in_conflict(site: Path, ana: User) -> bytes:
    """Title changed on both sides, quality in the file alone; answers the base's digest."""
    edit("coast-a", ana, title="Ours")
    before = digest()
    put(site, PIECE.but(title="Theirs", quality=51))
    report = bring_in(site)
    assert counts(report) == {"conflict": 1}
    assert report.exit_code() == 1
    return before


def test_both_changed_is_a_conflict_with_both_values_and_ours_in_force(site: Path, ana: User):
    before = in_conflict(site, ana)
    assert open_conflicts() == [("title", "Theirs", "Ours")]
    row = article("coast-a")
    assert (row.title, row.quality, digest()) == ("Ours", 51, before)


def test_a_conflict_that_stands_is_no_news(site: Path, ana: User):
    in_conflict(site, ana)
    report = bring_in(site)
    assert counts(report) == {"conflict": 1}
    assert (report.exit_code(), report.exit_code(strict=True), report.standing()) == (0, 1, 1)
    assert Conflict.objects.count() == 1


def test_a_file_in_conflict_is_not_written_over(site: Path, ana: User):
    in_conflict(site, ana)
    before = files_of(site)
    report = bring_out(site)
    assert (counts(report), report.exit_code()) == ({"refused": 1}, 1)
    assert "conflict" in report.files[0].errors[0].message
    assert files_of(site) == before


def test_writing_over_a_file_in_conflict_by_force_ends_the_conflict(site: Path, ana: User):
    in_conflict(site, ana)
    bring_out(site, force=True)
    assert open_conflicts() == []
    assert counts(bring_in(site)) == {"unchanged": 1}
    assert article("coast-a").title == "Ours"


def test_a_conflict_resolved_as_theirs_takes_the_file_and_moves_the_base(site: Path, ana: User):
    in_conflict(site, ana)
    resolve("coast-a", "title", "theirs", actor=ana)
    assert article("coast-a").title == "Theirs"
    assert open_conflicts() == []
    assert counts(bring_in(site)) == {"unchanged": 1}
    assert counts(bring_out(site)) == {"unchanged": 1}


def test_a_conflict_resolved_as_ours_moves_the_base_and_is_written_out(site: Path, ana: User):
    in_conflict(site, ana)
    resolve("coast-a", "title", "ours", actor=ana)
    assert article("coast-a").title == "Ours"
    assert counts(bring_in(site)) == {"unchanged": 1}
    before = files_of(site)["_news/coast-a.md"]
    assert counts(bring_out(site)) == {"updated": 1}
    after = files_of(site)["_news/coast-a.md"]
    assert changed_lines(before, after) == (['title: "Theirs"'], ['title: "Ours"'])
    assert counts(bring_in(site)) == {"unchanged": 1}


@pytest.mark.parametrize("whose", ["ours", "theirs"])
def test_what_is_decided_is_warned_of_no_longer(site: Path, ana: User, whose: str):
    in_conflict(site, ana)
    assert any("ours is in force" in warning for warning in article("coast-a").warnings)
    resolve("coast-a", "title", whose)
    assert article("coast-a").warnings == []


def test_the_base_waits_for_the_last_of_several_conflicts(site: Path, ana: User):
    edit("coast-a", ana, title="Ours", excerpt="Ours.")
    before = digest()
    put(site, PIECE.but(title="Theirs", extra={"excerpt": "Theirs."}))
    bring_in(site)
    resolve("coast-a", "title", "theirs")
    assert digest() == before
    assert open_conflicts() == [("excerpt", "Theirs.", "Ours.")]
    resolve("coast-a", "excerpt", "ours")
    assert digest() != before
    assert (article("coast-a").title, article("coast-a").excerpt) == ("Theirs", "Ours.")
    with pytest.raises(NoSuchConflict):
        resolve("coast-a", "excerpt", "ours")


def test_a_newer_file_in_conflict_keeps_taking_what_is_free(site: Path, ana: User):
    in_conflict(site, ana)
    put(site, PIECE.but(title="Theirs, later", quality=52))
    report = bring_in(site)
    assert counts(report) == {"conflict": 1}
    assert open_conflicts() == [("title", "Theirs, later", "Ours")]
    assert article("coast-a").quality == 52


def test_a_file_that_takes_its_change_back_ends_the_conflict(site: Path, ana: User):
    in_conflict(site, ana)
    put(site, PIECE)
    assert counts(bring_in(site)) == {"updated": 1}
    assert open_conflicts() == []
    assert (article("coast-a").title, article("coast-a").quality) == ("Ours", 50)


def test_a_desk_that_comes_round_to_the_file_ends_the_conflict(site: Path, ana: User):
    in_conflict(site, ana)
    edit("coast-a", ana, title="Theirs")
    put(site, PIECE.but(title="Theirs", quality=53))
    assert counts(bring_in(site)) == {"updated": 1}
    assert open_conflicts() == []


def test_topics_merge_as_sets(folder: Path, ana: User):
    put(folder, PIECE.but(extra={"topics": ["A", "B", "C"]}))
    bring_in(folder)
    names = {topic.name: topic for topic in Topic.objects.all()} | {"D": make_topic("D")}
    edit("coast-a", ana, topics=[names[name] for name in "DAC"])
    put(folder, PIECE.but(extra={"topics": ["A", "B", "E"]}))
    assert counts(bring_in(folder)) == {"updated": 1}
    places = article("coast-a").topic_places.order_by("position")
    assert list(places.values_list("topic__name", flat=True)) == ["D", "A", "E"]


def test_a_corrected_quality_is_followed_by_no_file(site: Path, ana: User):
    edit("coast-a", ana, quality=90)
    put(site, PIECE.but(quality=52))
    assert counts(bring_in(site)) == {"updated": 1}
    assert article("coast-a").quality == 90


OTHER = {
    "webUrl": "https://rival.example/other",
    "originalUrl": "https://rival.example/other",
    "provider": {"name": "Rival", "domain": "rival.example"},
    "publishedDateTime": PIECE.values["publishedDateTime"].replace(hour=20),
}


def test_a_replaced_link_is_taken_as_one_group(site: Path):
    put(site, PIECE.but(extra=OTHER))
    assert counts(bring_in(site)) == {"updated": 1}
    row = article("coast-a")
    assert (row.web_url, row.provider.domain) == ("https://rival.example/other", "rival.example")


def test_a_replaced_link_under_an_edited_title_is_one_conflict_and_nothing_is_taken(
    site: Path, ana: User
):
    edit("coast-a", ana, title="Ours")
    put(site, PIECE.but(extra=OTHER | {"excerpt": "Other."}, quality=77))
    assert counts(bring_in(site)) == {"conflict": 1}
    [conflict] = Conflict.objects.all()
    assert conflict.key == "source"
    assert "the file now points at another article" in conflict.message
    row = article("coast-a")
    assert row.web_url == "https://coast.example/coast-a"
    assert row.excerpt == PIECE.values["excerpt"]
    assert row.provider.domain == "coast.example"
    resolve("coast-a", "webUrl", "theirs")
    row = article("coast-a")
    assert (row.web_url, row.excerpt, row.title, row.provider.domain) == (
        "https://rival.example/other",
        "Other.",
        "Ours",
        "rival.example",
    )
    assert counts(bring_in(site)) == {"unchanged": 1}


def test_a_replaced_link_kept_out_stays_out_and_is_written_back(site: Path, ana: User):
    before = files_of(site)["_news/coast-a.md"]
    edit("coast-a", ana, title="Ours")
    put(site, PIECE.but(extra=OTHER))
    bring_in(site)
    resolve("coast-a", "source", "ours")
    bring_out(site)
    assert changed_lines(before, files_of(site)["_news/coast-a.md"]) == (
        ['title: "What happened at coast-a"'],
        ['title: "Ours"'],
    )
    assert counts(bring_in(site)) == {"unchanged": 1}


def test_an_approval_of_the_old_link_is_void(site: Path, ana: User):
    act("coast-a", "approve", ana)
    put(site, PIECE.but(extra=OTHER))
    bring_in(site)
    assert article("coast-a").state == "in_review"
    assert article("coast-a").approved_revision is None


def test_a_live_article_whose_source_was_replaced_says_so(site: Path, ana: User):
    act("coast-a", "publish", ana)
    put(site, PIECE.but(extra=OTHER))
    bring_in(site)
    assert article("coast-a").state == "published"
    assert Transition.objects.filter(article__slug="coast-a", action="source_replaced").count() == 1


def test_a_new_file_with_the_link_of_a_spiked_article_is_held(site: Path, ana: User):
    act("coast-a", "spike", ana)
    link = PIECE.values["webUrl"]
    put(site, Piece("coast-again", link=link, published=True))
    report = bring_in(site)
    assert article("coast-again").state == "new"
    again = next(file for file in report.files if "again" in file.path)
    assert any("coast-a" in warning and "spiked" in warning for warning in again.warnings)


def test_a_file_that_meets_an_article_made_here_is_a_conflict_that_can_be_resolved(
    folder: Path, ana: User
):
    make_article(slug="coast-a", title="Ours", topics=[])
    put(folder, PIECE)
    report = bring_in(folder)
    assert counts(report) == {"conflict": 1}
    assert bring_in(folder).exit_code() == 0
    for key, _, _ in open_conflicts():
        resolve("coast-a", key, "theirs")
    assert article("coast-a").title == PIECE.values["title"]
    assert counts(bring_in(folder)) == {"unchanged": 1}
    assert counts(bring_out(folder)) == {"unchanged": 1}

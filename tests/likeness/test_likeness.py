"""What is one event, one piece, and neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.likeness import Grouping, Likeness, Rarity, compare, read
from articles.likeness.scoring import b_cubed, pairs
from articles.likeness.words import bare
from articles.tracking import address

from .reports import events, piece, reports


def rarity() -> Rarity:
    found = Rarity()
    for report in reports():
        found.count(read(report).text)
    return found


def alike(first: int, second: int) -> Likeness:
    found = [read(report) for report in reports()]
    return compare(found[first], found[second], rarity())


def grouped() -> list[int]:
    grouping, found = Grouping(), []
    for report in reports():
        reading = read(report)
        grouping.rarity.count(reading.text)
        found.append(grouping.arrive(reading))
    return found


def test_reports_of_one_event_stand_together_and_others_alone() -> None:
    found = grouped()
    assert b_cubed(events(), found).f1 > 0.92
    assert pairs(events(), found).precision >= 0.8


def test_an_announcement_in_the_same_form_is_another_event() -> None:
    assert alike(4, 5).score < 0
    assert alike(9, 10).score < 0
    assert alike(1, 2).score < alike(6, 7).score


def test_the_reasons_name_rare_words_the_time_and_the_provider() -> None:
    why = alike(0, 3).why
    assert "rare words shared: " in why
    assert "villages" in why.casefold()
    assert why.endswith("; same day; another provider")
    assert alike(9, 10).why.endswith("; same day; same provider")


def test_days_between_two_reports_make_them_less_likely_one_event() -> None:
    early = read(piece("Cracks found in Orsk dam", domain="a.example"))
    scores = [
        compare(early, read(piece("Orsk dam has cracks", hours=hours)), rarity()).score
        for hours in (1, 48, 240)
    ]
    assert scores == sorted(scores, reverse=True)
    assert (
        "10 days apart"
        in compare(early, read(piece("Orsk dam has cracks", hours=240)), rarity()).why
    )


@pytest.mark.parametrize(
    "link",
    [
        "https://news.example/a/orsk-dam?utm_source=mail",
        "http://m.news.example/a/orsk-dam",
        "https://www.news.example/a/orsk-dam/amp/",
        "https://amp.news.example/a/orsk-dam?fbclid=1",
        "https://news.example/a/orsk-dam/?amp=1",
        "https://news-example.cdn.ampproject.org/c/s/news.example/a/orsk-dam",
        "https://www.google.com/amp/s/amp.news.example/a/orsk-dam.amp",
    ],
)
def test_the_same_link_in_another_dress_is_the_same_piece(link: str) -> None:
    one = read(piece("Cracks", link="https://news.example/a/orsk-dam"))
    assert compare(one, read(piece("Nothing alike", link=link)), Rarity()).is_same_piece


TOLD = (
    "The army is pumping water out of the reservoir behind the dam at Orsk, where cracks have"
    " been found, and thousands of people have left their villages."
)


def test_the_same_text_at_another_address_is_the_same_piece() -> None:
    one = read(piece("Orsk dam: army pumps water", TOLD, link="https://one.example/a"))
    moved = read(piece("Army pumps water at Orsk dam", TOLD, link="https://one.example/b"))
    found = compare(one, moved, rarity())
    assert found.is_same_piece
    assert found.why == "same text at another address; same day; same provider"


def test_a_text_that_another_provider_prints_is_a_wire_copy() -> None:
    one = read(piece("Army pumps water as cracks widen", TOLD))
    for title, excerpt in (
        ("Orsk: thousands leave as army pumps", TOLD[:-20]),
        ("Army Pumps Water as Cracks Widen", "Our own summary."),
    ):
        found = compare(one, read(piece(title, excerpt, "two.example")), rarity())
        assert (found.is_same_piece, found.reasons[0]) == (True, "wire copy")


@pytest.mark.parametrize(
    ("title", "excerpt", "hours"),
    [
        ("Orsk dam: army pumps water, part 2", TOLD, 1),
        ("Valley choir sings for a roof", TOLD, 1),
        ("Orsk dam: army pumps water", TOLD, 24 * 30),
        ("Orsk dam: army pumps the water", "Thousands of people have left their villages.", 1),
    ],
)
def test_another_report_is_no_copy(title: str, excerpt: str, hours: float) -> None:
    one = read(piece("Orsk dam: army pumps water", TOLD))
    assert not compare(one, read(piece(title, excerpt, "b.example", hours)), rarity()).is_same_piece


def test_another_page_of_the_same_site_is_another_piece() -> None:
    links = ("https://news.example/?id=1", "https://news.example/?id=2", "https://news.example/")
    assert len({address(link) for link in links}) == 3


def test_pieces_without_a_link_are_not_one_piece() -> None:
    assert not compare(read(piece("A")), read(piece("A")), Rarity()).is_same_piece


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("General availability: Quartz backups", "Quartz backups"),
        ("Public preview – Quartz backups", "Quartz backups"),
        ("Quartz backups are now generally available", "Quartz backups"),
        ("Tulip storage will be retired on 31 August 2025", "Tulip storage"),
        ("RPT-Quarry to close", "Quarry to close"),
        ("Now available", "Now available"),
    ],
)
def test_phrases_of_the_kind_are_not_the_news(title: str, words: str) -> None:
    assert bare(title) == words


def test_a_word_is_the_rarer_the_fewer_use_it() -> None:
    found = rarity()
    assert found.weight("orsk") > found.weight("the") > 0
    assert found.weight("lindholm") < found.most == found.weight("choir")


TEXTS = st.text(max_size=60)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_likeness_is_the_same_either_way_and_defined_for_any_text(
    title: str, excerpt: str, other: str, more: str
) -> None:
    one, two = read(piece(title, excerpt)), read(piece(other, more, "two.example"))
    there, back = compare(one, two, rarity()), compare(two, one, rarity())
    assert there.score == pytest.approx(back.score)
    assert there.reasons == back.reasons


@given(st.lists(TEXTS, max_size=12))
def test_what_comes_later_changes_nothing_before(titles: list[str]) -> None:
    def places(some: list[str]) -> list[int]:
        grouping = Grouping()
        found = []
        for title in some:
            reading = read(piece(title))
            grouping.rarity.count(reading.text)
            found.append(grouping.arrive(reading))
        return found

    assert places(titles[: len(titles) // 2]) == places(titles)[: len(titles) // 2]


def test_scores_of_a_grouping_are_those_of_the_definition() -> None:
    right, found = [1, 1, 2, 3], [1, 1, 1, 2]
    assert b_cubed(right, found).precision == pytest.approx((4 / 3 + 1 / 3 + 1) / 4)
    assert b_cubed(right, found).recall == 1.0
    assert pairs(right, found).precision == pytest.approx(1 / 3)
    assert pairs([1, 2], [1, 2]).precision == 1.0

"""The index of headlines is in step with every change, and finds words by the day."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.search import Sought, sharing
from articles.search.headlines import rebuild
from tests.factories import A_DAY, make_article

pytestmark = pytest.mark.django_db

TODAY = A_DAY.astimezone(UTC).toordinal()


def found(*words: str, days: range = range(TODAY, TODAY + 1)) -> list[int]:
    return sharing([Sought(word, 1.0, days) for word in words], 100)


def test_an_article_is_found_by_the_words_of_its_headline_on_its_day():
    one = make_article(title="Cracks in Orsk dam", published_at=A_DAY)
    make_article(title="Choir sings", published_at=A_DAY)
    assert found("orsk") == [one.pk]
    assert found("orsk", days=range(TODAY - 5, TODAY)) == []
    assert found("orsk", days=range(TODAY - 5, TODAY + 5)) == [one.pk]


def test_who_shares_more_comes_first():
    one = make_article(title="Orsk choir", published_at=A_DAY)
    two = make_article(title="Cracks in Orsk dam", published_at=A_DAY)
    assert found("orsk", "dam", "crack") == [two.pk, one.pk]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Dam-burst at Orsk", "burst"),
        ("Orsk: “Évacuation” de l’école", "evacuation"),
        ("(Orsk) bursts", "orsk"),
        ("Villages cleared", "villag"),
        ("Ω ВОДА поднялась", "вода"),
        ("7 dead in Orsk", "7"),
    ],
)
def test_marks_accents_case_and_endings_are_nothing(title: str, word: str):
    one = make_article(title=title, published_at=A_DAY)
    assert found(word) == [one.pk]


def test_a_short_word_is_no_beginning():
    make_article(title="Using the dam", published_at=A_DAY)
    assert found("us") == []


def test_a_changed_headline_or_time_is_found_as_it_is_now():
    one = make_article(title="Cracks in Orsk dam", published_at=A_DAY)
    Article.objects.filter(pk=one.pk).update(title="Choir sings")
    assert (found("orsk"), found("choir")) == ([], [one.pk])
    Article.objects.filter(pk=one.pk).update(published_at=A_DAY + timedelta(days=1))
    assert (found("choir"), found("choir", days=range(TODAY + 1, TODAY + 2))) == ([], [one.pk])
    Article.objects.filter(pk=one.pk).update(published_at=None)
    assert found("choir", days=range(TODAY - 9, TODAY + 9)) == []
    Article.objects.filter(pk=one.pk).update(published_at=A_DAY)
    assert found("choir") == [one.pk]


def test_the_index_can_be_made_anew():
    one = make_article(title="Cracks in Orsk dam", published_at=A_DAY)
    make_article(title="Orsk without a day", published_at=None)
    rebuild("default")
    assert found("orsk") == [one.pk]


def test_nothing_that_was_printed_breaks_it():
    odd = [
        "\"'*()",
        "a\u2028b",
        "x" * 500,
        "日本語の見出し",
        "🌊 Orsk",
        "%s %% {0}",
        "\\x00 ' OR 1",
    ]
    for title in odd:
        one = make_article(title=title, published_at=A_DAY)
        Article.objects.filter(pk=one.pk).update(title=f"{title[:490]} again")
        one.delete()
    assert found("orsk", "again", "日本語の見出し", "𞤀𞤁", "") == []


def test_all_words_are_asked_for_in_one_query():
    with CaptureQueriesContext(connection) as asked:
        found(*(f"word{number}" for number in range(12)), days=range(TODAY - 14, TODAY + 15))
    assert len(asked) == 1

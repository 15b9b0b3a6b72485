"""Statements over many rows do what saving each of them would do, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article, Passage, RelatedItem, Run, Story, Topic
from articles.models.bulk import Blank, insert_rows, update_rows

pytestmark = pytest.mark.django_db

TEXTS = ["", "a\tb", "a\nb\r\n", "\\N", "\\", '"', "'", "{a,b}", "NULL", "é\u2028🚢", " a ", "\\."]
AT = datetime(2023, 3, 23, 19, 55, 0, 120_000, tzinfo=UTC)


def items(texts: list[str]) -> list[tuple[object, ...]]:
    return [
        (number - 3, 2**63 - 1 - number, text, "https://example.com/", AT if number % 2 else None)
        for number, text in enumerate(texts)
    ]


COLUMNS = ["identity", "title_hash", "title", "link", "published_at"]


def test_every_value_comes_back_as_it_went_in() -> None:
    insert_rows(
        RelatedItem, [*COLUMNS, "images"], [(*row, [{"url": row[2]}]) for row in items(TEXTS)]
    )
    found = list(RelatedItem.objects.order_by("identity"))
    assert [tuple(getattr(one, name) for name in COLUMNS) for one in found] == items(TEXTS)
    assert [one.images for one in found] == [[{"url": text}] for text in TEXTS]


def test_bytes_come_back_as_they_went_in() -> None:
    every = [bytes([number]) * 3 for number in range(256)]
    insert_rows(Passage, ["digest", "data"], [(f"{n:x}", data) for n, data in enumerate(every)])
    assert [bytes(one.data) for one in Passage.objects.order_by("pk")] == every


def test_rows_are_found_among_any_texts() -> None:
    insert_rows(RelatedItem, COLUMNS, items([*TEXTS, "another"]))
    assert RelatedItem.objects.filter(title__among=[*TEXTS, *TEXTS]).count() == len(TEXTS)
    assert not RelatedItem.objects.filter(title__among=[]).exists()


def test_a_column_that_is_not_named_has_its_default() -> None:
    insert_rows(RelatedItem, COLUMNS, items(["a"]))
    item = RelatedItem.objects.get()
    assert (item.excerpt, item.images, item.quality) == ("", [], None)


def test_rows_are_numbered_in_their_order() -> None:
    insert_rows(RelatedItem, COLUMNS, items([f"{number}" for number in range(50)]))
    titles = RelatedItem.objects.order_by("pk").values_list("title", flat=True)
    assert list(titles) == [f"{number}" for number in range(50)]


def test_a_row_that_breaks_a_constraint_keeps_all_of_them_out() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(RelatedItem, COLUMNS, [*items(["a", "b"]), *items(["a"])])
    assert not RelatedItem.objects.exists()


def test_each_row_gets_its_own_values_and_no_other_row_any() -> None:
    insert_rows(RelatedItem, COLUMNS, items(TEXTS))
    first, *others, last = RelatedItem.objects.order_by("pk")
    rows = [(f"{one.title}!", AT, None, [one.pk], one.pk) for one in others]
    update_rows(RelatedItem, ["title", "published_at", "quality", "images"], rows)
    found = list(RelatedItem.objects.order_by("pk"))
    assert [one.title for one in found] == [
        first.title,
        *(f"{one.title}!" for one in others),
        last.title,
    ]
    assert [one.published_at for one in found[1:-1]] == [AT] * len(others)
    assert [one.images for one in found] == [[], *([one.pk] for one in others), []]


def test_columns_of_every_type_can_be_set_for_many() -> None:
    stories = Story.objects.bulk_create([Story(), Story()])
    update_rows(
        Story,
        ["slug", "heat", "rank", "is_lead_chosen"],
        [("a", -1, 1.5, True, stories[0].pk), (None, 5, None, False, stories[1].pk)],
    )
    columns = Story.objects.order_by("pk").values_list("slug", "heat", "rank", "is_lead_chosen")
    assert list(columns) == [("a", -1, 1.5, True), (None, 5, None, False)]


def test_no_rows_are_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        insert_rows(RelatedItem, COLUMNS, [])
        update_rows(RelatedItem, COLUMNS, [])


def test_a_blank_object_is_one_that_the_constructor_makes() -> None:
    at = timezone.now()
    blank, made = Blank(Article)(slug="a", arrived_at=at), Article(slug="a", arrived_at=at)
    for field in Article._meta.concrete_fields:
        assert getattr(blank, field.attname) == getattr(made, field.attname), field.name
    assert blank._state.adding
    assert blank.warnings is not Blank(Article)(slug="b", arrived_at=at).warnings


def test_any_number_of_values_can_be_asked_for_at_once() -> None:
    run = Run.objects.create(kind=Run.Kind.IMPORT, started_at=AT)
    topics = Topic.objects.bulk_create([Topic(slug=f"t{n}", name=f"{n}") for n in range(3)])
    many = range(40_000)
    assert Topic.objects.filter(pk__among=[*many, *(one.pk for one in topics)]).count() == 3
    assert Topic.objects.filter(name__among=[f"{n}" for n in many]).count() == 3
    assert not Topic.objects.filter(pk__among=[])
    assert not Topic.objects.filter(name__among=[])
    assert Run.objects.filter(pk__among=[run.pk, run.pk]).count() == 1

"""Two versions side by side: nothing changed goes unmarked, nothing unchanged is marked."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from articles.revisions import Fate, Version, compare
from articles.revisions.lists import Entry, compare_lists
from articles.revisions.words import MOST_LINES, MOST_WORDS, Span, compare_words

names = st.lists(st.sampled_from("abcdefghij"), unique=True)
texts = st.text(st.sampled_from("ab \n.é"), max_size=60)


def marked(spans: list[Span]) -> list[str]:
    return [span.text.strip() for span in spans if span.is_changed]


def fates(before: str, after: str) -> dict[str, Fate]:
    items = compare_lists([*map(Entry, before)], [*map(Entry, after)])
    return {item.name: item.fate for item in items}


def test_only_the_words_that_changed_are_marked():
    before, after = compare_words("Cranes move at Calder", "Cranes stop at Calder")
    assert (marked(before), marked(after)) == (["move"], ["stop"])


@given(texts, texts)
def test_the_spans_of_a_side_are_its_text(one: str, two: str):
    before, after = compare_words(one, two)
    assert "".join(span.text for span in before) == one
    assert "".join(span.text for span in after) == two


@given(texts, texts)
def test_what_is_not_marked_is_the_same_on_both_sides(one: str, two: str):
    before, after = compare_words(one, two)
    same = ["".join(s.text for s in side if not s.is_changed) for side in (before, after)]
    assert same[0] == same[1]
    assert (one == two) == (not any(span.is_changed for span in (*before, *after)))


def test_a_long_text_is_compared_by_lines_and_within_them():
    lines = [f"line {number} says nothing new\n" for number in range(MOST_WORDS)]
    changed = [*lines[:9], "line 9 says something new\n", *lines[10:-1], "the end"]
    before, after = compare_words("".join(lines), "".join(changed))
    assert marked(before)[0] == "nothing"
    assert marked(after)[0] == "something"


def test_a_huge_text_is_answered_all_the_same():
    before, after = compare_words("a\nb\n" * MOST_LINES, "b\nc\n" * MOST_LINES)
    assert len(marked(before)) == len(marked(after)) == 1


def test_items_are_added_removed_moved_or_kept():
    assert fates("abc", "bcd") == {
        "a": Fate.REMOVED,
        "b": Fate.KEPT,
        "c": Fate.KEPT,
        "d": Fate.ADDED,
    }
    assert fates("abcd", "dabc") == {**dict.fromkeys("abc", Fate.KEPT), "d": Fate.MOVED}


@given(names, names)
def test_every_item_of_both_lists_is_told_once_and_in_order(one: list[str], two: list[str]):
    items = compare_lists([*map(Entry, one)], [*map(Entry, two)])
    assert sorted(item.name for item in items) == sorted({*one, *two})
    assert [item.name for item in items if item.fate is not Fate.REMOVED] == two
    assert {i.name for i in items if i.fate is Fate.REMOVED} == {*one} - {*two}
    assert {i.name for i in items if i.fate is Fate.ADDED} == {*two} - {*one}
    in_place = [item.name for item in items if item.fate is Fate.KEPT]
    assert in_place == sorted(in_place, key=one.index)
    if one == two:
        assert in_place == one


def test_keys_come_in_the_order_of_the_file_and_the_body_last():
    before = Version(
        {
            "title": "Old",
            "publishedDateTime": datetime(2024, 5, 6, tzinfo=UTC),
            "provider": {"name": "Gate", "domain": "gate.example"},
            "topics": ["Harbours"],
        },
        "text",
    )
    after = Version({**before.values, "title": "New", "topics": ["Cranes"], "quality": 4}, "more")
    assert [found.key for found in compare(before, after)] == [
        *("title", "quality", "topics", "body")
    ]
    assert compare(before, before) == []


def test_an_image_is_known_by_its_address_and_its_new_size_is_a_change():
    one = {"url": "https://gate.example/a.jpg", "width": 640}
    before = Version({"images": [one]})
    after = Version({"images": [one | {"width": 320}]})
    (item,) = compare(before, after)[0].items
    assert (item.fate, item.particulars, item.was) == (Fate.CHANGED, "width: 320", "width: 640")


def test_coverage_is_compared_only_where_both_sides_know_it():
    known = Version({}, coverage=["a", "b"])
    assert compare(Version({}), known) == []
    (found,) = compare(known, Version({}, coverage=["b", "c"]))
    assert [(item.name, item.fate) for item in found.items] == [
        ("a", Fate.REMOVED),
        ("b", Fate.KEPT),
        ("c", Fate.ADDED),
    ]

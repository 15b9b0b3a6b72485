"""The three-way laws of the pure merge, for any values whatever."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from articles.frontmatter.merge import (
    BODY,
    SOURCE_GROUP,
    Merge,
    identity_of,
    merge,
    merge_lists,
    same,
)
from articles.frontmatter.schema import ARTICLE, Owner

TEXTS = some.sampled_from(["", "one", "two", "three"])
LINKS = some.sampled_from([f"https://coast.example/{name}" for name in "abc"])
IMAGES = some.lists(
    some.fixed_dictionaries({"url": LINKS}, optional={"title": TEXTS}),
    max_size=3,
    unique_by=lambda image: image["url"],
)
VALUES = {
    "category": TEXTS,
    "title": TEXTS,
    "excerpt": TEXTS | some.none(),
    "publishedDateTime": some.sampled_from([datetime(2024, 5, day, tzinfo=UTC) for day in (1, 2)]),
    "webUrl": LINKS,
    "originalUrl": LINKS | some.none(),
    "quality": some.integers(0, 3),
    "provider": some.fixed_dictionaries({}, optional={"name": TEXTS, "domain": TEXTS}),
    "topics": some.lists(some.sampled_from("ABCD"), unique=True) | some.none(),
    "images": IMAGES,
    BODY: TEXTS,
}
files = some.fixed_dictionaries({}, optional=VALUES)
LISTS = ("topics",)
BOTH_WAYS = settings(max_examples=150, deadline=None)


def after(ours: dict[str, Any], result: Merge) -> dict[str, Any]:
    return ours | result.taken


def equal(one: dict[str, Any], other: dict[str, Any], keys: Any = VALUES) -> bool:
    return all(same(one.get(key), other.get(key)) for key in keys)


@BOTH_WAYS
@given(files, files)
def test_where_we_changed_nothing_the_file_is_taken(base: dict, file: dict):
    result = merge(ARTICLE, base, file, base)
    assert result.clashes == []
    assert equal(after(base, result), file)


@BOTH_WAYS
@given(files, files)
def test_where_the_file_changed_nothing_ours_stays(base: dict, ours: dict):
    result = merge(ARTICLE, base, base, ours)
    assert (result.clashes, result.taken) == ([], {})


@BOTH_WAYS
@given(files, files)
def test_where_both_say_the_same_nothing_is_to_do(base: dict, file: dict):
    result = merge(ARTICLE, base, file, file)
    assert result.clashes == []
    assert equal(after(file, result), file)


@BOTH_WAYS
@given(files, files, files)
def test_ours_is_never_lost(base: dict, file: dict, ours: dict):
    """What we changed is still there, whatever the file says; lists keep what we put in."""
    result = merge(ARTICLE, base, file, ours)
    for key in result.taken:
        if same(ours.get(key), base.get(key)) or same(result.taken[key], file.get(key)):
            continue
        assert key in LISTS
        here = {identity_of(item) for item in ours.get(key) or ()}
        before = {identity_of(item) for item in base.get(key) or ()}
        assert here - before <= {identity_of(item) for item in result.taken[key] or ()}


@BOTH_WAYS
@given(files, files, files)
def test_theirs_is_never_lost(base: dict, file: dict, ours: dict):
    """What the file changed is taken or kept in a conflict; a corrected quality is ours alone."""
    result = merge(ARTICLE, base, file, ours)
    kept = {clash.key for clash in result.clashes}
    kept |= {key for clash in result.clashes if clash.key == SOURCE_GROUP for key in clash.theirs}
    got = after(ours, result)
    for key in VALUES:
        if same(file.get(key), base.get(key)) or same(got.get(key), file.get(key)):
            continue
        is_machine = key in ARTICLE.by_name and ARTICLE.by_name[key].owner is Owner.MACHINE
        assert key in kept or key in LISTS or is_machine


@BOTH_WAYS
@given(files, files, files)
def test_a_clash_takes_nothing_of_its_key_and_holds_both_values(base: dict, file: dict, ours: dict):
    for clash in (result := merge(ARTICLE, base, file, ours)).clashes:
        keys = clash.theirs if clash.key == SOURCE_GROUP else [clash.key]
        assert not result.taken.keys() & set(keys)
        theirs = clash.theirs if clash.key == SOURCE_GROUP else {clash.key: clash.theirs}
        mine = clash.ours if clash.key == SOURCE_GROUP else {clash.key: clash.ours}
        assert equal(theirs, file, keys)
        assert equal(mine, ours, keys)


@BOTH_WAYS
@given(files, files, files)
def test_the_source_group_moves_whole_or_not_at_all(base: dict, file: dict, ours: dict):
    group = [key.name for key in ARTICLE.order if key.owner is Owner.SOURCE]
    result = merge(ARTICLE, base, file, ours)
    changed = {key for key in group if not same(file.get(key), base.get(key))}
    taken = changed & result.taken.keys()
    assert taken in (set(), changed) or all(
        same(ours.get(key), file.get(key)) for key in changed - taken
    )


@BOTH_WAYS
@given(files, files, files)
def test_merging_what_was_merged_changes_nothing(base: dict, file: dict, ours: dict):
    first = merge(ARTICLE, base, file, ours)
    agreed = after(ours, first)
    again = merge(ARTICLE, base, file, agreed)
    assert equal(after(agreed, again), agreed)
    assert [clash.key for clash in again.clashes] == [clash.key for clash in first.clashes]


@BOTH_WAYS
@given(*[some.lists(some.sampled_from("ABCDE"), unique=True)] * 3)
def test_lists_merge_as_sets(base: list, theirs: list, ours: list):
    merged = merge_lists(base, theirs, ours)
    added = (set(theirs) | set(ours)) - set(base)
    stayed = set(base) & set(theirs) & set(ours)
    assert set(merged) == added | stayed
    assert len(merged) == len(set(merged))
    assert [item for item in merged if item in ours] == [item for item in ours if item in merged]


@pytest.mark.parametrize(
    ("key", "theirs"), [("published", True), ("removed", True), ("related", [{"title": "x"}])]
)
def test_state_and_story_are_no_matter_of_the_merge(key: str, theirs: object):
    result = merge(ARTICLE, {}, {key: theirs}, {})
    assert (result.taken, result.clashes) == ({}, [])


def test_absent_null_and_empty_are_one_thing_to_the_merge():
    assert same({"topics": None, "images": []}, {})
    assert not same({"excerpt": ""}, {"excerpt": "x"})

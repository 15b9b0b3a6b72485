"""Which articles belong together, by claims alone."""

from __future__ import annotations

import random

import pytest

from articles.stories.grouping import Fact, Node, components, edges


def node(slug: str, *claims: str, run: int = 1, **changes: bool) -> Node:
    """An article whose identity is its slug's number and whose claims name slugs."""
    return Node(
        slug, number(slug), 7, run, frozenset((number(name), 7) for name in claims), **changes
    )


def number(slug: str) -> int:
    return sum(ord(letter) << (8 * place) for place, letter in enumerate(slug))


def test_claims_of_both_sides_join():
    assert components([node("a", "b"), node("b", "a")]) == [["a", "b"]]


def test_a_claim_of_one_side_joins_no_file_of_the_same_run():
    assert components([node("a", "b"), node("b")]) == [["a"], ["b"]]


@pytest.mark.parametrize(("run_of_b", "expected"), [(1, [["a", "b"]]), (3, [["a"], ["b"]])])
def test_a_claim_of_one_side_joins_a_file_of_an_older_run_only(run_of_b: int, expected: list):
    assert components([node("a", "b", run=2), node("b", run=run_of_b)]) == expected


def test_a_claim_of_what_is_not_here_joins_nothing():
    assert components([node("a", "x"), node("b", "x")]) == [["a"], ["b"]]


def test_claims_of_and_on_a_removed_file_join_nothing():
    nodes = [node("a", "b", "c", is_removed=True), node("b", "a", run=0), node("c", "a")]
    assert components(nodes) == [["a"], ["b"], ["c"]]


def test_a_story_is_a_connected_component():
    nodes = [node("a", "b"), node("b", "a", "c"), node("c", "b"), node("d", "e"), node("e", "d")]
    assert components(nodes) == [["a", "b", "c"], ["d", "e"]]


def test_one_that_claims_itself_is_alone():
    assert edges([node("a", "a")]) == []


def twin(slug: str, title: int, *claims: tuple[int, int]) -> Node:
    return Node(slug, 1, title, 1, frozenset(claims))


def test_of_several_with_one_link_and_time_the_title_decides():
    nodes = [twin("a", 10), twin("b", 11), Node("c", 2, 20, 2, frozenset({(1, 11)}))]
    assert components(nodes) == [["a"], ["b", "c"]]


def test_of_several_with_one_link_and_time_and_no_such_title_all_are_meant():
    nodes = [twin("a", 10), twin("b", 11), Node("c", 2, 20, 2, frozenset({(1, 12)}))]
    assert components(nodes) == [["a", "b", "c"]]


def test_one_whose_title_changed_is_still_found_by_link_and_time():
    nodes = [twin("a", 10), Node("c", 2, 20, 2, frozenset({(1, 99)}))]
    assert components(nodes) == [["a", "c"]]


def test_an_editor_s_word_stands_over_claims():
    apart = [Fact("a", "b", is_together=False)]
    assert components([node("a", "b"), node("b", "a")], apart) == [["a"], ["b"]]
    together = [Fact("a", "b", is_together=True)]
    assert components([node("a"), node("b")], together) == [["a", "b"]]


def test_two_that_an_editor_took_apart_never_meet_by_way_of_a_third():
    nodes = [node("a", "b"), node("b", "a", "c"), node("c", "b")]
    found = components(nodes, [Fact("a", "c", is_together=False)])
    assert ["a", "c"] not in [sorted(set(group) & {"a", "c"}) for group in found]
    assert sum(len(group) for group in found) == 3


def test_two_that_people_published_never_join():
    nodes = [node("a", "b", is_anchored=True), node("b", "a", is_anchored=True)]
    assert components(nodes) == [["a"], ["b"]]


def fact(seeded: random.Random, slugs: list[str]) -> Fact:
    first, second = sorted(seeded.sample(slugs, 2))
    return Fact(first, second, is_together=seeded.random() < 0.5)


def test_the_order_of_arrival_is_nothing():
    seeded = random.Random(5)
    slugs = [f"s{n:02}" for n in range(40)]
    for _ in range(60):
        nodes = [
            node(
                slug,
                *seeded.sample(slugs, seeded.randint(0, 3)),
                run=seeded.randint(1, 2),
                is_removed=seeded.random() < 0.1,
                is_anchored=seeded.random() < 0.1,
            )
            for slug in slugs
        ]
        facts = [fact(seeded, slugs) for _ in range(seeded.randint(0, 6))]
        expected = components(nodes, facts)
        for _ in range(3):
            seeded.shuffle(nodes)
            seeded.shuffle(facts)
            assert components(nodes, facts) == expected
        apart = {(fact.first, fact.second) for fact in facts if not fact.is_together}
        assert not any({*pair} <= {*group} for pair in apart for group in expected)

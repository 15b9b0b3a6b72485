"""Which articles report the same story, from what their files claim. Pure.

A story is a connected component of claims made by both sides, or by one side while the other
file is from an older run (FORMAT.md, "How stories show in the files"). Editors' facts come first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Named = tuple[int, int]
"""An identity and a title hash, as a `related` entry names an article (`articles.identity`)."""


@dataclass(slots=True)
class Node:
    """One article in hand. `run` is the run that set its base; `is_anchored`: a person published
    it, so it leads its story and no other anchored article can join."""

    slug: str
    identity: int
    title_hash: int
    run: int
    claims: frozenset[Named] = field(default_factory=frozenset)
    is_removed: bool = False
    is_anchored: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """An editor's word on two slugs, over their files."""

    first: str
    second: str
    is_together: bool


class NamedBy:
    """Finds the articles that a claim names: by identity, then by title, then all of them."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._by_identity: dict[int, list[Node]] = defaultdict(list)
        for node in nodes:
            self._by_identity[node.identity].append(node)

    def find(self, claim: Named) -> Sequence[Node]:
        """The nodes meant by one claim; empty when it is no article here."""
        found = self._by_identity.get(claim[0], [])
        if len(found) < 2:
            return found
        return [node for node in found if node.title_hash == claim[1]] or found


def edges(nodes: Sequence[Node]) -> list[tuple[str, str]]:
    """The pairs of slugs that claims join, in order of slug."""
    index = NamedBy(nodes)
    named = {
        node.slug: {other.slug: other for claim in node.claims for other in index.find(claim)}
        for node in nodes
        if not node.is_removed
    }
    pairs = []
    for node in nodes:
        slug = node.slug
        for name, other in named.get(slug, {}).items():
            if other.is_removed or name == slug:
                continue
            # A pair that both name is met twice, and counts where the first of them names it.
            if slug in named[name]:
                if slug < name:
                    pairs.append((slug, name))
            elif other.run < node.run:
                pairs.append((slug, name) if slug < name else (name, slug))
    return sorted(pairs)


def components(nodes: Sequence[Node], facts: Sequence[Fact] = ()) -> list[list[str]]:
    """The stories: every slug in exactly one list, lists and members in order of slug.

    Two articles that an editor took apart never meet, even by way of a third; nor do two that
    persons published. Both are decided in order of slug, so that the order of arrival is nothing.
    """
    forest = _Forest(nodes, facts)
    here = {node.slug for node in nodes}
    for fact in sorted(facts, key=lambda fact: (fact.first, fact.second)):
        if fact.is_together and fact.first in here and fact.second in here:
            forest.join(fact.first, fact.second)
    for first, second in edges(nodes):
        forest.join(first, second)
    return forest.lists()


class _Forest:
    """Disjoint sets that refuse a union which would put an excluded pair together."""

    def __init__(self, nodes: Sequence[Node], facts: Sequence[Fact]) -> None:
        self._root = {node.slug: node.slug for node in nodes}
        self._members = {node.slug: [node.slug] for node in nodes}
        self._anchored = {node.slug: node.is_anchored for node in nodes}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for fact in facts:
            if not fact.is_together:
                self._apart[fact.first].add(fact.second)
                self._apart[fact.second].add(fact.first)

    def _find(self, slug: str) -> str:
        while self._root[slug] != slug:
            self._root[slug] = self._root[self._root[slug]]
            slug = self._root[slug]
        return slug

    def join(self, first: str, second: str) -> None:
        one, two = self._find(first), self._find(second)
        if one == two or self._excluded(one, two):
            return
        if len(self._members[one]) < len(self._members[two]):
            one, two = two, one
        self._root[two] = one
        self._members[one] += self._members.pop(two)
        self._anchored[one] = self._anchored[one] or self._anchored[two]

    def _excluded(self, one: str, two: str) -> bool:
        if self._anchored[one] and self._anchored[two]:
            return True
        if not self._apart:
            return False
        others = set(self._members[two])
        return any(self._apart[slug] & others for slug in self._members[one] if slug in self._apart)

    def lists(self) -> list[list[str]]:
        return sorted(sorted(members) for members in self._members.values())

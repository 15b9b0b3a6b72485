"""Whether the members of a story belong together, and whether two stories are one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import fmean

from .comparing import Likeness, compared
from .grouping import Belonging, belongings, meet
from .rarity import Rarity
from .reading import Reading, weigh

TIED = -3.0
"""The score of two members from which they hold together: in stories made of two
labelled events each, nine in ten of the second one's articles are strangers, and none of the first
one's."""
FAR = -8.0
"""The score of a story for a member that met none of it."""


def strangers(members: Sequence[Reading], rarity: Rarity) -> list[tuple[int, Likeness]]:
    """The places of the members that nothing ties to the first, the lead, by way of others even;
    each with its likeness to the likest of those that are, the strangest first."""
    weighed = [weigh(member, rarity) for member in members]
    tied, reached = {0}, [0]
    likest: dict[int, Likeness] = {}
    while reached:
        by = reached.pop()
        for place in [place for place in range(len(members)) if place not in tied]:
            found = compared(weighed[by], weighed[place], rarity)
            if place not in likest or likest[place].score < found.score:
                likest[place] = found
            if found.score >= TIED:
                tied.add(place)
                reached.append(place)
    out = [(place, found) for place, found in likest.items() if place not in tied]
    return sorted(out, key=lambda one: (one[1].score, one[0]))


def alike(
    members: Sequence[Reading], others: Iterable[tuple[Reading, int]], rarity: Rarity
) -> list[Belonging]:
    """Other stories (article, story) that the members of one may belong to as a whole, likest
    first: the mean of how likely those half of them do that most likely do. What is told around an
    event, the other half, is like little else."""
    others = list(others)
    found: dict[int, list[Belonging]] = {}
    for member in members:
        for one in belongings(member, meet(member, others, rarity)):
            found.setdefault(one.story, []).append(one)
    whole = [_whole(ones, len(members)) for ones in found.values()]
    return sorted(whole, key=lambda one: (-one.score, one.story))


def _whole(ones: list[Belonging], members: int) -> Belonging:
    likest = max(ones, key=lambda one: one.score)
    scores = [one.score for one in ones] + [FAR] * (members - len(ones))
    half = sorted(scores, reverse=True)[: (members + 1) // 2]
    return replace(likest, score=fmean(half))

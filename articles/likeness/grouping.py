"""Articles arrive one by one; each joins the story it is likest to, or founds its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log, log1p

from .comparing import Likeness, compared
from .rarity import Rarity
from .reading import Reading, weigh
from .weights import MODEL, Model

CANDIDATES = 100
"""Articles that an arrival is compared with."""
WINDOW_HOURS = 14 * 24
JOINS = 0.0
"""The score from which an arrival joins."""


@dataclass(frozen=True, slots=True)
class Met:
    """An earlier article that an arrival was compared with, and its story."""

    reading: Reading
    story: int
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Belonging:
    """A story that an arrival may belong to; `likest` is the member it is nearest to."""

    story: int
    score: float
    likest: Met


def meet(
    arrival: Reading,
    candidates: Iterable[tuple[Reading, int]],
    rarity: Rarity,
    model: Model = MODEL,
) -> list[Met]:
    """The arrival compared with each of the candidates (article, story)."""
    own = weigh(arrival, rarity)
    return [
        Met(other, story, compared(own, weigh(other, rarity), rarity, model))
        for other, story in candidates
    ]


def belongings(arrival: Reading, met: Iterable[Met], model: Model = MODEL) -> list[Belonging]:
    """The stories of those met, likest first."""
    found: dict[int, list[Met]] = defaultdict(list)
    for one in met:
        found[one.story].append(one)
    stories = [_belonging(arrival, story, members, model) for story, members in found.items()]
    return sorted(stories, key=lambda one: (-one.score, one.story))


def features(scores: Sequence[float], hours: float) -> Sequence[float]:
    """What a story's score is made of, in the order of `weights.MODEL.story`: the scores of those
    of its members that were met, and the hours to the nearest of them."""
    best = sorted(scores, reverse=True)
    return (
        best[0],
        sum(best) / len(best),
        sum(best[:3]) / len(best[:3]),
        log(len(best)),
        log1p(hours / 24),
    )


def _belonging(arrival: Reading, story: int, members: Sequence[Met], model: Model) -> Belonging:
    likest = max(members, key=lambda one: one.likeness.score)
    if likest.likeness.is_same_piece:
        return Belonging(story, likest.likeness.score, likest)
    hours = min(abs(arrival.hours - one.reading.hours) for one in members)
    found = features([one.likeness.score for one in members], hours)
    return Belonging(story, model.story.score(found), likest)


@dataclass
class Grouping:
    """Stories as they grow, with no knowledge of what comes later."""

    model: Model = MODEL
    rarity: Rarity = field(default_factory=Rarity)
    stories: list[list[Reading]] = field(default_factory=list)
    _readings: list[tuple[Reading, int]] = field(default_factory=list)
    _using: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def meet(self, arrival: Reading) -> list[Met]:
        """What it is compared with."""
        return meet(arrival, self.candidates(arrival), self.rarity, self.model)

    def arrive(self, arrival: Reading, met: Iterable[Met] | None = None) -> int:
        """The number of the story that it joins or founds."""
        found = belongings(arrival, self.meet(arrival) if met is None else met, self.model)
        joins = bool(found) and found[0].score >= JOINS
        story = found[0].story if joins else len(self.stories)
        self.place(arrival, story)
        return story

    def place(self, arrival: Reading, story: int) -> None:
        """Put an arrival into a story, a new one if there is none of that number yet."""
        if story == len(self.stories):
            self.stories.append([])
        self.stories[story].append(arrival)
        for term in arrival.text:
            self._using[term].append(len(self._readings))
        self._readings.append((arrival, story))

    def candidates(self, arrival: Reading) -> list[tuple[Reading, int]]:
        """The articles of the window that share the most that is rare."""
        shared: dict[int, float] = defaultdict(float)
        for term in arrival.text:
            weight = self.rarity.weight(term) ** 2
            for at in self._using.get(term, ()):
                if abs(self._readings[at][0].hours - arrival.hours) <= WINDOW_HOURS:
                    shared[at] += weight
        best = sorted(shared, key=lambda at: (-shared[at], at))[:CANDIDATES]
        return [self._readings[at] for at in best]

"""Finds the weights of `articles.likeness` anew: `with_django stories_fit FILE.tsv…`.

Prints them, and how well the grouping does on articles whose stories (or whose days) the weights
were found without.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from articles.likeness import Figures, Grouping, Piece, Reading, evaluate, read
from articles.likeness.comparing import features
from articles.likeness.evaluating import in_order
from articles.likeness.grouping import features as story_features
from articles.likeness.reading import weigh
from articles.likeness.sameness import sameness
from articles.likeness.scoring import Score, b_cubed
from articles.likeness.weights import MODEL, Model, Weights
from articles.stories import labelled

from .logistic import logistic

FOLDS = 5
Row = Sequence[float]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A labelled article and the earlier ones it was compared with: place → features."""

    reading: Reading
    event: str
    rows: Mapping[int, Row]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One table with its texts."""

    pieces: list[Piece]
    events: dict[str, str]
    arrivals: list[Arrival]


def main(*tables: str) -> None:
    known = [load(Path(table)) for table in tables]
    for name, fold in FOLDED.items():
        scores = [f"{score.f1:.3f}" for score in cross_validated(known[0], fold)]
        print(f"B-cubed F1 of {FOLDS} folds by {name}: {', '.join(scores)}")
    model = fitted([table.arrivals for table in known])
    for weights in (model.pair, model.story):
        print({"base": round(weights.base, 2)}, {k: round(w, 2) for k, w in weights.of.items()})


def load(table: Path) -> Labelled:
    """A table, its texts lying beside it."""
    events = labelled.events(table)
    content = labelled.beside(table, events)
    if content is None:
        raise SystemExit(f"{table}: no content beside it")
    pieces = list(labelled.in_content(content))
    return Labelled(pieces, events, list(_arrivals(pieces, events)))


def _arrivals(pieces: list[Piece], events: Mapping[str, str]) -> Iterator[Arrival]:
    grouping, places = Grouping(), dict[str, int]()
    for piece in in_order(pieces):
        reading = read(piece)
        grouping.rarity.count(reading.text)
        if piece.key not in events:
            continue
        own = weigh(reading, grouping.rarity)
        others = [weigh(other, grouping.rarity) for other, _ in grouping.candidates(reading)]
        rows = {
            places[other.reading.piece.key]: features(own, other, grouping.rarity)
            for other in others
            if not sameness(own, other)
        }
        places[piece.key] = len(places)
        grouping.place(reading, len(grouping.stories))
        yield Arrival(reading, events[piece.key] or piece.key, rows)


def fitted(
    tables: Sequence[Sequence[Arrival]], may_see: Callable[[int], bool] = lambda _: True
) -> Model:
    """The weights that tell these best; `may_see` leaves articles out by their place."""
    rows, right, counts = _pair_rows(tables, may_see)
    pair = _weights(MODEL.pair, logistic(rows, right, counts))
    rows, right = _story_rows(tables, pair, may_see)
    return Model(pair, _weights(MODEL.story, logistic(rows, right, [1.0] * len(rows))))


def _weights(like: Weights, found: Sequence[float]) -> Weights:
    return Weights(found[0], dict(zip(like.of, found[1:], strict=True)))


def _pair_rows(
    tables: Sequence[Sequence[Arrival]], may_see: Callable[[int], bool]
) -> tuple[list[Row], list[bool], list[float]]:
    """Every pair; of a large story's many pairs each counts for less."""
    rows, right, counts = list[Row](), list[bool](), list[float]()
    for arrivals in tables:
        sizes = Counter(one.event for one in arrivals)
        for at, one in enumerate(arrivals):
            for other, row in one.rows.items():
                if may_see(at) and may_see(other):
                    is_one = arrivals[other].event == one.event
                    rows.append(row)
                    right.append(is_one)
                    counts.append(2 / (sizes[one.event] - 1) if is_one else 1.0)
    return rows, right, counts


def _story_rows(
    tables: Sequence[Sequence[Arrival]], pair: Weights, may_see: Callable[[int], bool]
) -> tuple[list[Row], list[bool]]:
    """Every arrival with every story that it met, as people had put it together until then."""
    rows, right = list[Row](), list[bool]()
    for arrivals in tables:
        for at, one in enumerate(arrivals):
            stories = defaultdict[str, list[tuple[float, float]]](list)
            for other, row in one.rows.items():
                if may_see(at) and may_see(other):
                    apart = abs(arrivals[other].reading.hours - one.reading.hours)
                    stories[arrivals[other].event].append((pair.score(row), apart))
            for event, members in stories.items():
                hours = min(apart for _, apart in members)
                rows.append(story_features([score for score, _ in members], hours))
                right.append(event == one.event)
    return rows, right


def by_story(arrivals: Sequence[Arrival]) -> list[int]:
    """The fold of each article: the same for all of a story."""
    numbers = {event: at for at, event in enumerate(dict.fromkeys(a.event for a in arrivals))}
    return [numbers[one.event] % FOLDS for one in arrivals]


def by_time(arrivals: Sequence[Arrival]) -> list[int]:
    """The fold of each article: as many follow one another in each."""
    return [at * FOLDS // len(arrivals) for at in range(len(arrivals))]


FOLDED = {"story": by_story, "time": by_time}


def cross_validated(
    table: Labelled, fold: Callable[[Sequence[Arrival]], list[int]]
) -> Iterator[Score]:
    """For each fold, how its articles fare in the whole stream, by weights found without them."""
    folds = fold(table.arrivals)
    for held in range(FOLDS):
        seen = {at for at, number in enumerate(folds) if number != held}
        model = fitted([table.arrivals], seen.__contains__)
        found: Figures = evaluate(table.pieces, table.events, model)
        yield b_cubed(found.right, found.found, [at for at, f in enumerate(folds) if f == held])

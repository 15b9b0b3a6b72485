"""The desk: what its pages cost, what editors lose, and which checks nobody would miss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from . import desk_morning, desk_mutations, desk_pages, desk_queries, desk_races, desk_scale
from .beside_wagtail import MISSING, beside_wagtail
from .figure import Figure

BESIDE_WAGTAIL = {
    "list": "list of 50 / Wagtail's explorer, CPU",
    "form": "form with 30 coverage items / Wagtail's editor, CPU",
}
REACH = 0.33


def figures() -> Iterator[Figure]:
    """Every figure of this group."""
    yield from _beside_wagtail()
    yield from desk_queries.figures()
    yield from desk_pages.figures()
    yield from desk_morning.figures()
    yield from desk_races.figures()
    yield from desk_scale.figures()
    yield from desk_mutations.figures()


def _beside_wagtail() -> Iterator[Figure]:
    found = beside_wagtail()
    for page, name in BESIDE_WAGTAIL.items():
        if found is None:
            yield Figure.missing(name, REACH, MISSING)
            continue
        ours, theirs = found[page]
        note = f"{ours * 1000:.1f} / {theirs * 1000:.1f} ms"
        yield replace(Figure.at_most(name, ours / theirs, REACH), note=note)

"""`manage.py group_stories --evaluate FILE.tsv`: how well arrivals find their stories."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.likeness import Figures, Piece, evaluate
from articles.stories import labelled


class Command(BaseCommand):
    help = (
        "Let labelled articles arrive one by one and compare the stories that they are put into"
        " with those that people put them into."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--evaluate",
            type=Path,
            required=True,
            metavar="FILE.tsv",
            help="columns file and story: a file name and the event it reports, empty when alone",
        )
        parser.add_argument(
            "--content",
            type=Path,
            metavar="PATH",
            help="the content folder with the texts, or a tar of it; else what lies beside"
            " FILE.tsv, else what is stored, else the file names",
        )

    def handle(self, *args: Any, evaluate: Path, content: Path | None, **options: Any) -> None:
        try:
            events = labelled.events(evaluate)
            pieces, source = _pieces(evaluate, content, events)
        except (OSError, labelled.NotATable) as error:
            raise CommandError(f"{evaluate}: {error}", returncode=2) from error
        self.stdout.write(f"texts: {source}")
        for line in _lines(pieces, events):
            self.stdout.write(line)


def _pieces(table: Path, content: Path | None, events: dict[str, str]) -> tuple[list[Piece], str]:
    """The articles to evaluate with, and where their texts are from."""
    path = content or labelled.beside(table, events)
    pieces = list(labelled.in_content(path) if path else labelled.in_database(events))
    missing = events.keys() - {piece.key for piece in pieces}
    pieces += map(labelled.in_name, sorted(missing))
    source = f"{path}" if path else "the database"
    found = len(events) - len(missing)
    return pieces, f"{found} from {source}, {len(missing)} from file names alone"


def _lines(pieces: list[Piece], events: dict[str, str]) -> list[str]:
    found: Figures = evaluate(pieces, events)
    return [
        f"articles: {found.articles}, events: {found.events}",
        f"B-cubed precision: {found.stories.precision:.3f}",
        f"B-cubed recall: {found.stories.recall:.3f}",
        f"B-cubed F1: {found.stories.f1:.3f}",
        f"pair precision: {found.pairs.precision:.3f}",
        f"pair recall: {found.pairs.recall:.3f}",
        f"recall@5: {found.recall:.3f}",
        f"a right one among five: {found.hit_rate:.3f}",
    ]

"""`manage.py copy_database FROM TO`: a site moves from SQLite to PostgreSQL, or back."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from articles.safety import copy_database
from articles.safety.copying import NotEmpty, NotEqual
from articles.safety.places import WrongAddress


class Command(BaseCommand):
    help = (
        "Copy every row of one database into another that is empty, and prove that they are equal. "
        "Let the site run with READ_ONLY=1 meanwhile: what is written later is not copied."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", metavar="FROM", help="as DATABASE_URL has it")
        parser.add_argument("target", metavar="TO", help="of an empty database")

    def handle(self, *args: Any, source: str, target: str, **options: Any) -> None:
        try:
            counted = copy_database(source, target)
        except (NotEmpty, NotEqual, WrongAddress, DatabaseError) as error:
            raise CommandError(f"Nothing was copied: {error}", returncode=2) from error
        for name, found in sorted(counted.items()):
            if found.rows:
                self.stdout.write(f"{found.rows:>10,}  {found.digest[:16]}  {name}")
        rows = sum(found.rows for found in counted.values())
        self.stdout.write(f"{rows:,} rows of {len(counted)} tables, equal on both sides.")

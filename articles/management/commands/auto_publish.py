"""`manage.py auto_publish`: what the publishing policy does, or would have done."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.desk import autopublish

DAYS = 30


class Command(BaseCommand):
    help = (
        "Publish what waits above the bar of trusted providers, as every import does with"
        " AUTO_PUBLISH=1; with -n only say what that would have done, and change nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("-n", "--dry-run", action="store_true", help="change nothing")
        parser.add_argument(
            "--days", type=int, default=DAYS, help=f"that a dry run looks back ({DAYS})"
        )

    def handle(self, *args: Any, dry_run: bool, days: int, **options: Any) -> None:
        if dry_run:
            self._rehearse(days)
            return
        if not settings.AUTO_PUBLISH:
            raise CommandError("AUTO_PUBLISH is off; look first with -n.", returncode=2)
        if settings.FOUR_EYES:
            raise CommandError("With FOUR_EYES a person approves everything.", returncode=2)
        done = autopublish.act(timezone.now())
        for article in done:
            self.stdout.write(f"published: {article.slug}")
        self.stdout.write(f"{len(done)} published")

    def _rehearse(self, days: int) -> None:
        if not 1 <= days <= 3650:
            raise CommandError("--days should be from 1 to 3650.", returncode=2)
        verdicts = autopublish.rehearse(days, timezone.now())
        became = autopublish.outcomes(verdicts)
        words: Counter[str] = Counter()
        for verdict in verdicts:
            slug, since = verdict.article.slug, became[verdict.article.pk]
            if verdict.left_to_people:
                self.stdout.write(f"left to people: {slug} ({verdict.why})")
                self.stdout.write(f"  {' '.join(verdict.left_to_people)}")
            else:
                self.stdout.write(f"would publish: {slug} ({verdict.why}; {since.says})")
                words[since.word] += 1
        would = sum(words.values())
        self.stdout.write(
            f"{would} would have been published in {days} days,"
            f" {len(verdicts) - would} left to people"
        )
        for outcome, count in words.most_common():
            self.stdout.write(f"  of those, {outcome}: {count}")

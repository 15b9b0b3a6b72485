"""`manage.py recount`: heat and rank of every story from scratch."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.models import Article, Story
from articles.stories import refresh
from articles.stories.counts import STORIES
from articles.workflow.rows import hold_stories, one_at_a_time


class Command(BaseCommand):
    help = (
        "Compute heat, rank and counts of every story anew, after HALF_LIFE_HOURS or COVERAGE was"
        " changed, or after an update that changes the rule; with -n only say how many differ."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("-n", "--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        ids = Story.objects.order_by("pk").values_list("pk", flat=True)
        counted = differed = last = 0
        while some := list(ids.filter(pk__gt=last)[:STORIES]):
            counted, last = counted + len(some), some[-1]
            differed += _recounted(some, dry_run=dry_run)
        stood = "would stand otherwise" if dry_run else "stood otherwise"
        self.stdout.write(f"{counted:,} stories counted, {differed:,} {stood}")


def _recounted(stories: list[int], *, dry_run: bool) -> int:
    """A few at a time, so that nobody waits for all of them."""
    with transaction.atomic():
        one_at_a_time()
        hold_stories(Article.objects.filter(story__in=stories))
        differed = refresh(stories)
        transaction.set_rollback(dry_run)
    return differed

"""`manage.py workflow_picture`: the transition table as SVG, for docs/workflow.svg."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ...desk.drawing import svg


class Command(BaseCommand):
    help = "Write the transition table as an SVG picture to standard output."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(svg(is_alone=True), ending="")

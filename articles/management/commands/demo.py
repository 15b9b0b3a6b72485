"""`manage.py demo`: invented content and people, so that there is something to see."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from articles.demo_dates import days_until, newest, shift, shifted_name
from articles.exchange import ImportOptions, run_import
from articles.images.assets import main_address
from articles.images.keeping import source_of, take
from articles.management.console import Console
from articles.models import Article, PictureKind, RelatedItem, Run, Source, Story, Topic
from articles.workflow.roles import ensure_roles
from providers.models import Provider

# Without letters and digits that look alike: people type these from a terminal.
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Person(NamedTuple):
    username: str
    role: str
    first_name: str
    last_name: str


PEOPLE = (
    Person("contributor", "contributor", "Cleo", "Marsh"),
    Person("editor", "editor", "Ana", "Ferro"),
    Person("publisher", "publisher", "Bo", "Lindal"),
    Person("managing", "managing editor", "Mina", "Okafor"),
    Person("auditor", "auditor", "Otto", "Reis"),
    Person("admin", "superuser", "Sol", "Varga"),
)


class Command(BaseCommand):
    help = "Fill an empty database with invented articles and a person of every role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="start over, dates moved to today")

    def handle(self, *args: Any, fresh: bool, **options: Any) -> None:
        folder = settings.BASE_DIR / "build" / "demo-content"
        if fresh:
            _clear(folder)
        if fresh or not folder.exists():
            _make_folder(settings.BASE_DIR / "fixtures" / "demo", folder)
        Console(self, options).show(run_import([folder], ImportOptions()))
        _keep_pictures(settings.BASE_DIR / "fixtures" / "pictures")
        self._people(fresh=fresh)

    def _people(self, *, fresh: bool) -> None:
        ensure_roles()
        self.stdout.write("\nSign in at /admin/ as one of these:\n")
        for person in PEOPLE:
            password = _make_person(person, fresh=fresh)
            self.stdout.write(
                f"  {person.username:<13}{password:<14}"
                f"{person.first_name} {person.last_name}, {person.role}"
            )


@transaction.atomic
def _clear(folder: Path) -> None:
    """Delete all content; raises CommandError when not all of it came from the demo's folder."""
    imports = Run.objects.filter(kind=Run.Kind.IMPORT)
    is_foreign = imports.exclude(root=str(folder)).exists()
    if is_foreign or (Article.objects.exists() and not imports.exists()):
        raise CommandError(
            "This database holds more than the demo, so nothing was deleted."
            " To start over, delete the database, or name another one in DATABASE_URL."
        )
    for model in (Article, RelatedItem, Story, Source, Run, Topic, Provider):
        model._default_manager.all().delete()


def _make_folder(fixture: Path, folder: Path) -> None:
    """The fixture as a folder of its own, with dates moved so that the newest news is new."""
    texts = {path: path.read_bytes().decode() for path in sorted((fixture / "_news").rglob("*.md"))}
    latest = newest(texts.values())
    days = days_until(latest, timezone.now()) if latest else 0
    beside = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(fixture, beside, ignore=shutil.ignore_patterns("_news"))
    for path, text in texts.items():
        target = beside / path.relative_to(fixture).with_name(shifted_name(path.name, days))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(shift(text, days).encode())
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)


def _keep_pictures(folder: Path) -> None:
    """The drawn pictures, as if they had come from the invented publishers that files name."""
    drawn = {path.stem: path for path in folder.glob("*.webp")}
    now = timezone.now()
    for images in Article.objects.filter(images__isnull=False).values_list("images", flat=True):
        address = main_address(images)
        path = drawn.get(Path(urlsplit(address).path).stem)
        if path is not None:
            take(source_of(PictureKind.PICTURE, address), path.read_bytes(), now)


def _make_person(person: Person, *, fresh: bool) -> str:
    """The password that was set, or "unchanged"."""
    user, is_new = get_user_model().objects.get_or_create(
        username=person.username,
        defaults={
            "first_name": person.first_name,
            "last_name": person.last_name,
            "is_staff": True,
            "is_superuser": person.role == "superuser",
        },
    )
    if is_new and person.role != "superuser":
        user.groups.add(Group.objects.get(name=person.role))
    if not (is_new or fresh):
        return "unchanged"
    password = get_random_string(12, PASSWORD_LETTERS)
    user.set_password(password)
    user.save()
    return password

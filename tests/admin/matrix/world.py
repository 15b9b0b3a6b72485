"""One newsroom with an article in every state for every role, and what a request changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from articles.models import Article, Topic, Transition
from articles.workflow import save_draft
from tests.factories import make_article, make_topic, make_user

from .table import ROLES, STANDINGS, UNNAMED, may

DRAFTED = "drafted anew"
MARK = "Confidential"
"""Stands in the title of all that is not public; a page that holds it shows editorial content."""

PASSING = {"sessions.Session"}
"""Tables that remember who is signed in, not what was decided."""

WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE")
Print = dict[tuple[str, Any], tuple[Any, ...]]


@dataclass
class World:
    """The people by role, their articles by (role, own or not, standing), and what was printed."""

    people: dict[str, User] = field(default_factory=dict)
    articles: dict[tuple[str, bool, str], Article] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    print: Print = field(default_factory=dict)

    colleague: User = field(init=False)
    topic: Topic = field(init=False)
    common: Topic = field(init=False)

    def pool(self, role: str) -> Iterator[tuple[bool, str, Article]]:
        """(own, standing, article) of what the cases of a role are about."""
        for is_own in (True, False):
            for standing in STANDINGS:
                yield is_own, standing, self.articles[role, is_own, standing]

    def client(self, role: str, *, checks_csrf: bool = False) -> Client:
        """A fresh browser in which that role is signed in."""
        client = Client(enforce_csrf_checks=checks_csrf, raise_request_exception=False)
        if role in self.cookies:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[role]
        return client


def build() -> World:
    """The newsroom, in the transaction at hand."""
    world = World()
    world.colleague = make_user("editor", first_name="Colleague")
    world.topic = make_topic("Added in a matrix")
    world.common = make_topic("On all of them")
    for role in (*ROLES, UNNAMED):
        person = None if role == "anonymous" else make_user("" if role == UNNAMED else role)
        if person is not None:
            world.people[role] = person
            world.cookies[role] = _session_of(person)
        for is_own in (True, False):
            author = person if is_own and person is not None else world.colleague
            holder = author if may(role, "review") else world.colleague
            for standing in STANDINGS:
                article = _article(standing, author, holder, world.common)
                world.articles[role, is_own, standing] = article
    world.print = printed()
    return world


def _session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _article(standing: str, author: User, holder: User, topic: Topic) -> Article:
    now = timezone.now()
    is_published = STANDINGS[standing] == "published"
    is_public = is_published and standing != "scheduled"
    ahead = timedelta(hours=1 if standing == "scheduled" else -1)
    article = make_article(
        topics=[topic],
        title=f"{'Public' if is_public else MARK}: {standing}",
        state=STANDINGS[standing],
        assignee=holder if standing == "in review" else None,
        claimed_at=now if standing == "in review" else None,
        go_live_at=now + ahead if is_published else None,
        arrived_at=now - timedelta(hours=1),
    )
    Transition.objects.create(
        article=article, action="create", to_state="new", actor=author, version=1, at=now
    )
    if standing == "drafted":
        article = save_draft(
            article, make_user("editor"), {"title": f"{MARK}: {DRAFTED}"}, expected_version=1
        )
    return article


def printed() -> Print:
    """Every row of every table, passing ones apart."""
    rows: Print = {}
    with connection.cursor() as cursor:
        for label, table, columns in _tables():
            cursor.execute(f"SELECT {columns} FROM {table}")
            rows.update({(label, row[0]): row for row in cursor.fetchall()})
    return rows


@cache
def _tables() -> list[tuple[str, str, str]]:
    """(label, table, columns with the key first), quoted, of each model."""
    quote, found = connection.ops.quote_name, []
    for model in apps.get_models(include_auto_created=True):
        own = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        names = [model._meta.pk.attname, *(field.attname for field in own)]
        if model._meta.label not in PASSING and model._meta.managed:
            columns = ", ".join(map(quote, names))
            found.append((model._meta.label, quote(model._meta.db_table), columns))
    return found


@dataclass
class Changes:
    """What a case did: whether anything was written, and the rows that differ after it."""

    wrote: bool = False
    rows: set[tuple[str, Any]] = field(default_factory=set)

    def tables(self) -> set[str]:
        """The labels of the models whose rows differ."""
        return {label for label, _ in self.rows}

    def has(self, article: Article) -> bool:
        """Whether that article's row differs."""
        return ("articles.Article", article.pk) in self.rows


@contextmanager
def case(world: World) -> Iterator[Changes]:
    """A case that leaves nothing: its end reads what it changed, then takes it back."""
    found = Changes()

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        found.wrote = found.wrote or sql.lstrip().upper().startswith(WRITES)
        return execute(sql, *rest)

    with transaction.atomic():
        with connection.execute_wrapper(watch):
            yield found
        transaction.set_rollback(True)


def look(world: World, found: Changes) -> Changes:
    """The rows that differ from the world's; reads nothing when nothing was written."""
    if found.wrote:
        now = printed()
        keys = now.keys() | world.print.keys()
        found.rows = {key for key in keys if now.get(key) != world.print.get(key)}
    return found

"""A newsroom of any size, written past the ORM: `with_django filling ARTICLES`.

Three years of 200 providers, a few of which write most. Of ten articles seven stand in three
stories that readers know, of four, two and one, and the other three are leads that wait for a
decision or got another one. All that is rare stands in the same proportion at every size; what
waits in the queue, and not in the backlog, and what people have claimed is what editors can read,
whatever the size of the archive. Of more than COPIED articles the older ones are copies of the
newest.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import connection, models, transaction

from articles import identity
from articles.apps import ROOMS
from articles.models import (
    Article,
    ArticleTopic,
    Claim,
    RelatedItem,
    Revision,
    Run,
    Story,
    Topic,
    Transition,
)
from articles.ranking import heat, rank
from articles.stories.bar import is_above
from providers.models import Provider

from .ageing import copy_back, without_indexes
from .invented import PROVIDERS, VOCABULARY

YEARS = 3
TOPICS = 40
SHAPES = ((4, "published"), (2, "published"), (1, "published"), (1, ""), (1, ""), (1, "other"))
"""Stories of ten articles: how many members, and what became of the lead."""
PER_SHAPES = 10
OTHER = ("approved", "spiked", "changes_requested", "spiked", "withdrawn")
RUN_OF = 1_000
QUEUE = 1_000
COPIED = 50_000
CHUNK = 20_000
EXCERPT = "It was said by those who were there, and denied by none of the others who were asked. "

Row = dict[str, Any]


class Person(NamedTuple):
    """Whose id the rows name."""

    signed_in: int
    other: int


def main(articles: str) -> None:
    """Fill the empty database, and plan with what a server in use would know by then."""
    fill(int(articles))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def fill(articles: int) -> None:
    """Write that many articles, a multiple of ten, and everything that belongs to them.

    More than COPIED are a multiple of it.
    """
    for room in ROOMS:
        import_module(room).remove("default")
    people = _people()
    with _hurried(), transaction.atomic(), without_indexes():
        _write(Provider, _providers())
        _write(Topic, _topics())
        _write(Run, _runs(articles))
        older = max(articles // COPIED - 1, 0)
        _write_stories(articles, older * COPIED, people)
        if older:
            copy_back(
                older,
                articles=COPIED,
                stories=COPIED // PER_SHAPES * len(SHAPES),
                runs=COPIED // RUN_OF,
                each=timedelta(days=365 * YEARS) * COPIED / articles,
            )
        _number_on()
    for room in ROOMS:
        import_module(room).install("default")


@contextmanager
def _hurried() -> Iterator[None]:
    """SQLite without a journal: nobody misses a database half filled. Neither looks up what a
    row names."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET maintenance_work_mem = '512MB'")
            yield
            cursor.execute("RESET session_replication_role")
            return
        cursor.execute("PRAGMA journal_mode = OFF")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA cache_size = -1000000")
        yield
        cursor.execute("PRAGMA journal_mode = WAL")


def _people() -> Person:
    signed_in, other = (
        User.objects.create(username=name, is_staff=True, is_superuser=True)
        for name in ("editor", "colleague")
    )
    return Person(signed_in.pk, other.pk)


def _providers() -> Iterator[Row]:
    for number in range(1, PROVIDERS + 1):
        yield {"id": number, "domain": f"paper-{number}.example", "name": f"The Paper {number}"}


def _topics() -> Iterator[Row]:
    for number in range(1, TOPICS + 1):
        yield {"id": number, "slug": f"topic-{number}", "name": f"Topic {number}"}


def _runs(articles: int) -> Iterator[Row]:
    now = datetime.now(UTC)
    for number in range(1, articles // RUN_OF + 2):
        yield {"id": number, "kind": "import", "started_at": now, "finished_at": now}


def _write_stories(articles: int, older: int, people: Person) -> None:
    stories = _Stories(articles, older, people).all()
    while chunk := list(islice(stories, CHUNK)):
        for model in (Story, Article, Revision, ArticleTopic, Claim, RelatedItem, Transition):
            _write(model, [row for story in chunk for kind, row in story if kind is model])


def _number_on() -> None:
    """New rows get ids after those written here."""
    made = (Provider, Topic, Run, Story, Article, Revision, ArticleTopic, Claim, RelatedItem)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [*made, Transition]):
            cursor.execute(statement)


class _Stories:
    """Rows in the order of time, without the `older` ones; whether something rare happens goes by
    a number of its own."""

    def __init__(self, articles: int, older: int, people: Person) -> None:
        self._articles, self._older, self._people = articles, older, people
        self._chance = random.Random(1)
        self._now = datetime.now(UTC).replace(microsecond=0)
        self._article, self._last_link = older, 0
        self._story = older // PER_SHAPES * len(SHAPES)
        self._waiting = older // PER_SHAPES * SHAPES.count((1, ""))

    def all(self) -> Iterator[list[tuple[type[models.Model], Row]]]:
        for _ in range((self._articles - self._older) // PER_SHAPES):
            for size, fate in SHAPES:
                self._story += 1
                yield list(self._story_of(size, fate))

    def _story_of(self, size: int, fate: str) -> Iterator[tuple[type[models.Model], Row]]:
        members = [self._member(size, fate, place) for place in range(size)]
        lead, related = members[0], 2 * (self._story % 5 == 0)
        others = size - 1 + related
        is_public = lead["state"] == "published"
        score = heat(lead["quality"], others, is_published=is_public)
        lead |= {"heat": score, "is_above_bar": is_above(lead["quality"], others)}
        when: datetime | None = lead.get("go_live_at")
        looked = max(size + related - (self._story % 97 == 0), 1) if is_public else 0
        yield (
            Story,
            {
                "id": self._story,
                "slug": lead["slug"] if is_public else None,
                "heat": score,
                "rank": rank(score, when, 12.0) if is_public and when else None,
                "member_count": size,
                "related_count": related,
                "looked_at_count": looked,
            },
        )
        for member in members:
            yield from self._with_own(member)
        for item in range(related):
            yield from self._related(lead, item)
        for member in members[1:]:
            hashes = {"identity": member["identity"], "title_hash": member["title_hash"]}
            yield Claim, {"article_id": lead["id"], **hashes}

    def _member(self, size: int, fate: str, place: int) -> Row:
        self._article += 1
        number, chance = self._article, self._chance
        age = timedelta(days=365 * YEARS) * (1 - number / self._articles)
        at = self._now - age - timedelta(minutes=chance.randrange(60), hours=1)
        domain = int(PROVIDERS * chance.random() ** 3) + 1
        title = " ".join(chance.choices(VOCABULARY, k=8)).capitalize()
        link = f"https://www.paper-{domain}.example/{at:%Y/%m}/{number}"
        row: Row = {
            "id": number,
            "slug": f"{at:%Y-%m-%d}-{number}",
            "category": "news",
            "title": title,
            "excerpt": f"{' '.join(chance.choices(VOCABULARY, k=8))}. {EXCERPT}",
            "published_at": at,
            "web_url": link,
            "type": "article",
            "quality": chance.randrange(120),
            "heat": -1,
            "provider_id": domain,
            "provider_name": f"The Paper {domain}",
            "provider_domain": f"paper-{domain}.example",
            "images": None if number % 4 == 0 else f'[{{"url":"https://i.example/{number}.jpg"}}]',
            "state": "new",
            "is_lead": place == 0,
            "story_id": self._story,
            "link_hash": identity.link_number(link),
            "identity": number * 104_729,
            "title_hash": number * 15_485_863,
            "is_seal_stale": number % 500 == 3,
            "arrived_at": at + timedelta(minutes=30),
            "run_id": number // RUN_OF + 1,
        }
        if number % 500 == 0:
            # As the link of an article of another story.
            row["link_hash"] = self._last_link
        self._last_link = row["link_hash"]
        return row | (self._decided(row, fate, size) if place == 0 else {})

    def _decided(self, row: Row, fate: str, size: int) -> Row:
        """What became of a lead."""
        if not fate:
            return self._undecided(row)
        when = row["published_at"] + timedelta(hours=1)
        public = {"file_state": "published", "go_live_at": when, "first_published_at": when}
        if fate == "other":
            past = {"touched_at": when, "state_acted_at": when}
            return past | {"state": OTHER[self._story // len(SHAPES) % len(OTHER)]}
        if size == 2 and self._story % 47 == 0:
            return public | {"state": "unpublished", "touched_at": when, "state_acted_at": when}
        if self._story % 5_003 == 0:
            public["go_live_at"] = self._now + timedelta(hours=self._story % 200)
        return public | {"state": "published"}

    def _undecided(self, row: Row) -> Row:
        self._waiting += 1
        number = self._waiting
        state = "in_review" if number % 10 == 0 else "new"
        own: Row = {"state": state}
        if number % 20 == 0 and number > self._articles // 5 - 2 * QUEUE:
            holder = self._people.signed_in if number % 40 == 0 else self._people.other
            own |= {"assignee_id": holder, "claimed_at": row["arrived_at"]}
        if number % 1_000 == 1:
            own["removed_upstream_at"] = row["arrived_at"]
        if number <= self._articles // 5 - QUEUE:
            return own | {"is_backlog": True}
        minutes = self._chance.randrange(13 * 1440)
        return own | {"arrived_at": self._now - timedelta(minutes=minutes)}

    def _with_own(self, row: Row) -> Iterator[tuple[type[models.Model], Row]]:
        number = row["id"]
        if row["state"] == "published" and number % 100 == 1:
            data = {"id": number, "article_id": number, "data": b"", "created_at": self._now}
            yield Revision, data | {"actor_id": self._people.other}
            row["draft_id"] = number
        yield Article, row
        for position in range(2 if number % 3 else 0):
            topic = 1 + (number * 31 + position * 7) % TOPICS
            yield ArticleTopic, {"article_id": number, "topic_id": topic, "position": position}
        if row["is_lead"] and row["state"] not in ("new", "in_review"):
            act = {
                "id": number,
                "article_id": number,
                "action": "publish",
                "to_state": row["state"],
            }
            whom = self._people.signed_in if number % 50 == 0 else None
            yield Transition, act | {"actor_id": whom, "version": 1, "at": row["arrived_at"]}

    def _related(self, lead: Row, item: int) -> Iterator[tuple[type[models.Model], Row]]:
        number = -(lead["id"] * 2 + item)
        hashes = {"identity": number, "title_hash": number}
        yield (
            RelatedItem,
            {
                "title": f"{lead['title']} elsewhere",
                "link": f"https://elsewhere.example/{-number}",
                "published_at": lead["published_at"],
                "provider_name": "Elsewhere",
                "provider_domain": "elsewhere.example",
                "printed_by": lead["slug"],
                **hashes,
            },
        )
        yield Claim, {"article_id": lead["id"], **hashes}


def _write(model: type[models.Model], rows: Iterable[Row]) -> None:
    """As many rows as there are, each with the model's defaults for what it does not name."""
    rows = list(rows)
    if not rows:
        return
    base = _defaults(model, named="id" in rows[0])
    values = (_plain((base | row).values()) for row in rows)
    table, columns = model._meta.db_table, ", ".join(base)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        else:
            marks = ", ".join("?" for _ in base)
            statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
            cursor.connection.executemany(statement, values)


def _defaults(model: type[models.Model], *, named: bool) -> Row:
    fields = [field for field in model._meta.concrete_fields if named or not field.primary_key]
    return {
        str(field.column): None
        if (field.null and not field.has_default()) or field.primary_key
        else field.get_db_prep_save(field.get_default(), connection)
        for field in fields
    }


def _plain(values: Iterable[Any]) -> list[Any]:
    """Times as both databases read them."""
    return [
        value.replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime) else value
        for value in values
    ]

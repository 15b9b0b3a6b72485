"""The edition: a number that grows with every change that readers could see.

Caches ask for it instead of reading everything again.
"""

from __future__ import annotations

from django.db import connections, models

from providers.models import Provider

from . import triggers
from .article import Article
from .digest import Digest, DigestItem
from .history import Transition
from .marks import NOT_IN_FILE
from .picture import Picture, PictureSource
from .place import ArticleTopic
from .placement import FormerAddress, Placement
from .story import RelatedItem, Story
from .topic import Topic
from .triggers import Trigger

_ROOM = "edition"
_WATCHED: tuple[type[models.Model], ...] = (
    *(Article, ArticleTopic, Story, RelatedItem),
    *(Topic, Provider, Transition),
    *(Digest, DigestItem),
    *(Placement, FormerAddress),
    *(Picture, PictureSource),
)
# Whether an item of `/api/news/` has its file's heat follows from `state_acted_at`.
_OF_PICTURES = {"is_due", "failure", "attempts", "tried_at", "retry_at", "brought_by"}
_NEVER_PUBLIC = (
    {"is_published"}
    | _OF_PICTURES
    | NOT_IN_FILE
    - {
        "first_published_at",
        "arrived_at",
        "state",
        "state_acted_at",
    }
)
_GROW = (
    "INSERT INTO articles_edition (id, number) VALUES ({id}, 1)"
    " ON CONFLICT (id) DO UPDATE SET number = articles_edition.number + 1;"
)
_TURN = (
    "INSERT INTO articles_edition (id, number)"
    " SELECT 0, number FROM articles_edition WHERE id = NEW.id"
    " ON CONFLICT (id) DO UPDATE SET number = articles_edition.number + EXCLUDED.number;"
    " DELETE FROM articles_edition WHERE id = NEW.id;"
)


class Edition(models.Model):
    """The sum of `number` over the rows that a reader sees is the edition.

    Row 0 is what has been committed. On PostgreSQL each transaction counts in a row of its own,
    which is added to row 0 as the last thing it does: nobody waits for somebody else's work, and
    the number moves in the moment in which the change can be seen.
    """

    id = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.number)


def install(using: str) -> None:
    """Watch the tables that pages are made of; begins to count when nothing was counted yet."""
    triggers.install(using, _ROOM, _triggers(connections[using].vendor))
    Edition.objects.using(using).get_or_create(pk=0, defaults={"number": 0})


def remove(using: str) -> None:
    """Watch no longer."""
    triggers.remove(using, _ROOM)


def _triggers(vendor: str) -> list[Trigger]:
    is_postgres = vendor == "postgresql"
    grow = _GROW.format(id="txid_current()" if is_postgres else "0")
    found = [
        Trigger(model._meta.db_table, event, grow, each="STATEMENT")
        for model in _WATCHED
        for event in ("AFTER INSERT", f"AFTER UPDATE OF {_columns(model)}", "AFTER DELETE")
    ]
    if is_postgres:
        table = Edition._meta.db_table
        found.append(Trigger(table, "AFTER INSERT", _TURN, when="NEW.id <> 0", is_deferred=True))
    return found


def _columns(model: type[models.Model]) -> str:
    fields = model._meta.concrete_fields
    return ", ".join(str(field.column) for field in fields if field.name not in _NEVER_PUBLIC)

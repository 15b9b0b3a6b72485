"""Which places of topics are those of published articles, as `ArticleTopic.is_published` says."""

from __future__ import annotations

from django.db import connections

from . import triggers
from .article import Article
from .place import ArticleTopic
from .triggers import Trigger

_ROOM = "placed"
_IS = "article.state = 'published'"
_OF = "FROM articles_article article WHERE article.id = place.article_id"
_ALL = (
    f"UPDATE articles_articletopic AS place SET is_published = (SELECT {_IS} {_OF})"
    f" WHERE is_published <> (SELECT {_IS} {_OF})"
)


def install(using: str) -> None:
    """Keep the column from now on; makes it right when something may have been missed."""
    if triggers.install(using, _ROOM, _triggers(connections[using].vendor)):
        with connections[using].cursor() as cursor:
            cursor.execute(_ALL)


def remove(using: str) -> None:
    """Keep it no longer."""
    triggers.remove(using, _ROOM)


def _triggers(vendor: str) -> list[Trigger]:
    places = ArticleTopic._meta.db_table
    moved = Trigger(
        Article._meta.db_table,
        "AFTER UPDATE OF state",
        f"UPDATE {places} SET is_published = (NEW.state = 'published') WHERE article_id = NEW.id;",
        when="(OLD.state = 'published') <> (NEW.state = 'published')",
    )
    live = f"UPDATE {places} AS place SET is_published = true"
    if vendor == "postgresql":
        added = f"{live} FROM added, articles_article article WHERE place.id = added.id"
        body = f"{added} AND article.id = added.article_id AND {_IS} AND NOT place.is_published;"
        rows = "REFERENCING NEW TABLE AS added"
        return [
            moved,
            Trigger(places, "AFTER INSERT", body, each="STATEMENT", tables=rows),
        ]
    # Triggers of SQLite take no other name for a table.
    body = f"UPDATE {places} SET is_published = true WHERE id = NEW.id;"
    is_live = (
        f"(SELECT state = 'published' FROM {Article._meta.db_table} WHERE id = NEW.article_id)"
    )
    return [moved, Trigger(places, "AFTER INSERT", body, when=is_live)]

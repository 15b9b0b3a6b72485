"""Articles are found by the piece that their link leads to."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from articles.identity import link_number
from articles.models import Article
from articles.workflow.guards import failures
from tests.factories import A_DAY, make_article

pytestmark = pytest.mark.django_db


def test_what_was_here_before_is_numbered_anew():
    one = make_article(web_url="https://one.example/a?utm_source=x")
    two = make_article(web_url=None, original_url="https://m.one.example/a")
    Article.objects.update(link_hash=0)
    migration = import_module("articles.migrations.0016_links")
    migration.number_links(apps, SimpleNamespace(connection=connection))
    for article in (one, two):
        article.refresh_from_db()
        assert article.link_hash == link_number("https://one.example/a")


def test_a_piece_is_not_published_twice_by_another_way_to_it():
    live = make_article(web_url="https://one.example/a", state="published", go_live_at=A_DAY)
    again = make_article(web_url="https://www.one.example/a/?fbclid=1")
    assert [one.message for one in failures(again, A_DAY)] == [
        f"The same link is published in another story: {live.title}."
    ]

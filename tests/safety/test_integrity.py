"""What does not agree is named, and what agrees is left in peace."""

from __future__ import annotations

import zlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article, Revision, Source, Story
from articles.safety.integrity import problems
from articles.states import Action
from articles.workflow import transition
from tests.content import Piece, put
from tests.exchange.acts import bring_in
from tests.exchange.sites import made_up_site
from tests.factories import A_DAY, make_user

pytestmark = pytest.mark.django_db


def made_up_singles(count: int) -> list[Piece]:
    """Articles that nobody else reports."""
    return [Piece(f"alone-{number}", link=f"https://{number}.example/") for number in range(count)]


@pytest.fixture
def sound(tmp_path: Path) -> None:
    """An imported newsroom in which somebody worked, and nothing wrong."""
    put(tmp_path, *made_up_site(3), *made_up_singles(12))
    bring_in(tmp_path)
    article = Article.objects.filter(state="new", is_lead=True)[0]
    transition(article, Action.CLAIM, make_user("superuser"), expected_version=article.version)
    Revision.objects.create(article=article, data=zlib.compress(b"---"), created_at=A_DAY)


def test_a_sound_newsroom_has_no_problems(sound):
    said = StringIO()
    call_command("check_integrity", stdout=said)
    assert said.getvalue() == "Everything agrees.\n"


def test_a_base_that_lost_a_byte_is_named(sound):
    source = Source.objects.filter(data__isnull=False)[0]
    source.digest = b"\0" * 32
    source.save()
    Source.objects.filter(pk=source.pk + 1).update(data=b"no zlib")
    found = list(problems())
    assert f"the base of {source.path} is not what its digest says" in found
    assert any("cannot be read" in problem for problem in found)


def test_a_revision_that_cannot_be_read_is_named(sound):
    Revision.objects.filter(pk=Revision.objects.latest("pk").pk).update(data=zlib.compress(b"\xff"))
    assert any("cannot be read" in problem for problem in problems())


def test_a_story_that_counts_wrongly_is_named(sound):
    Story.objects.filter(pk=Story.objects.latest("pk").pk).update(member_count=99)
    assert any("and says 99" in problem for problem in problems())


def test_what_search_forgot_is_named_and_made_anew(sound):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search")
    with pytest.raises(CommandError, match="does not agree"):
        call_command("check_integrity", stderr=StringIO())
    call_command("check_integrity", "--rebuild", stdout=StringIO())


def test_many_problems_of_a_kind_are_counted(sound):
    Story.objects.update(member_count=99)
    found = list(problems())
    assert found[-1].startswith("… and ")

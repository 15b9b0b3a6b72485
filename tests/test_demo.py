"""`manage.py demo`: something to see, and nothing of anybody's lost."""

from __future__ import annotations

import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Article
from articles.workflow.roles import ROLES
from tests.factories import make_article

pytestmark = pytest.mark.django_db

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "demo"
ARTICLES = 6


@pytest.fixture(autouse=True)
def root(tmp_path, settings) -> Path:
    """A checkout of its own with a few articles of the demo, the newest among them."""
    settings.BASE_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    news = tmp_path / "fixtures" / "demo" / "_news"
    news.mkdir(parents=True)
    for path in sorted((FIXTURE / "_news").glob("*.md"))[-ARTICLES:]:
        shutil.copy(path, news)
    return tmp_path


def demo(**options) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def passwords(printed: str) -> dict[str, str]:
    people = printed.split("Sign in at")[1].splitlines()[1:]
    return {words[0]: words[1] for line in people if (words := line.split())}


def test_it_fills_an_empty_database_with_news_of_the_last_day():
    demo()
    assert Article.objects.count() == ARTICLES
    now = timezone.now()
    recent = Article.objects.filter(published_at__gt=now - timedelta(days=1, minutes=1))
    assert recent.exists()
    assert not recent.filter(published_at__gt=now).exists()


def test_a_person_of_every_role_can_sign_in_with_the_printed_password():
    printed = passwords(demo())
    assert len(printed) == len(ROLES) + 1
    for username, password in printed.items():
        assert authenticate(HttpRequest(), username=username, password=password)
    assert User.objects.get(username="admin").is_superuser
    groups = User.objects.exclude(username="admin").values_list("groups__name", flat=True)
    assert set(groups) == set(ROLES)


def test_a_second_run_changes_nothing():
    printed = passwords(demo())
    Article.objects.update(title="Kept")
    assert set(passwords(demo()).values()) == {"unchanged"}
    assert set(Article.objects.values_list("title", flat=True)) == {"Kept"}
    assert authenticate(HttpRequest(), username="editor", password=printed["editor"])


def test_fresh_starts_over_with_new_passwords():
    before = passwords(demo())
    Article.objects.update(title="Gone")
    after = passwords(demo(fresh=True))
    assert Article.objects.count() == ARTICLES
    assert not Article.objects.filter(title="Gone").exists()
    assert not set(before.values()) & set(after.values())
    assert authenticate(HttpRequest(), username="editor", password=after["editor"])


def test_fresh_never_deletes_what_is_not_the_demos(root):
    shutil.copytree(root / "fixtures" / "demo", root / "own")
    call_command("frontmatter", "import", str(root / "own"), verbosity=0, stdout=StringIO())
    demo()
    with pytest.raises(CommandError, match="nothing was deleted"):
        demo(fresh=True)
    assert Article.objects.exists()


def test_fresh_never_deletes_what_was_made_by_hand():
    article = make_article()
    with pytest.raises(CommandError, match="nothing was deleted"):
        demo(fresh=True)
    assert Article.objects.filter(pk=article.pk).exists()

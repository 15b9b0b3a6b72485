"""Erasing loses an article for good: all of it but that it happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from articles.desk.erasing import NotTyped, erase
from articles.images import store
from articles.models import (
    Article,
    Erasure,
    Note,
    Picture,
    PictureSource,
    RelatedItem,
    Revision,
    Source,
    Story,
    Transition,
)
from articles.workflow import ActRefused, ReasonMissing, add_note, transition
from tests.content import Piece, put
from tests.exchange.acts import bring_in, bring_out, counts
from tests.factories import make_article, make_user
from tests.images.drawn import drawn
from tests.images.kept import ADDRESS, bring_for, keep_at
from tests.public.conftest import publish, publish_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    """Nothing is kept yet."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder."""
    return tmp_path / "content"


@pytest.fixture
def sol() -> User:
    return make_user("superuser")


def withdrawn(article: Article, actor: User) -> Article:
    article.refresh_from_db()
    transition(article, "withdraw", actor, expected_version=article.version, comment="wrong")
    article.refresh_from_db()
    return article


def gone(article: Article, actor: User) -> None:
    erase(withdrawn(article, actor), actor, typed=article.slug, reason="A court says so")


def test_what_is_erased_leaves_nothing_but_that_it_was(folder: Path, sol: User):
    put(folder, Piece("quay", title="Quaymaster resigns"))
    bring_in(folder)
    article = Article.objects.get(slug="quay")
    add_note(article, sol, "Quaymaster called")
    gone(article, sol)
    for model in (Article, Revision, Transition, Note, Source, Story):
        assert not model._default_manager.exists(), model
    [erasure] = Erasure.objects.all()
    assert (erasure.stem, erasure.actor, erasure.reason) == ("quay", sol, "A court says so")


def test_no_import_takes_its_file_again(folder: Path, sol: User):
    put(folder, Piece("quay"))
    put(folder, Piece("pier"))
    bring_in(folder)
    gone(Article.objects.get(slug="quay"), sol)
    put(folder, Piece("quay", title="Another"))
    report = bring_in(folder)
    assert counts(report) == {"unchanged": 1, "refused": 1}
    [said] = [line for line in report.lines() if "erased" in line]
    assert said.endswith("; delete the file")
    assert report.exit_code() == 1
    assert bring_in(folder).exit_code() == 0
    assert list(Article.objects.values_list("slug", flat=True)) == ["pier"]


@pytest.mark.django_db(transaction=True)
def test_its_pictures_go_from_the_disk_and_those_that_others_name_stay(sol: User):
    shared = "https://pictures.example/shared.jpg"
    article = publish(images=[{"url": ADDRESS}, {"url": shared}])
    make_article(images=[{"url": shared}])
    Client().get(f"/news/{article.slug}/")
    withdrawn(article, sol)
    # As if they had come back by hand.
    PictureSource.objects.all().delete()
    keep_at()
    keep_at(shared, drawn(size=(700, 400)))
    bring_for(article, drawn(size=(800, 450)))
    erase(article, sol, typed=article.slug, reason="why")
    assert [source.address for source in PictureSource.objects.all()] == [shared]
    left = Picture.objects.get()
    assert {name.split("/")[2] for name in store.names("pictures")} == {left.token}
    assert len(list(store.names("originals"))) == 1


def test_readers_meet_neither_it_nor_its_address(client: Client, sol: User):
    article = publish(title="Quaymaster resigns")
    withdrawn(article, sol)
    assert client.get(f"/news/{article.slug}/").status_code == 410
    erase(article, sol, typed=article.slug, reason="why")
    assert client.get(f"/news/{article.slug}/").status_code == 404
    for path in ("/", "/search/?q=quaymaster", "/feed.rss", "/api/news/index.json"):
        assert "Quaymaster" not in client.get(path).content.decode()


@pytest.mark.parametrize("is_told", [False, True])
def test_files_that_name_it_forget_it_and_readers_never_meet_it(
    folder: Path, client: Client, sol: User, is_told: bool
):
    lead, other = Piece("coast-a", quality=70, published=True), Piece("quay", title="Quaymaster")
    put(folder, lead.but(related=[other]), other.but(related=[lead]))
    bring_in(folder)
    article = withdrawn(Article.objects.get(slug="quay"), sol)
    if is_told:
        bring_out(folder)
    erase(article, sol, typed="quay", reason="why")
    (folder / "_news/quay.md").unlink()
    # A robot that knows of nothing names it once more.
    put(folder, lead.but(related=[other], quality=71))
    bring_in(folder)
    assert not RelatedItem.objects.exists()
    assert "Quaymaster" not in client.get("/news/coast-a/").content.decode()
    Article.objects.all().mark()
    bring_out(folder)
    assert "Quaymaster" not in (folder / "_news/coast-a.md").read_text()


def test_the_next_export_takes_it_out_of_files_that_name_it(folder: Path, sol: User):
    lead, other = Piece("coast-a", quality=70, published=True), Piece("quay", title="Quaymaster")
    put(folder, lead.but(related=[other]), other.but(related=[lead]))
    bring_in(folder)
    gone(Article.objects.get(slug="quay"), sol)
    bring_out(folder)
    assert "Quaymaster" not in (folder / "_news/coast-a.md").read_text()


def test_its_story_goes_on_without_it(sol: User):
    lead, member = publish_story({"quality": 9}, {"quality": 5})
    withdrawn(member, sol)
    erase(member, sol, typed=member.slug, reason="why")
    lead.refresh_from_db()
    assert (lead.story.member_count, lead.is_lead, lead.state) == (1, True, "published")
    assert Story.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "typed", "reason", "state", "refusal"),
    [
        ("managing editor", "quay", "why", "withdrawn", PermissionDenied),
        ("superuser", "", "why", "withdrawn", NotTyped),
        ("superuser", "pier", "why", "withdrawn", NotTyped),
        ("superuser", "quay", " ", "withdrawn", ReasonMissing),
        ("superuser", "quay", "why", "unpublished", ActRefused),
        ("superuser", "quay", "why", "spiked", ActRefused),
    ],
)
def test_nothing_is_erased_unasked(
    role: str, typed: str, reason: str, state: str, refusal: type[Exception]
):
    article = make_article(slug="quay", state=state)
    with pytest.raises(refusal):
        erase(article, make_user(role), typed=typed, reason=reason)
    assert Article.objects.filter(pk=article.pk).exists()
    assert not Erasure.objects.exists()


def test_a_superuser_finds_the_page_from_the_withdrawal_and_the_record_after_it(
    sign_in: Any, sol: User
):
    article = withdrawn(publish(), sol)
    chief, boss = sign_in("superuser"), sign_in("managing editor")
    page = reverse("admin:articles_article_erase", args=[article.pk])
    checklist = reverse("admin:articles_article_withdrawal", args=[article.pk])
    assert page in chief.get(checklist).content.decode()
    assert page not in boss.get(checklist).content.decode()
    assert boss.get(page).status_code == boss.post(page, {}).status_code == 403
    refused = chief.post(page, {"typed": "x", "reason": "why"}, follow=True).content.decode()
    assert f"Type {article.slug} to erase it." in refused
    sent = {"typed": article.slug, "reason": "A court says so"}
    assert "A court says so" in chief.post(page, sent, follow=True).content.decode()
    assert chief.get(page).status_code == 404

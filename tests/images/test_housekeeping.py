"""What is kept can be looked over, mended and cleared; withdrawing deletes what it must."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from articles.images import housekeeping, store
from articles.images.keeping import original_name, source_of, take
from articles.images.rendering import names_of
from articles.models import Article, Picture, PictureKind, PictureSource
from articles.workflow import transition
from tests.factories import make_article, make_user

from .drawn import drawn
from .kept import ADDRESS, bring_for, give_logo, keep_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    """Nothing is kept yet."""


def faults() -> set[str]:
    return {fault.what for fault in housekeeping.check()}


def said(capsys: Any, *arguments: str) -> str:
    call_command("images", *arguments)
    return str(capsys.readouterr().out)


def age(media: Path) -> None:
    """Make every file two hours older."""
    then = time.time() - 7200
    for file in media.rglob("*"):
        os.utime(file, (then, then))


def test_the_status_says_what_is_kept_and_why_others_are_not(capsys: Any):
    keep_at()
    take(source_of(PictureKind.PICTURE, "https://a.example/b"), b"<html>", timezone.now())
    text = said(capsys, "status")
    assert "1 pictures and 0 logos kept" in text
    assert "1 refused, 0 to be asked for again" in text
    assert "1  It is no JPEG, PNG, WebP, GIF or AVIF picture." in text


def test_nothing_that_hides_in_a_file_is_kept_anywhere(media: Path):
    keep_at(data=drawn("JPEG", comment=b"51.50 north") + b"<script>alert(1)</script>")
    files = [path for path in media.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) > 6
    for path in files:
        data = path.read_bytes()
        assert b"north" not in data
        assert b"script" not in data


def test_a_check_finds_what_is_missing_changed_broken_and_orphaned(capsys: Any):
    picture = keep_at()
    assert faults() == set()
    assert "Every file is there" in said(capsys, "check")
    one, other = list(names_of(picture))[:2]
    store.delete(one)
    for name in (other, original_name(picture.digest, picture.kind)):
        store.delete(name)
        store.put(name, b"spoiled")
    store.put("pictures/aa/stray.jpg", b"stray")
    assert faults() == {"missing", "broken", "changed", "orphaned"}
    with pytest.raises(CommandError, match="4 faults"):
        call_command("images", "check")


def test_what_is_missing_or_outdated_is_made_again(capsys: Any):
    picture = keep_at()
    store.delete(next(names_of(picture)))
    assert "1 made." in said(capsys, "rebuild")
    assert faults() == set()
    assert "0 made." in said(capsys, "rebuild")
    Picture.objects.update(stamp="00000000")
    assert "1 made." in said(capsys, "rebuild")
    assert "1 made." in said(capsys, "rebuild", "--all")
    store.delete(original_name(picture.digest, picture.kind))
    with pytest.raises(CommandError, match="1 could not be made"):
        call_command("images", "rebuild", "--all")


def test_what_nothing_shows_is_deleted_and_a_rehearsal_deletes_nothing(capsys: Any, media: Path):
    second = "https://a.example/second.jpg"
    images = [{"url": ADDRESS}, {"url": second}]
    article = make_article(images=images)
    keep_at()
    keep_at(second)
    gone = keep_at("https://a.example/gone.jpg", drawn(size=(700, 400)))
    logo = make_article().provider
    give_logo(logo)
    store.put("pictures/aa/stray.jpg", b"stray")
    before = sorted(store.names("pictures"))
    assert "pictures/aa/stray.jpg" not in said(capsys, "prune", "-n")
    age(media)
    text = said(capsys, "prune", "-n")
    assert "no file names https://a.example/gone.jpg" in text
    assert "of no picture: pictures/aa/stray.jpg" in text
    assert sorted(store.names("pictures")) == before
    said(capsys, "prune")
    assert not Picture.objects.filter(pk=gone.pk).exists()
    left = PictureSource.objects.exclude(number=None)
    assert {source.address for source in left} == {ADDRESS, second}
    assert faults() == set()
    assert "0 deleted" in said(capsys, "prune")
    assert Article.objects.get(pk=article.pk).images == images


def withdraw(article: Article) -> None:
    boss = make_user("managing editor")
    transition(article, "withdraw", boss, expected_version=article.version, comment="wrong")
    article.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_withdrawing_deletes_its_pictures_and_they_do_not_come_back():
    article = make_article(images=[{"url": ADDRESS}])
    keep_at()
    bring_for(article, drawn(size=(700, 400)))
    addresses = [store.url(name) for picture in Picture.objects.all() for name in names_of(picture)]
    assert Client().get(addresses[0]).status_code == 200
    withdraw(article)
    assert {Client().get(address).status_code for address in addresses} == {404}
    assert not Picture.objects.exists()
    assert [*store.names("pictures"), *store.names("originals")] == []
    assert not take(source_of(PictureKind.PICTURE, ADDRESS), drawn(), timezone.now())
    assert not Picture.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_another_article_names_stays():
    article = make_article(images=[{"url": ADDRESS}])
    make_article(images=[{"url": ADDRESS}])
    keep_at()
    withdraw(article)
    assert Picture.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_equal_pictures_of_another_article_stay():
    article = make_article(images=[{"url": ADDRESS}])
    make_article(images=[{"url": "https://b.example/same.jpg"}])
    keep_at()
    keep_at("https://b.example/same.jpg")
    withdraw(article)
    assert [source.address for source in Picture.objects.get().sources.all()] == [
        "https://b.example/same.jpg"
    ]


@pytest.mark.django_db(transaction=True)
def test_what_was_reinstated_may_have_its_picture_again():
    article = make_article(images=[{"url": ADDRESS}])
    keep_at()
    withdraw(article)
    sol = make_user("superuser")
    transition(article, "reinstate", sol, expected_version=article.version, comment="right")
    keep_at()
    assert Picture.objects.count() == 1

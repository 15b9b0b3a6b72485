"""An editor brings a picture, says what it shows and what matters in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles.images.recipe import Focus, stamp
from articles.models import Article, Picture, PictureSource, Transition
from tests.images.drawn import drawn
from tests.images.kept import ADDRESS, bring_for, keep_at
from tests.public.conftest import publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    """Nothing is kept yet."""


def page(article: Article, name: str = "articles_article_picture") -> str:
    return reverse(f"admin:{name}", args=[article.pk])


def send(client: Client, article: Article, **data: Any) -> str:
    return client.post(page(article), data, follow=True).content.decode()


def file(data: bytes, name: str = "quay.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def public(client: Client, article: Article) -> str:
    return Client().get(f"/news/{article.slug}/").content.decode()


def test_a_picture_is_brought_described_and_taken_away(editor: Client):
    article = publish()
    assert "No picture of it is kept" in editor.get(page(article)).content.decode()
    assert "Kept. Say what it shows" in send(editor, article, act="bring", picture=file(drawn()))
    picture = Picture.objects.get()
    assert picture.token in public(editor, article)
    sent = {"alt": "A quay", "attribution": "Ana Ferro", "x": "10", "y": "90"}
    assert "Saved." in send(editor, article, act="describe", **sent)
    text = public(editor, article)
    assert 'alt="A quay"' in text
    assert "Ana Ferro" in text
    assert stamp(Focus(10, 90)) in text
    assert "Taken away." in send(editor, article, act="take_away")
    assert not Picture.objects.exists()
    assert "<picture" not in public(editor, article)
    acts = Transition.objects.filter(article=article, action="picture")
    assert list(acts.order_by("pk").values_list("comment", flat=True)) == [
        "brought a picture",
        "described its picture",
        "took its picture away",
    ]


def test_another_picture_of_its_file_is_chosen_and_given_back(editor: Client):
    urls = [f"https://pictures.example/{name}.jpg" for name in "ab"]
    article = publish(images=[{"url": url} for url in urls])
    first, second = (
        keep_at(url, drawn(size=(640, 360 + 10 * number)), alt=f"Quay {number}")
        for number, url in enumerate(urls)
    )
    number = PictureSource.objects.get(address=urls[1]).number
    assert f'value="choose:{number}"' in editor.get(page(article)).content.decode()
    assert "It is shown now." in send(editor, article, act=f"choose:{number}")
    text = public(editor, article)
    assert (first.token in text, second.token in text) == (False, True)
    assert 'alt="Quay 1"' in text
    send(editor, article, act="take_away")
    assert first.token in public(editor, article)
    assert Picture.objects.count() == 2


@pytest.mark.parametrize("number", ["", "x", "²", "-", "9" * 40, "-7"])
def test_a_picture_that_its_file_does_not_name_cannot_be_chosen(editor: Client, number: str):
    article = publish(images=[{"url": ADDRESS}])
    keep_at()
    assert "Nothing was changed." in send(editor, article, act=f"choose:{number}")
    assert not PictureSource.objects.filter(article=article).exists()


def test_bringing_another_leaves_nothing_of_the_first(editor: Client):
    article = publish()
    send(editor, article, act="bring", picture=file(drawn()))
    send(editor, article, act="bring", picture=file(drawn(size=(700, 400))))
    assert Picture.objects.get().width == 700


def test_what_is_no_picture_is_refused_with_its_sentence(editor: Client):
    article = publish()
    bring_for(article)
    for data, why in (
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "It is no JPEG, PNG, WebP, GIF or AVIF"),
        (drawn()[:500], "It cannot be decoded"),
        (drawn("PNG", (20, 20)), "64 a side are the least"),
        (drawn() + bytes(10_000_000), "10 are the most"),
    ):
        text = send(editor, article, act="bring", picture=file(data))
        assert "Nothing was kept. It " in text
        assert why in text
    assert "Choose a file first" in send(editor, article, act="bring")
    assert Picture.objects.count() == 1


@pytest.mark.parametrize("focus", [("-1", "0"), ("0", "101"), ("x", "1"), ("", "")])
def test_a_focus_outside_the_picture_is_refused(editor: Client, focus: tuple[str, str]):
    article = publish()
    picture = bring_for(article)
    text = send(editor, article, act="describe", x=focus[0], y=focus[1])
    assert "Nothing was changed." in text
    picture.refresh_from_db()
    assert (picture.focus_x, picture.focus_y) == (50, 50)


def test_with_a_worker_nothing_is_cut_in_the_request(editor: Client, settings: Any):
    settings.TASKS = "worker"
    article = publish()
    send(editor, article, act="bring", picture=file(drawn()))
    assert Picture.objects.get().is_due
    assert "<picture" not in public(editor, article)
    assert "A worker is about to cut it" in editor.get(page(article)).content.decode()


def test_the_picture_is_shown_whole_to_who_may_look(editor: Client, client: Client):
    article = publish(images=[{"url": ADDRESS}])
    keep_at(data=drawn(size=(300, 900)))
    answer = editor.get(page(article, "articles_article_picture_whole"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "which the file names" in editor.get(page(article)).content.decode()
    assert Client().get(page(article, "articles_article_picture_whole")).status_code == 302


def test_the_page_costs_the_same_for_every_article(
    editor: Client, django_assert_max_num_queries: Any
):
    article = publish()
    bring_for(article)
    with django_assert_max_num_queries(20):
        editor.get(page(article))

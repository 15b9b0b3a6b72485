"""The file of an article on the desk: all of it but the seal, and only to look at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from articles.admin.origin import unknown_keys
from articles.exchange import run_import
from articles.exchange.looking import Unshown, masked
from articles.models import Article
from articles.workflow import edit
from tests.content import SEAL, Piece, put, put_file, story
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def page(article: Article) -> str:
    return reverse("admin:articles_article_file", args=[article.pk])


def imported(folder: Path, *pieces: Piece) -> Article:
    run_import([put(folder, *pieces)])
    return Article.objects.get(slug=pieces[0].name)


def test_an_export_that_would_change_nothing_says_so(editor: Client, tmp_path: Path):
    article = imported(tmp_path, Piece("quay-cranes", extra={"excerpt": "As it came."}))
    text = editor.get(page(article)).content.decode()
    assert "byte for byte" in text
    assert "As it came." in text
    assert "(sealed; kept byte for byte)" in text
    assert not any(part in text for part in SEAL.split(";"))


def test_what_was_edited_stands_as_a_difference(editor: Client, tmp_path: Path):
    article = imported(tmp_path, Piece("quay-cranes", title="Cranes move"))
    edit(article, make_user("editor"), {"title": "Cranes stop"}, expected_version=1)
    text = editor.get(page(article)).content.decode()
    assert "<del>title: &quot;Cranes move&quot;</del>" in text
    assert "<ins>title: &quot;Cranes stop&quot;</ins>" in text
    assert not any(part in text for part in SEAL.split(";"))


def test_an_article_made_here_shows_the_file_it_would_get(editor: Client):
    text = editor.get(page(make_article(title="Made here"))).content.decode()
    assert "There is no file yet" in text
    assert "title: &quot;Made here&quot;" in text


@pytest.mark.parametrize(
    "sealed",
    [
        'secured: "{}"',
        "secured: '{}'",
        "secured: {}",
        "secured: >-\n  {}",
        'secured: &seal "{}"\nother: *seal',
        '"secured": "{}"',
        'secured: "{}" # {}',
        'excerpt: "{}"\nsecured: "{}"',
    ],
)
def test_no_layout_of_the_seal_is_ever_shown(sealed: str):
    seal = "U0VBTEVELVBBWUxPQUQ=;AAECAwQFBgcICQoLDA0ODw=="
    head = 'title: "x"\npublishedDateTime: 2024-05-06T12:00:00Z\nwebUrl: "https://gate.example/x"\n'
    data = f"---\n{head}{sealed.replace('{}', seal)}\n---\n\n".encode()
    shown = ""
    with suppress(Unshown):
        shown = masked(data)
    assert "U0VBTEVELVBB" not in shown
    assert "AAECAwQFBg" not in shown
    assert "U0VBTEVELVBB" not in str(unknown_keys(data))


def test_a_file_without_a_seal_is_shown_to_the_letter(tmp_path: Path):
    text = '---\n# kept\ntitle: "x"\nwebUrl:   "https://gate.example/x"\nmood: blue\n---\nBody\n'
    assert masked(put_file(tmp_path, "x.md", text).read_bytes()) == text


@pytest.mark.parametrize("role", ["contributor", "auditor"])
def test_everybody_who_looks_may_read_it_and_strangers_may_not(
    sign_in: Callable[[str], Client], client: Client, role: str
):
    article = make_article()
    answer = sign_in(role).get(page(article))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert client.get(page(article)).status_code == 302


def test_a_long_story_costs_the_same_queries(
    editor: Client, tmp_path: Path, django_assert_max_num_queries
):
    counts = []
    for size in (2, 12):
        pieces = story(*(Piece(f"gate{size}-piece-{n}", quality=90 - n) for n in range(size)))
        article = imported(tmp_path / str(size), *pieces)
        edit(article, make_user("editor"), {"title": "Edited"}, expected_version=article.version)
        with django_assert_max_num_queries(20) as captured:
            assert editor.get(page(article)).status_code == 200
        counts.append(len(captured))
    assert counts[0] >= counts[1]

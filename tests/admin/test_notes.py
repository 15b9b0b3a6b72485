"""Notes beside the form: written, blocking, settled, and nobody's words lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Note, Notice
from articles.workflow import add_note, failures
from tests.factories import make_article, make_user

from .conftest import form_page

pytestmark = pytest.mark.django_db


def send(client: Client, name: str, article: Article, **data: object):
    page = reverse(f"admin:articles_article_{name}_note", args=[article.pk])
    return client.post(page, {key: str(value) for key, value in data.items()}, follow=True)


def test_a_note_is_written_and_whoever_it_mentions_is_told(editor: Client):
    article, ana = make_article(), make_user("publisher", username="ana")
    answer = send(editor, "add", article, text="Look, @ana: which quay?")
    assert b"ana will be told" in answer.content
    assert "which quay?" in editor.get(form_page(article)).content.decode()
    assert Notice.objects.get().person == ana


def test_a_name_that_is_nobody_s_is_told_to_who_wrote_it(editor: Client):
    make_user("publisher", username="ana")
    told = send(editor, "add", make_article(), text="@ana, @anna: look").content.decode()
    assert "Nobody here is called @anna;" in told


def test_a_blocking_note_stands_in_the_checklist_until_it_is_settled(editor: Client):
    article = make_article()
    send(editor, "add", article, text="Call them first", is_blocking="on")
    page = editor.get(form_page(article)).content.decode()
    assert "A note blocks it: Call them first" in page
    assert "blocks publication" in page
    send(editor, "resolve", article, note=Note.objects.get().pk)
    assert failures(article, article.arrived_at) == []
    assert "settled by" in editor.get(form_page(article)).content.decode()


def test_a_refused_note_comes_back_with_what_was_typed(editor: Client):
    answer = send(editor, "add", make_article(), text="long " * 2000, is_blocking="on")
    assert answer.status_code == 422
    assert "at most 5,000 characters" in answer.content.decode()
    assert "long long long" in answer.content.decode()
    assert not Note.objects.exists()


def test_a_note_of_another_article_is_not_settled_here(editor: Client):
    note = add_note(make_article(), make_user("editor"), "Mine")
    for asked in (note.pk, "", "x"):
        assert send(editor, "resolve", make_article(), note=asked).status_code == 404
    note.refresh_from_db()
    assert note.resolved_at is None


@pytest.mark.parametrize("role", ["contributor", "auditor"])
def test_who_only_looks_reads_notes_and_writes_none(sign_in: Callable[[str], Client], role: str):
    client, article = sign_in(role), make_article()
    note = add_note(article, make_user("editor"), "Which quay?", is_blocking=True)
    page = client.get(form_page(article)).content.decode()
    assert "Which quay?" in page
    assert ">Add note<" not in page
    assert ">Settle<" not in page
    assert send(client, "add", article, text="x").status_code == 403
    assert send(client, "resolve", article, note=note.pk).status_code == 403
    assert Note.objects.filter(resolved_at=None).count() == 1


def test_a_contributor_writes_notes_on_his_own_articles_but_blocks_nothing(
    sign_in: Callable[[str], Client],
):
    client, article = sign_in("contributor"), make_article()
    me = client.session["_auth_user_id"]
    article.transitions.create(
        action="create", to_state="new", actor_id=me, version=1, at=article.arrived_at
    )
    page = client.get(form_page(article)).content.decode()
    assert ">Add note<" in page
    assert "Blocks publication" not in page
    assert send(client, "add", article, text="Done").status_code == 200
    assert send(client, "add", article, text="Stop", is_blocking="on").status_code == 403
    assert [note.text for note in Note.objects.all()] == ["Done"]


def test_hostile_notes_stay_text_and_any_number_costs_the_same(
    editor: Client, django_assert_max_num_queries
):
    article, author = make_article(), make_user("editor")
    counts = []
    for more in (1, 20):
        for _ in range(more):
            add_note(article, author, "<script>alert(1)</script>")
        with django_assert_max_num_queries(20) as captured:
            page = editor.get(form_page(article)).content.decode()
        counts.append(len(captured))
        assert "<script>alert" not in page
    assert counts[0] >= counts[1]

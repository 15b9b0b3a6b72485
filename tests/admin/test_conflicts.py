"""Conflicts of imports are read side by side and decided by those who may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.admin.contrast import contrast
from articles.exchange import run_import
from articles.models import Article, Conflict, Source, Transition
from articles.states import State
from articles.workflow import transition, undoable
from providers.models import Provider
from tests.content import Piece, provider_file, put, put_file
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PAGE = "/admin/articles/conflict/"


def clash(folder: Path, *names: str, here: str = "Ours now", there: str = "Theirs now") -> None:
    """Articles of these names, imported, edited here and changed in their files."""
    put(folder, *[Piece(name) for name in names])
    run_import([folder])
    Article.objects.filter(slug__in=names).update(title=here)
    put(folder, *[Piece(name, title=there) for name in names])
    run_import([folder])


def press(client: Client, which: str, **more: object) -> str:
    answer = client.post(PAGE, {"decide": which, **more}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_both_values_stand_side_by_side_with_their_words_marked(folder: Path, editor: Client):
    clash(folder, "coast-a", here="The quay is open", there="The quay is shut")
    text = editor.get(PAGE).content.decode()
    assert "The quay is <ins>shut</ins>" in text
    assert "The quay is <ins>open</ins>" in text


def test_a_decision_for_the_file_takes_its_value_and_says_who_decided(
    folder: Path, sign_in: Callable[[str], Client]
):
    clash(folder, "coast-a")
    conflict = Conflict.objects.get()
    assert "1 done." in press(sign_in("editor"), f"theirs:{conflict.pk}")
    conflict.refresh_from_db()
    assert Article.objects.get().title == "Theirs now"
    assert (conflict.resolution, conflict.resolved_by is not None) == ("theirs", True)
    assert "coast-a.md" in sign_in("auditor").get(f"{PAGE}?show=settled").content.decode()


def test_a_decision_for_the_file_stands_in_the_article_s_history(folder: Path, editor: Client):
    clash(folder, "coast-a")
    press(editor, f"theirs:{Conflict.objects.get().pk}")
    act = Transition.objects.get(action="resolve_conflict")
    assert act.actor is not None
    assert act.changes == {"title": ["Ours now", "Theirs now"]}
    page = editor.get(f"/admin/articles/article/{act.article_id}/change/")
    assert "settled with its file" in page.content.decode()
    assert undoable(act.actor) == []


def test_many_are_decided_at_once(folder: Path, editor: Client):
    clash(folder, "coast-a", "coast-b", "coast-c")
    chosen = list(Conflict.objects.values_list("pk", flat=True)[:2])
    assert "2 done." in press(editor, "ours:chosen", chosen=chosen)
    assert "1 done." in press(editor, "theirs:chosen", every="1")
    assert sorted(Article.objects.values_list("title", flat=True)) == [
        "Ours now",
        "Ours now",
        "Theirs now",
    ]
    assert not Conflict.objects.filter(resolution="").exists()


def test_an_article_leads_to_its_own_conflicts(folder: Path, editor: Client):
    clash(folder, "coast-a", "coast-b")
    article = Article.objects.get(slug="coast-b")
    form = editor.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    link = f"{PAGE}?kind=article&amp;file=coast-b"
    assert link in form
    page = editor.get(link.replace("&amp;", "&"))
    assert [file.source.key for file in page.context["files"]] == ["coast-b"]
    answer = editor.post(
        page.request["PATH_INFO"] + "?file=coast-b", {"decide": "theirs:chosen", "every": "1"}
    )
    assert answer.status_code == 302
    assert Conflict.objects.get(resolution="").source.key == "coast-a"


def test_what_somebody_wrote_meanwhile_is_not_overwritten_unseen(folder: Path, editor: Client):
    clash(folder, "coast-a")
    conflict = Conflict.objects.get()
    seen = editor.get(PAGE).context["files"][0].clashes[0].seen
    Article.objects.update(title="Written meanwhile")
    name = f"seen-{conflict.pk}"
    for which in ({"decide": f"theirs:{conflict.pk}"}, {"decide": "theirs:chosen", "every": "1"}):
        answer = editor.post(PAGE, {name: seen, **which}, follow=True)
        assert "changed after you saw it" in answer.content.decode()
    assert Article.objects.get().title == "Written meanwhile"


def test_what_was_decided_meanwhile_is_said_and_not_decided_again(folder: Path, editor: Client):
    clash(folder, "coast-a")
    conflict = Conflict.objects.get()
    press(editor, f"ours:{conflict.pk}")
    assert "decided meanwhile" in press(editor, f"theirs:{conflict.pk}")
    assert Article.objects.get().title == "Ours now"


@pytest.mark.parametrize(("role", "status"), [("contributor", 403), ("auditor", 403)])
def test_who_may_not_change_articles_decides_nothing(
    role: str, status: int, folder: Path, sign_in: Callable[[str], Client]
):
    clash(folder, "coast-a")
    client = sign_in(role)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert b'name="decide"' not in page.content
    answer = client.post(PAGE, {"decide": f"theirs:{Conflict.objects.get().pk}"})
    assert answer.status_code == status
    assert Article.objects.get().title == "Ours now"


def test_conflicts_are_not_for_strangers(folder: Path, sign_in: Callable[[str], Client]):
    clash(folder, "coast-a")
    assert Client().get(PAGE).status_code == 302
    assert sign_in("").get(PAGE).status_code == 403


def test_whether_an_article_stays_removed_is_for_those_who_may_withdraw(
    folder: Path, sign_in: Callable[[str], Client]
):
    for removed in (True, False):
        put(folder, Piece("coast-a", removed=removed))
        run_import([folder])
    conflict = Conflict.objects.get(key="removed")
    for side in ("theirs", "ours"):
        said = press(sign_in("publisher"), f"{side}:{conflict.pk}")
        assert "needs the permission to withdraw" in said
    assert Article.objects.get().state == State.WITHDRAWN
    assert "1 done." in press(sign_in("managing editor"), f"theirs:{conflict.pk}")
    assert Article.objects.get().state == State.IN_REVIEW


def test_an_editor_never_changes_what_readers_see_by_a_conflict(
    folder: Path, sign_in: Callable[[str], Client]
):
    clash(folder, "coast-a")
    article = Article.objects.get()
    publisher = make_user("publisher")
    transition(article, "publish", publisher, expected_version=article.version)
    conflict = Conflict.objects.get()
    said = press(sign_in("editor"), f"theirs:{conflict.pk}")
    assert "needs the permission to publish" in said
    assert Article.objects.get().title == "Ours now"
    assert "1 done." in press(sign_in("publisher"), f"theirs:{conflict.pk}")


def test_the_file_s_text_voids_an_approval(folder: Path, editor: Client):
    clash(folder, "coast-a")
    article = Article.objects.get()
    transition(article, "approve", make_user("publisher"), expected_version=article.version)
    press(editor, f"theirs:{Conflict.objects.get().pk}")
    assert Article.objects.get().state == State.IN_REVIEW


def test_a_provider_s_conflict_is_for_those_who_may_change_providers(
    folder: Path, sign_in: Callable[[str], Client]
):
    for name in ("Coast", "Coast News"):
        path = "_data/organizations/coast.example.md"
        put_file(folder, path, provider_file("coast.example", name=name))
        run_import([folder])
        Provider.objects.update(name="Our Coast", is_edited=True)
    conflict = Conflict.objects.get()
    assert "not yours to decide" in press(sign_in("editor"), f"theirs:{conflict.pk}")
    assert "1 done." in press(sign_in("managing editor"), f"theirs:{conflict.pk}")
    assert Provider.objects.get().name == "Coast News"


def test_a_seal_is_named_and_never_shown(folder: Path, editor: Client):
    clash(folder, "coast-a")
    values = {"theirs": "SEALED-THERE", "ours": "SEALED-HERE", "message": "two seals"}
    first = Conflict.objects.get()
    Conflict.objects.create(source=first.source, key="secured", run=first.run, **values)
    nested = {"a": {"secured": "SEALED-THERE"}, "secured": "SEALED-TOO"}
    assert "SEALED" not in repr(contrast(nested, [nested]))
    assert "SEALED" not in repr(contrast(nested, nested))
    assert "SEALED" not in repr(contrast([{"secured": "SEALED"}], None))
    assert "SEALED" not in editor.get(PAGE).content.decode()


def test_hostile_values_stay_text(folder: Path, editor: Client):
    clash(folder, "coast-a", there="<script>alert(1)</script>", here="<b>bold</b>")
    text = editor.get(PAGE).content.decode()
    assert "<script>alert" not in text
    assert "<b>bold" not in text


def test_the_page_asks_the_database_the_same_for_one_file_and_for_many(
    folder: Path, editor: Client
):
    counts = []
    for names in (["coast-a"], [f"coast-{letter}" for letter in "bcdefgh"]):
        clash(folder, *names)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            editor.get(PAGE)
        counts.append(len(queries))
    assert Source.objects.count() == 8
    assert counts[0] == counts[1] <= 20

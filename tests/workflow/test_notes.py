"""Notes, and who is told of what."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from articles.models import Notice
from articles.states import State
from articles.workflow import (
    GuardsFailed,
    NotPermitted,
    add_note,
    edit,
    failures,
    resolve_note,
)
from articles.workflow.notices import mark_seen, unseen
from tests.factories import A_DAY, make_article, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db


def told(person):
    return [(notice.kind, notice.article_id) for notice in unseen(person)]


def test_a_blocking_note_stops_publication_until_it_is_resolved(editor, publisher):
    article = make_article()
    note = add_note(article, editor, " Is this true? ", is_blocking=True)
    assert [one.field for one in failures(article, A_DAY)] == ["notes"]
    for action in ("approve", "publish"):
        with pytest.raises(GuardsFailed, match="Is this true"):
            do(article, action, publisher)
    assert resolve_note(note, publisher).resolved_by == publisher
    assert resolve_note(note, editor).resolved_by == publisher
    assert do(article, "publish", publisher).state == State.PUBLISHED


def test_a_plain_note_stops_nothing(editor, publisher):
    article = make_article()
    add_note(article, editor, "Nice.")
    assert do(article, "publish", publisher).version == 2


def test_who_is_named_in_a_note_is_told_once(editor):
    ana, gone = make_user("editor", username="ana.f"), make_user("editor", username="gone")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    article = make_article()
    text = f"@ana.f, and @ana.f. again; @gone @nobody me@ana.f @{editor.username}"
    add_note(article, editor, text)
    assert told(ana) == [("mentioned", article.pk)]
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "x" * 5_001, "bell \x07"])
def test_a_note_says_something_that_can_be_kept(editor, text):
    with pytest.raises(ValidationError):
        add_note(make_article(), editor, text)


def test_notes_are_of_those_who_work_on_the_article(editor):
    article, writer = make_article(), make_user("contributor")
    for person in (writer, make_user("auditor"), make_user()):
        with pytest.raises(NotPermitted):
            add_note(article, person, "Hello.")
        with pytest.raises(NotPermitted):
            resolve_note(add_note(article, editor, "Hello."), person)


def test_a_writer_notes_his_own_and_blocks_nothing():
    article, writer = make_article(), make_user("contributor")
    article.transitions.create(
        action="create", to_state="new", actor=writer, version=1, at=article.arrived_at
    )
    assert add_note(article, writer, "Mine.").author == writer
    with pytest.raises(NotPermitted, match="review"):
        add_note(article, writer, "Stop.", is_blocking=True)


def test_people_are_told_of_what_concerns_them(editor, publisher):
    article = do(make_article(), "assign", publisher, assignee=editor, comment="for noon")
    assert told(editor) == [("assigned", article.pk)]
    assert unseen(editor).get().text == "for noon"
    article = edit(article, editor, {"title": "Sun"}, expected_version=article.version)
    article = do(article, "request_changes", publisher, comment="shorter")
    article = do(article, "resubmit", editor, comment="done")
    do(article, "approve", publisher)
    assert [kind for kind, _ in told(editor)] == ["approved", "sent_back", "assigned"]
    assert told(publisher) == []


def test_nobody_is_told_what_he_did_himself(publisher):
    article = do(make_article(), "assign", publisher, assignee=publisher)
    do(article, "approve", publisher)
    assert not Notice.objects.exists()


def test_what_was_read_is_not_news(editor, publisher):
    do(make_article(), "assign", publisher, assignee=editor)
    ids = [notice.pk for notice in unseen(editor)]
    assert mark_seen(publisher, ids) == 0
    assert mark_seen(editor, ids) == 1
    assert mark_seen(editor, ids) == 0
    assert told(editor) == []

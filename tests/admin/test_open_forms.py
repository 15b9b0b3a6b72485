"""What is typed into an article's form comes back, whatever happens to session and network."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from articles.admin.open_forms import words_of
from articles.models import Article, OpenForm
from articles.workflow import edit
from tests.factories import make_article, make_user

from .conftest import fields_of, form_page

pytestmark = pytest.mark.django_db

PASSWORD = "gate-4-at-dawn"


def address(article: Article, name: str) -> str:
    return form_page(article).replace("change", name)


def typed_by(client: Client, article: Article, **typed: str) -> dict:
    page = client.get(form_page(article))
    return fields_of(page) | {"_typing": page.context["token"]} | typed


def kept_in(answer) -> dict[str, str]:
    found = re.search(r'name="kept" value="([^"]*)"', answer.content.decode())
    assert found
    return {"kept": unescape(found[1])}


def value_of(answer, name: str) -> str:
    bound = answer.context["adminform"].form[name]
    return bound.field.prepare_value(bound.value())


def test_a_save_after_the_session_has_ended_leads_through_login_and_gives_the_typing_back():
    person, article = make_user("editor", username="ana", password=PASSWORD), make_article()
    client = Client()
    client.force_login(person)
    data = typed_by(client, article, title="Typed at length", excerpt="A word\r\nor two")
    client.session.flush()
    answer = client.post(form_page(article), data | {"_save": "1"})
    assert answer.status_code == 403
    assert "no-store" in answer["Cache-Control"]
    assert "Typed at length" in answer.content.decode()
    assert 'name="username"' in answer.content.decode()
    kept = kept_in(answer)
    wrong = kept | {"username": "ana", "password": "a guess"}
    again = client.post(address(article, "typed"), wrong)
    assert "Typed at length" in again.content.decode()
    kept = kept_in(again)
    back = client.post(
        address(article, "typed"), kept | {"username": "ana", "password": PASSWORD}, follow=True
    )
    assert (value_of(back, "title"), value_of(back, "excerpt")) == (
        "Typed at length",
        "A word\r\nor two",
    )
    assert Article.objects.get().title != "Typed at length"
    sent = fields_of(back) | {"_typing": back.context["token"], "_save": "1"}
    form = back.context["adminform"].form
    sent |= {name: form.data[name] for name in sent if "initial" in name}
    client.post(form_page(article), sent)
    after = Article.objects.get()
    assert (after.title, after.excerpt) == ("Typed at length", "A word\nor two")
    assert OpenForm.objects.get().typed is None


def test_who_lost_the_right_meanwhile_is_shown_what_he_typed():
    person, article, client = make_user("editor"), make_article(), Client()
    client.force_login(person)
    data = typed_by(client, article, title="Typed <b>at length</b>")
    person.groups.clear()
    answer = client.post(form_page(article), data | {"_save": "1"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Typed &lt;b&gt;at length" in page
    assert article.title not in page
    article.refresh_from_db()
    assert "Typed" not in article.title


def test_a_form_opened_before_signing_in_anew_loses_nothing():
    article, client = make_article(), Client(enforce_csrf_checks=True)
    client.force_login(make_user("editor"))
    data = typed_by(client, article, title="Typed at length")
    answer = client.post(form_page(article), data | {"csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    assert Article.objects.get().version == 1
    assert not OpenForm.objects.exists()
    token = client.cookies["csrftoken"].value
    back = client.post(
        address(article, "typed"),
        kept_in(answer) | {"csrfmiddlewaretoken": token},
        follow=True,
    )
    assert value_of(back, "title") == "Typed at length"


def test_what_came_along_through_login_is_kept_for_no_other_article():
    ours, other = make_article(), make_article()
    answer = Client().post(form_page(ours), {"title": "Typed", "version": "1"})
    client = Client()
    client.force_login(make_user("editor"))
    client.post(address(other, "typed"), kept_in(answer))
    client.post(address(ours, "typed"), {"kept": "forged"})
    assert not OpenForm.objects.exists()


def test_a_working_copy_is_offered_back_and_changes_nothing_by_itself(editor: Client):
    article = make_article()
    data = typed_by(editor, article, title="Half a thought")
    answer = editor.post(address(article, "open"), data | {"_typed": "1"})
    assert answer.json()["kept"]
    page = editor.get(form_page(article))
    assert "Half a thought" in page.content.decode()
    assert value_of(page, "title") == article.title
    taken = editor.get(form_page(article) + "?typed=1")
    assert value_of(taken, "title") == "Half a thought"
    assert Article.objects.get().title == article.title


def test_a_working_copy_goes_with_its_own_save_and_with_no_other(editor: Client):
    article = make_article()
    first = typed_by(editor, article, title="In one tab")
    editor.post(address(article, "open"), first | {"_typed": "1"})
    second = typed_by(editor, article, excerpt="In another tab")
    editor.post(form_page(article), second | {"_save": "1"})
    assert (OpenForm.objects.get().typed or {})["title"] == ["In one tab"]
    editor.post(form_page(article), first | {"_save": "1"})
    assert OpenForm.objects.get().typed is None
    # A copy on its way while the form was saved.
    editor.post(address(article, "open"), first | {"_typed": "1"})
    assert OpenForm.objects.get().typed is None
    after = Article.objects.get()
    assert (after.title, after.excerpt) == ("In one tab", "In another tab")


def test_a_working_copy_taken_up_later_never_undoes_what_others_saved(editor: Client):
    article = make_article()
    data = typed_by(editor, article, title="Mine")
    editor.post(address(article, "open"), data | {"_typed": "1"})
    edit(article, make_user("editor"), {"title": "Theirs"}, expected_version=1)
    page = editor.get(form_page(article) + "?typed=1")
    assert "Theirs" in page.content.decode()
    assert value_of(page, "title") == "Mine"


def test_discarding_a_working_copy_is_a_button_and_needs_no_script(editor: Client):
    article = make_article()
    data = typed_by(editor, article, title="Half a thought")
    editor.post(address(article, "open"), data | {"_typed": "1"})
    answer = editor.post(address(article, "open"), data | {"_discard": "1"}, follow=True)
    assert "Half a thought" not in answer.content.decode()


def test_others_at_the_form_are_named_with_minutes_and_hinder_nobody(editor: Client):
    article, now = make_article(), timezone.now()
    for name, seen, typed in (
        ("ana", now, now - timedelta(minutes=3)),
        ("ben", now, None),
        ("cleo", now - timedelta(minutes=40), now - timedelta(minutes=40)),
        ("dan", now - timedelta(minutes=40), None),
    ):
        OpenForm.objects.create(
            article=article,
            person=make_user("editor", username=name),
            seen_at=seen,
            version=1,
            typed={"title": ["…"]} if typed else None,
            typed_at=typed,
        )
    page = editor.get(form_page(article)).content.decode()
    assert "ana has it open and typed 3 min ago" in page
    assert "ben has it open" in page
    assert "cleo left unsaved changes 40 min ago" in page
    assert "dan " not in page
    data = typed_by(editor, article, title="Saved all the same")
    editor.post(form_page(article), data | {"_save": "1"})
    assert Article.objects.get().title == "Saved all the same"


def test_forms_that_were_closed_leave_nothing_behind_but_what_was_typed(editor: Client):
    typed, closed, opened = make_article(), make_article(), make_article()
    data = typed_by(editor, typed, title="Half a thought")
    editor.post(address(typed, "open"), data | {"_typed": "1"})
    editor.post(address(closed, "open"), {"version": "1"})
    OpenForm.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    editor.post(address(opened, "open"), {"version": "1"})
    left = OpenForm.objects.order_by("article_id").values_list("article_id", flat=True)
    assert list(left) == [typed.pk, opened.pk]


@pytest.mark.parametrize("role", ["contributor", "auditor"])
def test_nobody_keeps_typing_for_an_article_he_may_not_change(sign_in, role: str):
    article, client = make_article(), sign_in(role)
    answer = client.post(address(article, "open"), {"title": "x", "version": "1", "_typed": "1"})
    assert answer.status_code == 403
    assert not OpenForm.objects.exists()


def test_nobody_is_heard_without_signing_in():
    article = make_article()
    answer = Client().post(address(article, "open"), {"title": "x", "_typed": "1"})
    assert answer.status_code == 302
    assert not OpenForm.objects.exists()


def test_a_time_that_a_browser_sends_its_own_way_is_nothing_typed():
    typed = {
        "published_at": ["2026-10-16T05:30"],
        "initial-published_at": ["2026-10-16 05:30:00"],
        "updated_at": ["2026-10-16T05:30:07"],
        "initial-updated_at": ["2026-10-16 05:30:07"],
    }
    assert words_of(typed) == []
    assert words_of(typed | {"published_at": ["2026-10-16T05:31"]}) != []


def test_nobody_is_asked_about_a_copy_that_holds_nothing_typed(editor: Client):
    article = make_article()
    sent = typed_by(editor, article) | {"_reason-spike": "other", "_typed": "1"}
    editor.post(address(article, "open"), sent)
    assert OpenForm.objects.get().typed
    assert editor.get(form_page(article)).context["working_copy"] is None
    editor.post(address(article, "open"), sent | {"_comment-spike": "A hand-out"})
    assert editor.get(form_page(article)).context["working_copy"] is not None


def test_what_was_said_with_an_act_is_no_unsaved_copy_after_it(publisher: Client):
    article = make_article()
    sent = typed_by(publisher, article) | {"_go_live_at-publish": "2999-07-01T09:00"}
    publisher.post(address(article, "open"), sent | {"_typed": "1"})
    assert publisher.get(form_page(article)).context["working_copy"] is not None
    publisher.post(form_page(article), sent | {"_act": "publish:planned"})
    assert publisher.get(form_page(article)).context["working_copy"] is None


def test_a_save_that_changed_nothing_says_so(editor: Client):
    article = make_article()
    answer = editor.post(
        form_page(article), typed_by(editor, article) | {"_save": "1"}, follow=True
    )
    assert "Nothing was changed." in answer.content.decode()


def test_a_text_that_gave_way_to_another_s_is_not_offered_again(editor: Client):
    article = make_article(excerpt="At first")
    sent = typed_by(editor, article, excerpt="Mine")
    edit(article, make_user("editor"), {"excerpt": "Theirs"}, expected_version=1)
    editor.post(address(article, "open"), sent | {"_typed": "1"})
    clash = editor.post(form_page(article), sent | {"_continue": "1"})
    assert "Save with these choices" in clash.content.decode()
    resolved = fields_of(clash) | {"_take-excerpt": "theirs", "_continue": "1"}
    editor.post(form_page(article), resolved | {"_typing": sent["_typing"]})
    assert editor.get(form_page(article)).context["working_copy"] is None

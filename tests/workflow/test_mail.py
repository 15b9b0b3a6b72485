"""What people are told is mailed where the site sends mail."""

from __future__ import annotations

import pytest

from articles.models import Notice, Person
from articles.states import State
from tests.factories import make_article, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(settings):
    settings.SENDS_MAIL = True
    settings.SITE_URL = "https://news.example"
    return make_user("editor", email="bo@desk.example")


@pytest.fixture
def assign(publisher, editor, django_capture_on_commit_callbacks):
    """Assign an article to the editor, and commit."""

    def act(title="Rain"):
        with django_capture_on_commit_callbacks(execute=True):
            return do(
                make_article(title=title), "assign", publisher, assignee=editor, comment="For noon"
            )

    return act


def test_a_notice_is_mailed_with_the_place_to_go_to(assign, mailoutbox):
    article = assign("Rain \u2028 in May")
    (mail,) = mailoutbox
    assert mail.to == ["bo@desk.example"]
    assert mail.subject == "[Newsroom] Rain in May was assigned to you"
    assert "by Ana Ferro" in mail.body
    assert "For noon" in mail.body
    assert f"https://news.example/admin/articles/article/{article.pk}/change/" in mail.body
    assert Notice.objects.get().mailed_at is not None


def test_nobody_is_mailed_against_his_wish_or_without_an_address(assign, editor, mailoutbox):
    person = Person.objects.create(user=editor, wants_mail=False)
    assign()
    person.wants_mail = True
    person.save()
    type(editor).objects.filter(pk=editor.pk).update(email="")
    assign()
    assert mailoutbox == []
    assert Notice.objects.count() == 2


def test_a_site_without_a_mail_server_tells_on_the_desk_only(assign, settings, mailoutbox):
    settings.SENDS_MAIL = False
    assign()
    assert mailoutbox == []
    assert Notice.objects.get().mailed_at is None


def test_a_mail_server_that_fails_costs_nobody_the_act(assign, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    article = assign()
    article.refresh_from_db()
    assert article.state == State.IN_REVIEW
    assert Notice.objects.get().mailed_at is None

"""With FOUR_EYES two people see an article before readers do."""

from __future__ import annotations

import pytest
from django.utils import timezone

from articles.models import Run
from articles.states import State
from articles.workflow import NotPermitted, WrongState, edit, save_draft, upstream
from tests.factories import make_article, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on(settings):
    settings.FOUR_EYES = True


def test_an_article_is_approved_before_it_is_published(publisher):
    article = make_article()
    with pytest.raises(WrongState, match="Two people"):
        do(article, "publish", publisher)
    article = do(article, "approve", publisher)
    assert do(article, "publish", publisher).state == State.PUBLISHED


def test_nobody_approves_what_he_edited_last(publisher):
    article = edit(make_article(), publisher, {"title": "Mine"}, expected_version=1)
    with pytest.raises(NotPermitted, match="somebody else"):
        do(article, "approve", publisher)
    assert do(article, "approve", make_user("publisher")).state == State.APPROVED


def test_correcting_the_quality_is_no_edit_in_this_sense(publisher):
    article = edit(make_article(), publisher, {"quality": 90}, expected_version=1)
    assert do(article, "approve", publisher).state == State.APPROVED


def test_an_edit_voids_the_approval_whatever_the_settings(publisher, settings):
    settings.REAPPROVE_ON_EDIT = False
    article = do(make_article(), "approve", publisher)
    article = edit(article, publisher, {"title": "Mine"}, expected_version=2)
    assert article.state == State.IN_REVIEW


def test_a_live_article_is_not_changed_by_one_person(publisher):
    article = make_article(state=State.PUBLISHED, go_live_at=timezone.now())
    article = save_draft(article, publisher, {"title": "Mine"}, expected_version=1)
    with pytest.raises(NotPermitted, match="somebody else"):
        do(article, "publish_draft", publisher)
    assert do(article, "publish_draft", make_user("publisher")).title == "Mine"


def test_what_an_import_adds_to_a_draft_makes_it_nobody_elses(publisher):
    article = make_article(state=State.PUBLISHED, go_live_at=timezone.now())
    article = save_draft(article, publisher, {"title": "Mine"}, expected_version=1)
    run = Run.objects.create(kind="import", started_at=timezone.now())
    upstream.keep_drafts([(article, {"excerpt": "Theirs."})], run, timezone.now())
    with pytest.raises(NotPermitted, match="somebody else"):
        do(article, "publish_draft", publisher)
    article = do(article, "publish_draft", make_user("publisher"))
    assert (article.title, article.excerpt) == ("Mine", "Theirs.")


def test_a_draft_of_an_import_is_anybodys_to_publish_who_may(publisher):
    article = make_article(state=State.PUBLISHED, go_live_at=timezone.now())
    article = save_draft(article, publisher, {"title": "Mine"}, expected_version=1)
    article = do(article, "discard_draft", publisher)
    run = Run.objects.create(kind="import", started_at=timezone.now())
    upstream.keep_drafts([(article, {"title": "Theirs"})], run, timezone.now())
    assert do(article, "publish_draft", publisher).title == "Theirs"

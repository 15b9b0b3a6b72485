"""The desk's first page: what an editor must see without looking for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.desk.counting import count_up_to
from articles.models import Article, Notice, Revision, Run, Transition
from articles.states import State
from articles.stories import refresh
from articles.workflow import edit
from tests.factories import make_article, make_story, make_user

pytestmark = pytest.mark.django_db

INDEX = "/admin/"


def live(**changes: Any) -> Article:
    now = timezone.now()
    values: dict[str, Any] = {
        "state": State.PUBLISHED,
        "go_live_at": now - timedelta(hours=1),
    }
    article = make_article(**(values | changes))
    refresh({article.story_id})
    return article


def panel(client: Client, name: str) -> list[str]:
    """The slugs on one of the first page's panels."""
    context = client.get(INDEX).context
    shown = [context["removals"], *context["busy"]]
    return [line.article.slug for panel in shown if panel.name == name for line in panel.lines]


def person_at(client: Client) -> User:
    return User.objects.get(pk=client.session["_auth_user_id"])


def test_what_publishers_took_back_stands_first(editor: Client):
    now = timezone.now()
    later = live(removed_upstream_at=now)
    first = live(removed_upstream_at=now - timedelta(days=1))
    live()
    assert panel(editor, "removals") == [first.slug, later.slug]
    page = editor.get(INDEX).content.decode()
    assert page.index("Publishers took these back") < page.index("Open the queue")


def test_my_claims_come_oldest_first_and_nobody_else_s(editor: Client):
    now, me = timezone.now(), person_at(editor)
    new, old = (
        make_article(state=State.IN_REVIEW, assignee=me, claimed_at=now - timedelta(minutes=age))
        for age in (1, 90)
    )
    make_article(state=State.IN_REVIEW, assignee=make_user("editor"), claimed_at=now)
    assert panel(editor, "claims") == [old.slug, new.slug]


def test_who_may_approve_sees_what_others_have_in_review(publisher: Client, editor: Client):
    me = person_at(publisher)
    make_article(state=State.IN_REVIEW, assignee=me, claimed_at=timezone.now())
    other = make_article(state=State.IN_REVIEW)
    assert panel(publisher, "approvals") == [other.slug]
    assert panel(editor, "approvals") == []


def test_with_four_eyes_nobody_is_asked_to_approve_what_he_edited_last(
    publisher: Client, settings: Any
):
    settings.FOUR_EYES = True
    me, colleague = person_at(publisher), make_user("editor")
    mine, theirs, ranked = (make_article(state=State.IN_REVIEW) for _ in range(3))
    edit(mine, me, {"title": "Mine"}, expected_version=1)
    edit(theirs, me, {"title": "Mine"}, expected_version=1)
    edit(theirs, colleague, {"title": "Theirs"}, expected_version=2)
    edit(ranked, me, {"quality": 1}, expected_version=1)
    assert set(panel(publisher, "approvals")) == {theirs.slug, ranked.slug}
    few = queries(publisher)
    for _ in range(5):
        make_article(state=State.IN_REVIEW)
    assert queries(publisher) == few <= 20


def test_what_goes_live_within_a_day_comes_soonest_first(editor: Client):
    now = timezone.now()
    live(go_live_at=now + timedelta(hours=25))
    live()
    late, soon = (live(go_live_at=now + timedelta(hours=hours)) for hours in (20, 2))
    assert panel(editor, "scheduled") == [soon.slug, late.slug]


def test_pending_changes_of_live_articles_are_named(editor: Client):
    article = live()
    draft = Revision.objects.create(article=article, data=b"", created_at=timezone.now())
    Article.objects.filter(pk=article.pk).update(draft=draft)
    assert panel(editor, "drafts") == [article.slug]


def test_a_story_that_readers_knew_and_lost_stands_as_one_without_lead(editor: Client):
    gone = {"state": State.UNPUBLISHED, "first_published_at": timezone.now()}
    lead, _ = make_story(gone, {})
    make_story(gone)
    make_story({"state": State.SPIKED}, {})
    assert panel(editor, "leaderless") == [lead.slug]


def test_notices_stand_there_until_they_are_seen(editor: Client):
    me, now, article = person_at(editor), timezone.now(), make_article()
    kind = Notice.Kind.SENT_BACK
    new = Notice.objects.create(person=me, kind=kind, article=article, created_at=now)
    Notice.objects.create(person=me, kind=kind, article=article, created_at=now, seen_at=now)
    Notice.objects.create(person=make_user(), kind=kind, article=article, created_at=now)
    assert editor.get(INDEX).context["notices"] == [new]


def test_an_import_s_wrong_files_are_counted(editor: Client):
    totals = {"article": {"created": 3, "conflict": 2}, "provider": {"refused": 1, "conflict": 1}}
    run = Run.objects.create(kind="import", started_at=timezone.now(), totals=totals)
    assert editor.get(INDEX).context["imports"] == [
        (run, [("conflict", 3), ("refused", 1), ("missing", 0)])
    ]


def fill(client: Client) -> None:
    """One line more on every panel."""
    me, now = person_at(client), timezone.now()
    make_article(state=State.IN_REVIEW, assignee=me, claimed_at=now)
    make_article(state=State.IN_REVIEW, assignee=make_user("editor"), claimed_at=now)
    article = live(removed_upstream_at=now)
    live(go_live_at=now + timedelta(hours=2))
    draft = Revision.objects.create(article=article, actor=me, data=b"", created_at=now)
    Article.objects.filter(pk=article.pk).update(draft=draft)
    make_story({"state": State.UNPUBLISHED, "first_published_at": now}, {})
    kind = Notice.Kind.ASSIGNED
    Notice.objects.create(person=me, kind=kind, article=article, actor=me, created_at=now)
    run = Run.objects.create(kind="import", started_at=now, totals={})
    for by in ({"actor": me}, {"run": run}):
        Transition.objects.create(
            article=article, action="publish", to_state="published", version=1, at=now, **by
        )


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(INDEX).status_code == 200
    return len(captured)


def test_the_first_page_asks_as_many_queries_for_a_busy_desk_as_for_a_quiet_one(
    publisher: Client,
):
    fill(publisher)
    quiet = queries(publisher)
    for _ in range(4):
        fill(publisher)
    assert queries(publisher) == quiet <= 20


def test_counting_stops_at_its_bound():
    for _ in range(3):
        make_article()
    counted = count_up_to(2, {"some": Article.objects.all(), "none": Article.objects.none()})
    assert str(counted["some"]) == "2+"


def test_everybody_at_the_desk_may_look_at_it(sign_in: Callable[[str], Client]):
    live()
    for role in ("contributor", "editor", "publisher", "managing editor", "auditor"):
        assert sign_in(role).get(reverse("admin:index")).status_code == 200

"""Laws that hold whatever is done in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, Transition
from articles.states import TABLE, Action, State
from articles.workflow import ActRefused, allowed_actions, edit, save, save_draft, undo
from articles.workflow import transition as act
from providers.models import Provider
from tests.factories import make_article, make_provider, make_story, make_user

STEPS = st.lists(
    st.tuples(
        st.sampled_from(list(Action)),
        st.sampled_from(["editor", "publisher", "managing editor", "superuser"]),
        st.integers(0, 2),
        st.sampled_from([None, -1, 1]),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)


def attempt(article: Article, action: Action, actor, hours: int | None, is_stale: bool) -> None:
    """Try one act, wild or not; what is refused is refused."""
    version = article.version - is_stale
    when = None if hours is None else timezone.now() + timedelta(hours=hours)
    data: dict[str, Any] = {}
    if action in (Action.PUBLISH, Action.REPUBLISH, Action.RESCHEDULE):
        data["go_live_at"] = when
    if action is Action.ASSIGN:
        data["assignee"] = actor
    try:
        with transaction.atomic():
            if action in (Action.EDIT, Action.SAVE_DRAFT):
                write = edit if action is Action.EDIT else save_draft
                write(article, actor, {"title": f"After {version}"}, expected_version=version)
            else:
                act(article, action, actor, expected_version=version, comment="because", **data)
    except ActRefused:
        pass


def check_laws(articles: list[Article], at) -> None:
    public = set(Article.objects.published(at))
    shown = set(Article.objects.shown(at))
    for article in articles:
        assert (article in public) == article.is_published(at)
        assert article not in public or (article.state == State.PUBLISHED and article.is_lead)
        hidden = article.state in (State.SPIKED, State.WITHDRAWN, State.UNPUBLISHED)
        assert not (hidden and article in shown)
    assert public <= shown
    leads = {article.story_id for article in public}
    assert all(article.story_id in leads for article in shown)


def check_audit(article: Article) -> None:
    """The audit rows are one walk through the table, from the first state to the last."""
    state, version = State.NEW, 1
    for row in article.transitions.order_by("id"):
        assert row.from_state == state
        if row.action == "swap_lead":
            assert row.to_state == state
        else:
            rule = TABLE[Action(row.action)]
            assert state in rule.open_in()
            assert not isinstance(rule.to, State) or row.to_state == rule.to
        assert row.version == version + 1
        state, version = State(row.to_state), row.version
    assert (article.state, article.version) == (state, version)


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_no_order_of_actions_leaves_the_table_or_shows_what_is_not_public(steps):
    with transaction.atomic():
        actors = {role: make_user(role) for role in {step[1] for step in steps}}
        articles = [*make_story({}, {}), make_article(provider=make_provider())]
        for action, role, which, hours, is_stale in steps:
            attempt(articles[which], action, actors[role], hours, is_stale)
            articles = [Article.objects.get(pk=article.pk) for article in articles]
            for at in (timezone.now(), timezone.now() + timedelta(hours=2)):
                check_laws(articles, at)
        for article in articles:
            check_audit(article)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_is_allowed_is_never_refused_for_state_or_right():
    superuser = make_user("superuser")
    for state in State:
        article = make_article(
            state=state, go_live_at=timezone.now() if state is State.PUBLISHED else None
        )
        for action in allowed_actions(article, superuser):
            attempt(article, action, superuser, -1, False)
            article.refresh_from_db()
            assert article.version == 2
            Article.objects.filter(pk=article.pk).update(
                state=state,
                version=1,
                draft=None,
                draft_base=None,
                assignee=None,
                go_live_at=timezone.now() if state is State.PUBLISHED else None,
            )
            article.refresh_from_db()


@pytest.fixture
def racers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def race(pk: int, actor, action: str) -> str:
    try:
        return act(Article.objects.get(pk=pk), action, actor, expected_version=1).state
    except ActRefused as why:
        return str(why)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_many_publish_at_once_and_one_of_them_did_it(racers):
    article = make_article()
    actors = [make_user("publisher", first_name=f"Person {n}") for n in range(4)]
    answers = list(racers.map(lambda actor: race(article.pk, actor, "publish"), actors))
    assert answers.count("published") == 1
    assert sum(answer.startswith("Already published by Person") for answer in answers) == 3
    assert Transition.objects.count() == 1
    assert Provider.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_who_clicks_many_times_published_once(racers):
    article, actor = make_article(), make_user("publisher")
    answers = list(racers.map(lambda _: race(article.pk, actor, "publish"), range(4)))
    assert answers == ["published"] * 4
    assert Transition.objects.count() == 1


def race_draft(pk: int, version: int, actor) -> str:
    try:
        row = Article.objects.get(pk=pk)
        return act(row, "publish_draft", actor, expected_version=version).title
    except ActRefused as why:
        return str(why)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_many_publish_a_draft_at_once_and_one_of_them_did_it(racers):
    live = make_article(state=State.PUBLISHED, go_live_at=timezone.now())
    actors = [make_user("publisher", first_name=f"Person {n}") for n in range(4)]
    version = save_draft(live, actors[0], {"title": "Sun"}, expected_version=1).version
    answers = list(racers.map(lambda actor: race_draft(live.pk, version, actor), actors))
    assert answers.count("Sun") == 1
    assert sum(answer.startswith("Already published from its draft") for answer in answers) == 3
    assert Transition.objects.filter(action="publish_draft").count() == 1


def race_save(pk: int, actor, title: str) -> str:
    try:
        return save(Article.objects.get(pk=pk), actor, {"title": title}, expected_version=1).title
    except ActRefused as why:
        return str(why)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_saves_that_meet_one_is_kept_and_the_others_know(racers):
    article = make_article()
    actors = [make_user("editor", first_name=f"Person {n}") for n in range(4)]
    answers = list(racers.map(lambda actor: race_save(article.pk, actor, str(actor)), actors))
    article.refresh_from_db()
    assert answers.count(article.title) == 1
    assert sum(answer.startswith("Already edited by Person") for answer in answers) == 3


@pytest.mark.django_db(transaction=True)
def test_an_act_is_undone_once_however_often_one_clicks(racers):
    actor = make_user("publisher")
    article = act(make_article(), "publish", actor, expected_version=1)
    row = Transition.objects.get()

    def race_undo(_: int) -> int:
        try:
            return len(undo(actor, act=row).done)
        finally:
            connection.close()

    assert sum(racers.map(race_undo, range(4))) == 1
    article.refresh_from_db()
    assert article.state == State.NEW
    assert not Article.objects.published().exists()

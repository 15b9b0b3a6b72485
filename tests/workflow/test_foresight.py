"""What a bulk would do is told before it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Transition
from articles.states import Action, State
from articles.workflow import ActRefused, foresee, meant_by
from tests.factories import make_article, make_story, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db


def every():
    return Article.objects.order_by("pk")


def test_it_foretells_what_happens(publisher):
    make_article()
    make_article(topics=[])
    make_article(state=State.SPIKED)
    make_article(state=State.UNPUBLISHED)
    make_story({"state": State.PUBLISHED, "go_live_at": timezone.now()}, {})
    forecast = foresee(every(), "publish", publisher)
    assert not Transition.objects.exists()
    refusals, done = [], 0
    for article in every():
        try:
            do(article, meant_by(Action.PUBLISH, article), publisher)
            done += 1
        except ActRefused as why:
            refusals.append(str(why))
    assert (forecast.done, sorted(forecast.refused.elements())) == (done, sorted(refusals))
    assert forecast.effects == ["2 stories go live"]


def test_it_says_what_leaves_the_site(manager, editor):
    live = {"state": State.PUBLISHED, "go_live_at": timezone.now()}
    for article in (make_story(live, {}, {})[0], make_story(live)[0]):
        article.story.member_count = article.story.members.count()
        article.story.rank = 1.0
        article.story.save()
    leads = every().filter(is_lead=True)
    assert foresee(leads, "unpublish", manager).effects == [
        "2 stories leave the site",
        "2 lines of coverage leave with them",
    ]
    assert foresee(every().filter(is_lead=False), "spike", editor).effects == [
        "2 articles leave the coverage of live stories"
    ]


def test_it_says_what_becomes_of_approvals_claims_and_times(publisher, editor):
    approved = make_article(state=State.APPROVED)
    make_article(state=State.IN_REVIEW, assignee=editor, claimed_at=timezone.now())
    assert foresee(every(), "spike", publisher).effects == [
        "1 approval becomes void",
        "1 claim of a colleague ends",
    ]
    later = timezone.now() + timedelta(days=1)
    found = foresee([approved], "publish", publisher, go_live_at=later)
    assert found.effects == ["1 story will go live later"]


def test_it_asks_the_same_whatever_the_number(django_assert_max_num_queries, publisher, settings):
    settings.FOUR_EYES = True
    people = [publisher, make_user("contributor")]
    for action in ("approve", "publish_draft", "edit", "spike"):
        for person in people:
            person.has_perm("articles.review")
            for number in (1, 9):
                while Article.objects.count() < number:
                    make_article()
                rows = list(every()[:number])
                with django_assert_max_num_queries(7):
                    foresee(rows, action, person)

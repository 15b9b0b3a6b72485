"""An editor is shown the stories that an article may belong to, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.stories import attach, detach, refresh, tell_apart
from articles.stories.suggesting import suggest, suggest_each
from tests.factories import A_DAY, make_article, make_provider, make_story, make_user
from tests.likeness.reports import REPORTS

pytestmark = pytest.mark.django_db


def make_report(title: str, excerpt: str = "", hours: float = 0, **changes: Any) -> Article:
    changes.setdefault("provider", make_provider())
    at = A_DAY + timedelta(hours=hours)
    return make_article(title=title, excerpt=excerpt, published_at=at, **changes)


def make_day() -> dict[str, Article]:
    """The invented reports, each in a story of its own, by title."""
    domains = {domain: make_provider(domain=domain) for domain in {row[2] for row in REPORTS}}
    return {
        title: make_report(title, excerpt, hours, provider=domains[domain], provider_domain=domain)
        for _, hours, domain, title, excerpt in REPORTS
    }


def of_event(event: str) -> list[str]:
    return [title for name, _, _, title, _ in REPORTS if name == event]


@pytest.mark.parametrize("event", ["dam", "ferry"])
def test_reports_of_the_same_event_are_suggested_first_and_likely(event: str) -> None:
    day = make_day()
    first, *others = of_event(event)
    found = suggest(day[first])[: len(others)]
    assert {one.lead.title for one in found} == set(others)
    assert found[0].is_likely


def test_what_has_nothing_to_do_with_it_is_not_suggested() -> None:
    assert suggest(make_day()["Valley choir sings for a new roof"]) == []


def test_a_suggestion_says_why() -> None:
    suggestion = suggest(make_day()[of_event("ferry")[0]])[0]
    assert "Lindholm" in suggestion.why
    assert suggestion.why.endswith("; same day; another provider")


def test_a_story_is_suggested_once_by_its_lead_with_the_member_it_is_about() -> None:
    provider = make_provider()
    texts = {"provider": provider, "published_at": A_DAY}
    lead, member = make_story(
        {"title": "Orsk dam cracks", "quality": 60, **texts},
        {"title": "Orsk villages evacuated below cracked dam", **texts},
    )
    (found,) = suggest(make_report("Villages evacuated below the cracked Orsk dam"))
    assert (found.lead, found.near) == (lead, member.title)


def test_the_same_link_is_suggested_however_old_it_is() -> None:
    old = make_report("A bridge opens", hours=-5000, web_url="https://one.example/a")
    new = make_report("Nothing alike", web_url="https://one.example/a")
    (found,) = suggest(new)
    assert (found.lead, found.is_same_piece, found.why) == (old, True, "same link")


def test_its_own_story_is_not_suggested() -> None:
    lead, _ = make_story({"title": "Orsk dam cracks"}, {"title": "Orsk dam has cracks"})
    assert suggest(lead) == []


def test_a_story_that_an_editor_took_it_out_of_is_not_suggested_again() -> None:
    editor = make_user("editor")
    one, other = make_report("Orsk dam cracks"), make_report("The Orsk dam has cracks")
    assert [found.lead for found in suggest(one)] == [other]
    attach(one, other, editor)
    detach(Article.objects.get(pk=one.pk), editor)
    assert suggest(Article.objects.get(pk=one.pk)) == []


def test_an_article_without_a_time_finds_its_link_alone() -> None:
    other = make_report("Orsk dam cracks", web_url="https://one.example/a")
    make_report("Orsk dam has cracks")
    lost = make_article(title="Orsk dam", published_at=None, web_url="https://one.example/a")
    assert [found.lead for found in suggest(lost)] == [other]


def test_many_articles_are_suggested_for_as_each_by_itself() -> None:
    day = list(make_day().values())
    lost = make_article(title="Orsk dam", published_at=None, web_url=day[0].web_url)
    again = make_article(title="Nothing like it", published_at=A_DAY, web_url=day[0].web_url)
    tell_apart(day[1], day[2], make_user("editor"))
    rows = Article.objects.select_related("story", "provider").order_by("pk")
    every = list(rows)
    assert {lost.pk, again.pk} <= {one.pk for one in every}
    assert suggest_each(every) == {one.pk: suggest(one) for one in every}

    def queries(some: list[Article]) -> int:
        with CaptureQueriesContext(connection) as asked:
            suggest_each(some)
        return len(asked)

    assert queries(every[:20]) == queries(every[:2]) <= 6


def test_many_stories_cost_as_many_queries_as_one() -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            suggest(article)
        return len(asked)

    article = make_report("Orsk dam cracks", "The dam has cracks")
    make_report("Orsk dam has cracks")
    few = queries()
    for number in range(12):
        make_report(f"Orsk dam: cracks seen by {number} engineers", hours=number)
    assert queries() == few <= 4


def test_members_of_a_large_story_do_not_hide_another_story() -> None:
    text: dict[str, Any] = {"title": "Orsk dam cracks widen", "published_at": A_DAY}
    lead, *_ = make_story(text, *({**text, "quality": 1} for _ in range(80)))
    refresh([lead.story_id])
    other = make_report("Orsk dam: cracks seen")
    found = suggest(Article.objects.select_related("story").get(pk=lead.pk))
    assert [one.lead for one in found] == [other]

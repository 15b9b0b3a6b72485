"""Articles made by people: whole, remembered as theirs, under a name of their own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from articles.exchange.targets import Targets
from articles.frontmatter import read
from articles.models import Article, Run, Source, Story
from articles.states import State
from articles.workflow import NotPermitted, edit, transition
from articles.workflow.creating import LONGEST_STEM, create, provider_of, stem_of
from providers.models import Provider
from tests.factories import A_DAY, make_article, make_provider, make_story, make_topic, make_user

pytestmark = pytest.mark.django_db

LINK = "https://gate-four.example/cranes"
NOW = datetime(2024, 5, 6, 23, 30, tzinfo=UTC)


def said(**more: object) -> dict[str, object]:
    return {
        "title": "Cranes move",
        "web_url": LINK,
        "published_at": A_DAY,
        "provider": Provider.objects.first() or make_provider(),
    } | more


def test_what_a_person_makes_is_new_whole_and_his():
    ana, topics = make_user("contributor"), [make_topic("Quays"), make_topic("Cranes")]
    article = create(ana, said(), topics=topics)
    act = article.transitions.get()
    assert (article.state, article.version, article.is_lead) == (State.NEW, 1, True)
    assert (article.category, article.type, article.quality) == ("news", "article", 50)
    assert (act.from_state, act.to_state, act.actor) == ("", "new", ana)
    assert act.revision == article.revisions.get()
    assert [place.topic for place in article.topic_places.all()] == topics
    assert article.story.heat == 50


def test_its_file_reads_back_as_it_was_made():
    article = create(make_user("editor"), said(excerpt="Slowly."), topics=[make_topic("Quays")])
    record = read(Targets([article.slug], A_DAY).of(article.slug))
    assert record.values["title"] == "Cranes move"
    assert record.values["webUrl"] == LINK
    assert record.values["topics"] == ["Quays"]
    assert record.values["published"] is False


def test_it_can_be_published_by_whoever_may():
    article = create(make_user("contributor"), said(), topics=[make_topic()])
    assert transition(article, "publish", make_user("publisher"), expected_version=1).is_published()


def test_a_contributor_edits_what_he_made_and_nobody_else_s():
    ana, ben = make_user("contributor"), make_user("contributor")
    article = create(ana, said())
    assert edit(article, ana, {"title": "Mine"}, expected_version=1).title == "Mine"
    with pytest.raises(NotPermitted):
        edit(article, ben, {"title": "Not mine"}, expected_version=2)


def test_who_may_not_add_articles_makes_none():
    with pytest.raises(NotPermitted):
        create(make_user("auditor"), said())
    assert not Article.objects.exists()
    assert not Story.objects.exists()


def test_it_joins_a_story_when_asked_and_never_by_who_may_not():
    lead, _ = make_story({}, {})
    article = create(make_user("editor"), said(), coverage_of=lead)
    assert (article.story, article.is_lead) == (lead.story, False)
    with pytest.raises(NotPermitted):
        create(make_user("contributor"), said(), coverage_of=lead)
    assert Article.objects.count() == 3


@pytest.mark.parametrize("name", ["title", "web_url", "provider"])
def test_without_title_link_or_provider_nothing_is_made(name: str):
    with pytest.raises(ValidationError) as wrong:
        create(make_user("editor"), said(**{name: None}))
    assert name in wrong.value.message_dict
    assert not Article.objects.exists()


def test_all_that_was_left_out_is_named_at_once():
    with pytest.raises(ValidationError) as wrong:
        create(make_user("editor"), {})
    assert set(wrong.value.message_dict) == {"title", "web_url", "provider"}


def test_what_no_file_could_hold_is_not_made(settings):
    settings.FRONTMATTER_LIMITS = {"file_bytes": 300}
    with pytest.raises(ValidationError) as wrong:
        create(make_user("editor"), said(body="x" * 290))
    assert wrong.value.message_dict == {"body": ["The article is too large for a file."]}
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Cranes move again", "2024-05-06-cranes-move-again"),
        ("  Über-Kräne: 3 % más! ", "2024-05-06-uber-krane-3-mas"),
        ("港のクレーン", "2024-05-06-article"),
        ("word " * 60, f"2024-05-06-{'word-' * 60}"[:LONGEST_STEM].rstrip("-")),
    ],
)
def test_a_stem_is_the_date_in_utc_and_the_title_in_ascii(title: str, stem: str):
    assert stem_of(title, NOW) == stem
    assert len(stem) <= LONGEST_STEM


def test_a_taken_stem_gets_a_number_even_where_only_a_file_or_an_address_has_it():
    editor, title = make_user("editor"), "long " * 40
    first, second = (create(editor, said(title=title)) for _ in range(2))
    assert second.slug == f"{first.slug[: LONGEST_STEM - 2]}-2"
    stem = first.slug[: LONGEST_STEM - 2]
    run = Run.objects.create(kind="import", started_at=A_DAY)
    Source.objects.create(kind="article", key=f"{stem}-3", path="x", run=run)
    Story.objects.create(slug=f"{stem}-4")
    assert create(editor, said(title=title)).slug == f"{stem}-5"


def test_only_who_may_adds_a_provider_along():
    with pytest.raises(ValidationError) as wrong:
        provider_of(LINK, make_user("editor"))
    assert "gate-four.example is no provider yet" in wrong.value.messages[0]
    assert not Provider.objects.exists()
    made = provider_of(LINK, make_user("managing editor"), "Gate Four")
    assert (made.domain, made.name) == ("gate-four.example", "Gate Four")
    assert provider_of("https://www.GATE-four.example/x", make_user("editor")) == made


def test_a_link_that_is_here_may_come_again_as_another_article():
    make_article(web_url=LINK)
    assert create(make_user("editor"), said()).link == LINK

"""What one has just done can be taken back, exactly."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles.models import Article, Run, Story
from articles.public.addresses import find
from articles.states import State
from articles.stories import refresh
from articles.workflow import add_note, edit, save_draft, undo, undoable
from articles.workflow.creating import create
from tests.factories import make_article, make_provider, make_story, make_topic, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db

CHANGING = {"version", "marked"}


def whole(article) -> dict[str, Any]:
    """Everything about the row and what hangs on it, its version apart."""
    refresh({Article.objects.values_list("story", flat=True).get(pk=article.pk)})
    row = Article.objects.filter(pk=article.pk).values().get()
    topics = list(article.topic_places.values_list("topic", "position"))
    # Who has looked at a story has looked at it, whatever becomes of the act.
    columns = ("slug", "heat", "rank", "member_count", "related_count", "is_lead_chosen")
    story = Story.objects.filter(pk=row["story_id"]).values(*columns).get()
    return {name: value for name, value in row.items() if name not in CHANGING} | {
        "topics": topics,
        "story": story,
    }


def undone(actor, **which) -> Article:
    result = undo(actor, **which)
    assert result.refused == []
    return result.done[0]


def refused(actor, **which) -> str:
    result = undo(actor, **which)
    assert result.done == []
    return result.refused[0][1]


def age(act_of: Article, minutes: float) -> None:
    """Make it as if its acts had been done that long ago."""
    then = timezone.now() - timedelta(minutes=minutes)
    act_of.transitions.update(at=then)
    Article.objects.filter(pk=act_of.pk).update(go_live_at=then, first_published_at=then)


ACTS = [
    ("claim", State.NEW, {}),
    ("release", State.IN_REVIEW, {}),
    ("request_changes", State.APPROVED, {}),
    ("resubmit", State.CHANGES_REQUESTED, {}),
    ("approve", State.NEW, {}),
    ("publish", State.APPROVED, {}),
    ("reschedule", State.PUBLISHED, {"expire_at": timezone.now() + timedelta(days=900)}),
    ("unpublish", State.PUBLISHED, {}),
    ("republish", State.UNPUBLISHED, {}),
    ("spike", State.CHANGES_REQUESTED, {"reason": "off_topic"}),
    ("unspike", State.SPIKED, {}),
    ("withdraw", State.PUBLISHED, {}),
    ("reinstate", State.WITHDRAWN, {}),
]


@pytest.mark.parametrize(("action", "state", "data"), ACTS)
def test_undoing_an_act_is_as_if_it_had_not_been_done(action, state, data, superuser):
    is_live = state is State.PUBLISHED
    article = make_article(
        state=state,
        go_live_at=timezone.now() if is_live else None,
        first_published_at=timezone.now() if is_live else None,
        assignee=superuser if state is State.IN_REVIEW else None,
    )
    before = whole(article)
    do(article, action, superuser, comment="because", **data)
    assert whole(article) != before
    undone(superuser)
    assert whole(article) == before
    row = Article.objects.get(pk=article.pk)
    audit = row.transitions.latest("id")
    assert audit.undoes is not None
    assert (audit.action, audit.undoes.action, audit.to_state) == ("undo", action, state)
    assert row.version == audit.version == 3


def test_an_undone_edit_gives_back_every_column(editor):
    topic = make_topic()
    article = make_article(topics=[topic], title="Rain", provider_name="Printed otherwise")
    before = whole(article)
    changes = {"title": "Sun", "images": [{"url": "/a.png"}], "web_url": "https://a.example/b"}
    edit(article, editor, changes, expected_version=1, topics=[make_topic(), topic])
    assert whole(article) != before
    undone(editor)
    assert whole(article) == before


def test_unspiking_after_spiking_changes_no_content(editor):
    article = make_article(state=State.CHANGES_REQUESTED)
    before = whole(article)
    do(do(article, "spike", editor), "unspike", editor)
    after = whole(article)
    acted = {"touched_at", "state_acted_at"}
    assert {k: v for k, v in after.items() if k not in acted} == {
        k: v for k, v in before.items() if k not in acted
    }


def test_undone_drafts_have_the_text_they_had(editor):
    live = make_article(title="Rain", state=State.PUBLISHED, go_live_at=timezone.now())
    first = save_draft(live, editor, {"title": "Sun"}, expected_version=1)
    assert first.draft is not None
    data = bytes(first.draft.data)
    second = save_draft(first, editor, {"title": "Snow"}, expected_version=2)
    assert second.draft == first.draft
    undone(editor)
    row = Article.objects.get(pk=live.pk)
    assert row.draft is not None
    assert bytes(row.draft.data) == data
    assert undoable(editor) == []


def test_a_published_draft_comes_back_as_a_draft(publisher):
    live = make_article(title="Rain", state=State.PUBLISHED, go_live_at=timezone.now())
    drafted = save_draft(live, publisher, {"title": "Sun"}, expected_version=1)
    before = whole(live)
    do(drafted, "publish_draft", publisher)
    undone(publisher)
    assert whole(live) == before


def test_what_was_public_for_a_moment_was_never_public(publisher):
    article = do(make_article(), "publish", publisher)
    undone(publisher)
    assert find(article.slug, timezone.now()).was_public is False
    assert Story.objects.get().slug is None


def test_what_readers_have_seen_is_known_as_gone(publisher):
    article = do(make_article(), "publish", publisher)
    age(article, 5)
    undone(publisher)
    assert find(article.slug, timezone.now()).was_public is True


def test_after_ten_minutes_it_is_too_late(publisher):
    article = do(make_article(), "approve", publisher)
    age(article, 11)
    assert undoable(publisher) == []
    assert "more than 10 minutes ago" in refused(publisher, act=article.transitions.get())


def test_nobody_undoes_what_another_did(editor, publisher):
    article = do(make_article(), "approve", publisher)
    assert refused(editor, act=article.transitions.get()) == "Only who did it can undo it."
    assert undo(editor).done == []


def test_nothing_is_undone_over_what_came_later(editor, publisher):
    article = do(make_article(), "approve", publisher)
    do(article, "spike", editor)
    assert undoable(publisher) == []
    act = article.transitions.get(action="approve")
    assert "Something has happened to it since" in refused(publisher, act=act)


def test_nothing_is_undone_twice(publisher):
    article = do(make_article(), "approve", publisher)
    act = article.transitions.get()
    undone(publisher, act=act)
    assert refused(publisher, act=act) == "It has been undone already."


def test_an_act_that_left_nothing_to_put_back_is_not_undone(editor):
    values = {"title": "Rain", "web_url": "https://gate-four.example/rain"}
    article = create(editor, values | {"provider": make_provider()})
    assert refused(editor, act=article.transitions.get()) == "This cannot be undone."
    assert undoable(editor) == []


def test_who_lost_the_right_to_an_act_cannot_undo_it(publisher):
    article = do(make_article(), "publish", publisher)
    publisher.groups.clear()
    gone = type(publisher).objects.get(pk=publisher.pk)
    assert "no longer" in refused(gone, act=article.transitions.get())


def test_nothing_comes_back_that_may_not_be_public_any_more(publisher):
    article = do(make_article(), "publish", publisher)
    article = do(article, "unpublish", publisher, comment="wrong")
    article.provider.policy = "blocked"
    article.provider.save()
    assert "is blocked" in refused(publisher)


def test_what_was_live_comes_back_unless_somebody_has_objected_since(publisher, editor):
    live = make_article(topics=[], published_at=None, state="published", go_live_at=timezone.now())
    add_note(live, editor, "Is it true?", is_blocking=True)
    do(live, "unpublish", publisher, comment="wrong")
    assert undone(publisher).state == State.PUBLISHED
    do(Article.objects.get(pk=live.pk), "unpublish", publisher, comment="wrong")
    add_note(live, editor, "It is not.", is_blocking=True)
    assert refused(publisher) == "A note blocks it: It is not."


def test_acts_are_undone_one_after_the_other_backwards(editor):
    article = do(make_article(), "claim", editor)
    before = whole(article)
    article = edit(article, editor, {"title": "Sun"}, expected_version=2)
    do(article, "spike", editor)
    assert [act.action for act in undoable(editor)] == ["spike", "edit", "claim"]
    spike, change, _ = undoable(editor)
    undone(editor, act=spike)
    undone(editor, act=change)
    assert whole(article) == before


def test_a_batch_is_undone_together_and_a_refusal_is_of_its_row_alone(editor, publisher):
    articles = [make_article() for _ in range(3)]
    for article in articles:
        do(article, "spike", editor, batch="b1")
    do(Article.objects.get(pk=articles[1].pk), "unspike", publisher)
    result = undo(editor, batch="b1")
    assert {row.pk for row in result.done} == {articles[0].pk, articles[2].pk}
    assert [row.pk for row, _ in result.refused] == [articles[1].pk]
    assert {row.state for row in result.done} == {State.NEW}


def test_a_batch_that_acted_twice_on_one_article_is_undone_as_a_whole(publisher):
    live = make_article(title="Rain", state=State.PUBLISHED, go_live_at=timezone.now())
    before = whole(live)
    row = save_draft(live, publisher, {"title": "Sun"}, expected_version=1, batch="b2")
    do(row, "publish_draft", publisher, batch="b2")
    result = undo(publisher, batch="b2")
    assert result.refused == []
    assert whole(live) == before


def test_one_button_s_two_acts_are_taken_back_together_or_not_at_all(publisher, editor):
    live = make_article(title="Rain", state=State.PUBLISHED, go_live_at=timezone.now())
    row = save_draft(live, publisher, {"title": "Sun"}, expected_version=1, batch="b3")
    do(row, "publish_draft", publisher, batch="b3")
    live.transitions.filter(action="save_draft").update(at=timezone.now() - timedelta(minutes=11))
    assert "more than 10 minutes ago" in refused(publisher)
    assert Article.objects.get(pk=live.pk).title == "Sun"


def test_finding_what_can_be_undone_reads_no_texts(editor, django_assert_num_queries):
    edit(make_article(body="Long"), editor, {"body": "Longer"}, expected_version=1)
    with django_assert_num_queries(1):
        (act,) = undoable(editor)
        assert (act.action, act.article.title, act.batch) == ("edit", act.article.title, "")
    unread = {"changes", "before"}
    assert unread <= act.get_deferred_fields()
    assert {"body", "excerpt", "embed"} <= act.article.get_deferred_fields()


def test_what_files_were_told_they_are_told_again(publisher):
    article = do(make_article(), "publish", publisher)
    Run.objects.create(kind="export", started_at=timezone.now(), finished_at=timezone.now())
    row = undone(publisher, act=article.transitions.get())
    assert row.state_acted_at is not None
    assert row.marked


def test_a_lead_that_was_succeeded_comes_back_with_its_successor(publisher):
    lead, other = make_story({"state": "published", "go_live_at": timezone.now()}, {})
    before = whole(lead), whole(other)
    do(lead, "unpublish", publisher, comment="wrong", successor=other)
    assert Article.objects.get(pk=other.pk).is_lead
    undo(publisher)
    assert (whole(lead), whole(other)) == before


def test_undoing_needs_few_queries(editor, django_assert_max_num_queries):
    do(make_article(), "spike", editor)
    with django_assert_max_num_queries(40):
        undo(editor)
    for _ in range(5):
        do(make_article(), "spike", make_user("editor"))
    with django_assert_max_num_queries(3):
        undoable(editor)


def test_an_undone_publication_leaves_its_story_no_address(publisher):
    lead, other = make_story({}, {"first_published_at": timezone.now() - timedelta(days=1)})
    do(lead, "publish", publisher)
    assert Story.objects.get(pk=lead.story_id).slug == lead.slug
    undone(publisher)
    assert Story.objects.get(pk=lead.story_id).slug is None
    assert other.story_id == lead.story_id

"""A live article keeps saying what it says while somebody changes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article, Notice, Transition
from articles.states import Action, State
from articles.workflow import (
    Draft,
    GuardsFailed,
    NotPermitted,
    ReasonMissing,
    StaleVersion,
    WrongState,
    draft_of,
    edit,
    refusals,
    save,
    save_draft,
)
from providers.models import Policy
from tests.factories import make_article, make_provider, make_topic, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    return make_article(
        title="Rain", excerpt="It rains.", state=State.PUBLISHED, go_live_at=timezone.now()
    )


def draft(article, actor, topics=None, **changes):
    version = article.version
    return save_draft(article, actor, changes, expected_version=version, topics=topics)


def pending(article) -> Draft:
    found = draft_of(article)
    assert found is not None
    return found


def now_of(article):
    return Article.objects.get(pk=article.pk)


def test_readers_see_nothing_of_a_draft(live, editor):
    article = draft(live, editor, title="Sun")
    assert (now_of(live).title, article.title) == ("Rain", "Rain")
    found = pending(article)
    assert found.values["title"] == "Sun"
    assert found.values["excerpt"] == "It rains."
    assert (found.changed, found.by) == (("title",), editor)
    row = Transition.objects.get()
    assert (row.action, row.changes) == ("save_draft", {"title": ["Rain", "Sun"]})
    assert (row.from_state, row.to_state, row.revision) == ("published", "published", article.draft)


def test_a_draft_is_not_an_act_on_the_state(live, editor):
    article = draft(live, editor, title="Sun")
    assert article.touched_at is not None
    assert article.state_acted_at is None


def test_a_draft_grows_by_what_is_saved_on_it(live, editor):
    topic = make_topic("Sea")
    article = draft(live, editor, title="Sun")
    article = draft(article, editor, topics=[topic], excerpt="It shines.")
    found = pending(article)
    assert (found.values["title"], found.values["excerpt"]) == ("Sun", "It shines.")
    assert found.topics == ["Sea"]
    assert article.revisions.count() == 2


def test_publishing_a_draft_puts_it_before_readers(live, editor, publisher):
    sea, provider = make_topic("Sea"), make_provider(name="Harbour")
    changes = {"title": "Sun", "provider": provider, "images": [{"url": "/a.png", "width": 3}]}
    article = draft(live, editor, topics=[sea], **changes)
    article = do(article, "publish_draft", publisher, public_note=" The title was wrong. ")
    stored = now_of(article)
    assert (stored.title, stored.provider, stored.images) == tuple(changes.values())
    assert [place.topic for place in stored.topic_places.all()] == [sea]
    assert (stored.draft, stored.draft_base, stored.state) == (None, None, State.PUBLISHED)
    assert stored.is_seal_stale
    row = Transition.objects.get(action="publish_draft")
    assert row.public_note == "The title was wrong."
    assert (row.changes or {})["title"] == ["Rain", "Sun"]


def test_a_draft_is_put_on_the_text_as_it_is_by_then(live, editor, publisher):
    article = draft(live, editor, title="Sun")
    Article.objects.filter(pk=live.pk).update(excerpt="It pours.")
    article = do(now_of(article), "publish_draft", publisher)
    assert (article.title, article.excerpt) == ("Sun", "It pours.")


def test_what_changed_on_both_sides_is_refused_by_name_until_somebody_decides(
    live, editor, publisher
):
    article = draft(live, editor, title="Sun", excerpt="It shines.")
    Article.objects.filter(pk=live.pk).update(title="Snow")
    with pytest.raises(WrongState, match="changed meanwhile, too: title"):
        do(now_of(article), "publish_draft", publisher)
    article = draft(now_of(article), editor, title="Sun after snow")
    article = do(article, "publish_draft", publisher)
    assert (article.title, article.excerpt) == ("Sun after snow", "It shines.")


def test_what_a_draft_and_the_live_text_make_together_fits_into_a_file(
    live, editor, publisher, settings
):
    settings.FRONTMATTER_LIMITS = {"file_bytes": 4000}
    draft(live, editor, body="x" * 2000)
    Article.objects.filter(pk=live.pk).update(excerpt="y" * 2000)
    with pytest.raises(ValidationError, match="too large for a file"):
        do(now_of(live), "publish_draft", publisher)
    assert now_of(live).body == ""


def test_a_drafted_provider_that_is_gone_is_named_and_hides_nothing_else(live, editor, publisher):
    gone = make_provider(domain="gone.example")
    article = draft(live, editor, title="Sun", provider=gone)
    gone.delete()
    with pytest.raises(WrongState, match=r"^There is no provider gone\.example\.$"):
        do(article, "publish_draft", publisher)
    assert pending(now_of(live)).values["title"] == "Sun"
    assert now_of(live).title == "Rain"


def test_a_draft_is_not_published_unless_it_is_known_what_it_was_made_on(live, editor, publisher):
    article = draft(live, editor, title="Sun")
    article.draft_base.delete()
    with pytest.raises(WrongState):
        do(now_of(live), "publish_draft", publisher)
    article = draft(now_of(live), editor, excerpt="It shines.")
    article = do(article, "publish_draft", publisher)
    assert (article.title, article.excerpt) == ("Sun", "It shines.")


def test_lists_that_both_changed_are_merged(live, editor, publisher):
    first, second, third = make_topic("A"), make_topic("B"), make_topic("C")
    article = edit_topics(live, [first])
    article = draft(article, editor, topics=[first, second])
    article = edit_topics(article, [first, third])
    do(now_of(article), "publish_draft", publisher)
    names = live.topic_places.values_list("topic__name", flat=True)
    assert list(names) == ["A", "C", "B"]


def edit_topics(article, topics):
    article.topic_places.all().delete()
    for position, topic in enumerate(topics):
        article.topic_places.create(topic=topic, position=position)
    return article


def test_a_draft_may_not_lose_a_guard_that_held(live, publisher, manager):
    blocked = make_provider(policy=Policy.BLOCKED)
    for changes, topics in (({}, []), ({"provider": blocked}, None)):
        article = draft(now_of(live), publisher, topics, **changes)
        with pytest.raises(GuardsFailed):
            do(article, "publish_draft", publisher)
        do(article, "discard_draft", publisher)
    article = draft(now_of(live), publisher, [])
    do(article, "publish_draft", manager, override=True, comment="breaking")
    assert not live.topic_places.exists()


def test_what_a_file_published_without_topics_can_still_be_mended(publisher):
    live = make_article(topics=[], state=State.PUBLISHED, go_live_at=timezone.now())
    article = draft(live, publisher, title="Sun")
    assert do(article, "publish_draft", publisher).title == "Sun"


def test_an_editors_draft_waits_for_a_publisher(live, editor):
    article = draft(live, editor, title="Sun")
    with pytest.raises(NotPermitted, match="publish"):
        do(article, "publish_draft", editor)


def test_a_draft_is_sent_back_and_its_writer_is_told_why(live, editor, publisher):
    article = draft(live, editor, title="Sun")
    with pytest.raises(ReasonMissing):
        do(article, "request_changes", publisher)
    article = do(article, "request_changes", publisher, comment="too short")
    assert article.state == State.PUBLISHED
    assert pending(article).sent_back == "too short"
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.text) == (editor, "sent_back", "too short")
    article = draft(article, editor, title="Sun all day")
    assert pending(article).sent_back == ""


def test_a_discarded_draft_stays_among_the_revisions(live, editor):
    article = draft(live, editor, title="Sun")
    revision = article.draft
    article = do(article, "discard_draft", editor)
    assert (article.draft, article.title) == (None, "Rain")
    assert revision in article.revisions.all()


def test_without_a_draft_there_is_nothing_to_publish_or_send_back(live, superuser):
    found = refusals(live, superuser)
    for action in (Action.PUBLISH_DRAFT, Action.DISCARD_DRAFT, Action.REQUEST_CHANGES):
        assert found[action] == "This article has no pending draft."


def test_a_draft_is_put_aside_when_its_article_leaves(live, editor, publisher):
    article = draft(live, editor, title="Sun")
    article = do(article, "unpublish", publisher, comment="wrong")
    assert (article.draft, article.title) == (None, "Rain")
    assert article.revisions.count() >= 2


def test_a_stale_draft_is_refused_and_ones_own_again_is_answered(live, editor):
    draft(live, editor, title="Sun")
    assert draft(live, editor, title="Sun").version == 2
    with pytest.raises(StaleVersion, match="Already saved as a draft by Bo"):
        draft(live, make_user("editor"), title="Snow")


def test_saving_the_same_again_leaves_no_trace(live, editor):
    article = draft(live, editor, title="Sun")
    assert draft(article, editor, title="Sun").version == article.version


def test_only_what_is_live_is_drafted(editor):
    with pytest.raises(WrongState):
        draft(make_article(), editor, title="Sun")


def test_ranking_is_not_drafted(live, editor):
    with pytest.raises(TypeError, match="quality"):
        draft(live, editor, quality=90)
    article = save(live, editor, {"quality": 90, "title": "Sun"}, expected_version=1)
    assert (article.quality, article.title) == (90, "Rain")
    assert pending(article).values["title"] == "Sun"


def test_saving_is_an_edit_of_what_is_not_live(editor):
    article = save(make_article(), editor, {"title": "Sun"}, expected_version=1)
    assert (article.title, article.draft) == ("Sun", None)


def test_wrong_values_are_refused_by_their_field(live, editor):
    for column, value in (("title", ""), ("web_url", None)):
        with pytest.raises(ValidationError) as wrong:
            draft(live, editor, **{column: value})
        assert list(wrong.value.message_dict) == [column]


def test_a_topic_is_not_drafted_twice(live, editor):
    sea = make_topic("Sea")
    with pytest.raises(ValidationError, match="stands here twice"):
        draft(live, editor, topics=[sea, sea])
    assert draft_of(now_of(live)) is None


def test_an_edit_of_quality_makes_no_revision_of_the_drafts_text(live, editor):
    article = draft(live, editor, title="Sun")
    article = edit(article, editor, {"quality": 90}, expected_version=article.version)
    assert pending(article).values["title"] == "Sun"
    assert article.title == "Rain"


def test_a_scheduled_article_can_be_drafted_too(editor, publisher):
    later = timezone.now() + timedelta(hours=1)
    article = do(make_article(title="Rain"), "publish", publisher, go_live_at=later)
    article = do(draft(article, editor, title="Sun"), "publish_draft", publisher)
    assert (article.title, article.go_live_at) == ("Sun", later)

"""Editing what an article says."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.frontmatter import read
from articles.identity import link_number
from articles.models import Article, Transition
from articles.printing import printed
from articles.states import State
from articles.workflow import StaleVersion, WrongState, edit, transition
from articles.workflow.content import CHECKS
from tests.factories import make_article, make_provider, make_story, make_topic, make_user

pytestmark = pytest.mark.django_db


def change(article, actor, topics=None, **changes):
    return edit(article, actor, changes, expected_version=article.version, topics=topics)


@pytest.fixture
def editor():
    return make_user("editor")


@pytest.fixture
def publisher():
    return make_user("publisher")


def text_of(revision):
    return read(zlib.decompress(bytes(revision.data))).values


def test_an_edit_is_audited_with_both_values(editor):
    article = change(make_article(title="Rain"), editor, title="Rain in May")
    row = Transition.objects.get()
    assert row.changes == {"title": ["Rain", "Rain in May"]}
    assert (row.action, row.from_state, row.to_state, row.version) == ("edit", "new", "new", 2)
    assert article.touched_at is not None
    assert article.state_acted_at is None


def test_what_stood_there_before_is_kept(editor):
    article = change(make_article(title="Rain"), editor, title="Sun")
    titles = [text_of(revision)["title"] for revision in article.revisions.all()]
    assert titles == ["Sun", "Rain"]


def test_saves_of_one_sitting_share_a_revision(editor):
    article = make_article()
    for title in ("One", "Two", "Three"):
        article = change(article, editor, title=title)
    assert article.revisions.count() == 2
    assert text_of(article.revisions.first())["title"] == "Three"
    change(article, make_user("editor"), title="Four")
    assert article.revisions.count() == 3


def test_an_approved_revision_is_never_written_over(editor, publisher):
    article = change(make_article(), publisher, title="One")
    article = transition(article, "approve", publisher, expected_version=2)
    change(article, publisher, title="Two")
    approval = Transition.objects.get(action="approve")
    assert text_of(approval.revision)["title"] == "One"


def test_an_edit_that_changes_nothing_leaves_no_trace(editor):
    topic = make_topic()
    article = make_article(title="Rain", topics=[topic])
    Article.objects.filter(pk=article.pk).update(marked=None)
    same = change(article, editor, topics=[topic], title="Rain", body="")
    assert (same.version, same.touched_at, same.marked) == (1, None, None)
    assert not Transition.objects.exists()


def test_topics_keep_the_order_they_are_given_in(editor):
    first, second = make_topic("Sea"), make_topic("Air")
    article = change(make_article(topics=[second]), editor, topics=[first, second])
    assert [place.topic for place in article.topic_places.all()] == [first, second]
    assert Transition.objects.get().changes == {"topics": [["Air"], ["Sea", "Air"]]}
    article = change(article, editor, topics=[])
    assert not article.topic_places.exists()


def test_a_topic_twice_is_refused(editor):
    topic = make_topic()
    with pytest.raises(ValidationError) as wrong:
        change(make_article(), editor, topics=[topic, topic])
    assert list(wrong.value.message_dict) == ["topics"]


def test_a_new_link_is_found_and_the_old_identity_stays(editor):
    article = make_article()
    edited = change(article, editor, web_url="https://harbour.example/new")
    assert edited.link_hash == link_number("https://harbour.example/new")
    assert edited.identity == article.identity
    assert edited.title_hash == article.title_hash


def test_an_edit_makes_the_seal_stale_and_a_ranking_does_not(editor):
    article = change(make_article(), editor, quality=90)
    assert not article.is_seal_stale
    assert change(article, editor, title="Sun").is_seal_stale


def test_an_edit_marks_the_files_that_print_it(editor):
    (lead, member), other = make_story({}, {}), make_article()
    Article.objects.all().update(marked=None)
    change(lead, editor, title="Sun")
    marked = Article.objects.edited()
    assert set(marked) == {lead, member}
    assert other not in marked


def test_the_provider_as_printed_follows_the_provider(editor):
    provider = make_provider(name="Harbour", images=[{"url": "/logo.png", "width": 50}])
    article = change(make_article(), editor, provider=provider)
    assert printed(article, [])["provider"] == {
        "name": "Harbour",
        "domain": provider.domain,
        "images": [{"url": "/logo.png", "width": 50}],
    }


def test_quality_moves_the_story(publisher):
    article = transition(make_article(quality=50), "publish", publisher, expected_version=1)
    change(article, publisher, quality=80)
    article.story.refresh_from_db()
    assert article.story.heat == 80


@pytest.mark.parametrize("state", [State.APPROVED, State.UNPUBLISHED])
def test_an_edited_text_is_reviewed_again(editor, settings, state):
    assert change(make_article(state=state), editor, title="Sun").state == State.IN_REVIEW
    assert change(make_article(state=state), editor, quality=90).state == state
    settings.REAPPROVE_ON_EDIT = False
    assert change(make_article(state=state), editor, title="Sun").state == state


def test_a_stale_edit_is_refused_and_ones_own_again_is_answered(editor):
    article = make_article()
    change(article, editor, title="Sun")
    assert change(article, editor, title="Sun").version == 2
    with pytest.raises(StaleVersion, match="Already edited by"):
        change(article, editor, title="Snow")


class TestLive:
    @pytest.fixture
    def live(self):
        return make_article(title="Rain", state=State.PUBLISHED, go_live_at=timezone.now())

    def test_its_text_is_nobodys_to_edit_in_place(self, live, publisher):
        with pytest.raises(WrongState, match="published"):
            change(live, publisher, title="Sun")

    def test_its_quality_is_an_editors(self, live, editor):
        assert change(live, editor, quality=90).quality == 90


def test_what_is_withdrawn_is_not_edited():
    superuser = make_user("superuser")
    for changes in ({"title": "Sun"}, {"quality": 90}):
        with pytest.raises(WrongState):
            change(make_article(state=State.WITHDRAWN), superuser, **changes)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", ""),
        ("title", None),
        ("title", "two\nlines"),
        ("title", "x" * 501),
        ("title", "bell \x07"),
        ("excerpt", "x" * 20_001),
        ("excerpt", "\x00"),
        ("body", "bare\rreturn"),
        ("body", None),
        ("web_url", "harbour.example/rain"),
        ("web_url", "https:///rain"),
        ("web_url", "https://ana:secret@harbour.example/"),
        ("web_url", "https://harbour.example/" + "x" * 2_000),
        ("amp_url", "javascript:alert(1)"),
        ("quality", 2**31),
        ("quality", True),
        ("quality", "50"),
        ("type", "x" * 51),
        ("published_at", datetime(2024, 5, 6, 12, 0)),
        ("provider", None),
        ("images", [{"src": "https://harbour.example/a.png"}]),
        ("images", [{"url": "data:image/png;base64,AAAA"}]),
        ("images", [{"url": "/a.png", "width": 2**31}]),
        ("images", {"url": "/a.png"}),
    ],
)
def test_a_value_that_no_file_could_hold_is_refused_with_its_field(editor, column, value):
    article = make_article()
    with pytest.raises(ValidationError) as wrong:
        change(article, editor, **{column: value})
    assert list(wrong.value.message_dict) == [column]
    assert not Transition.objects.exists()


def test_every_wrong_value_is_named_at_once(editor):
    with pytest.raises(ValidationError) as wrong:
        change(make_article(), editor, title="", quality="x", web_url="x")
    assert set(wrong.value.message_dict) == {"title", "quality", "web_url"}


def test_an_article_keeps_a_link(editor):
    with pytest.raises(ValidationError) as wrong:
        change(make_article(), editor, web_url=None)
    assert list(wrong.value.message_dict) == ["web_url"]


def test_a_column_that_is_not_content_is_an_error(editor):
    with pytest.raises(TypeError, match="state"):
        change(make_article(), editor, state=State.PUBLISHED)


def test_what_is_written_reads_back(editor):
    values = {
        "title": 'He said: "no" — \u2028 twice',
        "excerpt": "One\r\nTwo\tThree\n",
        "published_at": datetime(2024, 5, 7, 8, 0, tzinfo=UTC),
        "web_url": "https://harbour.example/räin and sun",
        "original_url": "https://harbour.example/?id=1",
        "amp_url": "https://harbour.example/amp",
        "cdn_amp_url": None,
        "category": "no",
        "type": "video",
        "quality": -1,
        "images": [{"url": "/a.png", "width": 1, "isCached": True, "title": "A"}],
        "embed": "<iframe src='https://video.example/1'></iframe>",
        "body": "# Body\n---\nmore\n",
    }
    assert values.keys() == CHECKS.keys() - {"provider"}
    article = change(make_article(), editor, **values)
    record = read(zlib.decompress(bytes(article.revisions.first().data)))
    expected = printed(article, [place.topic.name for place in article.topic_places.all()])
    assert record.values == expected
    assert record.body == values["body"]

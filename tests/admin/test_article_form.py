"""The article's form: deciding, saving, and losing nothing to others."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.models import Article, Transition
from articles.states import State
from articles.workflow import draft_of, edit, transition
from tests.factories import make_article, make_provider, make_topic, make_user

from .conftest import LIST, fields_of, form_page

pytestmark = pytest.mark.django_db


def post(client: Client, article: Article, data: dict, **typed):
    return client.post(form_page(article), data | typed)


def test_publishing_from_the_form_publishes_and_leaves_an_audit_row(publisher: Client):
    article = make_article()
    data = fields_of(publisher.get(form_page(article)))
    answer = post(publisher, article, data, _act="publish")
    article.refresh_from_db()
    act = Transition.objects.get()
    assert answer.status_code == 302
    assert article.is_published()
    assert (act.action, act.from_state, act.to_state) == ("publish", "new", "published")
    assert act.actor_id == int(publisher.session["_auth_user_id"])


def test_publishing_saves_what_was_typed_first(publisher: Client):
    article = make_article()
    data = fields_of(publisher.get(form_page(article)))
    post(publisher, article, data, title="A better title", _act="publish")
    article.refresh_from_db()
    assert (article.title, article.state) == ("A better title", State.PUBLISHED)


def test_a_refused_decision_keeps_what_was_typed_and_says_why(publisher: Client):
    article = make_article(topics=[])
    data = fields_of(publisher.get(form_page(article)))
    answer = publisher.post(
        form_page(article), data | {"title": "Typed", "_act": "publish"}, follow=True
    )
    article.refresh_from_db()
    assert (article.title, article.state) == ("Typed", State.NEW)
    assert b"It needs at least one topic." in answer.content


def test_a_decision_that_needs_a_reason_is_refused_without_one(publisher: Client):
    article = make_article(state=State.PUBLISHED, go_live_at=timezone.now())
    data = fields_of(publisher.get(form_page(article)))
    post(publisher, article, data, _act="unpublish")
    article.refresh_from_db()
    assert article.state == State.PUBLISHED
    post(publisher, article, data, _act="unpublish", _comment="wrong link")
    article.refresh_from_db()
    assert article.state == State.UNPUBLISHED
    assert Transition.objects.get().comment == "wrong link"


def test_a_forged_publish_by_an_editor_is_refused(editor: Client):
    article = make_article()
    data = fields_of(editor.get(form_page(article)))
    answer = post(editor, article, data, title="Sneaked in", _act="publish")
    article.refresh_from_db()
    assert answer.status_code == 403
    assert article.state == State.NEW
    assert article.title != "Sneaked in"


@pytest.mark.parametrize("act", ["edit", "import_publish", "nonsense"])
def test_an_act_that_is_no_button_is_refused(publisher: Client, act: str):
    article = make_article()
    data = fields_of(publisher.get(form_page(article)))
    assert post(publisher, article, data, _act=act).status_code == 403


def test_state_cannot_be_set_by_posting_it(publisher: Client):
    article = make_article()
    data = fields_of(publisher.get(form_page(article)))
    post(
        publisher,
        article,
        data,
        state="published",
        is_lead="on",
        go_live_at="2024-01-01T00:00:00",
        title="Changed",
        _save="1",
    )
    article.refresh_from_db()
    assert (article.title, article.state, article.go_live_at) == ("Changed", State.NEW, None)


def test_only_what_was_changed_is_saved(editor: Client):
    article = make_article(
        title=" Odd  title ",
        excerpt="line one\r\nline two\n",
        web_url="https://a.example/with a space",
    )
    data = fields_of(editor.get(form_page(article)))
    data["excerpt"] = data["initial-excerpt"] = "line one\r\nline two\r\n"
    post(editor, article, data, quality="77", _save="1")
    after = Article.objects.get(pk=article.pk)
    assert after.quality == 77
    for name in ("title", "excerpt", "web_url", "amp_url", "embed", "updated_at", "published_at"):
        assert getattr(after, name) == getattr(article, name)
    assert Transition.objects.get().changes == {"quality": [50, 77]}


def test_a_form_sent_unchanged_changes_nothing(editor: Client):
    article = make_article(excerpt=None, type=None, quality=None)
    post(editor, article, fields_of(editor.get(form_page(article))), _save="1")
    article.refresh_from_db()
    assert (article.version, article.excerpt, article.type) == (1, None, None)
    assert not Transition.objects.exists()


def test_topics_are_saved_in_their_order(editor: Client):
    article, first, second = make_article(topics=[]), make_topic(), make_topic()
    data = fields_of(editor.get(form_page(article)))
    post(editor, article, data, topic_order=[second.pk, "", first.pk, second.pk], _save="1")
    assert [place.topic for place in article.topic_places.all()] == [second, first]


def test_a_provider_is_typed_as_its_domain(editor: Client):
    article, other = make_article(), make_provider(domain="tide.example")
    data = fields_of(editor.get(form_page(article)))
    post(editor, article, data, provider="https://www.Tide.example/", _save="1")
    article.refresh_from_db()
    assert article.provider == other
    data = fields_of(editor.get(form_page(article)))
    answer = post(editor, article, data, provider="nobody.example", _save="1")
    assert b"There is no provider with the domain nobody.example." in answer.content


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "ftp://a.example", "https://me:secret@a.example/", "nonsense", ""],
)
def test_a_link_that_is_no_web_address_is_refused(editor: Client, link: str):
    article = make_article()
    data = fields_of(editor.get(form_page(article)))
    answer = post(editor, article, data, web_url=link, _save="1")
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() == {"web_url"}
    assert Article.objects.get(pk=article.pk).web_url == article.web_url


@pytest.fixture
def colleague() -> User:
    return make_user("publisher", username="ana")


def test_a_stale_save_of_other_fields_is_merged_and_says_so(editor: Client, colleague: User):
    article = make_article()
    data = fields_of(editor.get(form_page(article)))
    edit(article, colleague, {"title": "By Ana"}, expected_version=1)
    answer = editor.post(
        form_page(article), data | {"excerpt": "Mine", "_continue": "1"}, follow=True
    )
    article.refresh_from_db()
    assert (article.title, article.excerpt) == ("By Ana", "Mine")
    assert b"Merged with what somebody else saved meanwhile." in answer.content


def test_a_stale_save_of_the_same_field_shows_both_texts_and_loses_neither(
    editor: Client, colleague: User
):
    article = make_article()
    data = fields_of(editor.get(form_page(article)))
    edit(article, colleague, {"title": "By Ana", "quality": 12}, expected_version=1)
    answer = post(editor, article, data, title="Mine", excerpt="Mine too", _save="1")
    page = answer.content.decode()
    article.refresh_from_db()
    assert article.title == "By Ana"
    assert "ana" in page
    assert "By Ana" in page
    again = fields_of(answer)
    assert (again["title"], again["excerpt"], again["quality"]) == ("Mine", "Mine too", "12")
    again |= {
        name: answer.context["adminform"].form.data[name] for name in again if "initial" in name
    }
    post(editor, article, again, _save="1")
    article.refresh_from_db()
    assert (article.title, article.excerpt, article.quality) == ("Mine", "Mine too", 12)


def test_a_save_after_a_decision_of_somebody_else_is_shown_that_decision(
    editor: Client, colleague: User
):
    article = make_article()
    data = fields_of(editor.get(form_page(article)))
    transition(article, "spike", colleague, expected_version=1, comment="press release")
    answer = post(editor, article, data, title="Mine", _save="1")
    page = answer.content.decode()
    article.refresh_from_db()
    assert article.title != "Mine"
    assert "press release" in page
    assert fields_of(answer)["title"] == "Mine"


def test_a_decision_on_a_stale_version_is_refused(publisher: Client, colleague: User):
    article = make_article()
    data = fields_of(publisher.get(form_page(article)))
    edit(article, colleague, {"title": "Something else"}, expected_version=1)
    answer = post(publisher, article, data, _act="publish")
    article.refresh_from_db()
    assert answer.status_code == 200
    assert article.state == State.NEW
    assert "Something else" in answer.content.decode()


def test_the_machine_s_new_figures_are_not_undone_by_an_open_form(editor: Client):
    article = make_article(quality=10)
    data = fields_of(editor.get(form_page(article)))
    Article.objects.filter(pk=article.pk).update(quality=20)
    post(editor, article, data, title="Mine", _save="1")
    article.refresh_from_db()
    assert (article.title, article.quality) == ("Mine", 20)


def test_saving_leads_back_to_the_filtered_list(editor: Client):
    article = make_article()
    kept = "?_changelist_filters=shelf%3Dbacklog%26quality_from%3D40"
    data = fields_of(editor.get(form_page(article) + kept))
    answer = editor.post(form_page(article) + kept, data | {"_save": "1"})
    assert answer["Location"] == f"{LIST}?shelf=backlog&quality_from=40"


def test_a_refused_publication_of_a_change_keeps_it_as_a_draft_and_says_why(publisher: Client):
    article = make_article(state=State.PUBLISHED, go_live_at=timezone.now())
    data = fields_of(publisher.get(form_page(article)))
    typed = data | {"topic_order": [], "title": "Typed", "_publish": "1"}
    answer = publisher.post(form_page(article), typed, follow=True)
    assert b"It needs at least one topic." in answer.content
    assert fields_of(answer)["title"] == "Typed"
    article.refresh_from_db()
    assert article.title != "Typed"
    assert article.topics.count() == 1


def test_an_editors_change_of_a_live_article_waits_for_a_publisher(editor: Client):
    article = make_article(state=State.PUBLISHED, go_live_at=timezone.now())
    data = fields_of(editor.get(form_page(article)))
    post(editor, article, data, title="Changed", _save="1")
    article.refresh_from_db()
    assert article.title != "Changed"
    draft = draft_of(article)
    assert draft
    assert draft.values["title"] == "Changed"


def test_a_contributor_changes_nothing_of_others(sign_in):
    article = make_article()
    answer = post(sign_in("contributor"), article, {"version": "1", "title": "Mine", "_save": "1"})
    assert answer.status_code == 403


def test_line_ends_are_saved_as_files_have_them(editor: Client):
    article = make_article(excerpt="one\ntwo")
    data = fields_of(editor.get(form_page(article)))
    post(editor, article, data, excerpt="one\r\ntwo\r\nthree", _save="1")
    article.refresh_from_db()
    assert article.excerpt == "one\ntwo\nthree"


def collided(client: Client, article: Article, other: User, **typed: str) -> dict:
    """What the form would send back after a collision, the page itself under `page`."""
    data = fields_of(client.get(form_page(article)))
    edit(article, other, {"title": "The harbour opens again"}, expected_version=1)
    answer = post(client, article, data, title="The harbour opens late", **typed, _save="1")
    again = fields_of(answer)
    form = answer.context["adminform"].form
    again |= {name: form.data[name] for name in again if "initial" in name}
    return again | {"page": answer.content.decode()}


def test_a_collision_shows_both_texts_with_the_words_that_differ(editor: Client, colleague: User):
    page = collided(editor, make_article(), colleague)["page"]
    assert "The harbour opens <mark>late</mark>" in page
    assert "The harbour opens <mark>again</mark>" in page


@pytest.mark.parametrize(
    ("choice", "title"),
    [("mine", "The harbour opens late"), ("theirs", "The harbour opens again")],
)
def test_each_colliding_field_takes_the_text_that_was_chosen(
    editor: Client, colleague: User, choice: str, title: str
):
    article = make_article()
    again = collided(editor, article, colleague, excerpt="Mine")
    post(editor, article, again, **{"_take-title": choice, "_save": "1"})
    article.refresh_from_db()
    assert (article.title, article.excerpt) == (title, "Mine")


def test_what_was_typed_is_shown_even_where_it_can_no_longer_be_saved(
    editor: Client, colleague: User
):
    article = make_article()
    data = fields_of(editor.get(form_page(article)))
    withdrawer = make_user("superuser")
    transition(article, "withdraw", withdrawer, expected_version=1, comment="wrong")
    answer = post(editor, article, data, title="Typed at length", _save="1")
    assert "Typed at length" in answer.content.decode()

"""The bar over the form: it names what an act does, asks what it needs, and does just that."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.admin.answers import OVERRIDDEN
from articles.admin.asking import Asker
from articles.admin.bar import Bar
from articles.models import Article, Person, Transition
from articles.states import State
from articles.workflow import draft_of, save_draft, transition
from articles.workflow.guards import know
from providers.models import Policy
from tests.factories import make_article, make_provider, make_story, make_user

from .conftest import fields_of, form_page

pytestmark = pytest.mark.django_db


def live(**changes) -> Article:
    return make_article(state=State.PUBLISHED, go_live_at=timezone.now(), **changes)


def press(client: Client, article: Article, act: str, follow: bool = False, **said: str):
    data = fields_of(client.get(form_page(article)))
    name = act.partition(":")[0]
    said = {f"_{what}-{name}": value for what, value in said.items()}
    answer = client.post(form_page(article), data | said | {"_act": act}, follow=follow)
    article.refresh_from_db()
    return answer


def opened(client: Client, article: Article) -> dict[str, list[str]]:
    """Label of each panel or button → what it will do."""
    bar = client.get(form_page(article)).context["bar"]
    return {act.opens or act.label: act.effects for act in bar.acts}


def test_a_publication_is_scheduled_in_the_zone_that_is_shown(publisher: Client, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    article = make_article()
    assert "Goes live, Europe/Berlin" in publisher.get(form_page(article)).content.decode()
    press(
        publisher,
        article,
        "publish:planned",
        go_live_at="2999-07-01T09:00",
        expire_at="2999-07-02T09:00",
    )
    assert article.go_live_at == datetime(2999, 7, 1, 7, 0, tzinfo=UTC)
    assert article.expire_at == datetime(2999, 7, 2, 7, 0, tzinfo=UTC)
    press(publisher, article, "reschedule", go_live_at="2999-07-01T10:00", expire_at="")
    assert article.go_live_at == datetime(2999, 7, 1, 8, 0, tzinfo=UTC)
    assert article.expire_at is None


def test_the_plain_button_publishes_now_whatever_a_closed_panel_holds(publisher: Client):
    article = make_article()
    press(publisher, article, "publish", go_live_at="2999-07-01T09:00")
    assert article.is_published()


def test_a_time_that_means_nothing_is_refused_and_everything_typed_is_shown(publisher: Client):
    article = make_article()
    answer = press(publisher, article, "publish:planned", go_live_at="soon", expire_at="2999-01-01")
    assert answer.status_code == 200
    assert article.state == State.NEW
    page = answer.content.decode()
    assert 'value="soon"' in page
    assert 'value="2999-01-01"' in page


def test_a_spike_takes_the_reason_and_offers_it_the_next_time(editor: Client):
    article, other = make_article(), make_article()
    press(editor, article, "spike", reason="press_release", comment="From their agency")
    act = Transition.objects.get()
    assert (act.reason, act.comment) == ("press_release", "From their agency")
    page = editor.get(form_page(other)).content.decode()
    assert '<option value="press_release" selected>' in page
    press(editor, other, "spike", reason="nonsense")
    assert other.state == State.NEW


def test_an_article_is_assigned_to_somebody_who_may_review(editor: Client):
    article, ana = make_article(), make_user("editor", username="ana")
    make_user("contributor", username="colin")
    page = editor.get(form_page(article)).content.decode()
    assert ">ana</option>" in page
    assert ">colin</option>" not in page
    press(editor, article, "assign", assignee=str(ana.pk))
    assert (article.assignee, article.state) == (ana, State.IN_REVIEW)


def test_what_sending_back_asks_is_kept_when_something_else_is_refused(editor: Client):
    article = make_article(state=State.APPROVED)
    answer = press(editor, article, "publish", comment="Looks good to me")
    assert answer.status_code == 403
    press(editor, article, "request_changes", comment="Name the ship.")
    assert article.state == State.CHANGES_REQUESTED
    assert Transition.objects.get().comment == "Name the ship."


def test_unpublishing_names_that_the_story_leaves_and_who_may_take_over(publisher: Client):
    lead, member, spiked = make_story(
        {"state": State.PUBLISHED, "go_live_at": timezone.now()}, {}, {"state": State.SPIKED}
    )
    lead.story.member_count = 3
    lead.story.save()
    effects = opened(publisher, lead)["Unpublish…"]
    assert effects == [
        "Unless another article takes over, the story leaves the site with 2 lines of coverage;"
        " its address answers “gone”."
    ]
    heirs = publisher.get(form_page(lead)).context["bar"].asker.heirs
    assert heirs == [member]
    press(publisher, lead, "unpublish", comment="Wrong", successor=str(spiked.pk))
    assert lead.state == State.PUBLISHED
    press(publisher, lead, "unpublish", comment="Wrong", successor=str(member.pk))
    member.refresh_from_db()
    assert (lead.state, lead.is_lead) == (State.UNPUBLISHED, False)
    assert member.is_published()


def test_withdrawing_needs_its_word(sign_in):
    client, article = sign_in("managing editor"), live()
    answer = press(client, article, "withdraw", comment="A court ruled", confirm="yes")
    assert article.state == State.PUBLISHED
    assert "A court ruled" in answer.content.decode()
    press(client, article, "withdraw", comment="A court ruled", confirm="Withdraw")
    assert article.state == State.WITHDRAWN


def test_guards_are_overridden_with_a_reason_by_who_may(sign_in, publisher: Client):
    article = make_article(provider=make_provider(policy=Policy.HELD))
    assert "Publish all the same…" not in opened(publisher, article)
    press(publisher, article, "publish:override", comment="I say so")
    assert article.state == State.NEW
    chief = sign_in("managing editor")
    assert opened(chief, article)["Publish all the same…"][0].endswith("is held.")
    press(chief, article, "publish:override")
    assert article.state == State.NEW
    press(chief, article, "publish:override", comment="Checked by phone")
    assert article.state == State.PUBLISHED


@pytest.mark.parametrize(
    ("role", "failing", "is_offered"),
    [
        ("publisher", {"topics": []}, False),
        ("managing editor", {"topics": []}, True),
        ("managing editor", {}, False),
        ("managing editor", {"topics": [], "web_url": ""}, False),
    ],
)
def test_overriding_is_offered_where_it_would_succeed(
    role: str, failing: dict[str, Any], is_offered: bool
):
    article = make_article(**failing)
    bar = Bar(Asker(article, make_user(role)), know([article]))
    assert any(act.way == OVERRIDDEN for act in bar.acts) is is_offered


def test_each_guard_that_fails_links_to_its_field(publisher: Client):
    article = make_article(topics=[], published_at=None, excerpt="<b>bold</b>")
    page = publisher.get(form_page(article)).content.decode()
    for anchor in ("id_topic_order", "id_published_at", "id_excerpt"):
        assert f'href="#{anchor}"' in page
        assert f'id="{anchor}"' in page


def test_what_cannot_be_done_is_named_with_the_reason(editor: Client):
    bar = editor.get(form_page(make_article())).context["bar"]
    assert ("Publish", "This needs the permission to publish.") in bar.refused
    assert "publish" not in [act.action for act in bar.acts]


def test_a_live_article_keeps_its_text_while_a_draft_is_edited(editor: Client, publisher: Client):
    article = live(title="As readers see it")
    data = fields_of(editor.get(form_page(article)))
    editor.post(form_page(article), data | {"title": "As drafted", "_continue": "1"})
    article.refresh_from_db()
    assert article.title == "As readers see it"
    page = publisher.get(form_page(article))
    assert fields_of(page)["title"] == "As drafted"
    assert "As <mark>drafted</mark>" in page.content.decode()
    assert "As <mark>readers see it</mark>" in page.content.decode()
    press(publisher, article, "publish_draft", public_note="The ship was named wrongly.")
    assert (article.title, article.draft) == ("As drafted", None)
    act = Transition.objects.get(action="publish_draft")
    assert act.public_note == "The ship was named wrongly."


def test_save_and_publish_is_one_button_for_publishers_and_one_step(
    editor: Client, publisher: Client
):
    article = live(title="Before")
    assert 'name="_publish"' not in editor.get(form_page(article)).content.decode()
    data = fields_of(publisher.get(form_page(article)))
    publisher.post(form_page(article), data | {"title": "After", "_publish": "1"})
    article.refresh_from_db()
    assert (article.title, article.draft) == ("After", None)
    acts = Transition.objects.values_list("action", "batch")
    assert {action for action, _ in acts} == {"save_draft", "publish_draft"}
    assert len({batch for _, batch in acts}) == 1


def test_an_editor_who_presses_save_and_publish_by_force_publishes_nothing(editor: Client):
    article = live(title="Before")
    data = fields_of(editor.get(form_page(article)))
    editor.post(form_page(article), data | {"title": "After", "_publish": "1"})
    article.refresh_from_db()
    assert article.title == "Before"
    assert set(Transition.objects.values_list("action", flat=True)) == {"save_draft"}


def test_what_was_typed_outlives_an_approval_that_is_refused_because_of_it(
    publisher: Client, settings
):
    settings.FOUR_EYES = True
    article = make_article(title="Before")
    data = fields_of(publisher.get(form_page(article)))
    answer = publisher.post(
        form_page(article), data | {"title": "After", "_act": "approve"}, follow=True
    )
    article.refresh_from_db()
    assert (article.title, article.state) == ("After", State.NEW)
    assert "You edited it last; somebody else has to approve it." in answer.content.decode()


def test_a_new_expiry_leaves_the_start_to_the_second(publisher: Client):
    start = timezone.now() + timedelta(days=2)
    article = make_article(state=State.PUBLISHED, go_live_at=start)
    page = publisher.get(form_page(article)).content.decode()
    shown = re.search(r'name="_go_live_at-reschedule" value="([^"]+)"', page)
    assert shown
    press(publisher, article, "reschedule", go_live_at=shown[1], expire_at="2999-01-01T00:00")
    assert article.go_live_at == start
    assert article.expire_at == datetime(2999, 1, 1, tzinfo=UTC)


def test_a_draft_is_discarded_by_a_button(editor: Client):
    article = live()
    save_draft(article, make_user("editor"), {"title": "Drafted"}, expected_version=1)
    press(editor, article, "discard_draft")
    assert draft_of(article) is None


def test_drafts_of_two_people_on_different_fields_are_merged(editor: Client):
    article = live()
    data = fields_of(editor.get(form_page(article)))
    save_draft(article, make_user("editor"), {"title": "By Ana"}, expected_version=1)
    answer = editor.post(
        form_page(article), data | {"excerpt": "Mine", "_continue": "1"}, follow=True
    )
    assert b"Merged with what somebody else saved meanwhile." in answer.content
    article.refresh_from_db()
    draft = draft_of(article)
    assert draft is not None
    assert (draft.values["title"], draft.values["excerpt"]) == ("By Ana", "Mine")


def test_drafts_of_two_people_on_one_field_collide_with_both_texts(editor: Client):
    article = live()
    data = fields_of(editor.get(form_page(article)))
    save_draft(article, make_user("editor"), {"title": "By Ana"}, expected_version=1)
    answer = editor.post(form_page(article), data | {"title": "By me", "_continue": "1"})
    assert "By <mark>me</mark>" in answer.content.decode()
    assert "By <mark>Ana</mark>" in answer.content.decode()


def test_one_s_own_act_is_taken_back_from_the_form(editor: Client):
    article = make_article()
    answer = press(editor, article, "spike", follow=True)
    assert "Undo…" in answer.content.decode()
    page = editor.get(form_page(article))
    offered = page.context["undo"]
    assert "Your last act here: spiked" in page.content.decode()
    editor.post(form_page(article).replace("change", "undo"), {"_undo": str(offered.act.pk)})
    article.refresh_from_db()
    assert article.state == State.NEW


def test_nobody_takes_back_what_others_did_or_what_is_long_past(editor: Client):
    article = make_article()
    ana = make_user("editor")
    transition(article, "spike", ana, expected_version=1)
    act = Transition.objects.get()
    assert editor.get(form_page(article)).context["undo"] is None
    editor.post(form_page(article).replace("change", "undo"), {"_undo": str(act.pk)})
    article.refresh_from_db()
    assert article.state == State.SPIKED
    client = Client()
    client.force_login(ana)
    Transition.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert client.get(form_page(article)).context["undo"] is None
    client.post(form_page(article).replace("change", "undo"), {"_undo": str(act.pk)})
    article.refresh_from_db()
    assert article.state == State.SPIKED


def test_the_rank_is_shown_with_a_sum_that_comes_out(publisher: Client):
    article = make_article(quality=60)
    press(publisher, article, "publish")
    page = publisher.get(form_page(article))
    rank = page.context["rank"]
    article.story.refresh_from_db()
    assert rank.of_heat + rank.of_time == pytest.approx(article.story.rank)
    assert rank.heat_sum == "60 for quality + 20 × 0 for coverage"
    assert abs(rank.at - timezone.now()) < timedelta(minutes=1)


def test_the_last_reason_is_remembered_for_each_person(editor: Client, publisher: Client):
    press(editor, make_article(), "spike", reason="duplicate")
    assert Person.objects.get().spike_reason == "duplicate"
    page = publisher.get(form_page(make_article())).content.decode()
    assert '<option value="duplicate" selected>' not in page


def test_a_story_of_any_size_is_decided_from_one_form(
    publisher: Client, django_assert_max_num_queries
):
    lead, *_ = make_story(*[{} for _ in range(3)])
    publisher.get(form_page(lead))
    with django_assert_max_num_queries(20) as few:
        publisher.get(form_page(lead))
    for _ in range(30):
        make_article(story=lead.story, is_lead=False)
    with django_assert_max_num_queries(20) as many:
        page = publisher.get(form_page(lead))
    assert len(many.captured_queries) == len(few.captured_queries)
    # What the browser would send does not grow with the coverage.
    assert len(fields_of(page)) < 60
    press(publisher, lead, "publish")
    assert lead.is_published()


def test_a_pending_draft_costs_no_page_more_than_twenty_queries(
    publisher: Client, django_assert_max_num_queries
):
    article = live()
    save_draft(article, make_user("editor"), {"title": "Drafted"}, expected_version=1)
    with django_assert_max_num_queries(20):
        publisher.get(form_page(article))


def test_what_is_pressed_at_once_says_what_it_does_first(publisher: Client):
    lead, member = make_story({"state": State.PUBLISHED, "go_live_at": timezone.now()}, {})
    lead.story.rank = 1.0
    lead.story.save()
    said = dict(publisher.get(form_page(member)).context["bar"].warnings)
    assert said["Spike"] == ["It leaves the coverage of a live story."]
    assert said["Publish"] == ["1 guard below will refuse it."]
    said = dict(publisher.get(form_page(make_article())).context["bar"].warnings)
    assert said["Publish"] == ["The story goes live now."]
    assert (
        "Readers see a change once it is published"
        in publisher.get(form_page(lead)).content.decode()
    )


def test_a_correction_is_noted_where_it_is_saved(publisher: Client):
    article = live()
    data = fields_of(publisher.get(form_page(article)))
    note = {"_public_note-publish_draft": "The quay was named wrongly.", "_publish": "1"}
    publisher.post(form_page(article), data | note | {"title": "Named rightly"})
    act = Transition.objects.get(action="publish_draft")
    assert act.public_note == "The quay was named wrongly."


@pytest.mark.parametrize(("said", "title"), [("draft", "Drafted"), ("live", "By the publisher")])
def test_where_the_live_text_changed_under_a_draft_somebody_chooses(
    publisher: Client, said: str, title: str
):
    article = live(title="Before", excerpt="As it was")
    save_draft(article, make_user("editor"), {"title": "Drafted"}, expected_version=1)
    Article.objects.update(title="By the publisher", excerpt="Newer")
    page = publisher.get(form_page(article))
    assert "the live text became something else meanwhile" in page.content.decode()
    assert fields_of(page)["excerpt"] == "Newer"
    press(publisher, article, "publish_draft")
    assert article.title == "By the publisher"
    data = fields_of(publisher.get(form_page(article)))
    publisher.post(form_page(article), data | {"_settle-title": said, "_publish": "1"})
    article.refresh_from_db()
    assert (article.title, article.excerpt, article.draft) == (title, "Newer", None)

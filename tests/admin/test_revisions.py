"""What an article said before: seen by all who look, restored by those who may edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Revision, Transition
from articles.states import State
from articles.stories import detach
from articles.workflow import draft_of, edit, save_draft, transition
from articles.workflow.audit import keep
from providers.models import Provider
from tests.factories import make_article, make_provider, make_story, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return make_user("publisher", username="ana")


@pytest.fixture
def written(ana: User) -> Article:
    """An article with three revisions: as it stood before, and two edits apart by an act."""
    article = make_article(title="Cranes move at Calder", body="One.\n\nTwo.\n")
    article = edit(article, ana, {"title": "Cranes stop at Calder"}, expected_version=1)
    article = transition(article, "claim", ana, expected_version=article.version)
    topics = [*(place.topic for place in article.topic_places.all()), make_topic("Quays")]
    return edit(
        article,
        ana,
        {"body": "One.\n\nThree.\n"},
        expected_version=article.version,
        topics=topics,
    )


def page(name: str, article: Article, *more: int) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *more])


def revisions(article: Article) -> list[int]:
    return list(article.revisions.order_by("pk").values_list("pk", flat=True))


def compared(client: Client, article: Article, one: object, other: object):
    return client.get(page("compare", article), {"a": str(one), "b": str(other)})


def restore(client: Client, article: Article, revision: int, version: int = 0):
    data = {"version": str(version or article.version)}
    return client.post(page("restore", article, revision), data, follow=True)


def test_revisions_are_listed_with_who_made_them_and_what_was_decided(
    editor: Client, written: Article
):
    text = editor.get(page("revisions", written)).content.decode()
    for revision in revisions(written):
        assert f"Revision {revision}" in text
    assert "ana" in text
    assert "as it stood before" in text
    assert "claim" in text
    assert "as it stands" in text


def test_any_two_revisions_and_the_present_are_compared(editor: Client, written: Article):
    first, second, third = revisions(written)
    answer = compared(editor, written, first, second)
    assert [found.key for found in answer.context["differences"]] == ["title"]
    assert "<del>move</del>" in answer.content.decode()
    assert "<ins>stop</ins>" in answer.content.decode()
    answer = compared(editor, written, first, "now")
    keys = [found.key for found in answer.context["differences"]]
    assert keys == ["title", "topics", "body"]
    answer = compared(editor, written, "now", third)
    assert b"They say the same." in answer.content


def test_a_revision_of_another_article_is_not_shown_here(editor: Client, written: Article):
    other = make_article()
    (revision, *_) = revisions(written)
    for address in (page("revision", other, revision), page("restore", other, revision)):
        assert editor.get(address).status_code in (404, 405)
    assert editor.get(page("compare", other), {"a": revision}).status_code == 404
    assert editor.get(page("compare", other), {"a": "9" * 40}).status_code == 404
    assert restore(editor, other, revision).status_code == 404


def test_coverage_that_came_and_went_is_told(editor: Client, ana: User):
    lead, gone = make_story({}, {"slug": "2024-05-06-gone"})
    lead = transition(lead, "claim", ana, expected_version=1)
    detach(gone, ana)
    make_article(story=lead.story, is_lead=False, slug="2024-05-06-came")
    edit(lead, ana, {"title": "Grown"}, expected_version=lead.version)
    answer = compared(editor, lead, revisions(lead)[0], "now")
    found = {found.key: found.items for found in answer.context["differences"]}
    assert [(item.name, item.fate) for item in found["coverage"]] == [
        ("2024-05-06-gone", "removed"),
        ("2024-05-06-came", "added"),
    ]


def test_restoring_makes_a_new_revision_and_loses_none(editor: Client, written: Article):
    before = revisions(written)
    assert b"Restored what revision" in restore(editor, written, before[0]).content
    written.refresh_from_db()
    assert (written.title, written.body) == ("Cranes move at Calder", "One.\n\nTwo.\n")
    assert written.topic_places.count() == 1
    assert revisions(written)[:3] == before
    assert len(revisions(written)) == 4
    assert Transition.objects.order_by("-pk")[0].comment == f"restored revision {before[0]}"


def test_restoring_twice_gives_back_the_same_text(editor: Client, written: Article):
    first, _, third = revisions(written)
    restore(editor, written, first)
    written.refresh_from_db()
    restore(editor, written, third)
    answer = compared(editor, written, third, "now")
    assert b"They say the same." in answer.content


def test_restoring_an_approved_article_sends_it_back_to_review(
    editor: Client, ana: User, written: Article
):
    transition(written, "approve", ana, expected_version=written.version)
    written.refresh_from_db()
    restore(editor, written, revisions(written)[0])
    written.refresh_from_db()
    assert written.state == State.IN_REVIEW


def test_restoring_a_live_article_drafts_it_and_readers_see_no_change(
    publisher: Client, ana: User, written: Article
):
    live = transition(written, "publish", ana, expected_version=written.version)
    restore(publisher, live, revisions(live)[0])
    live.refresh_from_db()
    draft = draft_of(live)
    assert draft is not None
    assert draft.values["title"] == "Cranes move at Calder"
    assert live.title == "Cranes stop at Calder"
    assert "pending draft" in publisher.get(page("revisions", live)).content.decode()


def test_restoring_over_somebody_else_s_work_is_refused(editor: Client, written: Article):
    (first, *_) = revisions(written)
    answer = restore(editor, written, first, version=written.version - 1)
    assert b"Nothing was changed." in answer.content
    written.refresh_from_db()
    assert written.title == "Cranes stop at Calder"


def test_restoring_what_stands_already_is_refused(editor: Client, written: Article):
    answer = restore(editor, written, revisions(written)[-1])
    assert b"says the same already" in answer.content
    assert len(revisions(written)) == 3


def test_a_revision_whose_provider_is_gone_is_refused_with_its_name(editor: Client, ana: User):
    article = make_article(provider=make_provider(domain="gone.example"))
    there = make_provider()
    article = edit(article, ana, {"provider": there}, expected_version=1)
    Provider.objects.get(domain="gone.example").delete()
    answer = restore(editor, article, revisions(article)[0])
    assert b"There is no provider with the domain gone.example any more." in answer.content
    article.refresh_from_db()
    assert article.provider == there


@pytest.mark.parametrize("role", ["contributor", "auditor"])
def test_who_only_looks_sees_all_and_restores_nothing(
    sign_in: Callable[[str], Client], written: Article, role: str
):
    client, (first, *_) = sign_in(role), revisions(written)
    for name, more in (("revisions", ()), ("compare", ()), ("revision", (first,))):
        answer = client.get(page(name, written, *more))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert b">Restore" not in answer.content
    assert restore(client, written, first).status_code == 403
    written.refresh_from_db()
    assert written.title == "Cranes stop at Calder"


def test_strangers_see_nothing(client: Client, written: Article):
    for name in ("revisions", "compare"):
        assert client.get(page(name, written)).status_code == 302
    assert client.post(page("restore", written, 1)).status_code == 302


def test_a_get_restores_nothing(editor: Client, written: Article):
    assert editor.get(page("restore", written, revisions(written)[0])).status_code == 405


def test_queries_do_not_grow_with_revisions(
    editor: Client, ana: User, written: Article, django_assert_max_num_queries
):
    def looked() -> list[int]:
        counts = []
        for name in ("revisions", "compare"):
            with django_assert_max_num_queries(20) as captured:
                editor.get(page(name, written), {"a": revisions(written)[0]})
            counts.append(len(captured))
        return counts

    few = looked()
    for number in range(12):
        Revision.objects.create(
            article=written,
            data=Revision.objects.all()[0].data,
            actor=make_user() if number % 2 else ana,
            created_at=written.arrived_at,
        )
    assert looked() == few


def test_hostile_text_stays_text_in_every_revision(editor: Client, ana: User):
    hostile = '"><script>alert(1)</script>'
    article = make_article(title="Plain", body="plain\n")
    article = edit(article, ana, {"title": hostile, "body": hostile}, expected_version=1)
    first, last = revisions(article)
    for address in (
        page("revisions", article),
        page("revision", article, last),
        f"{page('compare', article)}?a={first}&b={last}",
    ):
        text = editor.get(address).content.decode()
        assert "<script>alert" not in text
        assert " style=" not in text


@pytest.mark.parametrize(
    "columns",
    [
        {"web_url": "javascript:alert(1)"},
        {"amp_url": "data:text/html,x"},
        {"images": [{"url": "javascript:alert(1)"}]},
        {"web_url": "", "original_url": None},
    ],
)
def test_a_revision_that_no_file_could_hold_is_shown_and_not_restored(
    publisher: Client, ana: User, columns: dict[str, Any]
):
    article = make_article(title="Bad", state=State.PUBLISHED, go_live_at=timezone.now(), **columns)
    revision = keep(article, ana, timezone.now())
    Article.objects.filter(pk=article.pk).update(
        title="Good", web_url="https://a.example/x", amp_url=None, images=None
    )
    for address in (
        page("revisions", article),
        page("revision", article, revision.pk),
        f"{page('compare', article)}?a={revision.pk}&b=now",
    ):
        answer = publisher.get(address)
        assert answer.status_code == 200
        assert 'href="javascript:' not in answer.content.decode()
    assert b"Nothing was changed." in restore(publisher, article, revision.pk).content


def test_a_live_article_with_a_link_that_no_file_could_hold_can_be_drafted_and_looked_at(
    publisher: Client, ana: User
):
    article = make_article(
        state=State.PUBLISHED, go_live_at=timezone.now(), amp_url="javascript:alert(1)"
    )
    save_draft(article, ana, {"title": "Drafted"}, expected_version=article.version)
    article.refresh_from_db()
    for address in (page("change", article), page("revisions", article), page("compare", article)):
        assert publisher.get(address).status_code == 200
    made = transition(article, "publish_draft", ana, expected_version=article.version)
    assert made.title == "Drafted"

"""New links: what is known is told before anything is typed, and nothing comes in twice unseen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles.identity import identity
from articles.models import Article, Claim, RelatedItem, Run
from articles.workflow import transition
from providers.models import Provider
from tests.factories import A_DAY, make_article, make_provider, make_story, make_topic, make_user

from .conftest import form_page

pytestmark = pytest.mark.django_db

PAGE = "/admin/articles/article/new-link/"
LINK = "https://gate-four.example/cranes"
TRACKED = f"{LINK}?utm_source=letter&fbclid=abc"


@pytest.fixture
def gate() -> Provider:
    return make_provider(domain="gate-four.example", name="Gate Four")


def look(client: Client, link: str = LINK, **more: object) -> str:
    asked = {"url": link} | {name: str(value) for name, value in more.items()}
    return " ".join(client.get(PAGE, asked).content.decode().split())


def make(client: Client, link: str = LINK, **said: object):
    sent = {
        "url": link,
        "title": "Cranes move",
        "excerpt": "",
        "topics": "",
        "published_at": "2024-05-06T12:00:00",
        "strip": "on",
    }
    sent |= {name: str(value) for name, value in said.items()}
    return client.post(PAGE, sent)


def test_a_pasted_link_tells_its_provider_and_offers_to_strip_what_tracks(
    editor: Client, gate: Provider
):
    page = look(editor, TRACKED)
    assert "Gate Four" in page
    assert "utm_source, fbclid" in page
    assert f"{LINK}<" in page


def test_what_is_already_here_is_told_before_anything_is_typed(editor: Client, gate: Provider):
    make_article(title="Here since noon", web_url=LINK)
    for link in (
        LINK,
        TRACKED,
        f"{LINK}/",
        "http://gate-four.example/cranes",
        "https://m.gate-four.example/cranes/amp",
    ):
        assert "Here since noon" in look(editor, link)


def test_a_rejected_link_is_remembered_with_who_and_why(editor: Client, gate: Provider):
    article = make_article(web_url=LINK)
    ana = make_user("editor", username="ana")
    transition(article, "spike", ana, expected_version=1, comment="press release")
    page = look(editor, TRACKED)
    assert "Spiked by ana on" in page
    assert "press release" in page


def test_a_new_link_becomes_an_article_without_its_trackers(editor: Client, gate: Provider):
    topic = make_topic("Quays")
    answer = make(editor, TRACKED, topics=topic.pk, excerpt="Slowly.")
    article = Article.objects.get()
    assert answer["Location"] == form_page(article)
    assert (article.link, article.provider, article.excerpt) == (LINK, gate, "Slowly.")
    assert [place.topic for place in article.topic_places.all()] == [topic]
    assert article.published_at is not None


def test_who_wants_the_link_as_pasted_gets_it(editor: Client, gate: Provider):
    sent = {"url": TRACKED, "title": "Cranes move", "published_at": ""}
    editor.post(PAGE, sent)
    assert Article.objects.get().link == TRACKED


def test_a_link_that_is_here_comes_again_only_when_asked_twice(editor: Client, gate: Provider):
    make_article(web_url=LINK)
    answer = make(editor, title="Kept as typed")
    assert answer.status_code == 422
    assert b"This link is here already." in answer.content
    assert b"Kept as typed" in answer.content
    make(editor, again="on")
    assert Article.objects.count() == 2


def test_an_unknown_provider_is_refused_with_a_sentence_and_made_by_who_may(
    editor: Client, sign_in: Callable[[str], Client]
):
    assert "is no provider yet" in look(editor)
    answer = make(editor)
    assert answer.status_code == 422
    assert b"a managing editor has to add it first" in answer.content
    assert not Article.objects.exists()
    make(sign_in("managing editor"), provider_name="Gate Four")
    assert Article.objects.get().provider.name == "Gate Four"


def test_an_unknown_link_pasted_as_coverage_goes_straight_into_the_story(
    editor: Client, gate: Provider
):
    lead, member = make_story({"title": "The lead"}, {})
    attach = reverse("admin:articles_article_attach", args=[member.pk])
    answer = editor.post(attach, {"link": LINK})
    assert answer["Location"].startswith(PAGE)
    assert "It joins the story of" in " ".join(
        editor.get(answer["Location"]).content.decode().split()
    )
    answer = make(editor, story=member.pk)
    assert answer["Location"] == f"{form_page(member)}#desk-story"
    assert Article.objects.get(web_url=LINK).story == lead.story


def test_coverage_known_from_files_is_taken_in_with_what_they_say_of_it(
    editor: Client, gate: Provider
):
    lead = make_article(quality=90)
    number = identity(LINK, A_DAY)
    RelatedItem.objects.create(
        identity=number,
        title_hash=1,
        title="Known",
        excerpt="From a file.",
        link=LINK,
        quality=71,
        published_at=A_DAY,
        printed_by=lead.slug,
    )
    Claim.objects.create(article=lead, identity=number, title_hash=1)
    Article.objects.update(run=Run.objects.create(kind="import", started_at=A_DAY))
    (item,) = editor.get(form_page(lead)).context["items"]
    page = editor.get(item.take)
    assert "From a file." in page.content.decode()
    assert page.context["form"]["title"].value() == "Known"
    make(editor, story=lead.pk, title="Known", excerpt="From a file.")
    article = Article.objects.get(web_url=LINK)
    assert (article.story, article.is_lead, article.quality) == (lead.story, False, 71)
    assert editor.get(form_page(lead)).context["items"] == []


@pytest.mark.parametrize(
    "link", ["cranes", "javascript:alert(1)", "https://", "ftp://gate.example/x"]
)
def test_what_is_no_link_is_refused(editor: Client, link: str):
    assert "This link does not work" in look(editor, link)
    assert make(editor, link).status_code == 422
    assert not Article.objects.exists()


def test_a_contributor_adds_links_and_an_auditor_does_not_even_see_the_page(
    sign_in: Callable[[str], Client], gate: Provider
):
    lead, _ = make_story({}, {})
    contributor = sign_in("contributor")
    make(contributor, story=lead.pk)
    made = Article.objects.get(web_url=LINK)
    assert made.story != lead.story
    assert b'name="title"' in contributor.get(form_page(made)).content
    auditor = sign_in("auditor")
    assert "New link" not in auditor.get(reverse("admin:index")).content.decode()
    assert auditor.get(PAGE).status_code == 403
    assert make(auditor, again="on").status_code == 403
    assert Article.objects.filter(web_url=LINK).count() == 1


def test_looking_a_link_up_makes_nothing(sign_in: Callable[[str], Client]):
    look(sign_in("managing editor"), TRACKED, title="x")
    assert not Article.objects.exists()
    assert not Provider.objects.exists()


def test_the_bookmark_brings_address_and_title_along(editor: Client, gate: Provider):
    assert "encodeURIComponent(document.title)" in look(editor, "")
    assert "> Cranes &amp; quays</textarea>" in look(editor, title="  Cranes & \n quays ")


def test_hostile_titles_stay_text(editor: Client, gate: Provider):
    hostile = '"><script>alert(1)</script>'
    make_article(title=hostile, web_url=LINK)
    page = look(editor, LINK, title=hostile)
    assert "<script>alert" not in page
    assert " style=" not in page
    assert "<script>alert" not in look(editor, f"{LINK}?q={hostile}", title=hostile)


def test_queries_do_not_grow_with_what_is_here(
    editor: Client, gate: Provider, django_assert_max_num_queries
):
    counts = []
    for more in (1, 12):
        for _ in range(more):
            make_article(web_url=LINK, provider=gate)
        with django_assert_max_num_queries(20) as captured:
            look(editor, TRACKED)
        counts.append(len(captured))
    assert counts[0] >= counts[1]

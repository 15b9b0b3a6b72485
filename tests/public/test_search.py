"""Search finds what is published, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, ArticleTopic, Topic
from articles.search import find, finding, parse
from articles.search.tables import rebuild
from articles.states import State
from providers.models import Provider
from tests.factories import make_article, make_provider, make_topic

from .conftest import LIVE, publish

pytestmark = pytest.mark.django_db

TITLE = re.compile(r'<h2 class="headline">\s*<a href="[^"]*" dir="auto">(.*?)</a>', re.DOTALL)


def ask(client: Client, query: str, **more: str) -> str:
    return client.get("/search/", {"q": query, **more}).content.decode()


def found(client: Client, query: str, **more: str) -> list[str]:
    """The titles found, without marks."""
    return [re.sub("</?mark>", "", title) for title in TITLE.findall(ask(client, query, **more))]


def ids(question: str) -> list[int]:
    return find(Article.objects.published(), parse(question).terms).ids


def test_title_excerpt_provider_and_topics_are_searched(client: Client):
    publish(
        title="Night ferry",
        excerpt="It sails again.",
        provider=make_provider(name="The Calder Courant", domain="courant.example"),
        topics=[make_topic("Grid and storage")],
    )
    publish(title="Something else")

    for query in ("night", "SAILS", "courant", "storage", "ferry again grid", "courant.example"):
        assert found(client, query) == ["Night ferry"], query
    assert found(client, "night train") == []


def test_a_word_in_the_title_counts_more_than_one_in_the_excerpt(client: Client):
    publish(title="The bridge opens", excerpt="A day out.")
    publish(title="A day out", excerpt="The bridge opens.")

    assert found(client, "bridge") == ["The bridge opens", "A day out"]


def test_what_has_most_of_the_words_in_its_title_comes_first_then_the_newest(client: Client):
    for title in ("Été bridge", "Harbour-bridge", "Ete", "Bridges of harbours", "The bridge, été"):
        publish(title=title, excerpt="A harbour, an été, bridges and a bridge.")

    for query, first in {
        "ete brid": ["The bridge, été", "Été bridge", "Bridges of harbours"],
        "harbour-bridge": ["Harbour-bridge"],
        "harbour bridge ": ["Harbour-bridge", "The bridge, été", "Été bridge"],
    }.items():
        assert found(client, query)[: len(first)] == first, query


def test_the_last_word_may_be_unfinished(client: Client):
    publish(title="Harbour lights")

    assert found(client, "harb") == ["Harbour lights"]
    assert found(client, "harb lights") == []
    assert found(client, "harb ") == []


def test_phrases_accents_and_joined_words_are_understood(client: Client):
    publish(title="A well-known Café’s tour d’été")

    for query in ('"well known"', "well-known", "cafe", "CAFÉ", "ete", '"cafe s tour"'):
        assert len(found(client, query)) == 1, query
    assert found(client, '"known well"') == []


def test_words_of_other_scripts_are_found(client: Client):
    publish(title="電気フェリー 就航")
    publish(title="رافعات كالدر ريتش تعود")
    publish(title="Большой мост")

    for query in ("就航", "تعود", "большой"):
        assert len(found(client, query)) == 1, query


def test_what_was_found_is_marked_and_everything_else_is_text(client: Client):
    publish(title="<b>Ferry</b> & more", excerpt="The ferry <script>")

    text = ask(client, "ferry")

    assert "&lt;b&gt;<mark>Ferry</mark>&lt;/b&gt; &amp; more" in text
    assert "The <mark>ferry</mark> &lt;script&gt;" in text


@pytest.mark.parametrize(
    "query",
    [
        *(
            '"',
            "'",
            "*",
            '""',
            "a OR b",
            "NOT",
            "title:x",
            "a NEAR/2 b",
            "^a",
            "(",
            "a:*",
            "%",
            "\\",
        ),
        *("a & b", "!a", "<->", "топик:", "provider:", "a;--", "'; DROP TABLE x", "\ud7ff", "ﬁ ²"),
        *("topic:x topic:y", "q" * 500, "a b c d e f g h i j k l m n", "\0", "a\0b", "é" * 100),
    ],
)
def test_no_question_breaks_the_search(client: Client, query: str):
    publish(title="a b c")

    assert client.get("/search/", {"q": query}).status_code in (200, 400)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"q": "..."}, "no letters or digits"),
        ({"q": "x" * 201}, "at most 200 characters"),
        ({"q": "a", "topic": "nothing"}, "no topic “nothing”"),
        ({"q": "a topic:nothing"}, "no topic “nothing”"),
        ({"q": "a", "provider": "no.example"}, "no provider “no.example”"),
        ({"q": "a", "from": "2023-02-30"}, "“2023-02-30” is no day"),
        ({"q": "a", "to": "yesterday"}, "“yesterday” is no day"),
        ({"q": "a", "to": "9999-12-31"}, "as old or as new"),
        ({"q": "a", "page": "0"}, "from 1 to 40"),
        ({"q": "a", "page": "²"}, "from 1 to 40"),
    ],
)
def test_a_bad_question_is_answered_with_a_sentence(
    client: Client, parameters: dict[str, str], sentence: str
):
    publish(title="a b c")

    response = client.get("/search/", parameters)

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert TITLE.findall(response.content.decode()) == []


def test_filters_narrow_by_topic_provider_and_day(client: Client):
    harbour = make_topic("Harbour", slug="harbour")
    tram = make_provider(name="Tramline", domain="tramline.example")
    publish(title="Ferry one", topics=[harbour])
    publish(title="Ferry two", provider=tram)
    publish(title="Ferry three", published_at=LIVE)

    assert found(client, "ferry", topic="harbour") == ["Ferry one"]
    assert found(client, "ferry topic:Harbour") == ["Ferry one"]
    assert found(client, "ferry", provider="tramline.example") == ["Ferry two"]
    assert found(client, "ferry provider:tramline") == ["Ferry two"]
    assert found(client, "provider:tramline") == ["Ferry two"]
    assert found(client, "ferry", **{"from": "2024-05-07"}) == ["Ferry three"]
    assert sorted(found(client, "ferry", to="2024-05-06")) == ["Ferry one", "Ferry two"]


def test_facets_count_what_was_found_and_lead_on(client: Client):
    harbour = make_topic("Harbour", slug="harbour")
    for _ in range(3):
        publish(title="Ferry", topics=[harbour])

    text = ask(client, "ferry")

    assert (
        '<a href="?q=ferry&amp;topic=harbour" dir="auto">Harbour</a> <span class="count">3' in text
    )
    assert "Remove" not in text
    assert 'href="?q=ferry"' in ask(client, "ferry", topic="harbour")


def test_pages_of_results_go_on_without_repeating(client: Client):
    for number in range(30):
        publish(title=f"Ferry {number}")

    first, second = found(client, "ferry"), found(client, "ferry", page="2")

    assert (len(first), len(second), len({*first, *second})) == (25, 5, 30)


def test_only_what_is_published_is_found(client: Client):
    for state in State:
        if state != State.PUBLISHED:
            make_article(title="Ferry", state=state, go_live_at=LIVE, first_published_at=LIVE)
    publish(title="Ferry", provider=make_provider(policy="blocked"))
    publish(title="Ferry", expire_at=LIVE.replace(year=2025))
    publish(title="Ferry", go_live_at=LIVE.replace(year=2999))

    assert found(client, "ferry") == []


def test_a_topic_or_provider_that_readers_cannot_know_is_not_told(client: Client):
    make_article(
        topics=[make_topic("Hidden", slug="hidden")], provider=make_provider(domain="hid.example")
    )

    assert "no topic “hidden”" in ask(client, "a", topic="hidden")
    assert "no provider “hid.example”" in ask(client, "a", provider="hid.example")


def test_text_that_a_provider_keeps_back_is_not_searched(client: Client):
    only_links = make_provider(is_link_only=True)
    publish(excerpt="Hushmark", provider=only_links)
    publish(excerpt="One two Hushmark", provider=make_provider(excerpt_limit=7))

    assert found(client, "hushmark") == []
    only_links.is_link_only = False
    only_links.save()
    assert len(found(client, "hushmark")) == 1


def test_the_index_follows_every_change(client: Client):
    article = publish(title="Ferry", topics=[make_topic("Harbour")])
    assert ids("ferry harbour") == [article.pk]

    Article.objects.update(title="Tram")
    assert (ids("ferry"), ids("tram")) == ([], [article.pk])
    Provider.objects.update(name="Skerrow Packet")
    assert ids("skerrow") == [article.pk]
    Topic.objects.update(name="Quays")
    assert (ids("harbour"), ids("quays")) == ([], [article.pk])
    ArticleTopic.objects.all().delete()
    assert ids("quays") == []
    Article.objects.update(state=State.UNPUBLISHED)
    assert ids("tram") == []
    Article.objects.update(state=State.PUBLISHED)
    assert ids("tram") == [article.pk]
    article.delete()
    assert ids("tram") == []


def test_the_index_is_taken_back_with_the_change():
    article = publish(title="Ferry")

    with transaction.atomic():
        Article.objects.update(title="Tram")
        transaction.set_rollback(True)

    assert ids("ferry") == [article.pk]


def test_the_index_can_be_written_again():
    article = publish(title="Ferry")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_search")
    assert ids("ferry") == []

    rebuild("default")

    assert ids("ferry") == [article.pk]


@pytest.mark.parametrize("more", [{}, {"topic": "harbour"}, {"provider": "tram.example"}])
def test_the_number_of_queries_does_not_grow(client: Client, more: dict[str, Any]):
    harbour = make_topic("Harbour", slug="harbour")
    tram = make_provider(domain="tram.example")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/", {"q": "ferry topic:harbour", **more})
        return len(queries)

    publish(title="Ferry", topics=[harbour], provider=tram)
    one = count()
    for _ in range(40):
        publish(title="Ferry", topics=[harbour, make_topic()], provider=tram)

    assert one == count() <= 6


def test_what_was_typed_is_shown_as_text_and_never_run(client: Client):
    evil = "\"'><script>alert(1)</script>"
    publish(title="a b c")

    for name in ("q", "topic", "provider", "from", "to", "page"):
        text = client.get("/search/", {"q": "a", name: evil}).content.decode()
        assert "<script>alert" not in text, name


def test_a_search_that_finds_too_much_ranks_the_newest_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    for module in ("articles.search.finding", "articles.public.searching"):
        monkeypatch.setattr(f"{module}.MOST", 2)
    for number in range(4):
        publish(title=f"Ferry {number}")

    text = ask(client, "ferry")

    assert "2+ stories" in text
    assert found(client, "ferry") == ["Ferry 3", "Ferry 2"]


@pytest.mark.parametrize(
    "name", ["Grid & storage", "C++", "汐見", "Zoë’s law", "Top-10", "R&D 2.0"]
)
def test_a_topic_narrows_a_search_to_all_that_have_it_whatever_it_is_called(
    client: Client, name: str
):
    topic, other = make_topic(name, slug="narrow"), make_topic("Another", slug="another")
    publish(title="Ferry one", topics=[topic])
    publish(title="Ferry two", topics=[other, topic])
    publish(title=f"Ferry of {name}", topics=[other])
    assert sorted(found(client, "ferry", topic="narrow")) == ["Ferry one", "Ferry two"]
    assert sorted(found(client, f'ferry topic:"{name}"')) == ["Ferry one", "Ferry two"]


def test_the_newest_matches_are_the_same_however_many_are_hidden(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
):
    monkeypatch.setattr(finding, "MOST", 4)
    monkeypatch.setattr(finding, "FEW", 6)
    published, terms = Article.objects.published(), parse("ferry").terms
    seen = [publish(title="Ferry").pk for _ in range(6)]
    for hidden in (0, 1, 9):
        for _ in range(hidden):
            publish(title="Ferry", expire_at=LIVE + timedelta(days=1))
        with django_assert_num_queries(1):
            matches = find(published, terms)
        assert (matches.ids, matches.is_more) == (seen[:1:-1], True)
        few = find(published.filter(pk__lt=seen[3]), terms)
        assert (few.ids, few.is_more) == (seen[2::-1], False)

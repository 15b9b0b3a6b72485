"""The API of our own: what it says is what readers see, and what its description says it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.public.api.v1 import views
from articles.public.api.v1.openapi import PATHS, SCHEMAS
from articles.states import State
from tests.factories import make_article, make_provider, make_topic

from ..conftest import LIVE, publish, publish_story, relate

pytestmark = pytest.mark.django_db

HOME = "http://127.0.0.1:8000"
DOCS = Path(__file__).resolve().parents[3] / "docs" / "api.md"
TYPES: dict[str, Any] = {"string": str, "integer": int, "boolean": bool, "null": type(None)}
QUERY = {"/api/v1/search/": "?q=article"}


def conforms(value: Any, schema: dict[str, Any]) -> None:
    """The part of JSON Schema that the description uses."""
    if name := schema.get("$ref"):
        return conforms(value, SCHEMAS[name.rpartition("/")[2]])
    if schema["type"] == "object":
        assert list(value) == list(schema["properties"])
        for key, own in schema["properties"].items():
            conforms(value[key], own)
    elif schema["type"] == "array":
        for one in value:
            conforms(one, schema["items"])
    else:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(type(value) is TYPES[kind] for kind in kinds), (value, schema)
        if value is not None and schema.get("format") == "date-time":
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value)
        if value is not None and schema.get("format") == "uri":
            assert re.match("https?://", value)


def some_of_everything() -> None:
    topic = make_topic(slug="harbour", name="Harbour", parent=make_topic(slug="city", stem="01"))
    provider = make_provider(domain="courant.example", name="The Courant")
    lead, *_ = publish_story({"slug": "story", "topics": [topic], "provider": provider}, {})
    relate(lead, title="Related")
    make_article(slug="hidden", title="Hidden")


def items(client: Client, address: str | None) -> list[dict[str, Any]]:
    """Of a list, page after page."""
    found = []
    while address:
        page = client.get(address.removeprefix(HOME)).json()
        found += page["items"]
        address = page["next"]
    return found


IDS = {
    "/api/v1/stories/{id}/": "story",
    "/api/v1/topics/{id}/": "harbour",
    "/api/v1/providers/{id}/": "courant.example",
}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_as_it_is_described(client: Client, path: str):
    some_of_everything()
    described = PATHS[path]["get"]["responses"]

    response = client.get(path.replace("{id}", IDS.get(path, "")) + QUERY.get(path, ""))

    conforms(response.json(), described["200"]["content"]["application/json"]["schema"])
    assert response["Access-Control-Allow-Origin"] == "*"
    if "404" in described:
        refused = client.get(path.replace("{id}", "none"))
        assert refused.status_code == 404
        conforms(refused.json(), SCHEMAS["Error"])
    if "400" in described:
        assert client.get(f"{path}?colour=red").status_code == 400
        assert client.get(f"{path}?after=%00&q=%00").status_code == 400


def test_the_description_and_the_page_about_it_name_every_address(client: Client):
    text = DOCS.read_text(encoding="utf-8")
    described = client.get("/api/v1/openapi.json").json()

    assert set(described["paths"]) == set(PATHS)
    for path in PATHS:
        assert f"`{path.replace('{id}', 'ID')}" in text, path


def test_a_story_is_its_lead_with_its_coverage(client: Client):
    some_of_everything()

    story = client.get("/api/v1/stories/story/").json()

    assert (story["id"], story["page"]) == ("story", f"{HOME}/news/story/")
    assert story["self"] == f"{HOME}/api/v1/stories/story/"
    assert story["topics"] == [{"id": "harbour", "name": "Harbour"}]
    assert story["coverage"]["total"] == 2
    assert "Related" in [report["title"] for report in story["coverage"]["reports"]]
    assert client.get("/api/v1/stories/").json()["items"] == [story]


def test_a_search_finds_what_the_page_finds(client: Client):
    for number in range(30):
        publish(title=f"Ferry {number}")
    publish(title="Library")

    found = items(client, "/api/v1/search/?q=ferry")
    first = client.get("/api/v1/search/?q=ferry").json()

    assert {story["title"] for story in found} == {f"Ferry {number}" for number in range(30)}
    assert (first["total"], first["is_more"], len(first["items"])) == (30, False, 25)
    for bad in ("", "?q=", "?from=soon", "?topic=none", "?q=ferry&page=0"):
        assert client.get(f"/api/v1/search/{bad}").status_code == 400, bad


def test_an_id_answers_as_its_page_does(client: Client):
    lead, member = publish_story({}, {})
    make_article(slug="gone", state=State.UNPUBLISHED, first_published_at=LIVE)

    moved = client.get(f"/api/v1/stories/{member.slug}/")

    assert (moved.status_code, moved["Location"]) == (302, f"/api/v1/stories/{lead.slug}/")
    assert client.get("/api/v1/stories/gone/").status_code == 410


@pytest.mark.parametrize(
    "query", ["", "?order=latest", "?topic=harbour", "?order=latest&topic=harbour"]
)
def test_pages_hold_every_story_once(client: Client, query: str):
    topic = make_topic(slug="harbour")
    titles = {publish(title=f"Story {number}", topics=[topic]).title for number in range(60)}

    found = [story["title"] for story in items(client, f"/api/v1/stories/{query}")]

    assert len(found) == 60
    assert set(found) == titles


def test_names_are_paged_too(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(views, "NAMES", 2)
    for number in range(5):
        topic = make_topic(slug=f"topic-{number}")
        publish(topics=[topic], provider=make_provider(domain=f"p{number}.example"))

    assert [one["id"] for one in items(client, "/api/v1/topics/")] == [
        f"topic-{number}" for number in range(5)
    ]
    assert len(items(client, "/api/v1/providers/")) == 5


@pytest.mark.parametrize(
    "query", ["order=best", "topic=harbor", "provider=none.example", "after=x", "topics=harbour"]
)
def test_a_mistyped_question_is_never_taken_for_another(client: Client, query: str):
    some_of_everything()

    response = client.get(f"/api/v1/stories/?{query}")

    assert response.status_code == 400
    assert response.json()["error"].endswith(".")


def test_nothing_unpublished_is_in_the_api(client: Client):
    some_of_everything()
    secret = make_topic("Hushmark", slug="hushmark")
    make_article(slug="secret", topics=[secret], provider=make_provider(domain="hush.example"))

    for path in PATHS:
        address = path.replace("{id}", IDS.get(path, "")) + QUERY.get(path, "")
        text = client.get(address).content.decode()
        assert not re.search("hidden|secret|hush", text, re.IGNORECASE), path
    for path in ("stories/secret", "topics/hushmark", "providers/hush.example"):
        assert client.get(f"/api/v1/{path}/").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_many_cost_what_one_does(client: Client, path: str):
    some_of_everything()
    path = path.replace("{id}", IDS.get(path, "")) + QUERY.get(path, "")
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for _ in range(30):
        publish_story({"topics": [make_topic(), make_topic()]}, {})
    with CaptureQueriesContext(connection) as many:
        client.get(path)

    assert len(many) <= len(one) <= 6

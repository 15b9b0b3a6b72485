"""`/api/v1/` described for programs (OpenAPI 3.1); docs/api.md says the same for people."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from ...links import absolute

Schema = dict[str, Any]


def document() -> Schema:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": settings.SITE_NAME,
            "version": "1",
            "summary": "Published stories with their coverage. Reading needs no key.",
        },
        "servers": [{"url": absolute("").rstrip("/")}],
        "paths": PATHS,
        "components": {"schemas": SCHEMAS},
    }


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _page(name: str) -> Schema:
    return _object(items=_list(_ref(name)), next=_URL_OR_NULL)


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": "integer"}
_URL: Schema = {"type": "string", "format": "uri"}
_URL_OR_NULL: Schema = {"type": ["string", "null"], "format": "uri"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_TIME_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}

_REPORT: dict[str, Schema] = {
    "title": _TEXT,
    "link": _URL_OR_NULL,
    "type": _TEXT_OR_NULL,
    "published_at": _TIME_OR_NULL,
    "quality": _NUMBER,
    "provider": _ref("ProviderName"),
}

SCHEMAS: dict[str, Schema] = {
    "TopicName": _object(id=_TEXT, name=_TEXT),
    "ProviderName": _object(id=_TEXT, name=_TEXT),
    "Report": _object(**_REPORT),
    "Coverage": _object(total=_NUMBER, reports=_list(_ref("Report"))),
    "Story": _object(
        id=_TEXT,
        page=_URL,
        self=_URL,
        **_REPORT,
        excerpt=_TEXT,
        live_at=_TIME,
        heat=_NUMBER,
        topics=_list(_ref("TopicName")),
        coverage=_ref("Coverage"),
    ),
    "Stories": _page("Story"),
    "Matches": _object(
        items=_list(_ref("Story")), next=_URL_OR_NULL, total=_NUMBER, is_more={"type": "boolean"}
    ),
    "Topic": _object(id=_TEXT, name=_TEXT, parent=_TEXT_OR_NULL, page=_URL, stories=_URL),
    "Topics": _page("Topic"),
    "Provider": _object(id=_TEXT, name=_TEXT, description=_TEXT, page=_URL, stories=_URL),
    "Providers": _page("Provider"),
    "Change": _object(
        kind={"type": "string", "enum": ["added", "changed", "gone"]},
        id=_TEXT,
        page=_URL,
        self=_URL,
        at=_TIME,
    ),
    "Changes": _object(items=_list(_ref("Change")), next=_URL, is_more={"type": "boolean"}),
    "Error": _object(error=_TEXT),
}


def _get(summary: str, schema: str, *parameters: Schema, gone: bool = False) -> Schema:
    refusals = {"400": "Not understood"} if any(p["in"] == "query" for p in parameters) else {}
    if any(p["in"] == "path" for p in parameters):
        refusals["404"] = "Not there"
    if gone:
        refusals["410"] = "Gone"
    return {
        "get": {
            "summary": summary,
            "parameters": list(parameters),
            "responses": {
                "200": _answer("The answer", schema),
                **{code: _answer(words, "Error") for code, words in refusals.items()},
            },
        }
    }


def _answer(words: str, schema: str) -> Schema:
    return {"description": words, "content": {"application/json": {"schema": _ref(schema)}}}


def _query(name: str, description: str, **schema: Any) -> Schema:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", **schema},
    }


def _key(name: str, description: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string"},
    }


_AFTER = _query("after", "The place to go on from, as `next` gives it.")

PATHS: dict[str, Schema] = {
    "/api/v1/stories/": _get(
        "Published stories with up to eight reports of their coverage, 25 a page.",
        "Stories",
        _query("order", "By rank, or by going live.", enum=["ranked", "latest"], default="ranked"),
        _query("topic", "Only stories of the topic of this id."),
        _query("provider", "Only stories that the provider of this id leads."),
        _AFTER,
    ),
    "/api/v1/stories/{id}/": _get(
        "One story with all its coverage.",
        "Story",
        _key("id", "The stem of the story's page; that of any article in it leads there."),
        gone=True,
    ),
    "/api/v1/search/": _get(
        "Stories that have all the words, best first, 25 a page; of more than 1,000 the newest.",
        "Matches",
        _query("q", "Words; `topic:` and `provider:` in it narrow the search."),
        _query("topic", "A topic's id or name."),
        _query("provider", "A provider's id or name."),
        _query("from", "The first day of the publishers' own time.", format="date"),
        _query("to", "The last day.", format="date"),
        _query("page", "The page's number, from 1.", pattern="^[1-9][0-9]*$"),
    ),
    "/api/v1/changes/": _get(
        "What happened to stories in the last 90 days; without `since` nothing but where to begin.",
        "Changes",
        _query("since", "A time, or as `next` gives it."),
        gone=True,
    ),
    "/api/v1/topics/": _get("The subjects, by id.", "Topics", _AFTER),
    "/api/v1/topics/{id}/": _get("One subject.", "Topic", _key("id", "The topic's slug.")),
    "/api/v1/providers/": _get("The publishers, by id.", "Providers", _AFTER),
    "/api/v1/providers/{id}/": _get("One publisher.", "Provider", _key("id", "Its domain.")),
}

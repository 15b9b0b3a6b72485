"""Whether a feed is one: by the models of rss-parser, by JSON Feed's published schema, and by what
the specifications ask for besides. Each check gives the items in the order of the feed."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree

from jsonfeedvalidator.schema import SCHEMA
from jsonschema import Draft4Validator
from rss_parser import AtomParser, RSSParser

HOME = "http://127.0.0.1:8000"
ATOM = "{http://www.w3.org/2005/Atom}"


def _schema() -> dict[str, Any]:
    """The published schema is of version 1; 1.1 added these members and took away none."""
    schema = deepcopy(SCHEMA)
    authors = {"type": "array", "items": {"$ref": "#/definitions/author"}}
    for part in (schema, schema["definitions"]["item"]):
        part["properties"] |= {"authors": authors, "language": {"type": "string"}}
    return schema


JSON_FEED = Draft4Validator(_schema(), format_checker=Draft4Validator.FORMAT_CHECKER)


def check_rss(data: bytes) -> list[dict[str, str]]:
    """RSS 2.0: what the specification requires, and what its profile asks for besides."""
    read: Any = RSSParser.parse(data.decode())
    root = ElementTree.fromstring(data)
    assert (root.tag, root.attrib["version"]) == ("rss", "2.0")
    [channel] = root
    for required in ("title", "link", "description", "lastBuildDate"):
        assert len(channel.findall(required)) == 1
        assert channel.findtext(required)
    assert isinstance(read.channel.last_build_date.content, datetime)
    [own] = channel.findall(f"{ATOM}link")
    assert own.attrib["rel"] == "self"
    items = [_rss_item(item) for item in channel.findall("item")]
    assert len(items) == len(read.channel.items)
    return items


def _rss_item(item: ElementTree.Element) -> dict[str, str]:
    tags = [child.tag for child in item if child.tag != "category"]
    assert len(tags) == len(set(tags))
    assert item.findtext("title")
    [guid] = item.findall("guid")
    assert guid.attrib == {"isPermaLink": "true"}
    at = parsedate_to_datetime(item.findtext("pubDate") or "")
    return {
        "id": guid.text or "",
        "title": item.findtext("title") or "",
        "link": item.findtext("link") or "",
        "html": item.findtext("description") or "",
        "at": at.isoformat(),
    }


def check_atom(data: bytes) -> list[dict[str, str]]:
    """Atom 1.0 (RFC 4287, section 4.1): required elements, each as often as it may be."""
    read: Any = AtomParser.parse(data.decode())
    root = ElementTree.fromstring(data)
    assert root.tag == f"{ATOM}feed"
    _atom_required(root)
    [own] = [link for link in root.findall(f"{ATOM}link") if link.attrib["rel"] == "self"]
    assert own.attrib["href"].startswith(HOME)
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == len(read.feed.entries)
    return [_atom_item(entry, root) for entry in entries]


def _atom_item(entry: ElementTree.Element, root: ElementTree.Element) -> dict[str, str]:
    _atom_required(entry)
    name = f"{ATOM}author/{ATOM}name"
    assert entry.findtext(name) or root.findtext(name)
    [alternate] = [x for x in entry.findall(f"{ATOM}link") if x.attrib["rel"] == "alternate"]
    return {
        "id": entry.findtext(f"{ATOM}id") or "",
        "title": entry.findtext(f"{ATOM}title") or "",
        "link": alternate.attrib["href"],
        "html": entry.findtext(f"{ATOM}summary") or "",
        "at": entry.findtext(f"{ATOM}published") or "",
    }


def _atom_required(element: ElementTree.Element) -> None:
    for name in ("id", "title", "updated"):
        assert len(element.findall(f"{ATOM}{name}")) == 1
        assert element.findtext(f"{ATOM}{name}")
    assert (element.findtext(f"{ATOM}id") or "").startswith("http")
    assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo


def check_json(data: bytes) -> list[dict[str, str]]:
    """JSON Feed 1.1: its schema, and what is only asked for of feeds on the public web."""
    feed = json.loads(data)
    JSON_FEED.validate(feed)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    for address in ("home_page_url", "feed_url"):
        assert feed[address].startswith(HOME)
    return [_json_item(item) for item in feed["items"]]


def _json_item(item: dict[str, Any]) -> dict[str, str]:
    assert datetime.fromisoformat(item["date_published"]).tzinfo
    return {
        "id": item["id"],
        "title": item["title"],
        "link": item.get("external_url", item["url"]),
        "html": item["content_html"],
        "at": item["date_published"],
    }


CHECKS = {"rss": check_rss, "atom": check_atom, "json": check_json}

"""One feed in three formats: RSS 2.0, Atom 1.0, JSON Feed 1.1. Asks the database nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be told of. `address` is its page here, absolute, and its id for good.

    `link` is where its headline leads, `html` what a feed reader shows under it, `summary` the
    same as plain text; `author` wrote what it links to, and is found at `author_link`. `image`
    is the address of a JPEG, `author_image` that of a square PNG, absolute. `written` is what
    formats made of it: many feeds have the same items.
    """

    address: str
    link: str
    title: str
    html: str
    summary: str
    at: datetime
    author: str = ""
    author_link: str = ""
    tags: Sequence[str] = ()
    image: str = ""
    author_image: str = ""
    written: dict[type, str] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Feed:
    """Items in the order of going live, newest first; `home` is the page they are listed on.

    `icon` is the address of a square PNG, absolute: the face of what the feed is about.
    """

    title: str
    description: str
    home: str
    address: str
    items: Sequence[Item]
    icon: str = ""

    @property
    def changed_at(self) -> datetime:
        """When the newest item came; fixed for an empty feed, so that it stays the same bytes."""
        return max((item.at for item in self.items), default=_BEGINNING)


class _Stamped(SyndicationFeed):
    """Django's feeds say the present time when they are empty."""

    changed_at = _BEGINNING

    def latest_post_date(self) -> datetime:
        return self.changed_at


def _write_once(
    feed: SyndicationFeed, write: Callable[[SimplerXMLGenerator], None], handler: Any
) -> None:
    """The items of a feed as `write` has them, each as it was written for another one."""
    kind, every = type(feed), feed.items
    for item in every:
        written = item["written"]
        if kind not in written:
            text = StringIO()
            feed.items = [item]
            write(SimplerXMLGenerator(text, "utf-8", short_empty_elements=True))
            written[kind] = text.getvalue()
        # What SAX calls by this name goes out as it is.
        handler.ignorableWhitespace(written[kind])
    feed.items = every


class _Rss(_Stamped, Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:media": "http://search.yahoo.com/mrss/"}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["icon"]:
            handler.startElement("image", {})
            for name, said in (("url", "icon"), ("title", "title"), ("link", "link")):
                handler.addQuickElement(name, self.feed[said])
            handler.endElement("image")

    def write_items(self, handler: Any) -> None:
        _write_once(self, super().write_items, handler)

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["image"]:
            picture = {"url": item["image"], "medium": "image", "type": "image/jpeg"}
            handler.addQuickElement("media:content", "", picture)


class _Atom(_Stamped, Atom1Feed):
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["icon"]:
            handler.addQuickElement("icon", self.feed["icon"])

    def write_items(self, handler: Any) -> None:
        _write_once(self, super().write_items, handler)

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item["comments"]:
            link = {"rel": "related", "href": item["comments"], "type": "text/html"}
            handler.addQuickElement("link", "", link)
        if item["image"]:
            link = {"rel": "enclosure", "href": item["image"], "type": "image/jpeg"}
            handler.addQuickElement("link", "", link)


def rss(feed: Feed) -> bytes:
    """RSS 2.0: a headline leads to its publisher, `comments` and `guid` are its page here."""
    return _xml(_Rss, feed)


def atom(feed: Feed) -> bytes:
    """Atom 1.0: a headline leads to its publisher, its page here is `related` and its id."""
    return _xml(_Atom, feed)


def json_feed(feed: Feed) -> bytes:
    """JSON Feed 1.1: `url` is the page here, `external_url` where the headline leads."""
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "language": settings.LANGUAGE_CODE,
        "items": [_json_item(item) for item in feed.items],
    }
    if feed.icon:
        whole["icon"] = feed.icon
    return json.dumps(whole, ensure_ascii=False).encode()


class Format(NamedTuple):
    media_type: str
    render: Callable[[Feed], bytes]


FORMATS = {
    "rss": Format("application/rss+xml", rss),
    "atom": Format("application/atom+xml", atom),
    "json": Format("application/feed+json", json_feed),
}
"""By the suffix of the feed's address."""


def _xml(kind: type[_Stamped], feed: Feed) -> bytes:
    xml = kind(
        title=clean(feed.title),
        link=clean(feed.home),
        description=clean(feed.description),
        subtitle=clean(feed.description),
        language=settings.LANGUAGE_CODE,
        feed_url=clean(feed.address),
        # Atom wants somebody for entries that name nobody; RSS has no such element.
        author_name=clean(settings.SITE_NAME),
        icon=feed.icon,
    )
    xml.changed_at = feed.changed_at
    for item in feed.items:
        if kind in item.written:
            xml.items.append({"written": item.written})
            continue
        xml.add_item(
            title=clean(item.title),
            link=clean(item.link),
            description=clean(item.html),
            unique_id=clean(item.address),
            unique_id_is_permalink=True,
            pubdate=item.at,
            updateddate=item.at,
            author_name=clean(item.author) or None,
            author_link=clean(item.author_link) or None,
            categories=[clean(tag) for tag in item.tags],
            comments=clean(item.address) if item.link != item.address else None,
            image=item.image,
            written=item.written,
        )
    return xml.writeString("utf-8").encode()


def clean(text: str) -> str:
    """Without the characters that XML has no way to write."""
    return _NOT_IN_XML.sub("", text)


def _json_item(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": item.address,
        "url": item.address,
        "title": item.title,
        "content_html": item.html,
        "summary": item.summary,
        "date_published": f"{item.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "tags": list(item.tags),
    }
    if item.link != item.address:
        found["external_url"] = item.link
    if item.image:
        found["image"] = item.image
    if item.author:
        author = {"name": item.author, "url": item.author_link, "avatar": item.author_image}
        found["authors"] = [{key: value for key, value in author.items() if value}]
    return found

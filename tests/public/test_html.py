"""Every page is HTML as specified: a strict parser finds no fault; ids and nesting are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from articles.desk.sharing import revoke, share, token_of
from articles.digests import close, fill
from articles.models import Digest, Transition
from tests.factories import make_article, make_provider, make_topic, make_user
from tests.hostile import LONG

from .conftest import LIVE, publish, publish_story, relate
from .test_pages import PATHS

pytestmark = pytest.mark.django_db

DIGEST = f"/digest/{LIVE:%Y-%m-%d}/"
ANSWERS = {
    **dict.fromkeys(PATHS, 200),
    **dict.fromkeys(("/digest/", DIGEST, f"{DIGEST}mail.html"), 200),
    "/news/story/?order=time": 200,
    "/search/?q=nothingofthesort": 200,
    "/archive/2001/02/03/": 200,
    "/search/?q=...": 400,
    "/search/?from=never": 400,
    "/news/story/?order=size": 400,
    "/topics/harbour/?order=size": 400,
    "/nothing/": 404,
    "/news/none/": 404,
    "/?after=junk": 404,
    "/archive/2024/02/30/": 404,
    "/news/gone/": 410,
}
"""Every kind of page, with what it answers."""
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
MAY_HOLD = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "dl": {"dt", "dd", "div"},
    "head": {"meta", "title", "link", "script"},
}
PRESSED = {"a", "button", "input", "select", "textarea", "details"}


def faults(text: str) -> list[str]:
    """What is wrong with a page; the parser's first error ends the search."""
    try:
        root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    except html5lib.html5parser.ParseError as error:
        return [str(error)]
    return [*_of_ids(root), *_of_nesting(root)]


def _of_ids(root: Element) -> Iterator[str]:
    ids = Counter(element.attrib["id"] for element in root.iter() if "id" in element.attrib)
    yield from (f"the id {name} twice" for name, count in ids.items() if count > 1)
    for element in root.iter():
        named = {one for name in REFERENCES for one in element.attrib.get(name, "").split()}
        if element.attrib.get("href", "").startswith("#"):
            named.add(element.attrib["href"][1:])
        yield from (f"nothing has the id {one}" for one in named - ids.keys())


def _of_nesting(root: Element) -> Iterator[str]:
    """Parsers put up with these, validators do not."""
    for element in root.iter():
        within = {str(child.tag) for child in element if isinstance(child.tag, str)}
        if wrong := within - MAY_HOLD.get(str(element.tag), within):
            yield f"{sorted(wrong)} in {element.tag}"
        if element.tag in ("a", "button"):
            inside = {child.tag for child in element.iter() if child is not element}
            yield from (f"{tag} in {element.tag}" for tag in inside & PRESSED)
        if element.tag == "img" and "alt" not in element.attrib:
            yield "a picture without alt"


def a_newsroom(**texts: Any) -> None:
    """Something of every kind that readers meet, with these texts in its articles."""
    parent = make_topic("Sea", slug="sea", stem="00-sea")
    topic = make_topic("Harbour", slug="harbour", parent=parent)
    provider = make_provider(domain="courant.example", name=texts["title"][:200])
    own: dict[str, Any] = {**texts, "slug": "story", "topics": [parent, topic]}
    lead, *_ = publish_story(own | {"provider": provider}, texts, texts)
    relate(lead, title=texts["title"][:200])
    publish(**texts, topics=[topic], published_at=None)
    make_article(**texts, slug="gone", state="unpublished", first_published_at=LIVE)
    note = {"public_note": texts["title"], "at": timezone.now(), "version": 2}
    Transition.objects.create(article=lead, action="edit", to_state=lead.state, **note)
    digest = Digest.objects.create(day=LIVE.date(), introduction=texts["title"])
    fill(digest, timezone.now())
    digest.items.update(comment=texts["title"])
    close(digest, make_user("publisher"), timezone.now())


def text_of(response: Any) -> str:
    assert response["Content-Type"] == "text/html; charset=utf-8"
    return response.content.decode()


def test_every_page_is_html_without_a_fault(client: Client, settings: Any):
    settings.PICTURES = "linked"
    picture = [{"url": "https://pictures.example/a.jpg", "width": 1200, "height": 800}]
    texts = {"title": LONG[:300], "excerpt": LONG, "body": LONG}
    a_newsroom(**texts, images=picture, embed='<iframe src="https://www.youtube.com/embed/x">')
    found = {}
    for path, status in ANSWERS.items():
        response = client.get(path)
        assert response.status_code == status, path
        found[path] = faults(text_of(response))

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_an_empty_site_is_html_without_a_fault(client: Client):
    paths = [path for path in PATHS if "story" not in path and "r/" not in path]
    found = {path: faults(text_of(client.get(path))) for path in paths}

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_pages_that_stand_for_themselves_are_html_without_a_fault(client: Client):
    article = make_article(title=LONG[:300])
    now = timezone.now()
    ana = make_user("publisher")
    link = share(article, ana, revision=None, lifetime=timedelta(hours=1), now=now)
    path = f"/preview/{token_of(link)}/"
    assert faults(text_of(client.get(path))) == []
    revoke(link, ana, now)
    assert faults(text_of(client.get(path))) == []
    assert faults(render_to_string("500.html")) == []


def test_what_feeds_show_of_a_story_is_html_without_a_fault(client: Client):
    a_newsroom(title=LONG[:300], excerpt=LONG)
    for item in client.get("/feed.json").json()["items"]:
        assert faults(f"<!DOCTYPE html><title>x</title>{item['content_html']}") == []


@pytest.mark.parametrize(
    "wrong",
    [
        *("<p><div></p>", "a & b &copy c", "<b id=a></b><i id=a></i>", "<ul><p></p></ul>"),
        *('<label for="x"></label>', '<a href="#x"></a>', "<a><button></button></a>", "<img>"),
    ],
)
def test_a_fault_is_found(wrong: str):
    page = "<!DOCTYPE html><title>x</title>"

    assert faults(page) == []
    assert faults(page + wrong)

"""A newsroom full of what readers may not see: none of it is in any answer, nor in any file."""

from __future__ import annotations

import re
import zlib
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import CharField, Field, TextField
from django.test import Client
from django.utils import timezone

from articles.models import Article, Note, Revision, Source, Transition
from articles.public.feeds.formats import FORMATS
from articles.publishing import publish
from articles.publishing.seeds import seeds
from articles.publishing.touched import standing
from articles.states import State
from articles.stories import refresh
from providers.fields import JSONTextField
from tests.content import A_DAY, Piece, put_file, story
from tests.factories import make_article, make_provider, make_topic, make_user
from tests.shares import ALL

from .conftest import LIVE, PUBLISHED

pytestmark = pytest.mark.django_db

HIDDEN = 1_000 if ALL else 90
SHOWN = 30 if ALL else 6
MARK = "hushmark"
WORD = "ferry"
"""Stands beside each mark and in what is shown: a search for it would find both."""

WINDOWS: dict[str, Any] = {
    "scheduled": {"go_live_at": timezone.now() + timedelta(days=1)},
    "expired": {"expire_at": timezone.now() - timedelta(days=1)},
    "blocked": {},
}
KINDS = [*(state for state in State if state != State.PUBLISHED), *WINDOWS]
OWN = {"slug", "state", "file_state", "came_from"}
LINK = re.compile(r'(?:href|src|content)="([^"]+)"|<loc>([^<]+)</loc>|"(https?://[^"\\]+)"')


def marked(field: Field, number: int) -> Any:
    """A value for a field of an article, with the mark in it."""
    if field.name.endswith("_url"):
        return f"https://{MARK}.example/{field.name}/{number}"
    if field.name == "embed":
        return f'<iframe src="https://www.youtube.com/embed/{MARK}"></iframe>'
    if isinstance(field, JSONTextField):
        return [{"url": f"https://{MARK}.example/{number}.jpg", "title": MARK}]
    return f"{MARK} {WORD} {number}"


def hide(number: int, kind: str) -> Article:
    """An article that readers may not see, each of its texts marked, of its own topic and
    provider; every third one was public once, and every fourth leads others."""
    texts = {
        field.name: marked(field, number)
        for field in Article._meta.concrete_fields
        if isinstance(field, CharField | TextField) and field.name not in OWN
    }
    once = {"go_live_at": LIVE, "first_published_at": LIVE} if number % 3 == 0 else {}
    window = PUBLISHED | WINDOWS[kind] if kind in WINDOWS else {"state": kind} | once
    policy = "blocked" if kind == "blocked" else "normal"
    provider = make_provider(domain=f"{MARK}-{number}.example", name=MARK, policy=policy)
    topic = make_topic(f"{MARK} {number}", slug=f"{MARK}-{number}")
    own = {"slug": f"2024-05-06-{MARK}-{number}", "provider": provider, "topics": [topic]}
    article = make_article(**texts | window | own)
    if number % 4 == 0:
        under = own | {"slug": f"2024-05-06-{MARK}-{number}-under", "story": article.story}
        make_article(**texts | under | {"is_lead": False})
    refresh([article.story_id])
    return article


def show(folder: Path) -> None:
    """Stories as files bring them, with what readers never see: unknown keys, `secured`, bodies of
    coverage; and what the desk says of all of them."""
    extra = {"secured": f"{MARK};{MARK}"}
    unknown = f"author: {MARK}\nx-own:\n  note: [{MARK}]\ntitle: ".encode()
    for number in range(SHOWN):
        lead = Piece(f"tide-{number}", f"{WORD} {number}", 90, published=True, extra=extra)
        other = Piece(f"quay-{number}", f"Another {WORD} {number}", extra=extra, body=MARK)
        for piece in story(lead, other):
            data = piece.data.replace(b"title: ", unknown, 1)
            put_file(folder, f"_news/{piece.name}.md", data)
    call_command("frontmatter", "import", str(folder), verbosity=0)
    editor = make_user("editor", username=MARK, first_name=MARK, email=f"{MARK}@desk.example")
    data = zlib.compress(f"---\ntitle: {MARK}\n---\n{MARK}\n".encode())
    own: dict[str, Any] = {"actor": editor}
    for article in Article.objects.all():
        Note.objects.create(article=article, author=editor, text=MARK, created_at=LIVE)
        draft = Revision.objects.create(article=article, data=data, created_at=LIVE, **own)
        said = {"comment": MARK, "reason": MARK, "changes": {"title": [MARK, MARK]}}
        act = {"action": "edit", "to_state": article.state, "version": 2, "at": A_DAY}
        Transition.objects.create(article=article, **act, **said, **own)
        article.warnings, article.assignee = [MARK], editor
        if article.state == State.PUBLISHED:
            article.draft = article.draft_base = draft
        article.save()


def asked() -> Iterator[str]:
    """Where a reader can ask: all that is published, the machines' addresses, and each address
    that something hidden would have."""
    now = timezone.now()
    yield from seeds(standing(now), (), now)
    yield from ("/live/", "/api/v1/openapi.json", "/api/v1/stories/", "/api/v1/topics/")
    yield from ("/api/v1/providers/", "/api/v1/changes/", f"/api/v1/search/?q={WORD}")
    yield from (f"/search/?q={WORD}", "/search/?from=2000-01-01", f"/search/?q={WORD[:3]}")
    yield from (f"/search/feed.{suffix}?q={WORD}" for suffix in FORMATS)
    yield from ("/nothing/here/", "/latest/?after=x", "/search/?from=x", "/preview/none/")
    for article in Article.objects.select_related("provider").prefetch_related("topics"):
        slug, domain = article.slug, article.provider.domain
        yield from (f"/news/{slug}/", f"/news/{slug}/?order=time", f"/api/news/{slug}/index.json")
        yield from (f"/api/v1/stories/{slug}/", f"/api/v1/providers/{domain}/")
        yield from (f"/providers/{domain}/", f"/providers/{domain}/feed.json")
        for topic in article.topics.all():
            yield from (f"/topics/{topic.slug}/", f"/topics/{topic.slug}/?order=latest")
            yield from (f"/topics/{topic.slug}/feed.atom", f"/api/v1/topics/{topic.slug}/")
            yield from (f"/api/news/{topic.slug}/", f"/api/news/{topic.slug}/page/1/")


def walked(client: Client) -> dict[str, str]:
    """The answers of all of them and of every page that they lead to, by address."""
    waiting, found = deque(asked()), dict[str, str]()
    while waiting:
        address = waiting.popleft()
        if address in found:
            continue
        response = client.get(address)
        if response.streaming:
            continue
        text = response.content.decode(errors="replace") + str(sorted(response.headers.items()))
        found[address] = text
        links = {unescape(next(filter(None, link))) for link in LINK.findall(text)}
        for link in {link.removeprefix(settings.SITE_URL) for link in links}:
            # A search leads to others without end, and changes to those since.
            is_endless = link.startswith(("/search/", "?")) or "since=" in link
            if link.startswith(("/", "?")) and not link.startswith("//") and not is_endless:
                waiting.append(link.partition("#")[0])
    return found


def told(address: str, text: str) -> bool:
    """Whether an answer says more of the mark than the address that was asked for."""
    lowered = unquote(text.lower())
    for own in (unquote(address), *unquote(address).strip("/").split("/")):
        lowered = lowered.replace(own.lower(), "")
    return MARK in lowered


def test_nothing_hidden_is_in_any_answer_or_file(client: Client, tmp_path: Path):
    show(tmp_path / "content")
    for number, kind in enumerate(islice(cycle(KINDS), HIDDEN)):
        hide(number, kind)
    assert Source.objects.exists()
    assert Article.objects.shown().count() == 2 * SHOWN

    answers = walked(client)
    publish(tmp_path / "site")

    assert WORD in answers["/"]
    assert f"<mark>{WORD}</mark>" in answers[f"/search/?q={WORD}"]
    assert [address for address, text in answers.items() if told(address, text)] == []
    files = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert len(files) > 2 * SHOWN
    assert [path for path in files if MARK in f"{path.relative_to(tmp_path)}"] == []
    assert [path for path in files if MARK.encode() in path.read_bytes().lower()] == []

"""The site as files: the same pages, every link in them there, nothing that is not public."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from articles.digests import fill
from articles.exchange import run_import
from articles.models import Article, Digest
from articles.publishing import places
from articles.publishing import publish as publish_site
from articles.states import State
from tests.content import SEAL, Piece, put_file
from tests.factories import make_article, make_provider, make_topic
from tests.images.kept import ADDRESS, give_logo, keep_at
from tests.public.conftest import LIVE, publish, publish_story

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


def some_of_everything(stories: int = 5) -> list[Article]:
    topic = make_topic(slug="harbour", name="Harbour", stem="01-harbour")
    provider = make_provider(domain="courant.example", name="The Courant", stem="courant.example")
    return [
        publish_story({"slug": f"story-{n}", "topics": [topic], "provider": provider}, {})[0]
        for n in range(stories)
    ]


def settle() -> None:
    connection.check_constraints()


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".newsroom")
    }


def links(text: str) -> Iterator[str]:
    for link in re.findall(r'\b(?:href|src)="([^"]*)"', text):
        yield unescape(link)


def broken(folder: Path, home: str = SITE, prefix: str = "") -> list[tuple[str, str]]:
    """(file, link) of each link to the site itself that leads to no file."""
    found = []
    for name, data in files(folder).items():
        if not name.endswith(".html"):
            continue
        for link in links(data.decode()):
            path = link.removeprefix(home)
            if path == link:
                if link.startswith("http") or link.startswith("#"):
                    continue
                assert link.startswith(f"{prefix}/"), (name, link)
                path = link.removeprefix(prefix)
            path = unquote(path.partition("#")[0]) or "/"
            target = folder / path.removeprefix("/") / ("index.html" if path.endswith("/") else "")
            if not target.is_file():
                found.append((name, link))
    return found


def test_pages_are_the_bytes_of_the_live_site(client: Client, tmp_path: Path, short_lists: None):
    some_of_everything()
    make_article(slug="hidden")

    publish_site(tmp_path)

    found = files(tmp_path)
    for path in ("/about/", "/topics/", "/news/story-4/", "/archive/2024/05/"):
        assert found[f"{path[1:]}index.html"] == client.get(path).content, path
    for path in ("feed.rss", "feed.json", "sitemap.xml", "robots.txt", "opml.xml"):
        assert found[path] == client.get(f"/{path}").content, path
    for path in (
        "api/news/index.json",
        "api/news/page/2/index.json",
        "api/news/story-3/index.json",
    ):
        assert found[path] == client.get(f"/{path}").content, path
    assert "static/public/site.css" in found
    assert b"<h1" in found["404.html"]


def test_every_link_leads_to_a_file(
    tmp_path: Path, short_lists: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(places, "PAGES", 3)
    some_of_everything(11)

    publish_site(tmp_path)

    assert broken(tmp_path) == []
    assert {"page/2/index.html", "latest/page/3/index.html"} <= files(tmp_path).keys()
    assert "topics/harbour/latest/page/2/index.html" in files(tmp_path)
    assert "latest/page/4/index.html" not in files(tmp_path)
    assert not [name for name, data in files(tmp_path).items() if b"?after=" in data]


@override_settings(
    SITE_URL="https://example.org/press",
    SITE_PATH="/press",
    FORCE_SCRIPT_NAME="/press",
    STATIC_URL="/press/static/",
)
def test_links_are_right_under_a_path_too(tmp_path: Path):
    some_of_everything()

    publish_site(tmp_path)

    assert broken(tmp_path, "https://example.org/press", "/press") == []
    assert "news/story-3/index.html" in files(tmp_path)
    assert b"https://example.org/press/news/story-3/" in files(tmp_path)["feed.rss"]


def test_a_second_run_writes_nothing_and_a_later_one_what_changed(tmp_path: Path):
    leads = some_of_everything()
    settle()
    first = publish_site(tmp_path)
    settle()
    again = publish_site(tmp_path)
    assert (again.written, again.deleted, again.kept) == (0, 0, first.written)

    Article.objects.filter(pk=leads[0].pk).update(title="Renamed")
    settle()
    after = publish_site(tmp_path)

    assert b"Renamed" in files(tmp_path)["news/story-0/index.html"]
    assert b"Renamed" in files(tmp_path)["feed.rss"] + files(tmp_path)["api/news/index.json"]
    assert 0 < after.written < first.written
    assert "news/story-1/index.html" in files(tmp_path)
    whole = files(tmp_path)
    publish_site(tmp_path, is_fresh=True)
    assert files(tmp_path) == whole


def test_what_is_gone_is_deleted_and_what_is_not_ours_stays(tmp_path: Path):
    lead, *_ = some_of_everything(3)
    (tmp_path / "CNAME").write_text("news.example")
    publish_site(tmp_path)
    settle()

    Article.objects.filter(pk=lead.pk).update(state=State.UNPUBLISHED)
    settle()
    done = publish_site(tmp_path)

    assert done.deleted >= 2
    assert "news/story-0/index.html" not in files(tmp_path)
    assert not (tmp_path / "news" / "story-0").exists()
    assert (tmp_path / "CNAME").read_text() == "news.example"
    assert broken(tmp_path) == []


SECRET = "Hushmark"


def secret(**changes: Any) -> dict[str, Any]:
    texts = {"title": SECRET, "excerpt": SECRET, "body": SECRET, "topics": [make_topic(SECRET)]}
    return texts | changes


def test_nothing_that_is_not_public_is_in_any_file(tmp_path: Path):
    lead, *_ = some_of_everything(2)
    now = timezone.now()
    lead.notes.create(text=SECRET, created_at=now)
    lead.transitions.create(action="edit", to_state="published", comment=SECRET, version=1, at=now)
    digest = Digest.objects.create(day=timezone.localdate(LIVE), introduction=SECRET)
    fill(digest, now)
    digest.items.update(comment=SECRET)
    soon = timezone.now() + timedelta(hours=1)
    for state in (state for state in State if state != State.PUBLISHED):
        make_article(**secret(state=state, first_published_at=None))
    publish(**secret(go_live_at=soon, first_published_at=soon))
    publish(**secret(expire_at=timezone.now() - timedelta(hours=1)))
    publish(**secret(provider=make_provider(policy="blocked", name=SECRET)))

    publish_site(tmp_path)

    leaks = [name for name, data in files(tmp_path).items() if SECRET.encode() in data]
    assert leaks == []


def test_the_seal_and_unknown_keys_of_what_is_public_are_in_no_file(tmp_path: Path):
    other = Piece("ferry", title="A second report")
    for piece in (Piece("quay", published=True, related=[other]), other):
        data = piece.data.replace(b"title:", f"ours: {SECRET}\ntitle:".encode(), 1)
        put_file(tmp_path / "content", f"_news/{piece.name}.md", data)
    run_import([tmp_path / "content"])
    settle()

    publish_site(tmp_path / "out")

    found = files(tmp_path / "out")
    assert b"What happened at quay" in found["news/quay/index.html"]
    for name, data in found.items():
        assert SECRET.encode() not in data, name
        assert SEAL.encode() not in data, name


def test_a_hostile_name_never_leaves_the_folder(tmp_path: Path):
    folder = tmp_path / "site"
    evil = make_topic("Evil", slug="..")
    publish(topics=[evil], title=f'"><a href="{SITE}/admin/">')

    publish_site(folder)

    assert {path.name for path in tmp_path.iterdir()} == {"site"}
    assert not (folder / "admin").exists()


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    some_of_everything(1)

    call_command("publish_static", str(tmp_path / "out"))

    assert re.match(r"\d+ files written, 0 kept, 0 deleted; run again by", capsys.readouterr().out)


def test_coverage_by_time_has_a_place_of_its_own_and_a_search_has_none(tmp_path: Path):
    late, early = timezone.now(), timezone.now() - timedelta(days=1)
    publish_story(
        {"slug": "story", "body": f"[all]({SITE}/search/?q=story)"},
        {"title": "Early", "quality": 9, "published_at": early},
        {"title": "Late", "quality": 1, "published_at": late},
    )

    publish_site(tmp_path)

    by_quality, by_time = (
        files(tmp_path)[f"news/story/{name}index.html"].decode() for name in ("", "time/")
    )
    assert by_quality.index(">Early<") < by_quality.index(">Late<")
    assert by_time.index(">Early<") > by_time.index(">Late<")
    assert f"{SITE}/news/story/time/" not in re.findall('canonical" href="(.*?)"', by_time)
    assert b"story</title>" not in files(tmp_path)["search/index.html"]
    assert broken(tmp_path) == []


def test_pictures_and_logos_come_along_and_stay_while_their_pages_do(tmp_path: Path, media: Path):
    provider = make_provider()
    give_logo(provider)
    keep_at()
    for number in range(3):
        images = [{"url": ADDRESS}] if number == 0 else None
        publish(images=images, provider=provider)
    publish_site(tmp_path / "site")
    every = {path for path in files(tmp_path / "site") if path.startswith("media/")}
    assert {path.rpartition(".")[2] for path in every} == {"avif", "webp", "jpg"}
    assert len(every) > 6
    publish()
    publish_site(tmp_path / "site")
    assert {path for path in files(tmp_path / "site") if path.startswith("media/")} == every


def test_a_picture_that_comes_later_reaches_the_story_that_nothing_else_happened_to(
    tmp_path: Path, media: Path
):
    article = publish(images=[{"url": ADDRESS}])
    publish_site(tmp_path / "site")
    page = f"news/{article.slug}/index.html"
    assert b"<picture" not in files(tmp_path / "site")[page]
    keep_at()
    publish_site(tmp_path / "site")
    assert b"<picture" in files(tmp_path / "site")[page]

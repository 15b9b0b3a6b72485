"""Which pictures readers are shown."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from feedparser import parse

from articles.images import store
from articles.images.rendering import names_of
from articles.models import Article, Picture
from tests.factories import make_provider
from tests.images.drawn import drawn, opened
from tests.images.kept import ADDRESS, bring_for, give_logo, keep_at

from .conftest import publish

pytestmark = pytest.mark.django_db

IMAGES = [{"url": ADDRESS, "width": 640, "height": 427}]
A_RENDITION = re.compile(r"/media/pictures/[0-9a-f/]+/[a-z]+-\d+-[0-9a-f]{8}\.[a-z]+")


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    """Nothing is kept yet."""


def page(client: Client, **changes: Any) -> str:
    return read(client, publish(**changes))


def read(client: Client, article: Article) -> str:
    return client.get(f"/news/{article.slug}/").content.decode()


def test_a_provider_has_its_logo_where_one_is_kept_and_else_its_initials(client: Client):
    provider = make_provider(name="Kept")
    give_logo(provider)
    text = page(client, provider=provider)
    [address] = A_RENDITION.findall(text)
    assert f'<img class="mark" src="{address}"' in text
    assert client.get(address).status_code == 200
    assert client.get(f"/providers/{provider.domain}/").content.decode().count("logo-400") == 1

    for url in ("/assets/none.png", "https://elsewhere.example/a.png", "/assets/../secret.png"):
        other = make_provider(name="Other Words", images=[{"url": url}])
        text = page(client, provider=other)
        assert ">OW</span>" in text
        assert "<img" not in text


def test_a_story_shows_its_picture_in_three_formats_with_its_place_reserved(client: Client):
    picture = keep_at(data=drawn(size=(2000, 1200)))
    text = page(client, images=IMAGES)
    shown = text[text.index("<picture") : text.index("</picture>")]
    assert [kind for kind in ("image/avif", "image/webp") if kind in shown] == [
        "image/avif",
        "image/webp",
    ]
    assert f'class="picture tint-{picture.tint}"' in shown
    assert 'width="1600" height="900"' in shown
    assert 'fetchpriority="high"' in shown
    for address in set(A_RENDITION.findall(shown)):
        answer = client.get(address)
        width, height = opened(answer.content).size
        assert f"-{width}-" in address
        assert abs(height - width * 9 / 16) < 1


def test_pictures_below_the_first_wait_until_they_are_near(client: Client):
    keep_at()
    for _ in range(7):
        publish(images=IMAGES)
    text = client.get("/").content.decode()
    assert (text.count('fetchpriority="high"'), text.count("<picture")) == (1, 7)
    assert text.count('loading="lazy"') == 6
    assert text.index("fetchpriority") < text.index('loading="lazy"')


def test_what_an_editor_brought_goes_before_the_files_own(client: Client):
    keep_at()
    article = publish(images=IMAGES)
    own = bring_for(article, drawn(size=(700, 500)), alt="Two cranes & a tug", attribution="Ana")
    text = read(client, article)
    assert own.token in text
    assert 'alt="Two cranes &amp; a tug"' in text
    assert '<figcaption dir="auto">Ana</figcaption>' in text
    assert Picture.objects.exclude(pk=own.pk).get().token not in text


def test_the_first_of_its_files_pictures_is_shown_that_is_kept(client: Client):
    other = "https://pictures.example/b.jpg"
    said = {"title": "Two cranes", "attribution": "Ana  Ferro"}
    article = publish(images=[*IMAGES, {"url": None}, "x", {"url": other, **said}])
    second = keep_at(other, drawn(size=(700, 400)))
    text = read(client, article)
    assert second.token in text
    assert 'alt="Two cranes"' in text
    assert '<figcaption dir="auto">Ana Ferro</figcaption>' in text
    first = keep_at()
    text = read(client, article)
    assert (first.token in text, second.token in text) == (True, False)


def test_a_provider_that_wants_links_only_has_no_picture_anywhere(client: Client):
    keep_at()
    article = publish(images=IMAGES, provider=make_provider(is_link_only=True))
    bring_for(article)
    for path in ("/", "/latest/", f"/news/{article.slug}/", "/feed.rss", "/feed.json"):
        assert "/media/pictures/" not in client.get(path).content.decode()


def test_cards_of_a_story_show_its_picture(client: Client, settings: Any):
    keep_at()
    article = publish(images=IMAGES)
    text = read(client, article)
    [address] = re.findall(r'property="og:image" content="([^"]+)"', text)
    answer = client.get(address.removeprefix(settings.SITE_URL))
    assert opened(answer.content).size == (1200, 630)
    assert answer["Content-Type"] == "image/jpeg"
    assert f'"primaryImageOfPage": {{"@type": "ImageObject", "url": "{address}"' in text
    for suffix in ("rss", "atom", "json"):
        assert address in client.get(f"/feed.{suffix}").content.decode()


def test_a_feed_shows_the_logo_of_who_wrote_what_it_links_to(client: Client, settings: Any):
    provider = make_provider()
    give_logo(provider)
    publish(provider=provider)
    [author] = client.get("/feed.json").json()["items"][0]["authors"]
    answer = client.get(author["avatar"].removeprefix(settings.SITE_URL))
    assert (opened(answer.content).size, answer["Content-Type"]) == ((400, 400), "image/png")
    for suffix in ("rss", "atom"):
        told = parse(client.get(f"/feed.{suffix}").content)
        assert f'src="{author["avatar"]}"' in told.entries[0].summary
        assert "image" not in told.feed
        assert "icon" not in told.feed
    own = f"/providers/{provider.domain}/feed"
    assert parse(client.get(f"{own}.rss").content).feed.image.href == author["avatar"]
    assert parse(client.get(f"{own}.atom").content).feed.icon == author["avatar"]
    assert client.get(f"{own}.json").json()["icon"] == author["avatar"]


def test_results_of_a_search_show_their_pictures(client: Client):
    keep_at()
    publish(title="Harbour opens", images=IMAGES)
    publish(title="Harbour shuts")
    text = client.get("/search/?q=harbour").content.decode()
    assert (text.count("<picture"), text.count("has-picture")) == (1, 1)
    assert 'loading="lazy"' in text


def test_pictures_cost_one_query_for_any_number_of_stories(client: Client):
    keep_at()
    publish(images=IMAGES)
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for number in range(12):
        provider = make_provider()
        give_logo(provider)
        keep_at(f"https://pictures.example/{number}.jpg")
        publish(images=[{"url": f"https://pictures.example/{number}.jpg"}], provider=provider)
    with CaptureQueriesContext(connection) as many:
        text = client.get("/").content.decode()
    assert text.count("<picture") == 13
    assert len(one) == len(many) <= 6


def test_a_rendition_is_kept_by_caches_for_good_and_runs_nothing(client: Client):
    keep_at()
    address = A_RENDITION.findall(page(client, images=IMAGES))[0]
    answer = client.get(address)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert client.post(address).status_code == 405


def test_a_rendition_that_was_lost_is_made_again_when_it_is_asked_for(client: Client, media: Path):
    picture = keep_at()
    address = A_RENDITION.findall(page(client, images=IMAGES))[0]
    for name in list(store.names("pictures")):
        store.delete(name)
    assert client.get(address).status_code == 200
    assert len(list(store.names("pictures"))) == len(list(names_of(picture)))


def test_nobody_can_ask_for_a_size_of_their_own_or_for_what_else_lies_there(
    client: Client, media: Path
):
    picture = keep_at()
    shown = A_RENDITION.findall(page(client, images=IMAGES))
    good = next(address for address in shown if "wide-640" in address)
    assert client.get(good).status_code == 200
    (media / "secret.zip").write_bytes(b"secret")
    original = next(iter(store.names("originals")))
    for path in (
        good.replace("wide-640", "wide-641"),
        good.replace("wide-640", "wide-9999"),
        good.replace("wide", "logo"),
        good.replace(".avif", ".svg"),
        good.replace(picture.stamp, "0" * 8),
        "/media/pictures/../secret.zip",
        "/media/secret.zip",
        f"/media/{original}",
        f"/media/pictures/{original}",
    ):
        assert client.get(path).status_code in (400, 404), path


def test_who_has_the_file_cannot_tell_where_it_is_kept(client: Client, settings: Any):
    data = drawn()
    address = keep_at(data=data).token
    assert address not in sha256(data).hexdigest()
    Picture.objects.all().delete()
    settings.SECRET_KEY = "another site's"
    assert keep_at("https://a.example/b.jpg", data).token != address


def test_pictures_lie_in_any_storage_of_django(client: Client, settings: Any):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"pictures": memory}
    keep_at()
    address = A_RENDITION.findall(page(client, images=IMAGES))[0]
    assert client.get(address).status_code == 200
    assert not Path(settings.MEDIA_ROOT).exists()
    assert storages["pictures"].listdir("pictures")[0]


def test_a_picture_that_comes_changes_the_page_that_a_cache_holds(client: Client):
    article = publish(images=IMAGES)
    path = f"/news/{article.slug}/"
    before = client.get(path)["ETag"]
    keep_at()
    assert client.get(path, headers={"if-none-match": before}).status_code == 200


def test_a_publishers_picture_is_asked_for_only_where_the_site_links_pictures(
    client: Client, settings: Any
):
    url = "https://pictures.example/a.jpg?w=1&h=2"
    images = [{"url": url, "width": 640, "height": 427}]

    assert "pictures.example" not in page(client, images=images)

    settings.PICTURES = "linked"
    text = page(client, images=images)
    assert 'a.jpg?w=1&amp;h=2" width="640" height="427"' in text
    assert 'referrerpolicy="no-referrer"' in text
    assert "pictures.example" not in page(
        client, images=images, provider=make_provider(is_link_only=True)
    )


@pytest.mark.parametrize(
    "image",
    [
        {"url": "http://plain.example/a.jpg"},
        {"url": "javascript:alert(1)"},
        {"url": "https://user:password@pictures.example/a.jpg"},
        {"url": "https:\\\\pictures.example/a.jpg"},
        {"url": None},
        {},
        "https://pictures.example/a.jpg",
    ],
)
def test_an_odd_picture_is_no_picture(client: Client, settings: Any, image: Any):
    settings.PICTURES = "linked"

    assert "<img" not in page(client, images=[image])


@pytest.mark.parametrize("size", [(0, 10), (-1, -1), ("640", "427"), (None, None), (10**9, 10**9)])
def test_a_picture_without_a_sound_size_has_space_all_the_same(
    client: Client, settings: Any, size: tuple[Any, Any]
):
    settings.PICTURES = "linked"
    image = {"url": "https://pictures.example/a.jpg", "width": size[0], "height": size[1]}

    assert 'width="1600" height="900"' in page(client, images=[image])

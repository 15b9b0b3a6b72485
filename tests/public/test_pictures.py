"""Which pictures readers are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_provider

from .conftest import publish

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def keep(media: Path, path: str) -> str:
    file = media / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(PNG)
    return f"/{path}"


def page(client: Client, **changes: Any) -> str:
    article = publish(**changes)
    return client.get(f"/news/{article.slug}/").content.decode()


def test_a_provider_has_its_logo_where_one_is_kept_and_else_its_initials(
    client: Client, media: Path
):
    kept = keep(media, "assets/images/kept logo.png")
    provider = make_provider(name="Kept", images=[{"url": kept}])

    assert 'src="/media/assets/images/kept%20logo.png"' in page(client, provider=provider)
    for url in ("/assets/none.png", "https://elsewhere.example/a.png", "/assets/../secret.png"):
        other = make_provider(name="Other Words", images=[{"url": url}])
        text = page(client, provider=other)
        assert ">OW</span>" in text
        assert "<img" not in text


def test_logos_are_served_and_nothing_else_that_lies_beside_them(client: Client, media: Path):
    keep(media, "assets/images/a.png")
    keep(media, "uploads/secret.zip")

    assert client.get("/media/assets/images/a.png").status_code == 200
    for path in ("/media/uploads/secret.zip", "/media/assets/../uploads/secret.zip"):
        assert client.get(path).status_code in (400, 404)


def test_a_publishers_picture_is_asked_for_only_where_the_site_links_pictures(
    client: Client, settings: Any
):
    url = "https://pictures.example/a.jpg?w=1&h=2"
    images = [{"url": url, "width": 640, "height": 427}]

    assert "pictures.example" not in page(client, images=images)

    settings.PICTURES = "linked"
    assert 'a.jpg?w=1&amp;h=2" width="640" height="427"' in page(client, images=images)
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

"""Pictures that provider and topic files name come along, and nothing else does."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.content import files_of, put_file
from tests.exchange.acts import bring_in, bring_out

pytestmark = pytest.mark.django_db
LOGO = "assets/images/harbour.example-50x50.png"
PROVIDER = (
    b"---\ntaxonomy: organization\n_id: harbour.example\nname: Harbour\ndomain: harbour.example\n"
)


@pytest.fixture
def media(tmp_path: Path, settings) -> Path:
    """An empty place for pictures."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (50, 50), "navy").save(file, "PNG")
    return file.getvalue()


def provider_naming(url: str) -> bytes:
    return PROVIDER + f"images:\n  - url: {url}\n    width: 50\n    height: 50\n---\n".encode()


def put_logo(folder: Path, data: bytes, url: str = f"/{LOGO}") -> None:
    put_file(folder, "_data/organizations/harbour.example.md", provider_naming(url))
    put_file(folder, LOGO, data)


def test_a_logo_that_a_provider_names_is_kept(folder: Path, media: Path):
    put_logo(folder, picture())
    bring_in(folder)
    assert files_of(media) == {LOGO: picture()}


def test_a_picture_that_a_topic_names_is_kept_and_its_file_stays_as_it_was(
    folder: Path, media: Path, tmp_path: Path
):
    topic = f"taxonomy: topic\n_id: sea\nname: Sea\nimages:\n  - /{LOGO}\n".encode()
    put_file(folder, "_data/topics/00-sea.yaml", topic)
    put_file(folder, LOGO, picture())
    bring_in(folder)
    bring_out(tmp_path / "copy")
    assert files_of(media) == {LOGO: picture()}
    assert files_of(tmp_path / "copy") == {"_data/topics/00-sea.yaml": topic}


def test_a_dry_run_keeps_no_picture(folder: Path, media: Path):
    put_logo(folder, picture())
    bring_in(folder, dry_run=True)
    assert not media.exists()


@pytest.mark.parametrize(
    "data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"", picture()[:30]]
)
def test_what_is_no_picture_is_left(folder: Path, media: Path, data: bytes):
    put_logo(folder, data)
    bring_in(folder)
    assert not media.exists()


@pytest.mark.parametrize("url", ["/assets/../../secret.png", "/secret.png", "https://a.example/b"])
def test_a_picture_elsewhere_is_left(folder: Path, media: Path, url: str):
    put_logo(folder, picture(), url)
    put_file(folder.parent, "secret.png", picture())
    bring_in(folder)
    assert not media.exists()


def test_a_picture_behind_a_link_that_leads_outside_is_left(
    folder: Path, media: Path, tmp_path: Path
):
    put_logo(folder, picture())
    outside = tmp_path / "outside"
    (folder / "assets").rename(outside)
    (folder / "assets").symlink_to(outside)
    bring_in(folder)
    assert not media.exists()

"""Pictures that files name under the folder's own assets come along, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from articles.admin.reports import read_report
from articles.images import store
from articles.models import Picture, PictureSource, Run
from providers.models import Provider
from tests.content import Piece, files_of, put, put_file
from tests.exchange.acts import bring_in, bring_out, counts
from tests.images.drawn import drawn

pytestmark = pytest.mark.django_db
LOGO = "assets/images/harbour.example-50x50.png"
PHOTO = "assets/photos/quay.jpg"
PROVIDER = (
    b"---\ntaxonomy: organization\n_id: harbour.example\nname: Harbour\ndomain: harbour.example\n"
)


@pytest.fixture(autouse=True)
def _media(media: Path) -> None:
    """Nothing is kept yet."""


def logo() -> bytes:
    return drawn("PNG", (50, 50))


def provider_naming(url: str) -> bytes:
    return PROVIDER + f"images:\n  - url: {url}\n    width: 50\n    height: 50\n---\n".encode()


def put_logo(folder: Path, data: bytes, url: str = f"/{LOGO}") -> None:
    put_file(folder, "_data/organizations/harbour.example.md", provider_naming(url))
    put_file(folder, LOGO, data)


def harbour() -> Provider:
    return Provider.objects.get(domain="harbour.example")


def stored() -> list[dict[str, Any]]:
    """What the row of the last run says of files."""
    found: list[dict[str, Any]] = read_report(Run.objects.latest("pk").report)["files"]
    return found


def test_a_logo_that_a_provider_names_is_kept(folder: Path):
    put_logo(folder, logo())
    bring_in(folder)
    picture = Picture.objects.get()
    assert (picture.kind, picture.width, harbour().logo) == ("logo", 50, picture.token)


def test_a_logo_that_changed_takes_the_place_of_the_other(folder: Path):
    put_logo(folder, logo())
    bring_in(folder)
    put_logo(folder, drawn("PNG", (60, 60)))
    put_file(
        folder, "_data/organizations/other.example.md", PROVIDER.replace(b"harb", b"arb") + b"---\n"
    )
    bring_in(folder)
    assert harbour().logo == Picture.objects.get(width=60).token


def test_the_largest_of_a_providers_logos_stands_for_it(folder: Path):
    both = f"images:\n  - url: /{LOGO}\n  - url: /assets/large.png\n---\n".encode()
    put_file(folder, "_data/organizations/harbour.example.md", PROVIDER + both)
    put_file(folder, LOGO, logo())
    put_file(folder, "assets/large.png", drawn("PNG", (400, 400)))
    bring_in(folder)
    assert harbour().logo == Picture.objects.get(width=400).token


def test_a_logo_that_its_file_names_no_longer_is_shown_no_longer(folder: Path):
    put_logo(folder, logo())
    bring_in(folder)
    put_file(folder, "_data/organizations/harbour.example.md", PROVIDER + b"---\n")
    bring_in(folder)
    assert harbour().logo == ""


def test_an_articles_picture_is_kept_and_every_file_stays_as_it_was(folder: Path, tmp_path: Path):
    put(folder, Piece("quay", extra={"images": [{"url": f"/{PHOTO}", "isCached": True}]}))
    put_logo(folder, logo())
    put_file(folder, PHOTO, drawn())
    bring_in(folder)
    kept = PictureSource.objects.get(address=f"/{PHOTO}")
    assert kept.picture
    assert kept.picture.kind == "picture"
    bring_out(tmp_path / "copy")
    before = {path: data for path, data in files_of(folder).items() if "assets/" not in path}
    assert files_of(tmp_path / "copy") == before


def test_every_picture_of_an_articles_list_is_kept(folder: Path):
    urls = [f"/assets/{name}.jpg" for name in "abc"]
    put(folder, Piece("quay", extra={"images": [{"url": url} for url in urls]}))
    for number, url in enumerate(urls[:2]):
        put_file(folder, url[1:], drawn(size=(640, 360 + number)))
    bring_in(folder)
    assert {source.address for source in PictureSource.objects.all()} == set(urls[:2])
    assert Picture.objects.count() == 2


def test_pictures_of_a_withdrawn_article_are_not_kept(folder: Path):
    named = {"images": [{"url": f"/{PHOTO}"}]}
    put(folder, Piece("quay", extra=named | {"removed": True}))
    put_file(folder, PHOTO, drawn())
    bring_in(folder)
    assert not Picture.objects.exists()
    put(folder, Piece("pier", extra=named))
    bring_in(folder)
    assert Picture.objects.exists()


def test_a_picture_that_changed_alone_takes_the_place_of_the_other(folder: Path):
    put(folder, Piece("quay", extra={"images": [{"url": f"/{PHOTO}"}]}))
    put_file(folder, PHOTO, drawn())
    put_logo(folder, logo())
    bring_in(folder)
    put_file(folder, PHOTO, drawn(size=(800, 450)))
    put_file(folder, LOGO, drawn("PNG", (60, 60)))
    report = bring_in(folder)
    assert counts(report) == {"unchanged": 1}
    source = PictureSource.objects.get(address=f"/{PHOTO}")
    assert source.picture
    assert source.picture.width == 800
    assert harbour().logo == Picture.objects.get(width=60).token


def test_the_report_says_which_pictures_are_refused_and_says_it_once(folder: Path):
    put(folder, Piece("quay", extra={"images": [{"url": f"/{PHOTO}"}]}))
    put_file(folder, PHOTO, b"<svg/>")
    put_logo(folder, b"<html>")
    why = "is not kept. It is no JPEG, PNG, WebP, GIF or AVIF picture."
    provider = f"_data/organizations/harbour.example.md: warning: images: /{LOGO} {why}"
    article = f"_news/quay.md: warning: images: /{PHOTO} {why}"
    report = bring_in(folder)
    assert [line for line in report.lines() if "kept" in line] == [provider, article]
    assert [bool(file["warnings"]) for file in stored()] == [True, True]
    assert [line for line in bring_in(folder).lines() if "kept" in line] == []
    put_file(folder, PHOTO, b"<html>")
    report = bring_in(folder)
    assert [line for line in report.lines() if "kept" in line] == [article]
    assert [file["outcome"] for file in stored()] == ["unchanged"]


def test_equal_pictures_are_kept_once(folder: Path):
    for name in ("a", "b"):
        put(folder, Piece(f"quay-{name}", extra={"images": [{"url": f"/assets/{name}.jpg"}]}))
        put_file(folder, f"assets/{name}.jpg", drawn())
    bring_in(folder)
    assert (Picture.objects.count(), PictureSource.objects.count()) == (1, 2)
    assert len(list(store.names("originals"))) == 1


def test_a_dry_run_keeps_no_picture(folder: Path, media: Path):
    put_logo(folder, logo())
    bring_in(folder, dry_run=True)
    assert not media.exists()


@pytest.mark.parametrize(
    "data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"", logo()[:60]]
)
def test_what_is_no_picture_is_left_and_it_is_remembered_why(
    folder: Path, media: Path, data: bytes
):
    put_logo(folder, data)
    bring_in(folder)
    assert not media.exists()
    assert harbour().logo == ""
    assert PictureSource.objects.get().failure.startswith("It ")


@pytest.mark.parametrize("url", ["/assets/../../secret.png", "/secret.png", "https://a.example/b"])
def test_a_picture_elsewhere_is_left(folder: Path, media: Path, url: str):
    put_logo(folder, logo(), url)
    put_file(folder.parent, "secret.png", logo())
    bring_in(folder)
    assert not media.exists()


def test_a_picture_behind_a_link_that_leads_outside_is_left(
    folder: Path, media: Path, tmp_path: Path
):
    put_logo(folder, logo())
    outside = tmp_path / "outside"
    (folder / "assets").rename(outside)
    (folder / "assets").symlink_to(outside)
    bring_in(folder)
    assert not media.exists()

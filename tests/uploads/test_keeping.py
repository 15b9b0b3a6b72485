"""What is brought stays within its folder and its limits, or is not kept at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.exchange.scan import Kind
from articles.uploads import UploadRefused
from articles.uploads.keeping import keep, place_of
from tests.content import Piece, files_of

from .packing import brought, zip_of, zip_with_link

ARTICLE = Piece("coast-a").data


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.UPLOAD_FOLDER = str(tmp_path / "uploads")
    return tmp_path / "uploads"


def refused(*files: SimpleUploadedFile, kind: Kind = Kind.ARTICLE) -> str:
    with pytest.raises(UploadRefused) as caught:
        keep(files, kind)
    return str(caught.value)


def test_a_zip_is_unpacked_as_it_is(folder: Path):
    files = {"site/_news/coast-a.md": ARTICLE, "site/_data/topics/x.yaml": b"name: X\n"}
    name, count = keep([brought("site.zip", zip_of(files | {"__MACOSX/x": b"x"}))], Kind.ARTICLE)
    assert (files_of(place_of(name)), count) == (files, 2)


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [
        (Kind.ARTICLE, "coast-a.md", "_news/coast-a.md"),
        (Kind.PROVIDER, "coast.example.md", "_data/organizations/coast.example.md"),
        (Kind.TOPIC, "coast.yaml", "_data/topics/coast.yaml"),
    ],
)
def test_loose_files_lie_where_their_kind_lies(folder: Path, kind: Kind, name: str, path: str):
    kept, _ = keep([brought(name, b"x")], kind)
    assert files_of(place_of(kept)) == {path: b"x"}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../coast-a.md", "leads outside"),
        ("_news/../../coast-a.md", "leads outside"),
        ("/etc/coast-a.md", "absolute"),
        ("C:/coast-a.md", "absolute"),
        ("_news\\coast-a.md", "backslashes"),
        ("_news/coast\x07.md", "control"),
        ("a/" * 20 + "coast-a.md", "deeper"),
        ("_news/" + "x" * 300 + ".md", "longer"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused_by_its_name(folder: Path, path: str, why: str):
    said = refused(brought("site.zip", zip_of({"_news/coast-b.md": ARTICLE, path: ARTICLE})))
    assert why in said
    assert path.split("/")[-1][:4] in said
    assert files_of(folder) == {}


def test_a_link_in_a_zip_is_refused_by_its_name(folder: Path):
    said = refused(brought("site.zip", zip_with_link("_news/coast-a.md", "/etc/passwd")))
    assert "coast-a.md" in said
    assert "link" in said
    assert files_of(folder) == {}


def test_a_bomb_is_stopped_by_what_comes_out_of_it(folder: Path, settings: Any):
    settings.UPLOAD_LIMITS = {"unpacked": 1_000_000}
    bomb = zip_of({f"_news/{number}.md": bytes(600_000) for number in range(2)})
    assert len(bomb) < 5_000
    assert "unpacks to more than 1 MB" in refused(brought("bomb.zip", bomb))
    assert files_of(folder) == {}


def test_a_zip_that_lies_about_its_sizes_gains_nothing(folder: Path, settings: Any):
    settings.UPLOAD_LIMITS = {"unpacked": 1_000_000}
    honest = zip_of({"_news/a.md": bytes(2_000_000)})
    small = honest.replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert small != honest
    refused(brought("bomb.zip", small))
    assert files_of(folder) == {}


def test_too_many_files_are_refused_before_they_are_listed(folder: Path, settings: Any):
    settings.UPLOAD_LIMITS = {"files": 3}
    many = zip_of({f"_news/{number}.md": b"" for number in range(4)})
    assert "more than 3 files" in refused(brought("many.zip", many))
    long = zip_of({f"_news/{'x' * 2_000}.md": b""})
    assert "more than 3 files" in refused(brought("many.zip", long))


def test_what_is_too_large_as_sent_is_refused(folder: Path, settings: Any):
    settings.UPLOAD_LIMITS = {"bytes": 10}
    assert "larger than" in refused(brought("coast-a.md", ARTICLE))


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([], "choose"),
        ([("x.zip", b"no zip at all")], "no zip"),
        ([("x.zip", b"PK\x05\x06" + bytes(18))], ""),
        ([("x.zip", zip_of({"a.md": b""})), ("b.md", b"")], "alone"),
        ([("x.txt", b"")], "ends in .md"),
        ([("a.md", b""), ("a.md", b"")], "twice"),
    ],
)
def test_what_is_no_content_is_refused_with_a_sentence(
    folder: Path, files: list[tuple[str, bytes]], why: str
):
    if why:
        assert why in refused(*(brought(*file) for file in files))
    else:
        assert keep([brought(*file) for file in files], Kind.ARTICLE)[1] == 0


def test_a_zip_cut_short_or_spoiled_is_refused(folder: Path):
    whole = zip_of({"_news/coast-a.md": ARTICLE})
    refused(brought("site.zip", whole[: len(whole) // 2]))
    spoiled = bytearray(whole)
    spoiled[60:90] = bytes(30)
    refused(brought("site.zip", bytes(spoiled)))
    assert files_of(folder) == {}


def test_a_file_that_is_a_folder_as_well_is_refused(folder: Path):
    refused(brought("site.zip", zip_of({"_news": b"x", "_news/coast-a.md": ARTICLE})))

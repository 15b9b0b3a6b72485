"""Law 1: what nobody edited leaves as the bytes it came with; importing it again is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from articles.models import Article, Conflict, Revision, Source, Topic, Transition
from providers.models import Provider
from tests.content import Piece, files_of, provider_file, put, put_file, story, topic_file
from tests.exchange.acts import article, bring_in, bring_out, counts

pytestmark = pytest.mark.django_db

LINK = "webUrl: https://harbour.example/quay\n"
ODD_FILES = {
    "crlf": "---\r\ntitle: Quay\r\nwebUrl: https://harbour.example/quay\r\n---\r\n\r\nLine\r\n",
    "bom": "\ufeff---\ntitle: Quay\n" + LINK + "---\n",
    "comments": "--- \n# above\ntitle: Quay # beside\n\n# between\n" + LINK + "# below\n---\n",
    "quoting": "---\ntitle: 'It''s ''odd'''\n"
    + 'excerpt: "tab\\t \\x41 \\u2028 \\/ end"\n'
    + LINK
    + "---\n",
    "order": "---\npublished: no\nheat:   7\n" + LINK + "topics: [B,   A]\ntitle: Quay\n---\n",
    "unknown keys": "---\nlayout: post\ntitle: Quay\n"
    + LINK
    + "x: {z: [1, ~, {y: 0x1F}], a: 1e3}\nprovider:\n    name: Harbour\n    since: 1901\n"
    + "images:\n- url: /assets/a.png\n  licence: {by: Somebody}\n---\n",
    "flow style": '---\n{title: "Quay", webUrl: "https://harbour.example/quay", quality: 4}\n---\n',
    "anchors": "---\ntitle: &t Quay\nexcerpt: *t\n"
    + LINK
    + "provider: &p {name: Harbour, domain: harbour.example}\nprinter: *p\n---\n",
    "block scalars": "---\ntitle: >-\n  Quay\n  and pier\nexcerpt: |+\n  one\n\n  two\n\n"
    + LINK
    + "---\n",
    "null and empty": "---\ntitle: Quay\nexcerpt: ''\ntopics: []\nimages:\nprovider: {}\n"
    + "related: ~\nquality: null\nsecured: ''\npublished:\noriginalUrl: \"\"\n"
    + LINK
    + "---\n",
    "only a title and a link": "---\ntitle: Quay\n" + LINK + "---",
    "dots and fences in the body": "---\ntitle: Quay\n" + LINK + "...\ntext\n---\nmore\n---\n\n\n",
    "times": "---\ntitle: Quay\npublishedDateTime: 2024-05-06 14:00:00 +02:00\n" + LINK + "---\n\n",
    "published": "---\ntitle: Quay\npublished: true\nheat: 999\nquality: 3\n" + LINK + "---\n\n",
    "removed": "---\ntitle: Quay\npublished: false\nremoved: yes\nheat: 55\n" + LINK + "---\n\n",
}


def odd_folder(folder: Path) -> dict[str, bytes]:
    for name, text in ODD_FILES.items():
        put_file(folder, f"_news/2024/{name}.md", text)
    put_file(folder, "_data/organizations/harbour.example.md", ODD_PROVIDER)
    put_file(folder, "_data/topics/07-quays.yaml", ODD_TOPIC)
    return files_of(folder)


ODD_PROVIDER = (
    "---\n_id: harbour.example # first\nname: 'Harbour'\ndescription: \"\"\notherNames: []\n"
    "founded: 1901\ntaxonomy: organization\ndomain: harbour.example\n---\nA text.\n"
)
ODD_TOPIC = (
    "# quays\nname: Quays\n_id: quays\nshortname: ''\nkeywords: [quay, 'pier']\ntaxonomy: topic\n"
    "images:\n  - https://harbour.example/quays.png\nservices: {feed: {every: 010}}\n"
)


@pytest.mark.parametrize("as_drafts", [False, True])
def test_an_odd_file_that_nobody_edited_leaves_as_the_bytes_it_came_with(
    folder: Path, tmp_path: Path, as_drafts: bool
):
    files = odd_folder(folder)
    report = bring_in(folder, as_drafts=as_drafts)
    assert counts(report) == {"created": len(ODD_FILES)}, [*report.files]
    bring_out(tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files


def test_an_export_in_place_of_what_nobody_edited_writes_nothing(folder: Path):
    odd_folder(folder)
    bring_in(folder)
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*.*")}
    report = bring_out(folder)
    assert counts(report) == {"unchanged": len(ODD_FILES)}
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*.*")} == before


def test_a_row_that_was_saved_as_it_is_still_leaves_as_its_own_bytes(folder: Path, tmp_path: Path):
    files = odd_folder(folder)
    bring_in(folder)
    for row in Article.objects.all():
        row.save()
    bring_out(tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files


def test_a_provider_and_a_topic_saved_as_they_are_still_leave_as_their_own_bytes(
    folder: Path, tmp_path: Path
):
    files = odd_folder(folder)
    bring_in(folder)
    Provider.objects.exclude(stem="").update(is_edited=True)
    Topic.objects.exclude(stem="").update(is_edited=True)
    bring_out(tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files


def rows_of_the_past() -> tuple[int, ...]:
    tables = (Transition, Revision, Conflict, Source, Article)
    return tuple(table._default_manager.count() for table in tables)


def test_importing_the_same_folder_again_changes_nothing_and_says_so(folder: Path):
    odd_folder(folder)
    put(folder, *story(Piece("coast-a", quality=90, published=True), Piece("coast-b")))
    bring_in(folder)
    past = rows_of_the_past()
    articles = list(Article.objects.order_by("pk").values())
    report = bring_in(folder)
    assert counts(report) == {"unchanged": len(ODD_FILES) + 2}
    assert counts(report, "provider") == counts(report, "topic") == {"unchanged": 1}
    assert report.exit_code(strict=True) == 0
    assert rows_of_the_past() == past
    assert list(Article.objects.order_by("pk").values()) == articles


def test_drafts_stay_drafts_when_the_folder_is_imported_again(folder: Path):
    put(folder, Piece("coast-a", quality=90, published=True))
    bring_in(folder, as_drafts=True)
    bring_in(folder)
    assert article("coast-a").state == "new"


def test_a_copy_of_the_folder_is_the_same_files(folder: Path, tmp_path: Path):
    files = odd_folder(folder)
    bring_in(folder)
    for path, data in files.items():
        put_file(tmp_path / "copy", path, data)
    assert counts(bring_in(tmp_path / "copy")) == {"unchanged": len(ODD_FILES)}


@pytest.mark.corpus
def test_all_real_files_come_in_and_leave_byte_for_byte(corpus: Path, tmp_path: Path):
    sites = [corpus / "site-a", corpus / "site-b"]
    report = bring_in(*sites, corpus / "seed.md")
    assert counts(report) == {"created": 2141}
    assert report.new_problems() == 0
    bring_out(tmp_path / "copy")
    copies = files_of(tmp_path / "copy")
    originals = {}
    for site in sites:
        for path, data in files_of(site).items():
            if "_news/" in path or "_data/organizations/" in path or "_data/topics/" in path:
                originals[path.removeprefix(f"{site.name}/")] = data
    originals["_news/seed.md"] = (corpus / "seed.md").read_bytes()
    assert copies.keys() == originals.keys()
    assert [path for path in copies if copies[path] != originals[path]] == []


def test_providers_and_topics_leave_with_the_articles(folder: Path, tmp_path: Path):
    put(folder, Piece("coast-a"))
    put_file(folder, "_data/organizations/coast.example.md", provider_file("coast.example"))
    put_file(folder, "_data/topics/01-harbours.yaml", topic_file("Harbours"))
    bring_in(folder)
    bring_out(tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files_of(folder)


@pytest.mark.parametrize("names", [("Coast-a", "coast-a"), ("e\u0301", "\u00e9")])
def test_names_that_only_look_alike_are_two_articles(
    folder: Path, tmp_path: Path, names: tuple[str, str]
):
    for number, name in enumerate(names):
        put_file(folder, f"_news/{name}.md", Piece(f"coast-{number}").data)
    assert counts(bring_in(folder)) == {"created": 2}
    bring_out(tmp_path / "copy")
    assert files_of(tmp_path / "copy") == files_of(folder)

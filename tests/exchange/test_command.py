"""`manage.py frontmatter`: what it says, what it leaves alone, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection

from articles.exchange import growing
from articles.models import Article, Run, Source, Transition
from providers.models import Provider
from tests.content import Piece, files_of, provider_file, put, put_file, story
from tests.exchange.acts import act, article, bring_in, bring_out, command, counts, edit
from tests.factories import make_article, make_provider

pytestmark = pytest.mark.django_db
BROKEN = b'---\ntitle: "Quay"\nwebUrl: "https://harbour.example/quay"\npublished: "true"\n---\n\n'


def test_an_import_ends_with_outcomes_and_the_time_it_took(folder: Path):
    put(folder, Piece("coast-a"), Piece("dune-b"))
    code, out, err = command("import", folder)
    assert (code, err) == (0, "")
    assert "2 files in" in out
    assert "created" in out
    code, out, _ = command("import", folder)
    assert code == 0
    assert Article.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without figures")
def test_a_first_import_lets_postgresql_see_what_fills_its_tables(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(growing, "FIRST", 2)
    put(folder, *(Piece(f"coast-{number}", published=True) for number in range(3)))
    assert command("import", folder)[0] == 0
    with connection.cursor() as cursor:
        asked = "SELECT most_common_vals FROM pg_stats WHERE tablename = %s AND attname = %s"
        cursor.execute(asked, [Article._meta.db_table, "state"])
        assert cursor.fetchone() == ("{published}",)


def test_a_refusal_names_file_line_and_key_and_the_others_go_on(folder: Path):
    put(folder, Piece("coast-a"))
    put_file(folder, "_news/2024/quay.md", BROKEN)
    code, _, err = command("import", folder)
    assert code == 1
    assert err.startswith("_news/2024/quay.md:4: published: ")
    assert list(Article.objects.values_list("slug", flat=True)) == ["coast-a"]


def test_a_refusal_that_stands_is_no_news_but_counted(folder: Path):
    put_file(folder, "_news/quay.md", BROKEN)
    assert command("import", folder)[0] == 1
    code, out, _ = command("import", folder)
    assert code == 0
    assert "1 refused or in conflict since an earlier run" in out.splitlines()[-1]
    assert command("import", folder, "--strict")[0] == 1
    put_file(folder, "_news/quay.md", BROKEN.replace(b'"true"', b'"yes"'))
    assert command("import", folder)[0] == 1


def test_a_refused_version_leaves_the_last_good_one_in_place(folder: Path):
    put(folder, Piece("coast-a"))
    command("import", folder)
    put_file(folder, "_news/coast-a.md", BROKEN)
    assert command("import", folder)[0] == 1
    assert article("coast-a").title == "What happened at coast-a"
    source = Source.objects.get(key="coast-a")
    assert source.refused_at is not None
    assert [problem["line"] for problem in source.refused_for or ()] == [4]
    assert command("export", folder)[0] == 1
    assert (folder / "_news/coast-a.md").read_bytes() == BROKEN
    put(folder, Piece("coast-a"))
    assert command("import", folder)[0] == 0
    assert Source.objects.get(key="coast-a").refused_at is None


def test_a_refused_file_that_is_gone_is_forgotten(folder: Path):
    put(folder, Piece("coast-a"))
    bad = put_file(folder, "_news/quay.md", BROKEN)
    command("import", folder)
    bad.unlink()
    report = bring_in(folder)
    assert (counts(report), report.standing()) == ({"unchanged": 1}, 0)
    assert list(Source.objects.values_list("key", flat=True)) == ["coast-a"]


def test_the_report_is_json_of_one_shape(folder: Path, tmp_path: Path):
    put(folder, Piece("coast-a"))
    put_file(folder, "_news/quay.md", BROKEN)
    put_file(folder, "_data/organizations/coast.example.md", provider_file("coast.example"))
    command("import", folder, "--report", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert {"files", "totals", "seconds"} <= report.keys()
    files = {file["path"]: file for file in report["files"]}
    assert files["_news/coast-a.md"] == {
        "path": "_news/coast-a.md",
        "kind": "article",
        "outcome": "created",
        "changed": [],
        "errors": [],
        "warnings": [],
    }
    [error] = files["_news/quay.md"]["errors"]
    assert error.keys() == {"line", "key", "message"}
    assert (error["line"], error["key"]) == (4, "published")
    assert files["_data/organizations/coast.example.md"]["kind"] == "provider"
    assert report["totals"]["article"]["created"] == 1
    assert report["totals"]["article"]["refused"] == 1
    assert isinstance(report["seconds"], float)


def rows() -> list[int]:
    tables = (Article, Run, Source, Transition, Provider)
    return [table._default_manager.count() for table in tables]


def test_a_dry_run_keeps_nothing_and_lists_what_readers_would_notice(folder: Path, tmp_path: Path):
    put(folder, Piece("coast-a", published=True), Piece("dune-b", published=True))
    command("import", folder)
    put(folder, Piece("dune-b", removed=True), Piece("reef-c", published=True))
    before = rows()
    code, out, _ = command("import", folder, "-n", "--report", tmp_path / "report.json")
    assert code == 0
    assert "becomes public: reef-c" in out
    assert "no longer public: dune-b" in out
    assert "coast-a" not in out
    assert rows() == before
    assert article("dune-b").state == "published"
    planned = json.loads((tmp_path / "report.json").read_text())["files"]
    command("import", folder, "--report", tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text())["files"] == planned


def test_a_dry_run_of_drafts_makes_nothing_public(folder: Path):
    put(folder, Piece("coast-a", published=True))
    assert "becomes public" not in command("import", folder, "-n", "--as-drafts")[1]


def test_what_it_does_not_know_is_named_counted_and_left(folder: Path):
    put(folder, Piece("coast-a"))
    for path in ("_config.yml", "_news/picture.jpg", "_news/notes.txt", "_layouts/post.html"):
        put_file(folder, path, "x")
    _, out, _ = command("import", folder)
    assert "left alone: _config.yml (1 file)" in out
    assert "left alone: _news/ (2 files)" in out
    assert "left alone: _layouts/ (1 file)" in out


def test_a_file_that_is_gone_is_reported_and_never_made_again_unasked(folder: Path, ana: User):
    put(folder, Piece("coast-a"), Piece("dune-b"))
    command("import", folder)
    (folder / "_news/dune-b.md").unlink()
    report = bring_in(folder)
    assert counts(report) == {"unchanged": 1, "missing": 1}
    assert Article.objects.count() == 2
    edit("dune-b", ana, title="New")
    assert counts(bring_out(folder)) == {"unchanged": 1, "missing": 1}
    assert not (folder / "_news/dune-b.md").exists()
    assert counts(bring_out(folder, recreate=True)) == {"unchanged": 1, "created": 1}
    assert b'title: "New"' in (folder / "_news/dune-b.md").read_bytes()


def test_a_part_of_a_folder_says_nothing_of_the_rest(folder: Path):
    put(folder, Piece("coast-a"), Piece("dune-b"))
    command("import", folder)
    assert counts(bring_in(folder / "_news/coast-a.md")) == {"unchanged": 1}


def test_a_file_changed_since_import_is_not_written_over(folder: Path, ana: User):
    put(folder, Piece("coast-a"))
    command("import", folder)
    edit("coast-a", ana, title="New")
    changed = put_file(folder, "_news/coast-a.md", Piece("coast-a", quality=3).data)
    before = changed.read_bytes()
    code, _, err = command("export", folder)
    assert code == 1
    assert "changed since import" in err
    assert changed.read_bytes() == before
    assert command("export", folder, "--force")[0] == 0
    assert b'title: "New"' in changed.read_bytes()


def test_a_file_nobody_imported_is_not_written_over(folder: Path):
    make_article(slug="coast-a")
    stranger = put_file(folder, "_news/coast-a.md", "mine")
    assert command("export", folder)[0] == 1
    assert stranger.read_text() == "mine"


def test_an_export_that_only_looks_writes_nothing(folder: Path, tmp_path: Path, ana: User):
    put(folder, Piece("coast-a"))
    command("import", folder)
    edit("coast-a", ana, title="New")
    before, kept = files_of(folder), rows()
    assert command("export", folder, "-n")[0] == 0
    code, _, err = command("export", folder, "--check")
    assert code == 1
    assert err.startswith("_news/coast-a.md:3: ")
    assert "New" in err
    assert (files_of(folder), rows()) == (before, kept)
    assert command("export", tmp_path / "new", "--check")[0] == 1
    assert not (tmp_path / "new").exists()
    command("export", folder)
    assert command("export", folder, "--check")[0] == 0


def test_only_what_is_published_or_named_is_exported(folder: Path, tmp_path: Path):
    put(folder, Piece("coast-a", published=True), Piece("dune-b"), Piece("reef-c"))
    command("import", folder)
    command("export", tmp_path / "one", "--only", "published")
    assert set(files_of(tmp_path / "one")) == {"_news/coast-a.md"}
    command("export", tmp_path / "two", "--slug", "dune-b", "--slug", "reef-c")
    assert set(files_of(tmp_path / "two")) == {"_news/dune-b.md", "_news/reef-c.md"}


@pytest.mark.parametrize(
    "slug", ["../evil", "/tmp/evil", "a/../../evil", "..", ".hidden", "a\nb", "é" * 150]
)
def test_no_slug_leads_out_of_the_folder(folder: Path, tmp_path: Path, slug: str):
    make_article(slug=slug)
    make_article(slug="good")
    report = bring_out(folder)
    assert (counts(report), report.exit_code()) == ({"created": 1, "refused": 1}, 1)
    assert set(files_of(tmp_path)) == {"site/_news/good.md"}


def test_no_link_leads_out_of_the_folder(folder: Path, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "_news").symlink_to(outside)
    make_article(slug="coast-a")
    assert counts(bring_out(folder)) == {"refused": 1}
    assert files_of(outside) == {}


def test_nothing_is_written_through_a_link_in_a_file_s_place(folder: Path, tmp_path: Path):
    target = put_file(tmp_path, "outside.md", "mine")
    (folder / "_news").mkdir()
    (folder / "_news/coast-a.md").symlink_to(target)
    make_article(slug="coast-a")
    assert counts(bring_out(folder, force=True)) == {"refused": 1}
    assert target.read_text() == "mine"


def test_a_link_in_a_content_folder_is_not_followed(folder: Path, tmp_path: Path):
    put_file(tmp_path, "outside.md", Piece("coast-a").data)
    (folder / "_news").mkdir()
    (folder / "_news/coast-a.md").symlink_to(tmp_path / "outside.md")
    bring_in(folder)
    assert not Article.objects.exists()


def test_a_place_that_cannot_be_written_is_one_refusal(folder: Path):
    make_article(slug="coast-a")
    make_provider(domain="isle.example", is_edited=True)
    put_file(folder, "_data", "a file where a folder belongs")
    report = bring_out(folder)
    assert counts(report) == {"created": 1}
    assert counts(report, "provider") == {"refused": 1}


def test_two_different_files_of_one_stem_are_both_refused_naming_each_other(folder: Path):
    put_file(folder, "_news/2023/coast-a.md", Piece("coast-a").data)
    put_file(folder, "_news/2024/coast-a.md", Piece("coast-a", quality=1).data)
    code, _, err = command("import", folder)
    assert code == 1
    lines = err.splitlines()
    assert lines[0].startswith("_news/2023/coast-a.md:1: ")
    assert "_news/2024/coast-a.md" in lines[0]
    assert "_news/2023/coast-a.md" in lines[1]
    assert not Article.objects.exists()
    assert command("import", folder)[0] == 0, "said before"
    (folder / "_news/2024/coast-a.md").unlink()
    assert command("import", folder)[0] == 0
    assert article("coast-a").quality == 50


def test_a_copy_of_a_file_is_no_other_file(folder: Path):
    for year in ("2023", "2024"):
        put_file(folder, f"_news/{year}/coast-a.md", Piece("coast-a").data)
    assert counts(bring_in(folder)) == {"created": 1}


@pytest.mark.parametrize(
    "name", ["x" * 201, "two\nlines", b"\xff\xfe".decode(errors="surrogateescape")]
)
def test_a_name_that_cannot_be_an_identity_is_refused_once(folder: Path, name: str):
    put_file(folder, f"_news/{name}.md", Piece("coast-a").data)
    assert bring_in(folder).exit_code() == 1
    report = bring_in(folder)
    assert (report.exit_code(), report.standing()) == (0, 1)
    assert not Article.objects.exists()


def test_two_files_of_one_provider_are_refused_once(folder: Path):
    put_file(folder, "_data/organizations/coast.example.md", provider_file("coast.example"))
    put_file(folder, "_data/organizations/www.coast.example.md", provider_file("coast.example"))
    report = bring_in(folder)
    assert (counts(report, "provider"), report.exit_code()) == ({"created": 1, "refused": 1}, 1)
    report = bring_in(folder)
    assert (report.exit_code(), report.standing()) == (0, 1)


def test_a_folder_of_none_of_the_kinds_is_read_as_a_folder_of_articles(tmp_path: Path):
    put_file(tmp_path, "loose/coast-a.md", Piece("coast-a").data)
    put_file(tmp_path, "loose/2024/dune-b.md", Piece("dune-b").data)
    assert counts(bring_in(tmp_path / "loose")) == {"created": 2}
    assert counts(bring_out(tmp_path / "loose")) == {"unchanged": 2}


def test_what_cannot_run_ends_with_two(folder: Path, tmp_path: Path):
    code, _, err = command("import", folder / "nowhere")
    assert (code, "nowhere" in err) == (2, True)
    file = put_file(tmp_path, "file", "x")
    assert command("export", file)[0] == 2
    assert command("resolve", "coast-a", "title", "--ours")[0] == 2


def test_resolve_ends_a_conflict(folder: Path, ana: User):
    put(folder, Piece("coast-a"))
    command("import", folder)
    edit("coast-a", ana, title="Ours")
    put(folder, Piece("coast-a", title="Theirs"))
    assert command("import", folder)[0] == 1
    code, _, err = command("resolve", "coast-a", "excerpt", "--theirs")
    assert (code, "title" in err) == (2, True), "it says which conflicts there are"
    assert command("resolve", "coast-a", "title", "--theirs")[0] == 0
    assert article("coast-a").title == "Theirs"


def test_a_check_needs_no_database(folder: Path, tmp_path: Path):
    put(folder, Piece("coast-a"))
    put_file(folder, "_news/quay.md", BROKEN)
    environment = os.environ | {
        "DATABASE_URL": "sqlite:////nowhere/at/all/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": "tests-sign-with-this-key-and-nothing-else-ever-should",
        "SECURE_SSL": "0",
    }
    run = [sys.executable, "manage.py", "frontmatter", "check", "--jobs", "2"]
    done = subprocess.run(
        [*run, str(folder)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("_news/quay.md:4: published: "), done.stderr
    assert "accepted" in done.stdout


def test_a_published_coverage_is_not_exported_as_published(folder: Path, ana: User):
    put(folder, *story(Piece("coast-a", quality=60), Piece("dune-b")))
    command("import", folder)
    act("coast-a", "publish", ana)
    command("export", folder)
    assert b"published: true" in (folder / "_news/coast-a.md").read_bytes()
    assert b"published: false" in (folder / "_news/dune-b.md").read_bytes()


def test_a_database_without_tables_is_told_apart_from_a_wrong_file(tmp_path: Path, folder: Path):
    put(folder, Piece("coast-a"))
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"}
    command = [sys.executable, "manage.py", "frontmatter", "import", str(folder)]
    ended = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("CommandError: the database cannot be used")
    assert "migrate" in ended.stderr

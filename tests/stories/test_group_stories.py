"""Whoever has labelled articles can see how good the grouping is."""

from __future__ import annotations

import shutil
import tarfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.benchmarks.sites import CORPUS
from tests.content import Piece
from tests.factories import A_DAY, make_article

LABELLED = "file\tstory\na.md\t1\nb.md\t1\nc.md\t\n"
TITLES = {
    "a": "Cracks found in Orsk dam, villages told to leave",
    "b": "Villages below Orsk dam told to leave after cracks are found",
    "c": "Valley choir sings for a new roof",
}
PERFECT = [
    "articles: 3, events: 2",
    "B-cubed precision: 1.000",
    "B-cubed recall: 1.000",
    "B-cubed F1: 1.000",
    "pair precision: 1.000",
    "pair recall: 1.000",
    "recall@5: 1.000",
    "a right one among five: 1.000",
]


def evaluated(table: Path, **options: object) -> list[str]:
    said = StringIO()
    call_command("group_stories", evaluate=table, stdout=said, **options)
    return said.getvalue().splitlines()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "labels" / "stories.tsv"
    path.parent.mkdir()
    path.write_text(LABELLED)
    return path


@pytest.fixture
def content(tmp_path: Path) -> Path:
    news = tmp_path / "site" / "_news"
    news.mkdir(parents=True)
    for stem, title in TITLES.items():
        (news / f"{stem}.md").write_bytes(Piece(stem, title=title, at=A_DAY).data)
    (news / "z.md").write_text("no article")
    return news.parent


def test_texts_come_from_the_content_that_is_named(table: Path, content: Path) -> None:
    assert evaluated(table, content=content) == [
        f"texts: 3 from {content}, 0 from file names alone",
        *PERFECT,
    ]


def test_texts_come_from_a_packed_folder_beside_the_table(table: Path, content: Path) -> None:
    packed = table.parent / "site.tar.xz"
    with tarfile.open(packed, "w:xz") as archive:
        archive.add(content, "site")
    assert evaluated(table)[0] == f"texts: 3 from {packed}, 0 from file names alone"
    assert evaluated(table)[1:] == PERFECT


def test_a_content_folder_beside_the_table_will_do(table: Path, content: Path) -> None:
    beside = shutil.copytree(content, table.parent / "site")
    assert evaluated(table)[0] == f"texts: 3 from {beside}, 0 from file names alone"


@pytest.mark.django_db
def test_else_texts_are_those_of_the_database(table: Path) -> None:
    for stem in "ab":
        make_article(slug=stem, title=TITLES[stem])
    assert evaluated(table)[0] == "texts: 2 from the database, 1 from file names alone"


def test_without_any_text_the_names_of_the_files_are_read(tmp_path: Path) -> None:
    table = tmp_path / "stories.tsv"
    names = ["2024-05-06-orsk-dam-cracks", "2024-05-06-cracks-in-the-orsk-dam", "a-choir"]
    table.write_text("file\tstory\n" + "".join(f"{n}.md\t{i}\n" for i, n in enumerate(names)))
    # No database is allowed in this test: the command does without.
    assert evaluated(table, content=tmp_path)[0].endswith("3 from file names alone")


@pytest.mark.parametrize("text", ["", "a.md\t1\n", "file,story\na.md,1\n"])
def test_a_table_without_the_columns_is_refused(tmp_path: Path, text: str) -> None:
    table = tmp_path / "stories.tsv"
    table.write_text(text)
    with pytest.raises(CommandError, match="columns file and story") as refused:
        evaluated(table)
    assert refused.value.returncode == 2


def test_the_grouping_reaches_its_figures_on_labelled_articles() -> None:
    if not (CORPUS / "stories.tsv").exists():
        pytest.skip("no labelled articles here")
    said = dict(line.split(": ", 1) for line in evaluated(CORPUS / "stories.tsv")[2:])
    figures = {name: float(figure) for name, figure in said.items()}
    assert figures["B-cubed F1"] >= 0.92
    assert figures["pair precision"] >= 0.90
    assert figures["recall@5"] >= 0.95
    assert figures["a right one among five"] >= 0.99

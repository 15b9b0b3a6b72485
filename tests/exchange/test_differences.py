"""A check names the first differing line of every file, and never shows a seal."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from articles.exchange.differences import first_difference
from tests.content import Piece, files_of, put, put_file
from tests.exchange.acts import command, edit


@pytest.mark.django_db
def test_a_check_says_where_every_file_differs_refused_or_not(folder: Path, ana: User):
    names = ("coast-a", "dune-b", "isle-d", "moor-x", "reef-c")
    put(folder, *[Piece(name) for name in names])
    command("import", folder)
    edit("coast-a", ana, title="New")
    edit("dune-b", ana, title="New")
    edit("isle-d", ana, title="Ours")
    put(
        folder, Piece("dune-b", quality=3), Piece("isle-d", title="Theirs"), Piece("moor-x", heat=9)
    )
    command("import", folder / "_news/isle-d.md")
    put_file(folder, "_news/reef-c.md", "---\ntitle: Quay\npublished: 7\n---\n")
    command("import", folder / "_news/reef-c.md")
    before = files_of(folder)
    code, _, err = command("export", folder, "--check")
    lines = sorted(err.splitlines())
    assert code == 1
    assert len(lines) == 5, err
    assert lines[0].startswith("_news/coast-a.md:3: 'title: ")
    assert lines[1].startswith("_news/dune-b.md:3: changed since import; ")
    assert "New" in lines[1]
    assert lines[2].startswith("_news/isle-d.md:3: in conflict; ")
    assert lines[2].endswith("""'title: "Theirs"' should be 'title: "Ours"'""")
    assert lines[3].startswith("_news/moor-x.md:10: changed since import; ")
    assert lines[3].endswith("'heat: 9' should be 'heat: 50'")
    assert lines[4].startswith("_news/reef-c.md:2: import refused this version; ")
    assert files_of(folder) == before


@pytest.mark.parametrize(
    "layout",
    [
        'a: 1\nsecured: "{}"\n',
        "a: 1\nsecured: |\n  {}\nb: 2\n",
        '"secured":\n\n  {}\n',
        "? secured\n: {}\n",
    ],
)
def test_a_difference_in_the_seal_is_told_without_the_seal(layout: str) -> None:
    here, there = layout.format("QUJD;eHl6").encode(), layout.format("REVG;eHl6").encode()
    problem = first_difference(here, there)
    assert problem.line == layout[: layout.index("{}")].count("\n") + 1
    assert "QUJD" not in problem.message
    assert "REVG" not in problem.message

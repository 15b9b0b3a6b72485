"""What the README says is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from articles.states import markdown_rows

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "newsroom" / "settings.py").read_text(encoding="utf-8")


def test_readme_shows_the_transition_table_that_the_workflow_goes_by() -> None:
    assert "\n".join(markdown_rows()) in README


def test_readme_names_every_setting_that_is_read_from_the_environment() -> None:
    read = set(re.findall(r'env\.?\w*\(\s*"([A-Z_]+)"', SETTINGS))
    assert len(read) > 10
    assert sorted(name for name in read if f"`{name}`" not in README) == []


def test_readme_names_no_setting_that_is_not_read() -> None:
    table = README[README.index("## Settings") : README.index("## The rooms")]
    named = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))
    assert sorted(name for name in named if f'"{name}"' not in SETTINGS) == []


def test_every_picture_and_file_that_the_readme_links_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []

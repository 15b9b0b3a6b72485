"""What is kept of a template is never another template's, nor what it was."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from articles.public.compiled import Compiled


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where compiled templates lie."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "kept"


def rendered(folder: Path, name: str) -> str:
    """By a process that has just begun."""
    here = Environment(loader=FileSystemLoader(folder), bytecode_cache=Compiled(), autoescape=True)
    return here.get_template(name).render()


def test_a_template_is_compiled_once_and_anew_when_it_changed(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "page.html").write_text("first {{ 1 + 1 }}")
    (tmp_path / "page.txt").write_text("plain")
    assert rendered(tmp_path, "page.html") == "first 2"
    assert rendered(tmp_path, "page.txt") == "plain"

    with monkeypatch.context() as patched:
        patched.delattr(Environment, "compile")
        assert rendered(tmp_path, "page.html") == "first 2"
        assert rendered(tmp_path, "page.txt") == "plain"

    (tmp_path / "page.html").write_text("second")
    assert rendered(tmp_path, "page.html") == "second"


def test_a_template_is_rendered_where_nothing_can_be_kept(tmp_path: Path, kept: Path):
    kept.write_text("no folder")
    (tmp_path / "page.html").write_text("page")
    assert rendered(tmp_path, "page.html") == "page"

"""What the tests of the static site share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http.response import HttpResponseBase
from django.urls import get_resolver

from articles.public import frontpage, listing
from articles.public.api import news
from articles.publishing import publish as publish_site
from articles.publishing import seeds
from articles.publishing.asking import Asking

from .test_static import files

Anew = Callable[[], dict[str, bytes]]


@pytest.fixture
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three stories a page, so that few of them fill many pages."""
    # All that takes the size of a page from there has it before it is changed.
    assert get_resolver().url_patterns
    for module in (frontpage, listing, news, seeds):
        monkeypatch.setattr(module, "PAGE_SIZE", 3)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of all pages that runs make."""
    found: list[str] = []
    get = Asking.get

    def heard(self: Asking, address: str) -> HttpResponseBase:
        found.append(address)
        return get(self, address)

    monkeypatch.setattr(Asking, "get", heard)
    return found


@pytest.fixture
def anew(tmp_path_factory: pytest.TempPathFactory) -> Anew:
    """The files of a run that makes everything."""

    def made() -> dict[str, bytes]:
        folder = tmp_path_factory.mktemp("anew")
        publish_site(folder, is_fresh=True)
        return files(folder)

    return made

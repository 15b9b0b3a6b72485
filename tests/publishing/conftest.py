"""What the tests of the static site share."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from articles.public import listing
from articles.public.api import news
from articles.publishing import seeds


@pytest.fixture
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three stories a page, so that few of them fill many pages."""
    # All that takes the size of a page from there has it before it is changed.
    assert get_resolver().url_patterns
    for module in (listing, news, seeds):
        monkeypatch.setattr(module, "PAGE_SIZE", 3)

"""What the tests of the static site share."""

from __future__ import annotations

import pytest

from articles.public import listing
from articles.public.api import news
from articles.publishing import seeds


@pytest.fixture
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three stories a page, so that few of them fill many pages."""
    for module in (listing, news, seeds):
        monkeypatch.setattr(module, "PAGE_SIZE", 3)

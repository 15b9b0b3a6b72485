"""The desk's pages beside Django's own. Each module answers its addresses with `urls(desk)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern

from . import (
    belonging,
    bulk,
    clearing,
    coverage,
    erasing,
    new_link,
    notes,
    notices,
    open_forms,
    paper,
    picturing,
    policy,
    revisions,
    sharing,
    suggestions,
    table,
    triage,
    undoing,
    views,
    withdrawal,
)

Pages = Callable[[Any], list[URLPattern]]

PAGES: tuple[Pages, ...] = (
    belonging.urls,
    bulk.urls,
    clearing.urls,
    coverage.urls,
    erasing.urls,
    new_link.urls,
    notes.urls,
    notices.urls,
    open_forms.urls,
    paper.urls,
    picturing.urls,
    policy.urls,
    revisions.urls,
    sharing.urls,
    suggestions.urls,
    table.urls,
    triage.urls,
    undoing.urls,
    views.urls,
    withdrawal.urls,
)
"""Functions from the article admin to its further addresses, each wrapped in `admin_view`."""


def urls(desk: Any) -> list[URLPattern]:
    """Every address of PAGES, in their order."""
    return [pattern for page in PAGES for pattern in page(desk)]

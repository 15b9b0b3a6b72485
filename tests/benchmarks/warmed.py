"""For gunicorn, which then forks workers from a process that has loaded all code of pages."""

from __future__ import annotations

from typing import Any

from django.urls import get_resolver


def when_ready(_server: Any) -> list[Any]:
    """Before the first worker: what Django puts off until the first request."""
    return list(get_resolver().url_patterns)

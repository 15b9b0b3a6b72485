"""The caches of the site: a server that does not answer makes all slower and nothing wrong."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.cache import caches

RESTING = 5.0
"""Seconds in which a server that did not answer is not asked again: each question takes one."""

log = logging.getLogger(__name__)

_resting: dict[str, float] = {}
"""Until when each server is left alone."""


def ask(what: str, *arguments: Any, alias: str = "default") -> Any:
    """What a cache says; None when it does not answer, or did not a moment ago."""
    server = str(settings.CACHES[alias].get("LOCATION"))
    if monotonic() < _resting.get(server, 0.0):
        return None
    try:
        return getattr(caches[alias], what)(*arguments)
    except ValueError:
        # It answers: there is no such number any more.
        return None
    except Exception:
        # Each cache has errors of its own, and nobody's work is to end with it.
        _resting[server] = monotonic() + RESTING
        log.warning("the cache does not answer: pages are made anew, requests are not counted")
        return None


def tell(key: str, value: Any, seconds: int) -> None:
    """Let other processes know, for so long; one that does not answer tells nothing."""
    ask("set", key, value, seconds)


def told(key: str) -> Any:
    """What some process told; None for nothing."""
    return ask("get", key)

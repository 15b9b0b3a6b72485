"""What processes tell one another by the site's cache; one that does not answer tells nothing."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache

log = logging.getLogger(__name__)


def tell(key: str, value: Any, seconds: int) -> None:
    """Let others know, for so long."""
    _ask("set", key, value, seconds)


def told(key: str) -> Any:
    """What somebody told; None for nothing."""
    return _ask("get", key)


def _ask(what: str, *arguments: Any) -> Any:
    try:
        return getattr(cache, what)(*arguments)
    except Exception:
        # Each cache has errors of its own, and nobody's work is to end with it.
        log.warning("the cache does not answer: what processes tell one another is lost")
        return None

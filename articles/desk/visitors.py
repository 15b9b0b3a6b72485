"""Whom a request is from, as far as the network says."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

LONGEST = 45


def address_of(request: HttpRequest) -> str:
    """The address of the visitor; behind a trusted proxy the one that the proxy saw."""
    seen: str = request.META.get("REMOTE_ADDR", "") or ""
    if settings.TRUST_PROXY:
        # What stands before the last entry came from the visitor, who may write anything there.
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        seen = told or seen
    return seen[:LONGEST]

"""Faults told to Sentry, where a site has one: what broke and where, not what it was about."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def start_sentry(address: str) -> None:
    """Tell faults to that address (SENTRY_DSN), if there is one.

    Raises ImproperlyConfigured without the package, which only such a site needs.
    """
    if not address:
        return
    if not find_spec("sentry_sdk"):
        raise ImproperlyConfigured("SENTRY_DSN needs one more package: pip install sentry-sdk.")
    import_module("sentry_sdk").init(
        dsn=address,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=scrubbed,
    )


def scrubbed(event: dict[str, Any], _hint: Any = None) -> dict[str, Any]:
    """An event without messages, which quote rows and files, and without anything of a request but
    its method."""
    request = event.get("request") or {}
    event["request"] = {"method": request.get("method", "")}
    for error in (event.get("exception") or {}).get("values", []):
        error["value"] = ""
    for name in ("breadcrumbs", "extra", "logentry", "user", "transaction"):
        event.pop(name, None)
    return event

"""What a deployment may say, turned into values that settings can use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# WAL lets readers read while an import writes; FULL keeps a committed publish through a power cut.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """`value` when it is one of `allowed`; raises ImproperlyConfigured naming the choices."""
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value} is not one of: {', '.join(allowed)}.")
    return value


def integers(environ: Mapping[str, str], *, prefix: str) -> dict[str, int]:
    """Every whole number whose name begins with `prefix`, by the rest of the name in lower case.

    Raises ImproperlyConfigured for a value that is not a whole number above zero.
    """
    named = {name: value for name, value in environ.items() if name.startswith(prefix)}
    for name, value in named.items():
        if not value.isdecimal() or int(value) == 0:
            raise ImproperlyConfigured(f"{name}={value} should be a whole number above zero.")
    return {name.removeprefix(prefix).lower(): int(value) for name, value in named.items()}


def contact(value: str) -> str:
    """A mail address or a page as security.txt wants it (RFC 9116), or empty.

    Raises ImproperlyConfigured for what is neither.
    """
    found = f"mailto:{value}" if "@" in value and ":" not in value else value
    if found and not re.fullmatch(r"(mailto:|https://)[^\s<>]+", found):
        raise ImproperlyConfigured(
            f"SECURITY_CONTACT={value} should be a mail address or the https address of a page."
        )
    return found


def secret_key(value: str, *, debug: bool) -> str:
    """The key that signs sessions and links; raises ImproperlyConfigured when there is none.

    Only a development server gets a default: a known key in production would let anyone sign in.
    """
    if value:
        return value
    if debug:
        return "development-only-key-that-must-never-sign-anything-real"
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Give the site a long random one in the environment, "
        "or set DEBUG=1 to try it on your own machine."
    )


def site_address(url: str) -> tuple[str, str, str]:
    """(address without a final slash, host name, path such as "/press" or "") of SITE_URL.

    Raises ImproperlyConfigured for anything but an http or https address with a host.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            f"SITE_URL={url} should read like https://news.example.org or https://example.org/news."
        )
    return url.rstrip("/"), parts.hostname, parts.path.rstrip("/")


def database(config: dict[str, Any], *, pool_size: int) -> dict[str, Any]:
    """Django's DATABASES entry for a parsed DATABASE_URL; SQLite and PostgreSQL are supported."""
    engine = config["ENGINE"].rpartition(".")[2]
    if engine == "sqlite3":
        own: dict[str, Any] = {
            # A transaction that reads first and writes later would meet "database is locked"
            # without waiting; taking the write lock at its beginning makes it wait.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": SQLITE_PRAGMAS,
        }
    elif engine == "postgresql":
        own = {"pool": {"min_size": 0, "max_size": pool_size, "timeout": 20}} if pool_size else {}
    else:
        raise ImproperlyConfigured(
            "DATABASE_URL should begin with sqlite:/// or postgres://; other databases are untried."
        )
    # The pool keeps connections open; Django refuses persistent ones beside it.
    return {**config, "CONN_MAX_AGE": 0, "OPTIONS": {**config.get("OPTIONS", {}), **own}}

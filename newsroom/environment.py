"""What a deployment may say, turned into values that settings can use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# WAL lets readers read while an import writes; FULL keeps a committed publish through a power cut.
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"

MOST_PAGES = 500
"""Pages that a process keeps in its own memory, some 30 KB each."""

SQLITE_SECONDS = 60
"""How long a process keeps its connection: who puts another file there is met within a minute."""

RECONNECT_SECONDS = 3
"""After so long without a server the pauses between two tries begin anew with the shortest one."""

VANISHED = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
"""How long PostgreSQL's host may say nothing at all, as where it lost its network: seconds to
connect, milliseconds to take in what it was sent, seconds between looks whether it is there.
Systems wait for a quarter of an hour. An address may say otherwise."""


def one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """`value` when it is one of `allowed`; raises ImproperlyConfigured naming the choices."""
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value} is not one of: {', '.join(allowed)}.")
    return value


def likelihood(name: str, value: str) -> float | None:
    """A number between 0 and 1; None for nothing or 0. Raises ImproperlyConfigured for others."""
    try:
        found = float(value or 0)
    except ValueError:
        found = -1.0
    if not 0 <= found < 1:
        raise ImproperlyConfigured(f"{name}={value} should be a number between 0 and 1, like 0.95.")
    return found or None


def integers(environ: Mapping[str, str], *, prefix: str) -> dict[str, int]:
    """Every whole number whose name begins with `prefix`, by the rest of the name in lower case.

    Raises ImproperlyConfigured for a value that is not a whole number above zero.
    """
    named = {name: value for name, value in environ.items() if name.startswith(prefix)}
    for name, value in named.items():
        if not value.isdecimal() or int(value) == 0:
            raise ImproperlyConfigured(f"{name}={value} should be a whole number above zero.")
    return {name.removeprefix(prefix).lower(): int(value) for name, value in named.items()}


def purge_address(value: str, *, keys: str) -> str:
    """Where a CDN is told what to forget, or empty. Raises ImproperlyConfigured for no web address,
    and where pages have no `keys` to forget them by."""
    if value and not re.fullmatch(r"https?://[^\s/]+\S*", value):
        raise ImproperlyConfigured(f"PURGE_URL={value} should begin with https:// or http://.")
    if value and not keys:
        raise ImproperlyConfigured("PURGE_URL needs CDN_KEYS, by which pages are forgotten.")
    return value


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


def cookie_prefix(*, is_secure: bool, path: str) -> str:
    """What names of cookies begin with, so that browsers hold them to this site (RFC 6265bis)."""
    if not is_secure:
        return ""
    return "__Secure-" if path else "__Host-"


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


def caches(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Django's CACHES for a parsed CACHE_URL: counts and pages apart, so that neither pushes the
    other out. A server that hangs is given up after a second."""
    if "locmem" in config["BACKEND"]:
        pages = {"LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": MOST_PAGES}}
    else:
        patience = {"socket_timeout": 1, "socket_connect_timeout": 1}
        config = config | {"OPTIONS": patience | config.get("OPTIONS", {})}
        pages = {"KEY_PREFIX": "page"}
    return {"default": config, "pages": config | pages}


def database(
    config: dict[str, Any], *, pool_size: int, statement_seconds: int = 0, read_only: bool = False
) -> dict[str, Any]:
    """Django's DATABASES entry for a parsed DATABASE_URL; SQLite and PostgreSQL are supported.

    PostgreSQL ends a statement after `statement_seconds`, unless 0; a `read_only` database writes
    nothing, whoever asks.
    """
    engine = config["ENGINE"].rpartition(".")[2]
    if engine not in ("sqlite3", "postgresql"):
        raise ImproperlyConfigured(
            "DATABASE_URL should begin with sqlite:/// or postgres://; other databases are untried."
        )
    is_file = engine == "sqlite3"
    own = _sqlite(read_only) if is_file else _postgresql(pool_size, statement_seconds, read_only)
    # To open a SQLite file and set its pragmas takes as long as to make a page. The pool of
    # PostgreSQL keeps connections open; Django refuses persistent ones beside it.
    age = SQLITE_SECONDS if is_file else 0
    # A server that was started again leaves a pool full of connections that are none: each would
    # cost somebody his page.
    kept = {"CONN_MAX_AGE": age, "CONN_HEALTH_CHECKS": not is_file}
    patience = {} if is_file else VANISHED
    return {**config, **kept, "OPTIONS": {**patience, **config.get("OPTIONS", {}), **own}}


def _sqlite(read_only: bool) -> dict[str, Any]:
    return {
        # A transaction that reads first and writes later would meet "database is locked"
        # without waiting; taking the write lock at its beginning makes it wait.
        "transaction_mode": "DEFERRED" if read_only else "IMMEDIATE",
        "timeout": 20,
        "init_command": SQLITE_PRAGMAS + (" PRAGMA query_only=ON;" if read_only else ""),
    }


def _postgresql(pool_size: int, statement_seconds: int, read_only: bool) -> dict[str, Any]:
    said = {
        "statement_timeout": f"{statement_seconds}s" if statement_seconds else "",
        "default_transaction_read_only": "on" if read_only else "",
        # What pages ask is answered sooner than it is compiled, whatever the planner fears.
        "jit": "off",
    }
    options = " ".join(f"-c {name}={value}" for name, value in said.items() if value)
    pool = {
        "min_size": 0,
        "max_size": pool_size,
        "timeout": 20,
        "reconnect_timeout": RECONNECT_SECONDS,
        "reconnect_failed": _connect_anew,
    }
    return ({"pool": pool} if pool_size else {}) | {"options": options}


def _connect_anew(pool: Any) -> None:
    """Keeps a pool trying as long as the server is away.

    Left alone it pauses twice as long each time, up to minutes, and is not back when the server is.
    """
    pool.check()

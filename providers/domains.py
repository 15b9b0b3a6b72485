"""One spelling for every domain name. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit


def normalise(domain: str) -> str:
    """`WWW.Example.COM:443.` → `example.com`; an international name in its ASCII form.

    A name that IDNA cannot encode is kept in lower case: a domain is an identity here, never an
    address to connect to.
    """
    name = domain.strip().lower()
    if "//" in name:
        name = name.split("//", 1)[1]
    name = name.split("/", 1)[0].rsplit("@", 1)[-1]
    if not name.startswith("["):
        name = name.split(":", 1)[0]
    name = name.strip(".").removeprefix("www.")
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def of_link(link: str) -> str:
    """The normalised domain of an absolute link; empty when it has no host."""
    try:
        return normalise(urlsplit(link).hostname or "")
    except ValueError:
        return ""

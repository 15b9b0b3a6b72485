"""One scalar's source text to the value of a typed key: numbers, booleans, moments, links."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit

from .meanings import FALSE, TRUE
from .nodes import Scalar

WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
LOWEST, HIGHEST = -(2**31), 2**31 - 1

MOMENT = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?)?"
    r"[ \t]*(?P<zone>[Zz]|(?P<sign>[-+])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?)?)?"
)
# The usual case, which the standard library reads as well, and faster.
USUAL_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z")
# ISO 8601's forms without hyphens and with week numbers; a bare 20200505 stays a number.
ISO_BASIC = re.compile(r"[0-9]{8}T[0-9.,:+-]+Z?|[0-9]{4}-?W[0-9]{2}-?[0-9](?:T[0-9.,:+-]+Z?)?")
EXAMPLE = "write a date and time such as 2020-05-05T09:42:00Z"

# The usual case, decided at once: a host of letters, digits and hyphens with a dot in it.
USUAL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#]|\Z)")
SCHEME = re.compile(r"https?://", re.IGNORECASE)
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


class WrongError(ValueError):
    """A scalar is no value of its type; the message says what is wrong and what would be right."""


def show(text: str) -> str:
    """The text as a message may quote it: one line, at most 60 characters."""
    short = text if len(text) <= 60 else text[:59] + "…"
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short) + '"'


def integer(node: Scalar) -> int:
    """A whole decimal number of 32 bits; raises `WrongError`."""
    text = node.text
    if not node.plain or node.tag not in ("", "int"):
        raise WrongError(f"{show(text)} is text; write a whole number without quotes, such as 47")
    if WHOLE.fullmatch(text) is None:
        raise WrongError(f"{show(text)} is no whole number; write digits only, such as 47")
    if len(text) > 11 or not LOWEST <= int(text) <= HIGHEST:
        raise WrongError(
            f"{show(text)} is out of range; the number must lie between {LOWEST} and {HIGHEST}"
        )
    return int(text)


def boolean(node: Scalar) -> bool:
    """An unquoted YAML 1.1 boolean; raises `WrongError`."""
    if node.plain and node.tag in ("", "bool"):
        if node.text in TRUE:
            return True
        if node.text in FALSE:
            return False
    quotes = "" if node.plain else " is text, and"
    raise WrongError(
        f"{show(node.text)}{quotes} is neither true nor false; write true or false without quotes"
    )


def moment(node: Scalar) -> datetime:
    """An ISO 8601 date or time, quoted or not; no offset means UTC. Raises `WrongError`."""
    text = node.text
    if node.tag not in ("", "str"):
        raise WrongError(f"{show(text)} is not a date; {EXAMPLE}")
    try:
        if USUAL_MOMENT.fullmatch(text) is not None:
            return datetime.fromisoformat(text)
        found = MOMENT.fullmatch(text)
        if found is not None:
            return _from_parts(found)
        if ISO_BASIC.fullmatch(text) is not None:
            value = datetime.fromisoformat(text)
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except WrongError:
        raise
    except (ValueError, OverflowError):
        raise WrongError(f"{show(text)} is no possible date and time; {EXAMPLE}") from None
    raise WrongError(f"{show(text)} is not a date; {EXAMPLE}")


def _from_parts(found: re.Match[str]) -> datetime:
    part = found.groupdict(default="0")
    if part["second"] == "60":
        raise WrongError(
            f"{show(found[0])} is a leap second, which cannot be kept; write :59 instead"
        )
    micro = int((part["fraction"] + "000000")[:6])
    zone: timezone = UTC
    if found["sign"]:
        if int(part["minutes"]) > 59:
            raise ValueError("minutes of the offset")
        offset = timedelta(hours=int(part["hours"]), minutes=int(part["minutes"]))
        zone = timezone(-offset if part["sign"] == "-" else offset)
    date = (int(part["year"]), int(part["month"]), int(part["day"]))
    value = datetime(
        *date, int(part["hour"]), int(part["minute"]), int(part["second"]), micro, zone
    )
    return value.astimezone(UTC)


def link(text: str, longest: int) -> str:
    """An absolute http or https address, exactly as it stands; raises `WrongError`."""
    _check_characters(text, longest)
    if USUAL.match(text) is not None:
        return text
    scheme = SCHEME.match(text)
    if scheme is None:
        raise WrongError(f"{show(text)} is no web address; it must begin with http:// or https://")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise WrongError(f"{show(text)} is no valid web address; check its host and port") from None
    if "@" in parts.netloc:
        raise WrongError(
            f"{show(text)} holds a user name or password; remove everything up to the @"
        )
    if not host.strip(".") or any(c.isspace() for c in parts.netloc):
        raise WrongError(f"{show(text)} names no host; write it as https://example.com/page")
    return text


def image_link(text: str, longest: int) -> str:
    """A link, or a path from the root of the site (`/assets/a.jpg`); raises `WrongError`."""
    if not text.startswith("/"):
        if SCHEME.match(text) is None:
            raise WrongError(f"{show(text)} is no image address; begin it with https:// or /")
        return link(text, longest)
    _check_characters(text, longest)
    if text.startswith("//"):
        raise WrongError(f"{show(text)} lacks its scheme; begin it with https://")
    return text


def _check_characters(text: str, longest: int) -> None:
    if len(text) > longest:
        raise WrongError(f"an address of {len(text):,} characters; at most {longest:,} are allowed")
    if UNSAFE.search(text) is not None:
        what = "a backslash" if "\\" in text else "a control character or line break"
        raise WrongError(f"{show(text)} holds {what}; remove it from the address")

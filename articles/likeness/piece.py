"""An article as plain values, and when two of them are the same piece at two addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from ..tracking import stripped

MOBILE = re.compile(r"^(?:www|m|mobile|amp|edition)\.")
AMP = re.compile(r"/amp(?=/|$)|\.amp(?=\.html?$|$)|(?<=[?&])(?:amp|outputType=amp)(?:=1)?(?=&|$)")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is compared of an article. `key` names it to the caller; `domain` is its provider's."""

    key: str
    title: str
    published_at: datetime
    excerpt: str = ""
    domain: str = ""
    link: str = ""


def address(link: str) -> str:
    """What is left of a link without scheme, tracking parameters, mobile host and AMP marks."""
    try:
        parts = urlsplit(stripped(link)[0])
    except ValueError:
        return link
    host = MOBILE.sub("", (parts.hostname or "").lower())
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return host + AMP.sub("", path).rstrip("?/")

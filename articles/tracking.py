"""What a link says besides which piece it leads to: who shared it, and for which screen. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

BEGINNINGS = ("utm_", "mtm_", "pk_", "hsa_", "vero_", "oly_")
NAMES = frozenset(
    {
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid"),
        *("twclid", "ttclid", "igshid", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok"),
        *("_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", "s_cid", "ref_src", "ref_url"),
        *("cmpid", "ocid", "ncid", "wt.mc_id", "guccounter", "guce_referrer"),
    }
)

MOBILE = re.compile(r"^(?:www|m|mobile|amp|edition)\.")
AMP = re.compile(r"/amp(?=/|$)|\.amp(?=\.html?$|$)|(?<=[?&])(?:amp|outputType=amp)(?:=1)?(?=&|$)")
AMP_CACHE = re.compile(
    r"^(?:[^/]+\.cdn\.ampproject\.org/[a-z]|(?:www\.)?google\.[a-z.]+/amp)/(?:s/)?(?=[^/]+\.)"
)


def is_tracking(name: str) -> bool:
    """Whether a parameter of that name says who shared the link, not what it leads to."""
    name = name.lower()
    return name in NAMES or name.startswith(BEGINNINGS)


def stripped(link: str) -> tuple[str, list[str]]:
    """The link without tracking parameters, and the names of those, in order.

    Without any it is the same text; so is one that cannot be read.
    """
    try:
        parts = urlsplit(link)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return link, []
    names = [name for name, _ in pairs if is_tracking(name)]
    if not names:
        return link, []
    kept = urlencode([pair for pair in pairs if not is_tracking(pair[0])])
    return urlunsplit(parts._replace(query=kept)), list(dict.fromkeys(names))


def address(link: str) -> str:
    """What is left of a link without scheme, tracking parameters, mobile host and AMP marks; the
    same for every way to the same piece."""
    try:
        parts = urlsplit(stripped(link)[0])
        host = (parts.hostname or "").lower()
    except ValueError:
        return link
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if cached := AMP_CACHE.sub("", host + path, count=1):
        host, slash, path = cached.partition("/")
        path = slash + path
    return MOBILE.sub("", host) + AMP.sub("", path).rstrip("?/")

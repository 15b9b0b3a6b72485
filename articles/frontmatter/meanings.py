"""What an unquoted scalar means to YAML 1.1 and 1.2: null, a boolean, a number, a time, or text."""

from __future__ import annotations

import re
from functools import lru_cache

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUE = frozenset({"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})
FALSE = frozenset({"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"})
NAN = frozenset({".nan", ".NaN", ".NAN"})
INFINITE = frozenset(sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF"))
NOT_FINITE = NAN | INFINITE

INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o[0-7]+|[0-9][0-9_]*(?::[0-5]?[0-9])*)")
FLOAT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[0-9]+[eE][-+]?[0-9]+|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)"
)
TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
    r"(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)


def meaning(text: str) -> str:
    """What a stock reader makes of an unquoted scalar: null, bool, int, float, time or str."""
    # Keys come again and again and are short; a long one is not worth its place in the cache.
    return _short_meaning(text) if len(text) <= 100 else _meaning(text)


def _meaning(text: str) -> str:
    if text in NULLS:
        return "null"
    if text in TRUE or text in FALSE:
        return "bool"
    if text in NOT_FINITE or FLOAT.fullmatch(text):
        return "float"
    if INTEGER.fullmatch(text):
        return "int"
    return "time" if TIME.fullmatch(text) else "str"


_short_meaning = lru_cache(maxsize=4096)(_meaning)


def fits(tag: str, text: str) -> bool:
    """Whether an explicit core tag can stand on this text."""
    kind = meaning(text)
    return tag == "str" or kind == tag or (tag == "float" and kind == "int")

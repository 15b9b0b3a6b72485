"""The rules by which Mozilla's HTTP Observatory scores the answer of a site, as published in 2026.

Redirections and what is asked of other addresses are not in here: tests ask those themselves.
Source: developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http.cookies import Morsel
from typing import Any, NamedTuple

HALF_A_YEAR = 15_768_000
GRADES = ((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"))
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SCRIPT = re.compile(r"<script\b[^>]*\bsrc=[\"']?([^\"' >]+)[^>]*>", re.IGNORECASE)


class Finding(NamedTuple):
    """What one test came to, and what it adds to the score."""

    what: str
    points: int


class Answer(NamedTuple):
    """What was answered over https: names of headers as they are commonly spelt."""

    headers: Mapping[str, str]
    cookies: Mapping[str, Morsel[Any]]
    html: str


def grade(answer: Answer) -> str:
    """The grade, "A+" down to "F"."""
    total = score(answer)
    return next((name for least, name in GRADES if total >= least), "below C+")


def score(answer: Answer) -> int:
    """100, less the penalties; bonuses only count from 90 on."""
    points = [found.points for found in findings(answer)]
    total = 100 + sum(point for point in points if point < 0)
    return max(0, total + sum(point for point in points if point > 0) if total >= 90 else total)


def findings(answer: Answer) -> Iterator[Finding]:
    """What each test says."""
    policy = _policy(answer.headers.get("Content-Security-Policy", ""))
    yield _content_security(policy)
    yield from _cookies(answer)
    yield _cors(answer.headers)
    yield _referrer(answer.headers)
    yield _transport(answer.headers)
    yield _integrity(answer.html)
    nosniff = answer.headers.get("X-Content-Type-Options") == "nosniff"
    yield Finding("x-content-type-options", 0 if nosniff else -5)
    yield _frames(policy, answer.headers)
    yield _resources(answer.headers)


def _policy(header: str) -> dict[str, list[str]]:
    parts = [directive.split() for directive in header.split(";") if directive.strip()]
    return {name.lower(): sources for name, *sources in parts}


def _content_security(policy: dict[str, list[str]]) -> Finding:
    if not policy:
        return Finding("csp-not-implemented", -25)
    fallback = policy.get("default-src", ["*"])
    scripts, styles = policy.get("script-src", fallback), policy.get("style-src", fallback)
    objects = policy.get("object-src", fallback)
    wide = {"*", "http:", "https:", "data:", "ftp:"}
    if wide & {*scripts, *objects} or "'unsafe-inline'" in scripts:
        return Finding("csp-implemented-with-unsafe-inline", -20)
    if "'unsafe-eval'" in [*scripts, *styles]:
        return Finding("csp-implemented-with-unsafe-eval", -10)
    if any(source.startswith("http://") for sources in policy.values() for source in sources):
        return Finding("csp-implemented-with-insecure-scheme", -20)
    if "'unsafe-inline'" in styles or wide & set(styles):
        return Finding("csp-implemented-with-unsafe-inline-in-style-src-only", 0)
    if fallback == ["'none'"]:
        return Finding("csp-implemented-with-no-unsafe-default-src-none", 10)
    return Finding("csp-implemented-with-no-unsafe", 5)


def _cookies(answer: Answer) -> Iterator[Finding]:
    has_hsts = "Strict-Transport-Security" in answer.headers
    if not answer.cookies:
        yield Finding("cookies-not-found", 0)
        return
    penalties = []
    for name, cookie in answer.cookies.items():
        is_session = "sess" in name.lower() or "login" in name.lower()
        is_token = "csrf" in name.lower()
        if not cookie["secure"]:
            penalties.append((-10 if is_session else -5) if has_hsts else -40)
        if is_session and not cookie["httponly"]:
            penalties.append(-30)
        if is_token and not cookie["samesite"]:
            penalties.append(-20)
        if cookie["samesite"] not in ("", "Strict", "Lax"):
            penalties.append(-20)
    restricted = all(cookie["samesite"] for cookie in answer.cookies.values())
    yield Finding("cookies", min(penalties) if penalties else 5 * restricted)


def _cors(headers: Mapping[str, str]) -> Finding:
    """Credentials for everybody are the fault; a public answer for anybody is none."""
    asked = headers.get("Access-Control-Allow-Credentials", "").lower() == "true"
    is_open = headers.get("Access-Control-Allow-Origin", "") not in ("", "*")
    return Finding("cross-origin-resource-sharing", -50 if asked and is_open else 0)


def _referrer(headers: Mapping[str, str]) -> Finding:
    said = headers.get("Referrer-Policy", "")
    if not said:
        return Finding("referrer-policy-not-implemented", 0)
    last = said.split(",")[-1].strip()
    return Finding("referrer-policy", 5 if last in PRIVATE else -5)


def _transport(headers: Mapping[str, str]) -> Finding:
    """The bonus for being in browsers' preload lists is no site's to give."""
    found = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    if found is None:
        return Finding("hsts-not-implemented", -20)
    return Finding("hsts", 0 if int(found[1]) >= HALF_A_YEAR else -10)


def _integrity(html: str) -> Finding:
    foreign = [tag for tag in SCRIPT.finditer(html) if "//" in tag[1]]
    if any(tag[1].startswith("http://") for tag in foreign):
        return Finding("sri-and-external-scripts-not-loaded-securely", -50)
    if any("integrity=" not in tag[0] for tag in foreign):
        return Finding("sri-not-implemented-but-external-scripts-loaded-securely", -5)
    return Finding("sri-not-needed", 5 if foreign else 0)


def _frames(policy: dict[str, list[str]], headers: Mapping[str, str]) -> Finding:
    if policy.get("frame-ancestors", ["*"]) in (["'none'"], ["'self'"]):
        return Finding("x-frame-options-implemented-via-csp", 5)
    said = headers.get("X-Frame-Options", "").upper()
    return Finding("x-frame-options", 0 if said in ("DENY", "SAMEORIGIN") else -20)


def _resources(headers: Mapping[str, str]) -> Finding:
    said = headers.get("Cross-Origin-Resource-Policy", "")
    if said in ("same-origin", "same-site"):
        return Finding("corp-implemented", 10)
    return Finding("corp", 0 if said in ("", "cross-origin") else -5)

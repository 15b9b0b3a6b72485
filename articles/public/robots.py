"""Two files that machines look for at fixed addresses: robots.txt and security.txt (RFC 9116)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, reverse
from django.utils import timezone

from .links import absolute
from .responses import by_content

TRAINING = (
    *("AI2Bot", "Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot", "Diffbot", "GPTBot"),
    *("Google-Extended", "ImagesiftBot", "Meta-ExternalAgent", "cohere-training-data-crawler"),
    *("Amazonbot", "anthropic-ai", "FacebookBot", "omgili", "PanguBot", "Timpibot", "webzio"),
)
"""Crawlers whose operators say that what they fetch trains models."""
ANSWERING = (
    *("ChatGPT-User", "Claude-SearchBot", "Claude-User", "DuckAssistBot", "MistralAI-User"),
    *("OAI-SearchBot", "Perplexity-User", "PerplexityBot", "YouBot"),
)
"""Those that fetch to answer somebody's question, with a link."""
_REFUSED = {"allowed": (), "no-training": TRAINING, "refused": (*TRAINING, *ANSWERING)}
_CLOSED = ("admin/", "preview/", "search/")
_VALID_MONTHS = 6
_PLAIN = "text/plain; charset=utf-8"


@by_content
def robots(_request: HttpRequest) -> HttpResponse:
    """What crawlers need not fetch, and where the sitemaps are."""
    closed = [f"Disallow: {get_script_prefix()}{path}" for path in _CLOSED]
    maps = [f"Sitemap: {absolute(reverse(f'public:{name}'))}" for name in ("sitemap", "news-map")]
    refused = [f"User-agent: {name}" for name in _REFUSED[settings.AI_CRAWLERS]]
    groups = [*refused, f"Disallow: {get_script_prefix()}", ""] if refused else []
    return _lines([*groups, "User-agent: *", *closed, "", *maps])


@by_content
def security(_request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (SECURITY_CONTACT); 404 until somebody says."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    return _lines(
        [
            f"Contact: {settings.SECURITY_CONTACT}",
            f"Expires: {_expiry(timezone.now()):%Y-%m-%dT%H:%M:%SZ}",
            f"Canonical: {absolute(reverse('public:security'))}",
            f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        ]
    )


def _expiry(at: datetime) -> datetime:
    """The first of a month, half a year ahead: the same for a whole month."""
    months = at.year * 12 + at.month - 1 + _VALID_MONTHS
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _lines(lines: list[str]) -> HttpResponse:
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=_PLAIN)

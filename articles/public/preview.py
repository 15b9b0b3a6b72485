"""What readers would see: the story page for people with a share link, and for the desk.

This is the one page outside the desk that shows what is not public. It starts at a signed link and
nowhere else; no list, feed, search or cache knows of it.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from providers.models import Policy

from ..desk.previews import as_read
from ..desk.sharing import is_open, link_of
from ..models import Article, Revision
from ..models.article import SHOWN_AS_COVERAGE
from .coverage import Coverage, coverage, line_of
from .entries import Entry, Subject
from .markup import body_html, embed_src
from .pictures import pictures


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The article of a share link; 410 once the link is over, 404 for what never was one."""
    # As for readers: nothing personal may get into the page.
    request.COOKIES = {}
    link = link_of(token)
    if link is None:
        raise Http404(_("There is no preview at this address."))
    now = timezone.now()
    if not is_open(link, now):
        return unlisted(render(request, "public/preview_over.html", {}, status=410))
    return preview(request, link.article, link.revision, now, until=link.expires_at)


def preview(
    request: HttpRequest,
    article: Article,
    revision: Revision | None,
    at: datetime,
    *,
    until: datetime | None = None,
) -> HttpResponse:
    """The story page of an article, whatever its state, with the text of a revision if one is
    given; `until` is when the link that led here ends. Article comes with provider and story."""
    shown, topics = as_read(article, revision)
    provider = shown.provider
    is_whole = not provider.is_link_only and provider.excerpt_limit is None
    reports = _coverage(article, at)
    is_by_time = request.GET.get("order") == "time"
    if is_by_time:
        reports = reports.by_time()
    context = {
        "entry": Entry(
            shown,
            request.path,
            [Subject(topic.name, topic.slug) for topic in topics],
            reports,
            pictures([shown]).get(shown.pk),
        ),
        "is_by_time": is_by_time,
        "body": body_html(shown.body) if is_whole else "",
        "embed": "" if provider.is_link_only else embed_src(shown.embed),
        "until": until,
        "is_public": revision is None and article.is_published(at),
    }
    return unlisted(render(request, "public/preview.html", context))


def unlisted(response: HttpResponse) -> HttpResponse:
    """Kept by no cache, listed by no search engine, told to no other site."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _coverage(article: Article, at: datetime) -> Coverage:
    """The reports that readers see under it, or would if it were published now."""
    if not article.is_lead:
        return Coverage()
    found = coverage([article], at, None).get(article.story_id) or Coverage()
    if not article.is_published(at):
        members = Article.objects.filter(
            story=article.story_id,
            is_lead=False,
            state__in=SHOWN_AS_COVERAGE[settings.COVERAGE],
        ).exclude(provider__policy=Policy.BLOCKED)
        order = members.select_related("provider").order_by("slug")
        found.add([line_of(member) for member in order.defer("body", "images", "embed")], None)
    return found

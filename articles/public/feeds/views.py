"""The feeds of the site, its topics and its providers, and the list of them all."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _

from ...models import Article
from ...search import BadQuestionError, find
from .. import clock, corrections, directory, listing, questions
from ..links import absolute, page
from ..responses import for_readers, not_understood
from .formats import FORMATS, Feed, Item
from .opml import groups
from .stories import ITEMS, face_of, newest
from .stories import of_corrections as items_of_corrections


@for_readers
def site(request: HttpRequest, suffix: str) -> HttpResponse:
    """Every story, as it goes live."""
    title = settings.SITE_NAME
    description = _("The stories of %(site)s as they go live.") % {"site": title}
    at = clock.of(request).at
    stories = listing.published(at)
    said = (title, description)
    return _answer(request, suffix, said, reverse("public:latest"), newest(stories, at))


@for_readers
def of_topic(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """The stories of one topic."""
    at = clock.of(request).at
    family = directory.family(slug, at)
    if family is None:
        raise Http404(_("There is no topic at this address."))
    said = _named(family.topic.name, _("Stories about %(name)s as they go live."))
    home = page("topic", slug) + "?order=latest"
    stories = directory.stories_of(family, at)
    return _answer(request, suffix, said, home, newest(stories, at))


@for_readers
def of_provider(request: HttpRequest, domain: str, suffix: str) -> HttpResponse:
    """The stories that one publisher leads."""
    at = clock.of(request).at
    provider = directory.house(domain)
    items = newest(directory.stories_led_by(provider, at), at) if provider else []
    # Who leads a story is known to readers; only of others it must be asked.
    if provider is None or not (items or directory.is_readable(provider, at)):
        raise Http404(_("There is no provider at this address."))
    said = _named(provider.name, _("Stories led by %(name)s as they go live."))
    home = page("provider", domain)
    return _answer(request, suffix, said, home, items, icon=face_of(provider))


@for_readers
def of_search(request: HttpRequest, suffix: str) -> HttpResponse:
    """The stories that a search finds, in the order of going live."""
    at = clock.of(request).at
    try:
        asked = questions.question(request.GET, at)
    except BadQuestionError as error:
        return not_understood(request, str(error))
    if asked is None:
        return not_understood(request, _("Say what to look for."))
    found = find(asked.rows, asked.terms, asked.names)
    stories = Article.objects.published(at).filter(pk__among=found.ids)
    names = {"asked": " · ".join(asked.given.values()), "site": settings.SITE_NAME}
    title = _("Search: %(asked)s · %(site)s") % names
    description = _("Stories that a search for “%(asked)s” finds, as they go live.") % names
    said, home = (title, description), reverse("public:search")
    return _answer(request, suffix, said, home, newest(stories, at), f"?{asked.query()}")


@for_readers
def of_corrections(request: HttpRequest, suffix: str) -> HttpResponse:
    """What the newsroom put right."""
    found = corrections.newest(clock.of(request).at, ITEMS)
    names = {"site": settings.SITE_NAME}
    title = _("Corrections · %(site)s") % names
    description = _("What %(site)s put right.") % names
    said, home = (title, description), reverse("public:corrections")
    return _answer(request, suffix, said, home, items_of_corrections(found))


@for_readers
def opml(request: HttpRequest) -> HttpResponse:
    """Every feed, for a feed reader to take in at once."""
    context = {"groups": groups(clock.of(request).at)}
    return render(request, "public/opml.xml", context, content_type="text/x-opml; charset=utf-8")


def _named(name: str, description: str) -> tuple[str, str]:
    """(title, description) of the feed of what has a name."""
    names = {"name": name, "site": settings.SITE_NAME}
    return _("%(name)s · %(site)s") % names, description % names


def _answer(
    request: HttpRequest,
    suffix: str,
    said: tuple[str, str],
    home: str,
    items: Sequence[Item],
    query: str = "",
    icon: str = "",
) -> HttpResponse:
    """A feed; `said` is its title and description, `query` stands behind its addresses."""
    here = escape_uri_path(request.path)
    return answer(suffix, Feed(*said, absolute(home + query), absolute(here + query), items, icon))


def answer(suffix: str, feed: Feed) -> HttpResponse:
    """A feed in the format that its address ends in."""
    media_type, written = FORMATS[suffix]
    return HttpResponse(written(feed), content_type=f"{media_type}; charset=utf-8")

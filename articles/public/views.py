"""The pages that readers see. Each asks once what time it is and shows what is public then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ..images.cards import card_of, drawn
from ..models import Article
from . import addresses, clock, corrections, directory, frontpage, listing, surrogates
from .arithmetic import heat_sum
from .entries import Entry, entries, providers_of, topics_of
from .links import absolute, address
from .markup import body_html, embed_src
from .paging import here, listed, paged
from .pictures import wanted
from .responses import for_readers, not_understood

LIVE_SECONDS = 60
"""How often an open page asks for new stories."""

NEWEST = 50
"""Stories of which an open page can tell whether they are new."""


@for_readers
def front(request: HttpRequest) -> HttpResponse:
    """The published stories by rank, and as editors placed some of them."""
    now = clock.of(request)
    at = now.at
    stories, links = paged(
        request, lambda cursor: frontpage.front(at, cursor, is_placed=now.is_placed)
    )
    found = entries(stories, at)
    context = {
        "entries": found,
        "topics": topics_of(found),
        "providers": providers_of(found),
        "today": timezone.localdate(at),
        "live_seconds": LIVE_SECONDS,
        **links,
    }
    return render(request, "public/front.html", context)


@for_readers
def live(request: HttpRequest) -> HttpResponse:
    """The addresses of the latest stories, for pages that tell of new ones; two queries."""
    published = Article.objects.published(clock.of(request).at).select_related("story")
    newest = published.only("slug", "story__slug").order_by("-go_live_at", "slug")[:NEWEST]
    return JsonResponse({"stories": [address(article) for article in newest]})


@for_readers
def latest(request: HttpRequest) -> HttpResponse:
    """The published stories by going live, day by day."""
    at = clock.of(request).at
    stories, links = listed(request, listing.latest, listing.published(at))
    context = {"days": _by_day(entries(stories, at)), "live_seconds": LIVE_SECONDS, **links}
    return render(request, "public/latest.html", context)


@for_readers
def news(_request: HttpRequest) -> HttpResponse:
    """Stories have their addresses below this one; what people look for here is the latest."""
    return redirect("public:latest")


@for_readers
def story(request: HttpRequest, stem: str) -> HttpResponse:
    """One story with all its coverage; 410 for what was public once, 404 for what never was."""
    at = clock.of(request).at
    found = addresses.find(stem, at)
    if found.lead is None:
        if found.was_public:
            return render(request, "410.html", {}, status=410)
        raise Http404(_("No story has this address."))
    if not found.is_here:
        return redirect(address(found.lead), permanent=found.is_renamed)
    lead = found.lead
    [entry] = entries([lead], at, lines=None)
    order = request.GET.get("order", "")
    if order not in ("", "time"):
        return not_understood(
            request, _("Coverage can be read by quality or, with order=time, by time.")
        )
    if order:
        entry = replace(entry, coverage=entry.coverage.by_time())
    provider = lead.provider
    # A provider that limits excerpts would not want the whole text shown either.
    is_whole = not provider.is_link_only and provider.excerpt_limit is None
    context = {
        "entry": entry,
        "body": body_html(lead.body) if is_whole else "",
        "embed": "" if provider.is_link_only else embed_src(lead.embed),
        "changes": corrections.of_article(lead, at),
        "is_by_time": bool(order),
        "heat": heat_sum(lead),
        "canonical": absolute(entry.address),
    }
    response = render(request, "public/story.html", context)
    numbers = map(surrogates.of_address, wanted([lead])["numbers"])
    surrogates.name(response, (surrogates.SITE, surrogates.of_story(lead.story_id), *numbers))
    return response


@for_readers
def card(request: HttpRequest, stem: str, stamp: str) -> HttpResponse:
    """What other sites show beside a link to a published story that has no picture: drawn."""
    lead = addresses.find(stem, clock.of(request).at).lead
    made = card_of(lead.title, lead.provider) if lead else None
    data = drawn(made, lead.pk) if lead and made and made.stamp == stamp else None
    if lead is None or data is None:
        raise Http404(_("No story has this card."))
    response = HttpResponse(data, content_type="image/png")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    surrogates.name(response, (surrogates.SITE, surrogates.of_story(lead.story_id)))
    return response


@for_readers
def topics(request: HttpRequest) -> HttpResponse:
    """Every subject, as a tree."""
    branches = clock.of(request).remembered("topics", directory.topic_tree)
    context = {"branches": branches, "canonical": here(request)}
    return render(request, "public/topics.html", context)


@for_readers
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """The stories of a topic: ranked, or with `?order=latest` the newest first."""
    now = clock.of(request)
    at = now.at
    family = directory.family(slug, at)
    if family is None:
        raise Http404(_("There is no topic at this address."))
    order = request.GET.get("order", "")
    if order not in ("", "latest"):
        return not_understood(
            request, _("Stories of a topic come by rank or, with order=latest, newest first.")
        )
    own = directory.stories_of(family, at)
    ranked = listing.top if family.is_busy else listing.ranked
    if order:
        stories, links = listed(request, listing.latest, own, "order=latest")
    else:
        stories, links = paged(
            request,
            lambda cursor: frontpage.by_rank(ranked, own, at, cursor, is_placed=now.is_placed),
        )
    context = {
        "family": family,
        "entries": entries(stories, at),
        "is_latest": bool(order),
        **links,
    }
    return render(request, "public/topic.html", context)


@for_readers
def providers(request: HttpRequest) -> HttpResponse:
    """Every publisher that readers can meet here."""
    standings = clock.of(request).remembered("providers", directory.standings)
    context = {"standings": standings, "canonical": here(request)}
    return render(request, "public/providers.html", context)


@for_readers
def provider(request: HttpRequest, domain: str) -> HttpResponse:
    """What one publisher has here: stories that it leads, and reports under those of others."""
    at = clock.of(request).at
    standing = directory.standing(domain, at)
    if standing is None:
        raise Http404(_("There is no provider at this address."))
    counts = (standing.led, standing.joined)
    reports = zip(directory.reports_of(standing.provider, at), counts, strict=True)
    some = tuple(source for source, count in reports if count)
    articles, links = listed(request, listing.by_publication, some)
    context = {
        "standing": standing,
        "reports": [(article, address(article)) for article in articles],
        **links,
    }
    return render(request, "public/provider.html", context)


def _by_day(found: list[Entry]) -> list[tuple[date, list[Entry]]]:
    days = groupby(found, lambda entry: timezone.localdate(entry.article.go_live_at))
    return [(day, list(group)) for day, group in days]

"""The filters of the article list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from providers.models import Provider

from ..models import Article, ArticleTopic, Falling, Topic
from ..states import State
from ..stories.looked import grown
from .acts import actor_of
from .controls import Choice, Choices, Conditions, Range, Typed
from .finding import first_of
from .queue import SHELVES, left_without_lead, on_shelf

COUNTED = 1_000
"""Articles of a list that are counted one by one."""

COMPARED = 5_000
"""Articles of a list among which possible duplicates are looked for."""

COMMON = 5_000
"""What more articles than these have in common is met soon on a walk through any shelf; fewer are
read and put in order."""


def shelf_of(request: HttpRequest) -> str:
    """The shelf asked for; the queue unless a search or a state asks for articles anywhere."""
    asked = request.GET.get("shelf", "")
    if asked in SHELVES:
        return asked
    return "all" if request.GET.get(SEARCH_VAR) or request.GET.get("state") else "queue"


class ShelfFilter(Choice):
    """Tabs over the list."""

    title = "shelf"
    parameter_name = "shelf"
    template = "admin/articles/filters/shelf.html"

    def __init__(self, request: HttpRequest, *arguments: Any) -> None:
        super().__init__(request, *arguments)
        self.shelf = shelf_of(request)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return list(SHELVES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return on_shelf(queryset, self.shelf)

    def choices(self, changelist: Any) -> Iterator[Any]:
        for value, display in self.lookup_choices:
            link = changelist.get_query_string({"shelf": value}, ["p", "state"])
            yield {"selected": value == self.shelf, "display": display, "link": link}


class StateFilter(Choice):
    title = "State"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(state.value, state.words) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        asked = self.value()
        return queryset.filter(state__lower=asked) if asked in set(State) else queryset


class TopicFilter(Choice):
    title = "Topic"
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("-", "no topic"), *Topic.objects.order_by("name").values_list("slug", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        # PostgreSQL takes no NUL in a text.
        asked = (self.value() or "").replace("\0", " ")
        if asked == "-":
            return queryset.filter(~Exists(ArticleTopic.objects.filter(article=OuterRef("pk"))))
        if not asked:
            return queryset
        places = ArticleTopic.objects.filter(topic__slug=asked)
        if _is_common(places):
            return queryset.filter(Exists(places.filter(article=OuterRef("pk"))))
        return queryset.filter(pk__in=places.values("article"))


class ProviderFilter(Typed):
    """By name or domain; a whole domain means that provider alone."""

    title = "Provider"
    parameters = (("provider", "Provider"),)
    suggestions = "desk-providers"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        typed = self.typed("provider")
        if not typed:
            return queryset
        exact = Provider.objects.filter(domain=typed.lower()).first()
        if exact and shelf_of(request) == "all":
            return queryset.filter(provider=exact)
        # By their numbers, of which databases know how common they are.
        ids = [exact.pk] if exact else _providers_alike(typed)
        if not _is_common(Article.objects.filter(provider__in=ids)):
            return queryset.filter(provider__in=ids)
        of_them = Provider.objects.filter(pk=OuterRef("provider"), pk__in=ids)
        return queryset.filter(Exists(of_them))


def _providers_alike(typed: str) -> list[int]:
    alike = Q(domain__icontains=typed) | Q(name__icontains=typed)
    return list(Provider.objects.filter(alike).order_by().values_list("pk", flat=True))


def _is_common(rows: QuerySet[Any]) -> bool:
    return rows.values("pk")[COMMON : COMMON + 1].exists()


class QualityFilter(Range):
    title = "Quality"
    is_rare = True
    column = "quality"
    parameters = (("quality_from", "Quality from"), ("quality_to", "to"))


class HeatFilter(Range):
    """By the heat that the list shows: the story's, on its lead."""

    title = "Heat"
    is_rare = True
    column = "story__heat"
    parameters = (("heat_from", "Heat from"), ("heat_to", "to"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        found = super().queryset(request, queryset)
        return found if found is queryset else found.filter(is_lead=True)


class PublishedFilter(Typed):
    """By the publisher's time, whole days in the newsroom's zone, both ends included."""

    title = "Published"
    is_rare = True
    kind = "date"
    parameters = (("from", "Published from"), ("until", "until"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        first, last = (self.midnight(name) for name, _ in self.parameters)
        if first:
            queryset = queryset.filter(published_at__gte=first)
        return queryset.filter(published_at__lt=last + timedelta(days=1)) if last else queryset


class CoverageFilter(Conditions):
    title = "Coverage"
    is_rare = True
    parameter_name = "coverage"
    called: ClassVar = {"yes": "has coverage", "no": "alone"}

    def conditions(self, request: HttpRequest) -> dict[str, Q]:
        is_shown = Q(story__related_count__gt=F("story__hidden_count"))
        covered = Q(story__member_count__gt=1) | is_shown
        return {"yes": covered, "no": ~covered}


class ImageFilter(Conditions):
    title = "Image"
    is_rare = True
    parameter_name = "image"
    called: ClassVar = {"yes": "has an image", "no": "none"}

    def conditions(self, request: HttpRequest) -> dict[str, Q]:
        bare = Q(images__isnull=True) | Q(images=[])
        return {"yes": ~bare, "no": bare}


class ClaimFilter(Conditions):
    title = "Claimed by"
    parameter_name = "claim"
    called: ClassVar = {"mine": "me", "nobody": "nobody", "others": "others"}

    def conditions(self, request: HttpRequest) -> dict[str, Q]:
        actor = actor_of(request)
        claimed = Article.objects.filter(assignee__isnull=False).exclude(assignee=actor)
        return {
            "mine": Q(assignee=actor),
            "nobody": Q(assignee__isnull=True),
            "others": _few(claimed.order_by("assignee", "claimed_at", "pk")),
        }


class OddFilter(Conditions):
    """What somebody should look at twice."""

    title = "Needs a look"
    parameter_name = "awaits"
    called: ClassVar = {
        "removal": "removed upstream",
        "draft": "pending draft",
        "window": "waits to go live",
        "look": "grew since looked at",
        "lead": "story without lead",
        "duplicate": "possible duplicate",
        "seal": "seal stale",
    }

    def conditions(self, request: HttpRequest) -> dict[str, Q]:
        of, now = Article.objects.filter, timezone.now()
        removed = of(removed_upstream_at__isnull=False).order_by("removed_upstream_at")
        scheduled = of(state=State.PUBLISHED, go_live_at__gt=now).order_by("go_live_at")
        lost = of(left_without_lead()).order_by(Falling("state_acted_at"), "-pk")
        return {
            "removal": _few(removed),
            "draft": _few(of(draft__isnull=False).order_by("-draft_id")),
            "window": _few(scheduled),
            "look": Q(is_lead=True, story__in=grown().values("pk")[: COUNTED + 1]),
            "lead": _few(lost),
            "seal": Q(is_seal_stale=True),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if self.value() != "duplicate":
            return super().queryset(request, queryset)
        # No index knows them: as with words, the first of the list are looked through.
        return first_of(queryset, Q(_stands_elsewhere()), shelf_of(request), COMPARED)


def _few(rows: QuerySet[Article]) -> Q:
    """These as a list of their own: the order of the shelf has another index than they have. No
    more of them than a list counts."""
    return Q(pk__in=rows.values("pk")[: COUNTED + 1])


def _stands_elsewhere() -> Exists:
    """The article's link stands in another story too."""
    others = Article.objects.filter(link_hash=OuterRef("link_hash"))
    return Exists(others.exclude(story=OuterRef("story")))


class RunFilter(Typed):
    """The import that created an article, by its number."""

    title = "Import run"
    is_rare = True
    kind = "number"
    parameters = (("run", "Import"),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        run = self.number("run")
        return queryset if run is None else queryset.filter(run=run)


ALL = (
    ShelfFilter,
    StateFilter,
    TopicFilter,
    ProviderFilter,
    QualityFilter,
    HeatFilter,
    PublishedFilter,
    CoverageFilter,
    ImageFilter,
    ClaimFilter,
    OddFilter,
    RunFilter,
)
"""In the order of the form."""

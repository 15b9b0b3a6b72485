"""What a provider's policy does to readers' pages, told before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from providers.models import Policy, Provider

from ..models import Article, Claim, RelatedItem
from ..models.article import SHOWN_AS_COVERAGE
from ..states import State
from ..stories import refresh
from ..workflow.rows import hold_stories


@dataclass(frozen=True, slots=True)
class Reach:
    """Stories that a provider leads on the site (`led`), is met in as coverage (`joined`), and
    will lead once they go live (`waiting`), as if it were not blocked."""

    led: int
    joined: int
    waiting: int


def reach_of(provider: Provider, at: datetime) -> Reach:
    """Counted at that time; three queries."""
    own = Article.objects.filter(provider=provider, state=State.PUBLISHED, is_lead=True)
    live = own.filter(Q(expire_at__isnull=True) | Q(expire_at__gt=at))
    others = Article.objects.published(at).exclude(provider=provider)
    joined = others.filter(Q(story__in=_covered(provider)) | Q(story__in=_named(provider)))
    return Reach(
        led=live.filter(go_live_at__lte=at).count(),
        joined=joined.count(),
        waiting=live.filter(go_live_at__gt=at).count(),
    )


def effects(before: str, after: str, reach: Reach) -> list[str]:
    """Sentences about what readers would notice; none when nothing changes for them."""
    if before == after or Policy.BLOCKED not in (before, after):
        return []
    if after == Policy.BLOCKED:
        said = [
            (reach.led, "leaves the site", "leave the site"),
            (reach.joined, "loses coverage", "lose coverage"),
            (reach.waiting, "that waits will not go live", "that wait will not go live"),
        ]
    else:
        said = [
            (reach.led, "comes back to the site", "come back to the site"),
            (reach.joined, "gains coverage", "gain coverage"),
            (reach.waiting, "that waits will go live", "that wait will go live"),
        ]
    return [
        f"{n} {'story' if n == 1 else 'stories'} {one if n == 1 else many}"
        for n, one, many in said
        if n
    ]


def follow(provider: Provider) -> None:
    """After it was blocked, or is so no longer: the time of the live stories that it covers.

    In the transaction that stored it, which has to be `one_at_a_time`.
    """
    live = Article.objects.filter(state=State.PUBLISHED, is_lead=True)
    found = live.filter(Q(story__in=_covered(provider)) | Q(story__in=_named(provider)))
    hold_stories(found)
    refresh(found.values_list("story", flat=True))


def _covered(provider: Provider) -> QuerySet[Article, int]:
    states = SHOWN_AS_COVERAGE[settings.COVERAGE]
    members = Article.objects.filter(provider=provider, is_lead=False, state__in=states)
    return members.values_list("story_id", flat=True)


def _named(provider: Provider) -> QuerySet[Claim, int]:
    """Stories whose files name pieces of this provider that are no article here."""
    domains = [provider.domain, f"www.{provider.domain}"]
    items = RelatedItem.objects.filter(provider_domain__lower__in=domains, hidden_at=None)
    claims = Claim.objects.filter(identity__in=items.values("identity"))
    return claims.values_list("article__story_id", flat=True)

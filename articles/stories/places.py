"""Where articles stood before an act on their stories, and putting them back there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from ..models import Article, PairFact, Story
from ..models.bulk import update_rows
from ..workflow.errors import WrongState
from .counts import refresh

Standing = dict[str, Any]
"""`places`: id of each article → [story, whether it leads]; `stories`: id → its columns that no
recount gives back; `facts`: [first, second, is_together] of the article's pairs. In JSON's types,
so that ids are texts where they are keys."""

NAMED = 3
"""Articles that a refusal names."""

KEPT = ("slug", "is_lead_chosen", "looked_at_count")


def standing(article: Article, stories: Iterable[int]) -> Standing:
    """How the members of these stories stand, and what editors said of the article's pairs."""
    ids = set(stories)
    kept = Story.objects.filter(pk__in=ids).values_list("pk", *KEPT)
    facts = PairFact.objects.filter(Q(first=article) | Q(second=article))
    return {
        "article": article.pk,
        "places": _places(Article.objects.filter(story__in=ids)),
        "stories": {str(pk): dict(zip(KEPT, values, strict=True)) for pk, *values in kept},
        "facts": [list(row) for row in facts.values_list("first", "second", "is_together")],
    }


def after(stood: Standing, touched: Iterable[int]) -> Standing | None:
    """What undo needs: how it stood and how it stands now; None when more than these moved."""
    now = _places(Article.objects.filter(story__in=set(touched)))
    missing = [pk for pk in stood["places"] if pk not in now]
    now |= _places(Article.objects.filter(pk__in=missing))
    return stood | {"now": now} if now.keys() == stood["places"].keys() else None


def put_back(stood: Standing, actor_id: int) -> None:
    """Bring every article back to its place; raises WrongState when others came or went since,
    naming them and what can be done."""
    places, now = stood["places"], stood["now"]
    there = {story for story, _ in now.values()}
    list(Story.objects.select_for_update().filter(pk__in=there).order_by("pk"))
    found = _places(Article.objects.filter(Q(story__in=there) | Q(pk__in=list(now))))
    if found != now:
        raise WrongState(_why_not(now, found))
    for pk, kept in stood["stories"].items():
        if Story.objects.filter(pk=pk).update(is_lead_chosen=kept["is_lead_chosen"]) == 0:
            Story.objects.create(pk=int(pk), **kept)
    rows = Article.objects.filter(pk__in=list(places))
    rows.exclude(state="published").update(is_lead=False)
    update_rows(Article, ["story"], [(story, int(pk)) for pk, (story, _) in places.items()])
    leads = [int(pk) for pk, (_, leads) in places.items() if leads]
    Article.objects.filter(pk__in=leads).update(is_lead=True)
    Story.objects.filter(pk__in=there, members=None).delete()
    _put_back_facts(stood, actor_id)
    rows.update(is_edited=True)
    rows.filter(is_lead=True).update(state_acted_at=timezone.now())
    refresh({story for story, _ in places.values()})


def _why_not(now: dict[str, list[Any]], found: dict[str, list[Any]]) -> str:
    if came := found.keys() - now.keys():
        those = "it" if len(came) == 1 else "them"
        return (
            f"{_named(came)} joined the story since. Take {those} out of it and undo again, or"
            " join and take out by hand."
        )
    moved = {pk for pk, place in now.items() if found.get(pk) != place}
    return f"{_named(moved)} moved or got another lead since. Join and take out by hand."


def _named(ids: Collection[str]) -> str:
    titles = Article.objects.filter(pk__in=list(ids)).order_by("title")
    named = [f"“{title}”" for title in titles.values_list("title", flat=True)[:NAMED]]
    more = len(ids) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _put_back_facts(stood: Standing, actor_id: int) -> None:
    pk, others = stood["article"], [int(one) for one in stood["places"]]
    PairFact.objects.filter(
        Q(first=pk, second__in=others) | Q(second=pk, first__in=others)
    ).delete()
    PairFact.objects.bulk_create(
        [
            PairFact(
                first_id=first,
                second_id=second,
                is_together=is_together,
                actor_id=actor_id,
                created_at=timezone.now(),
            )
            for first, second, is_together in stood["facts"]
        ],
        ignore_conflicts=True,
    )


def _places(articles: Any) -> dict[str, list[Any]]:
    rows = articles.values_list("pk", "story", "is_lead")
    return {str(pk): [story, leads] for pk, story, leads in rows}

"""Stories whose files claim one another, and how they stand."""

from __future__ import annotations

from typing import Any

from articles.models import Article, Claim, DigestItem, FormerAddress, PairFact, Placement, Story
from articles.stories import refresh
from articles.stories.membership import regroup
from tests.factories import make_story


def claimed_story(*members: dict[str, Any]) -> list[Article]:
    """A story whose files claim one another, as real ones do."""
    articles = make_story(*members)
    Claim.objects.bulk_create(
        Claim(article=one, identity=other.identity, title_hash=other.title_hash)
        for one in articles
        for other in articles
        if one is not other
    )
    refresh({articles[0].story_id})
    return articles


def members(article: Article) -> set[str]:
    """The slugs of an article's story as stored."""
    story = Article.objects.get(pk=article.pk).story
    return set(story.members.values_list("slug", flat=True))


def leads(article: Article) -> bool:
    return Article.objects.get(pk=article.pk).is_lead


# Who has looked at a story has looked at it, whatever becomes of an act.
_STORY = (
    *("pk", "slug", "heat", "rank", "member_count", "related_count", "hidden_count"),
    "is_lead_chosen",
)


def now_of(article: Article) -> Article:
    return Article.objects.select_related("story", "provider").get(pk=article.pk)


def import_again() -> None:
    """What the robot's next import does with the stories of all files."""
    plan = regroup(changed=list(Article.objects.values_list("pk", flat=True)))
    assert plan.demoted == []
    refresh(plan.apply())


def everything() -> list[Any]:
    """All that acts on stories change, as stored; versions and marks for exports apart."""
    columns = (
        *("pk", "story", "is_lead", "state", "go_live_at", "expire_at", "first_published_at"),
        *("touched_at", "state_acted_at", "approved_revision", "is_above_bar"),
    )
    return [
        list(Article.objects.order_by("pk").values_list(*columns)),
        list(Story.objects.order_by("pk").values_list(*_STORY)),
        list(
            PairFact.objects.order_by("first", "second").values_list(
                "first", "second", "is_together", "actor", "created_at"
            )
        ),
        list(
            Placement.objects.order_by("story").values_list(
                "story", "kind", "place", "shift", "reason", "actor", "begins_at", "ends_at"
            )
        ),
        list(FormerAddress.objects.order_by("slug").values_list("slug", "story")),
        list(
            DigestItem.objects.order_by("digest", "position").values_list(
                "digest", "story", "position", "comment"
            )
        ),
    ]

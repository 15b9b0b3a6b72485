"""What triage shows of one article: what it is, what may be done, and what stands beside it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.utils import timezone

from ..desk import open_forms
from ..desk.memory import remembered
from ..models import Article, Claim, Note, RelatedItem
from ..states import Action
from ..stories.suggesting import Suggestion, suggest
from ..workflow import failures, meant_by, refusals
from ..workflow.errors import GuardFailure
from ..workflow.guards import Known, asked_for, live_by_link
from .cells import is_web, standing

OFFERED = (
    ("approve", Action.APPROVE, "Approve"),
    ("publish", Action.PUBLISH, "Publish"),
    ("spike", Action.SPIKE, "Spike"),
    ("claim", Action.CLAIM, "Claim"),
)
"""(name, action, label) of the acts of triage that have a row in the table, in the bar's order."""
BESIDE = 12
"""Members and related items of a story that are listed; the story's own page has all."""


def read(pk: int) -> Article | None:
    """The article with all that is shown of it; None when there is none."""
    found = Article.objects.select_related("provider", "story", "assignee").filter(pk=pk)
    return found.defer("embed", "images", "provider_images").first()


def item(article: Article, actor: User, keys: dict[str, str]) -> dict[str, Any]:
    """The context of one article; a bounded number of queries and rows whatever the sizes."""
    suggestions = suggest(article)
    worth, unlikely = _split(suggestions)
    members = _members(article)
    topics = [place.topic.name for place in article.topic_places.select_related("topic")]
    notes = list(article.notes.filter(resolved_at=None).select_related("author"))
    open_guards = failures(article, timezone.now(), _known(article, topics, notes))
    return {
        "article": article,
        "standing": standing(article),
        "topics": topics,
        "original": article.link if is_web(article.link) else "",
        "acts": _acts(article, actor, keys, open_guards),
        "guards": open_guards,
        "may_rank": actor.has_perm("articles.rank"),
        "suggestions": worth,
        "unlikely": unlikely,
        "may_attach": actor.has_perm("articles.story_acts"),
        "memories": remembered(article, [one.same for one in suggestions if one.same]),
        "may_spike": actor.has_perm("articles.review"),
        "members": [(member, standing(member)) for member in members],
        "items": _items(article, members),
        "beside_count": article.story.coverage_count,
        "others": open_forms.at(article.pk, actor, timezone.now())[1],
        "notes": notes[:BESIDE],
    }


def _split(suggestions: list[Suggestion]) -> tuple[list[Any], list[Any]]:
    """Those worth a look, and the others, each with its badge."""
    found: tuple[list[Any], list[Any]] = ([], [])
    for one in suggestions:
        found[not one.is_possible].append((one, standing(one.lead)))
    return found


def _known(article: Article, topics: list[str], notes: list[Note]) -> Known:
    """What the guards ask, from what is shown anyway; one query for the link."""
    blocking = [note.text for note in reversed(notes) if note.is_blocking]
    return Known(
        Counter({article.pk: len(topics)}), live_by_link([article]), {article.pk: blocking}
    )


def _acts(
    article: Article, actor: User, keys: dict[str, str], open_guards: list[GuardFailure]
) -> list[dict[str, str]]:
    refused = refusals(article, actor)
    made = []
    for name, action, label in OFFERED:
        why = refused.get(meant_by(action, article), "")
        if not why and action in (Action.APPROVE, Action.PUBLISH):
            why = " ".join(failure.message for failure in asked_for(action, open_guards))
        made.append({"name": name, "label": label, "key": keys.get(name, ""), "refusal": why})
    return made


def _members(article: Article) -> list[Article]:
    others = article.story.members.exclude(pk=article.pk).select_related("provider")
    content = ("body", "embed", "images", "provider_images", "excerpt", "warnings")
    return list(others.defer(*content).order_by("-is_lead", "-quality", "slug")[:BESIDE])


def _items(article: Article, members: list[Article]) -> list[RelatedItem]:
    """The related items that the files of these articles claim; one query."""
    if not article.story.related_count:
        return []
    claims = Claim.objects.filter(article__in=[article.pk, *(member.pk for member in members)])
    # By identity first, which is indexed; two pieces of one identity differ in their titles.
    named = claims.filter(identity=OuterRef("identity"), title_hash=OuterRef("title_hash"))
    found = RelatedItem.objects.filter(Exists(named), identity__in=claims.values("identity"))
    return list(found.defer("images", "excerpt").order_by("-quality", "title")[:BESIDE])

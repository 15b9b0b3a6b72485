"""Acts on many articles: what there is, what each would do, and doing it row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError

from ..models import Article, Topic
from ..states import TABLE, Action, Need, State, refusal
from ..stories.acts import PERMISSION as STORY_ACTS
from ..workflow import (
    ActRefused,
    Forecast,
    draft_of,
    foresee,
    meant_by,
    save,
    transition,
)
from ..workflow.rights import PERMISSIONS, RANKING

MOST = 1_000
"""Articles that one bulk takes: each is decided alone, and somebody waits for the answer."""

UNREAD = ("body", "embed", "images", "provider_images")
EXPORTING = "articles.export_content"


class Ask(StrEnum):
    """What a bulk asks before it is done."""

    COMMENT = "comment"
    REASON = "reason"
    WINDOW = "window"
    ASSIGNEE = "assignee"
    TOPIC = "topic"
    QUALITY = "quality"
    OVERRIDE = "override"
    PUBLIC_NOTE = "public_note"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True, slots=True)
class Kind:
    """One bulk act. `action` is the workflow's, None for what is no transition."""

    name: str
    label: str
    done: str
    action: Action | None = None
    asks: tuple[Ask, ...] = ()
    permission: str = ""

    @property
    def asks_why(self) -> bool:
        """Whether a comment is required."""
        return self.action is not None and TABLE[self.action].asks_why

    def is_open_to(self, actor: User) -> bool:
        """Whether somebody of these rights may do it to any article at all."""
        if self.permission:
            return actor.has_perm(self.permission)
        need = TABLE[self.action].need if self.action else Need.CHANGE
        if need is Need.SUPERUSER:
            return actor.is_superuser
        if need is Need.ASSIGNEE:
            need = Need.REVIEW
        return actor.has_perm(PERMISSIONS.get(need, "articles.change_article"))


def _act(action: Action, label: str, *asks: Ask) -> Kind:
    return Kind(action.value, label, action.done, action, asks)


ADD_TOPIC = Kind("add_topic", "Add a topic", "changed", None, (Ask.TOPIC,))
REMOVE_TOPIC = Kind("remove_topic", "Remove a topic", "changed", None, (Ask.TOPIC,))
QUALITY = Kind("quality", "Set quality", "changed", None, (Ask.QUALITY,), RANKING)
EXPORT = Kind("export", "Export as files", "exported", None, (), EXPORTING)
SPIKE_STORY = Kind(
    "spike_story", "Spike the whole story", "spiked", Action.SPIKE, (Ask.REASON, Ask.COMMENT)
)

MERGE = Kind("merge", "Merge their stories", "merged", None, (), STORY_ACTS)
"""Asks on a page of its own: the stories of the articles side by side."""

KINDS = {
    kind.name: kind
    for kind in (
        _act(Action.PUBLISH, "Publish", Ask.WINDOW, Ask.OVERRIDE, Ask.COMMENT),
        _act(Action.APPROVE, "Approve", Ask.OVERRIDE, Ask.COMMENT),
        _act(Action.SPIKE, "Spike", Ask.REASON, Ask.COMMENT),
        SPIKE_STORY,
        _act(Action.CLAIM, "Claim"),
        _act(Action.ASSIGN, "Assign", Ask.ASSIGNEE, Ask.COMMENT),
        _act(Action.RELEASE, "Release"),
        _act(Action.REQUEST_CHANGES, "Send back", Ask.COMMENT),
        _act(Action.RESUBMIT, "Resubmit", Ask.COMMENT),
        _act(Action.RESCHEDULE, "Reschedule", Ask.WINDOW),
        _act(Action.UNSCHEDULE, "Unschedule"),
        _act(Action.PUBLISH_DRAFT, "Publish pending drafts", Ask.PUBLIC_NOTE),
        _act(Action.DISCARD_DRAFT, "Discard pending drafts"),
        _act(Action.UNPUBLISH, "Unpublish", Ask.COMMENT),
        _act(Action.UNSPIKE, "Unspike"),
        _act(Action.WITHDRAW, "Withdraw", Ask.COMMENT, Ask.PUBLIC_NOTE, Ask.CONFIRMATION),
        _act(Action.REINSTATE, "Reinstate", Ask.COMMENT),
        ADD_TOPIC,
        REMOVE_TOPIC,
        QUALITY,
        MERGE,
        EXPORT,
    )
}
"""Every bulk act, by name, in the order of the list."""


@dataclass(slots=True)
class Outcome:
    """What became of a bulk; `batch` is what `undo` takes back."""

    batch: str
    done: list[Article] = field(default_factory=list)
    refused: list[tuple[Article, str]] = field(default_factory=list)


def open_to(actor: User) -> list[Kind]:
    """The bulk acts that somebody of these rights may begin."""
    return [kind for kind in KINDS.values() if kind.is_open_to(actor)]


def in_hand(versions: Mapping[int, int]) -> list[Article]:
    """The articles with these ids, in their order; one query."""
    rows = Article.objects.filter(pk__among=list(versions)).select_related("provider", "story")
    found = {row.pk: row for row in rows.defer(*UNREAD)}
    return [found[pk] for pk in versions if pk in found]


def whole_stories(versions: Mapping[int, int]) -> dict[int, int]:
    """The members of these articles' stories that are not public, with their versions.

    The articles themselves keep the version that was seen. Leads come last: one that leaves
    first would hand its story to a member that is to leave too.
    """
    stories = Article.objects.filter(pk__among=list(versions)).values("story")
    states = TABLE[Action.SPIKE].starts
    members = Article.objects.filter(story__in=stories, state__in=states)
    rows = members.order_by("story", "is_lead", "slug").values_list("pk", "version")[:MOST]
    return {pk: versions.get(pk, version) for pk, version in rows}


def forecast(
    kind: Kind, articles: Sequence[Article], actor: User, said: Mapping[str, Any]
) -> Forecast:
    """What the bulk would do; changes nothing."""
    if kind is EXPORT:
        return Forecast(done=len(articles))
    if kind is QUALITY:
        return _ranking(articles)
    if kind.action:
        return foresee(articles, kind.action, actor, **said)
    live = [row for row in articles if row.state == State.PUBLISHED]
    others = [row for row in articles if row.state != State.PUBLISHED]
    found = foresee(others, Action.EDIT, actor)
    drafted = foresee(live, Action.SAVE_DRAFT, actor)
    found.done += drafted.done
    found.refused += drafted.refused
    if drafted.done:
        found.effects.append(f"{drafted.done} live get a pending draft; readers see no change yet")
    return found


def _ranking(articles: Iterable[Article]) -> Forecast:
    found = Forecast()
    for article in articles:
        if article.state == State.WITHDRAWN:
            found.refused[refusal(Action.EDIT, State.WITHDRAWN)] += 1
        else:
            found.done += 1
    return found


def carry_out(
    kind: Kind, versions: Mapping[int, int], actor: User, said: Mapping[str, Any], batch: str
) -> Outcome:
    """Do it to each article at the version that was seen; a refusal never touches the others.

    `said` is what the act's asks were answered with. Raises PermissionDenied for somebody who may
    do it to no article.
    """
    if not kind.is_open_to(actor):
        raise PermissionDenied
    outcome = Outcome(batch)
    for article in in_hand(versions):
        try:
            _do(kind, article, actor, versions[article.pk], said, batch)
        except ActRefused as why:
            outcome.refused.append((article, str(why)))
        except ValidationError as why:
            outcome.refused.append((article, " ".join(why.messages)))
        else:
            outcome.done.append(article)
    return outcome


def _do(
    kind: Kind, article: Article, actor: User, version: int, said: Mapping[str, Any], batch: str
) -> None:
    if kind.action:
        meant = meant_by(kind.action, article)
        transition(article, meant, actor, expected_version=version, batch=batch, **said)
    elif kind is QUALITY:
        save(article, actor, said, expected_version=version, batch=batch)
    else:
        topics = _topics(kind, article, said["topic"])
        save(article, actor, {}, expected_version=version, topics=topics, batch=batch)


def _topics(kind: Kind, article: Article, topic: Topic) -> list[Topic]:
    """The topics the article would have, those of its pending draft if there is one."""
    draft = draft_of(article) if article.draft_id else None
    if draft:
        by_name = {row.name: row for row in Topic.objects.filter(name__in=draft.topics)}
        topics = [by_name[name] for name in draft.topics if name in by_name]
    else:
        topics = [place.topic for place in article.topic_places.select_related("topic")]
    others = [row for row in topics if row.pk != topic.pk]
    if kind is REMOVE_TOPIC:
        return others
    return topics if len(others) < len(topics) else [*topics, topic]

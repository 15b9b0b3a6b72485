"""Who leads a story when its lead leaves or somebody chooses another: `published` goes along."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction as database
from django.utils import timezone

from providers.models import Policy

from ..models import Article, Story
from ..states import TABLE, Action, State
from ..stories.counts import refresh
from ..stories.membership import lead_order

# Stories offer these acts as theirs and are loaded in the midst of the door; so this module asks
# for `carrying` by name and not for what is in it.
from . import audit, carrying
from .effects import Act, apply
from .errors import ActRefused, NotPermitted, WrongState
from .rights import check
from .rows import locked
from .wording import stale

SWAP = "swap_lead"
"""What the audit calls a lead that changed, on the row of either article."""

STORY_ACTS = "articles.story_acts"
OUT = frozenset({State.SPIKED, State.WITHDRAWN})


def successors(article: Article, members: Iterable[Article] | None = None) -> list[Article]:
    """The members of its story that may take over the lead, best first.

    One query, none for who has read the `members` with their providers.
    """
    if members is None:
        members = Article.objects.filter(story=article.story_id).select_related("provider")
    states = TABLE[Action.PUBLISH].open_in(four_eyes=settings.FOUR_EYES)
    heirs = [
        one
        for one in members
        if one.pk != article.pk and one.state in states and one.provider.policy != Policy.BLOCKED
    ]
    return sorted(heirs, key=lead_order)


def swap_lead(
    article: Article,
    actor: User,
    *,
    expected_version: int,
    comment: str = "",
    override: bool = False,
    batch: str = "",
) -> Article:
    """Make an article the lead of its story.

    When the lead until now is published, the article is published in its place, in the same
    window, with the rights and guards of a publication; the other goes to approved and stays as
    coverage. Raises as `transition` does.
    """
    with database.atomic():
        heir, now = locked(article.pk), timezone.now()
        if heir.version != expected_version:
            last = audit.last_act(heir)
            if heir.is_lead and last and (last.actor_id, last.action) == (actor.pk, SWAP):
                return heir
            raise stale(heir, now)
        if not actor.has_perm(STORY_ACTS):
            raise NotPermitted("This needs the permission to change stories.")
        _check_heir(heir)
        data = {"override": True} if override else {}
        _swap(Act(heir, Action.PUBLISH, actor, now, comment.strip(), data, batch))
        return heir


def _check_heir(heir: Article) -> None:
    if heir.is_lead:
        raise WrongState("It leads its story already.")
    if heir.state in OUT:
        raise WrongState(f"It is {State(heir.state).words}; it cannot lead a story.")


def _swap(act: Act) -> None:
    heir = act.article
    old = Article.objects.select_for_update().get(story=heir.story_id, is_lead=True)
    is_live = old.state == State.PUBLISHED
    if is_live:
        check(heir, Action.PUBLISH, act.actor, act.now)
        act.data.update(window_of(old, act.now))
    step_down(old, act, f"{heir.slug} leads now")
    _lead(heir, act)
    if is_live:
        appear(act)


def appear(act: Act) -> None:
    """Publish who leads now in place of who did; `act.data` has the window."""
    heir = act.article
    first = heir.first_published_at
    carrying.carry_out(act, carrying.check_guards(act))
    _appear_now(heir, first, act.now)


def window_of(old: Article, now: datetime) -> dict[str, Any]:
    """The window of a published lead, as its heir takes it over; an expired one is over."""
    if not old.is_in_window(now) and not (old.go_live_at and old.go_live_at > now):
        return {}
    return {"go_live_at": old.go_live_at, "expire_at": old.expire_at}


def _appear_now(heir: Article, first: datetime | None, now: datetime) -> None:
    """It was not public before it led, however long its story was."""
    if first is None and heir.first_published_at and heir.first_published_at < now:
        heir.first_published_at = now
        heir.save(update_fields=["first_published_at"])


def step_down(old: Article, act: Act, comment: str, *, called: str = SWAP) -> None:
    """Let it lead no longer; what was published goes to approved. `called`: in the audit."""
    start, stood = State(old.state), audit.standing(old)
    before = audit.snapshot(old)
    old.is_lead = False
    revision = audit.keep(old, act.actor, act.now)
    if start is State.PUBLISHED:
        # As if it had waited: what it leaves is not gone but approved.
        apply(Act(old, Action.UNSCHEDULE, act.actor, act.now), State.APPROVED)
        old.approved_revision = revision
    _record(old, act, start, stood, before, comment, called)


def _lead(heir: Article, act: Act) -> None:
    stood, before = audit.standing(heir), audit.snapshot(heir)
    heir.is_lead, heir.is_backlog = True, False
    story = Story.objects.get(pk=heir.story_id)
    was_chosen = story.is_lead_chosen
    Story.objects.filter(pk=story.pk).update(is_lead_chosen=True)
    _record(
        heir, act, State(heir.state), stood, before, act.comment, SWAP, is_lead_chosen=was_chosen
    )
    refresh({heir.story_id})


def _record(
    row: Article,
    act: Act,
    start: State,
    stood: dict[str, Any],
    before: dict[str, Any],
    comment: str,
    called: str,
    **story: Any,
) -> None:
    row.touched_at = row.state_acted_at = act.now
    row.version += 1
    row.save()
    audit.write_down(
        row,
        called,
        act.actor,
        act.now,
        changes=audit.differences(before, audit.snapshot(row)),
        from_state=start,
        revision=audit.latest_of(row),
        comment=comment,
        batch=act.batch,
        before={"columns": audit.before(stood, row), "story": story},
    )


def take_over(act: Act, start: State, successor: Article | None) -> None:
    """After an act that made a lead leave: let the one that was named lead and be published.

    Nobody named and nobody reading, the best of the others leads, so that the story is not lost
    with the article; raises as `transition` does.
    """
    article = act.article
    if successor is not None:
        _succeed(act, successor)
    elif article.is_lead and article.state in OUT and start is not State.PUBLISHED:
        others = Article.objects.filter(story=article.story_id).exclude(pk=article.pk)
        open_ones = [other for other in others if other.state not in OUT]
        if open_ones:
            _hand_over(act, locked(min(open_ones, key=lead_order).pk))


def _succeed(act: Act, successor: Article) -> None:
    article = act.article
    if not article.is_lead:
        raise WrongState("It does not lead its story; nobody has to take over.")
    # Before it is held: who holds a story never waits for another.
    others = Article.objects.filter(story=article.story_id).exclude(pk=article.pk)
    if not others.filter(pk=successor.pk).exists():
        raise WrongState("Only another article of its story can take over.")
    heir = locked(successor.pk)
    try:
        check(heir, Action.PUBLISH, act.actor, act.now)
    except ActRefused as why:
        raise type(why)(f"{heir.title} cannot take over: {why}") from why
    _hand_over(act, heir)
    data = {"override": True} if act.data.get("override") else {}
    comment = f"takes over from {article.slug}"
    publish = Act(heir, Action.PUBLISH, act.actor, act.now, comment, data, act.batch)
    carrying.carry_out(publish, carrying.check_guards(publish))


def _hand_over(act: Act, heir: Article) -> None:
    """The lead alone, no state with it."""
    step_down(act.article, act, f"{heir.slug} leads now")
    _lead(heir, Act(heir, act.action, act.actor, act.now, "", {}, act.batch))

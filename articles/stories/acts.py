"""What editors decide about membership, over whatever the files claim. Each act is one transaction
and can be undone (`articles.workflow.undo`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from ..models import Article, Story
from ..states import State
from . import facts
from .arranging import NotPossible, Part, part
from .holding import PERMISSION, Held, story_of

__all__ = ["PERMISSION", "NotPossible", "attach", "detach", "move", "split", "tell_apart"]

Versions = Mapping[int, int]
"""Versions that the actor saw, by article id."""


def attach(
    article: Article,
    lead: Article,
    actor: User,
    *,
    expected_version: int | None = None,
    lead_version: int | None = None,
    why: str = "",
) -> Story:
    """Make an article coverage of the story that `lead` leads; answers that story.

    Its former story goes on without it; the lead stays the lead. `expected_version` is the
    article's that the actor saw, `lead_version` the lead's, `why` what is on record beside it.
    Raises NotPossible, StaleVersion and PermissionDenied.
    """
    seen = {article.pk: expected_version, lead.pk: lead_version}
    return _bring(
        [article],
        lead,
        actor,
        "attach",
        {pk: version for pk, version in seen.items() if version is not None},
        why,
    )


def move(articles: Sequence[Article], lead: Article, actor: User, *, seen: Versions) -> Story:
    """Make several articles coverage of the story that `lead` leads, in one act; as `attach`."""
    return _bring(articles, lead, actor, "move", seen)


def detach(article: Article, actor: User, *, expected_version: int | None = None) -> Story:
    """Take an article out of its story into one of its own; answers that one.

    It stays off though every file of the story still lists it. `expected_version` as for
    `attach`. Raises NotPossible, StaleVersion and PermissionDenied.
    """
    with transaction.atomic():
        held = Held(actor, [article])
        row = held.row(article, expected_version)
        if len(held.of(row)) == 1:
            raise NotPossible("It is alone in its story.")
        if row.state == State.PUBLISHED:
            raise NotPossible("It is the published lead; unpublish it or swap the lead first.")
        _part_with(held, [row])
        held.write_down("detach", [row])
        return story_of(row)


def split(articles: Sequence[Article], actor: User, *, seen: Versions) -> Story:
    """Make a story of its own of some members of one; answers it.

    The part with the lead keeps the story's address, and is public as before; the other part is
    led by its best member. No file brings the parts together again. Raises as `attach`.
    """
    with transaction.atomic():
        held = Held(actor, articles)
        rows = [held.row(one, seen.get(one.pk)) for one in articles]
        if len({row.story_id for row in rows}) != 1:
            raise NotPossible("Choose articles of one story.")
        if len(rows) == len(held.of(rows[0])):
            raise NotPossible("Choose some of its articles, and leave some.")
        _part_with(held, rows)
        held.write_down("split", rows, f"{len(rows)} articles" if len(rows) > 1 else "")
        return story_of(rows[0])


def tell_apart(
    article: Article, other: Article, actor: User, *, seen: Versions | None = None
) -> None:
    """Say that the stories of two articles are not the same: neither files nor suggestions will
    bring them together. Raises as `attach`."""
    with transaction.atomic():
        held = Held(actor, [article, other])
        rows = [held.row(one, (seen or {}).get(one.pk)) for one in (article, other)]
        one, two = (held.of(row) for row in rows)
        if rows[0].story_id == rows[1].story_id:
            raise NotPossible("They are in one story; split it, or take one of them out.")
        pairs = facts.between([row.pk for row in one], [row.pk for row in two])
        said = facts.among(held.rows)
        if all(said.get(key, [True])[0] is False for key in pairs):
            raise NotPossible("That has been said already.")
        facts.say(pairs, actor.pk, held.now, is_together=False)
        held.write_down("not_the_same", [rows[0]], f"not the same story as {rows[1].slug}")


def _bring(
    articles: Sequence[Article],
    lead: Article,
    actor: User,
    action: str,
    seen: Versions,
    why: str = "",
) -> Story:
    with transaction.atomic():
        held = Held(actor, [*articles, lead])
        rows = [held.row(one, seen.get(one.pk)) for one in articles]
        target = held.row(lead, seen.get(lead.pk))
        _check_coming(rows, target)
        coming = {row.pk for row in rows}
        parts = [_kept(held.of(target), [target, *rows], target)]
        for story in {row.story_id: row for row in rows}.values():
            staying = [row for row in held.of(story) if row.pk not in coming]
            if staying:
                parts.append(_kept(held.of(story), staying))
        held.arrange(parts)
        held.write_down(action, rows, f"{target.slug}: {why}" if why else target.slug)
        return story_of(target)


def _check_coming(rows: Sequence[Article], target: Article) -> None:
    if not target.is_lead:
        raise NotPossible("That article does not lead a story.")
    if any(row.story_id == target.story_id for row in rows):
        raise NotPossible("It belongs to this story already.")
    if any(row.state == State.PUBLISHED for row in rows):
        raise NotPossible(
            "It is published; only the lead of a story can be. Unpublish it first, or merge the"
            " stories."
        )


def _kept(
    before: Sequence[Article], members: Sequence[Article], lead: Article | None = None
) -> Part:
    """The part that goes on as the story of `before`, under its lead while that stays."""
    led = next(row for row in before if row.is_lead)
    everybody = {row.pk: row for row in [*members, *(before if lead else ())]}
    stays = lead or (led if led.pk in everybody else None)
    made = part(list(everybody.values()), stays, led.story)
    made.is_lead_chosen |= bool(stays and led.story.is_lead_chosen)
    return made


def _part_with(held: Held, rows: Sequence[Article]) -> None:
    """Two stories of one; that with the lead stays the story that it is."""
    whole, out = held.of(rows[0]), {row.pk for row in rows}
    rest = [row for row in whole if row.pk not in out]
    lead = held.lead_of(rows[0])
    staying, leaving = (rows, rest) if lead.pk in out else (rest, rows)
    held.arrange([_kept(whole, staying), part(list(leaving))])

"""The bar over the form: what may be done, what each act asks, and what it will do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from ..states import TABLE, Action
from ..workflow import Draft, GuardFailure, failures, refusals
from ..workflow.drafts import against
from ..workflow.guards import Known, asked_for
from .acts import INVERSES, LABELS, PRIMARY
from .answers import OVERRIDDEN
from .asking import ASKED, Asker, Field
from .foretelling import Outcome, foretell

PLANNED = "planned"
"""The way of a publication with the window of its panel, sent as `publish:planned`."""

OVERRIDABLE = (Action.PUBLISH, Action.REPUBLISH, Action.APPROVE, Action.PUBLISH_DRAFT)
OPENS = {
    Action.PUBLISH: "Schedule…",
    Action.REPUBLISH: "Schedule…",
    Action.PUBLISH_DRAFT: "Publish with a note…",
    Action.RESUBMIT: "Resubmit with a reply…",
    Action.SPIKE: "Spike as…",
}
"""Labels of the panels of acts that may be pressed at once as well; others open with their own."""

FIRST = (
    *(Action.PUBLISH_DRAFT, Action.PUBLISH, Action.REPUBLISH, Action.APPROVE, Action.SPIKE),
    *(Action.UNPUBLISH, Action.UNSPIKE, Action.RESUBMIT, Action.CLAIM),
)
"""The acts that come first, in their order."""

GRAVE = (Action.UNPUBLISH, Action.WITHDRAW)
ALWAYS_SHOWN = 3
"""Acts that stay in sight on a narrow screen; the others are one press away."""


@dataclass(frozen=True)
class Act:
    """One button of the bar: pressed at once, or the opener of a panel with its questions."""

    action: str
    label: str
    opens: str = ""
    way: str = ""
    is_primary: bool = False
    is_grave: bool = False
    fields: list[Field] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    is_open: bool = False

    @property
    def value(self) -> str:
        """What the button sends."""
        return f"{self.action}:{self.way}" if self.way else self.action


class Bar:
    """What somebody may do to an article now."""

    def __init__(self, asker: Asker, known: Known, draft: Draft | None = None) -> None:
        self.asker, self.known, self.draft = asker, known, draft
        self.article, self.now = asker.article, timezone.now()
        self._refusals = refusals(asker.article, asker.actor)

    @cached_property
    def failures(self) -> list[GuardFailure]:
        """The publish guards that do not hold now."""
        return failures(self.article, self.now, self.known)

    @cached_property
    def against_draft(self) -> list[GuardFailure]:
        """What stands against publishing the pending draft."""
        return against(self.article, self.draft, self.known, self.now) if self.draft else []

    @cached_property
    def acts(self) -> list[Act]:
        """Everything that may be done, the likeliest first."""
        order = [*FIRST, *(action for action in LABELS if action not in FIRST)]
        return [act for action in order if self.may(action) for act in self._acts(action)]

    def may(self, action: Action) -> bool:
        """Whether the action is open to this person on this article."""
        return not self._refusals.get(action, "unknown")

    @property
    def shown(self) -> list[Act]:
        """The acts that are in sight on every screen: those that are pressed at once, first."""
        return sorted(self.acts, key=lambda act: bool(act.opens))[:ALWAYS_SHOWN]

    @property
    def rest(self) -> list[Act]:
        """The other acts."""
        return [act for act in self.acts if act not in self.shown]

    @property
    def warnings(self) -> list[tuple[str, list[str]]]:
        """(label, what it will do) of the acts that are pressed at once and reach readers."""
        at_once = [act for act in self.acts if not act.opens]
        said = ((act.label, self._foretold(Action(act.action), at_once=True)) for act in at_once)
        return [(label, effects) for label, effects in said if effects]

    def _foretold(
        self, action: Action, *, at_once: bool = False, is_overriding: bool = False
    ) -> list[str]:
        broken = [] if is_overriding else self._broken(action)
        if action is Action.PUBLISH_DRAFT and broken:
            return ["It would be refused.", *(failure.message for failure in broken)]
        if at_once and TABLE[action].is_guarded and broken:
            return [f"{len(broken)} guard{'' if len(broken) == 1 else 's'} below will refuse it."]
        has_heirs = bool(self.asker.heirs)
        outcome = Outcome(self.article, self.now, has_heirs=has_heirs, is_at_once=at_once)
        return foretell(action, outcome)

    @property
    def refused(self) -> list[tuple[str, str]]:
        """(label, why) of what cannot be done now and somebody may wonder about."""
        return [
            (label, self._refusals[action])
            for action, label in LABELS.items()
            if self._refusals.get(action) and action not in INVERSES
        ]

    def _acts(self, action: Action) -> Iterator[Act]:
        label = LABELS[action]
        if action not in ASKED or action in OPENS:
            yield Act(action.value, label, is_primary=action in PRIMARY)
        if action in ASKED:
            is_planned = action in (Action.PUBLISH, Action.REPUBLISH)
            yield self._panel(action, OPENS.get(action, f"{label}…"), PLANNED if is_planned else "")
        if action in OVERRIDABLE and self._may_override(action):
            yield self._panel(action, f"{label} all the same…", OVERRIDDEN)

    def _panel(self, action: Action, opens: str, way: str) -> Act:
        is_overriding = way == OVERRIDDEN
        broken = [failure.message for failure in self._broken(action)] if is_overriding else []
        return Act(
            action.value,
            f"{LABELS[action]} with these times" if way == PLANNED else LABELS[action],
            opens,
            way,
            is_grave=action in GRAVE,
            fields=self.asker.fields(action, is_overriding=is_overriding),
            effects=[*broken, *self._foretold(action, is_overriding=is_overriding)],
            is_open=self.asker.typed.get("_act") == (f"{action}:{way}" if way else action),
        )

    def _broken(self, action: Action) -> list[GuardFailure]:
        if action is Action.PUBLISH_DRAFT:
            return self.against_draft
        return asked_for(action, self.failures)

    def _may_override(self, action: Action) -> bool:
        if not self.asker.actor.has_perm("articles.override_guards"):
            return False
        broken = self._broken(action)
        return bool(broken) and all(one.is_editorial for one in broken)

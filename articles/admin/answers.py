"""What was answered to an act's questions, as the workflow takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict

from ..models import Article
from ..states import Action, SpikeReason
from ..workflow import ReasonMissing, successors
from .asking import CONFIRMATION, control, name_of

Data = dict[str, Any]
WHEN = forms.DateTimeField(required=False)
WINDOW = ("go_live_at", "expire_at")
OVERRIDDEN = "override"
"""The way of an act over editorial guards, sent as `publish:override`."""


def answers(data: QueryDict, action: Action, way: str, article: Article) -> Data:
    """The arguments of `transition` that go with an act.

    Raises ValidationError for an answer that means nothing, ReasonMissing without the typed
    confirmation of a withdrawal.
    """
    said = Answers(data, action, way, article)
    found: Data = {"comment": said.text("comment") or data.get("_comment", "").strip()}
    if way == OVERRIDDEN:
        found["override"] = True
    return found | (READERS[action](said) if action in READERS else {})


@dataclass(frozen=True)
class Answers:
    """The answers of one act's panel."""

    data: QueryDict
    action: Action
    way: str
    article: Article

    def text(self, what: str) -> str:
        """One answer as typed, stripped."""
        return str(self.data.get(name_of(what, self.action), "")).strip()

    def opening(self) -> Data:
        """The window of a publication; the plain button publishes now, whatever a closed panel
        holds."""
        if not self.way:
            return {}
        window = {what: self._when(what) for what in WINDOW}
        return {what: at for what, at in window.items() if at is not None}

    def moving(self) -> Data:
        """A window's new ends; an emptied expiry is one, an emptied start is none.

        What stands as it was shown keeps its seconds.
        """
        asked = [
            what
            for what in WINDOW
            if name_of(what, self.action) in self.data
            and self.text(what) != control(getattr(self.article, what))
        ]
        found = {what: self._when(what) for what in asked}
        return {what: at for what, at in found.items() if at is not None or what == "expire_at"}

    def assignee(self) -> Data:
        """The person to assign it to."""
        said = self.text("assignee")
        is_id = said.isascii() and said.isdigit() and len(said) < 18
        person = User.objects.filter(pk=int(said)).first() if is_id else None
        if person is None:
            raise ValidationError("Name the person to assign it to.")
        return {"assignee": person}

    def spike(self) -> Data:
        """The reason; the last one when none is given."""
        said = self.text("reason")
        if said and said not in set(SpikeReason):
            raise ValidationError("That is no reason to spike.")
        return {"reason": SpikeReason(said)} if said else {}

    def leaving(self) -> Data:
        """Who takes over the lead."""
        said = self.text("successor")
        if not said:
            return {}
        heirs = {str(heir.pk): heir for heir in successors(self.article)}
        if said not in heirs:
            raise ValidationError("That article cannot take over the lead any more.")
        return {"successor": heirs[said]}

    def withdrawal(self) -> Data:
        """As when leaving, once confirmed."""
        if self.text("confirm").casefold() != CONFIRMATION:
            raise ReasonMissing(f"Type {CONFIRMATION} to confirm; it is for good.")
        return self.leaving() | self.note()

    def note(self) -> Data:
        """What readers are told."""
        note = self.text("public_note")
        return {"public_note": note} if note else {}

    def _when(self, what: str) -> Any:
        return WHEN.clean(self.text(what))


READERS: dict[Action, Callable[[Answers], Data]] = {
    Action.PUBLISH: Answers.opening,
    Action.REPUBLISH: Answers.opening,
    Action.RESCHEDULE: Answers.moving,
    Action.PUBLISH_DRAFT: Answers.note,
    Action.ASSIGN: Answers.assignee,
    Action.SPIKE: Answers.spike,
    Action.UNPUBLISH: Answers.leaving,
    Action.WITHDRAW: Answers.withdrawal,
}

"""What a bulk asks before it is done: reason, window, person, topic."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone

from ..desk.bulk import Ask, Kind
from ..models import Person, Topic
from ..states import Action, SpikeReason
from ..workflow.rights import OVERRIDING
from ..workflow.wording import name_of
from .asking import reviewers
from .fields import Moment

WORD = "withdraw"
"""What is typed to confirm a withdrawal."""


class Colleague(forms.ModelChoiceField):
    """A person as colleagues read the name."""

    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)


class BulkForm(forms.Form):
    """The fields that one kind of bulk asks for."""

    def __init__(self, kind: Kind, actor: User, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._actor, self._kind = actor, kind
        makers = {
            Ask.COMMENT: self._comment,
            Ask.REASON: self._reason,
            Ask.WINDOW: self._window,
            Ask.ASSIGNEE: self._assignee,
            Ask.TOPIC: self._topic,
            Ask.QUALITY: self._quality,
            Ask.OVERRIDE: self._override,
            Ask.PUBLIC_NOTE: self._public_note,
            Ask.CONFIRMATION: self._confirmation,
        }
        for ask in kind.asks:
            self.fields.update(makers[ask]())

    def clean_confirmation(self) -> str:
        typed = self.cleaned_data["confirmation"].strip().lower()
        if typed != WORD:
            raise forms.ValidationError(f"Type “{WORD}” to go on.")
        return typed

    def said(self) -> dict[str, Any]:
        """The answers as `bulk.carry_out` takes them, what was left empty left out."""
        answers = {name: value for name, value in self.cleaned_data.items() if value or value == 0}
        answers.pop("confirmation", None)
        return answers

    def _comment(self) -> dict[str, forms.Field]:
        box = forms.Textarea(attrs={"rows": 2, "maxlength": 2000})
        label = "Why" if self._kind.asks_why else "Comment (optional)"
        return {
            "comment": forms.CharField(
                label=label, required=self._kind.asks_why, max_length=2000, widget=box
            )
        }

    def _reason(self) -> dict[str, forms.Field]:
        person = Person.objects.filter(user=self._actor).first()
        return {
            "reason": forms.TypedChoiceField(
                label="Reason",
                choices=[(reason.value, reason.words) for reason in SpikeReason],
                coerce=SpikeReason,
                required=False,
                initial=(person and person.spike_reason) or SpikeReason.OTHER,
            )
        }

    def _window(self) -> dict[str, forms.Field]:
        zone = timezone.get_current_timezone_name()
        now = "unchanged" if self._kind.action is Action.RESCHEDULE else "now"
        return {
            "go_live_at": Moment(label=f"Goes live ({zone})", help_text=f"Empty: {now}."),
            "expire_at": Moment(label=f"Expires ({zone})", help_text="Empty: never, or unchanged."),
        }

    def _assignee(self) -> dict[str, forms.Field]:
        people = reviewers().order_by("first_name", "username")
        return {"assignee": Colleague(people, label="Person")}

    def _topic(self) -> dict[str, forms.Field]:
        return {"topic": forms.ModelChoiceField(Topic.objects.order_by("name"), label="Topic")}

    def _quality(self) -> dict[str, forms.Field]:
        return {"quality": forms.IntegerField(label="Quality", min_value=0, max_value=1000)}

    def _override(self) -> dict[str, forms.Field]:
        if not self._actor.has_perm(OVERRIDING):
            return {}
        label = "Pass editorial guards (say why)"
        return {"override": forms.BooleanField(label=label, required=False)}

    def _public_note(self) -> dict[str, forms.Field]:
        label = "Note that readers see (optional)"
        return {"public_note": forms.CharField(label=label, required=False, max_length=2000)}

    def _confirmation(self) -> dict[str, forms.Field]:
        return {"confirmation": forms.CharField(label=f"Type “{WORD}” to confirm")}

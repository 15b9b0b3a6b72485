"""The keys of triage: the usual ones, those that a person chose, and the page to choose them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from ..models import Person
from .acts import actor_of

USUAL = {
    "next": ("j", "Next article"),
    "previous": ("k", "Previous article"),
    "approve": ("a", "Approve"),
    "publish": ("p", "Publish"),
    "spike": ("x", "Spike"),
    "attach": ("m", "Put into the first story shown as alike"),
    "claim": ("c", "Claim"),
    "undo": ("u", "Undo the last act"),
    "original": ("o", "Open the publisher's page"),
    "help": ("?", "Show the keys"),
}
"""What each key does, in the order that help lists them. Digits set the quality."""


def keys_of(person: Person | None) -> dict[str, str]:
    """The key of each action; empty where that person switched keys off."""
    if person is not None and not person.has_keys:
        return {}
    chosen = person.keys if person is not None else {}
    return {action: str(chosen.get(action, usual)) for action, (usual, _) in USUAL.items()}


def person_of(user: User) -> Person | None:
    """What the desk remembers of an account, if anything."""
    # Sessions load both at once; only what was made elsewhere asks again.
    person: Person | None = getattr(user, "desk", None)
    return person


class KeysForm(forms.Form):
    """One key for each action, no two the same."""

    has_keys = forms.BooleanField(required=False, label="Act by single keys in triage")

    def __init__(self, *arguments: Any, person: Person | None, **options: Any) -> None:
        chosen = (person.keys if person else None) or {}
        initial = {name: chosen.get(name, usual) for name, (usual, _) in USUAL.items()}
        initial["has_keys"] = person is None or person.has_keys
        super().__init__(*arguments, **options | {"initial": initial})
        for name, (usual, label) in USUAL.items():
            self.fields[name] = forms.CharField(
                label=label, max_length=1, help_text=f"usually {usual}"
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        seen: dict[str, str] = {}
        for name in USUAL:
            key = values.get(name, "")
            if key.isdigit():
                self.add_error(name, "Digits set the quality.")
            elif key and key in seen:
                self.add_error(name, f"That key does already: {USUAL[seen[key]][1]}.")
            seen.setdefault(key, name)
        return values

    def chosen(self) -> dict[str, str]:
        """Those that differ from the usual ones."""
        values = self.cleaned_data
        return {name: values[name] for name, (usual, _) in USUAL.items() if values[name] != usual}


def choose(desk: Any, request: HttpRequest) -> HttpResponse:
    """The page on which a person switches keys off or changes them."""
    person = person_of(actor_of(request))
    form = KeysForm(request.POST or None, person=person)
    if form.is_valid():
        _keep(actor_of(request), form)
        messages.success(request, "Your keys are saved.")
        return HttpResponseRedirect(reverse("admin:articles_article_triage"))
    context = desk.admin_site.each_context(request) | {"title": "Keys of triage", "form": form}
    return TemplateResponse(request, "admin/articles/triage/keys.html", context)


def _keep(user: User, form: KeysForm) -> None:
    values = {"has_keys": form.cleaned_data["has_keys"], "keys": form.chosen()}
    Person.objects.update_or_create(user=user, defaults=values)

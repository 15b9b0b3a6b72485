"""Form fields that keep what people did not touch, to the character."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from providers.domains import normalise
from providers.models import Provider

from ..frontmatter import Limits
from ..models import Topic


class Unseen(forms.HiddenInput):
    """A hidden input made without a template: a form has one beside each field."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = self.format_value(value)
        own = {} if shown is None else {"value": shown}
        rest = flatatt(self.build_attrs(self.attrs, own | (attrs or {})))
        return format_html('<input type="hidden" name="{}"{}>', name, rest)


class Text(forms.CharField):
    """Text; browsers send CRLF for every line end, which is no change."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"strip": False, "required": False} | options))

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


def title_field() -> Text:
    """The headline of an article."""
    rows = forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    return Text(strip=True, required=True, max_length=Limits().title, widget=rows)


def excerpt_field() -> Text:
    """What stands below it."""
    rows = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    return Text(max_length=Limits().excerpt, widget=rows)


class Moment(forms.DateTimeField):
    """A time to the second in the newsroom's zone, picked with the browser's own control."""

    def __init__(self, **options: Any) -> None:
        control = forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"
        )
        super().__init__(widget=control, required=False, **options)


class ProviderByDomain(forms.ModelChoiceField):
    """A provider, typed as its domain: lists of a thousand providers are no choice."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            Provider.objects.all(), to_field_name="domain", widget=forms.TextInput, **options
        )

    def to_python(self, value: Any) -> Provider | None:
        if isinstance(value, Provider) or value in self.empty_values:
            return value or None
        found = self.get_queryset().filter(domain=normalise(value)).first()
        if found is None:
            raise ValidationError(f"There is no provider with the domain {value}.")
        return found

    def get_queryset(self) -> Any:
        return Provider.objects.all()


class Places(forms.SelectMultiple):
    """A list in its order: one select for each place, with some to spare."""

    SPARE = 2
    AT_LEAST = 4
    use_fieldset = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = [str(item) for item in value or [] if item]
        choices = [(str(key), label) for key, label in self.choices]
        count = max(self.AT_LEAST, len(chosen) + self.SPARE)
        places = chosen + [""] * (count - len(chosen))
        first = (attrs or {}).get("id", f"id_{name}")
        return render_to_string(
            "admin/articles/places.html",
            {"name": name, "id": first, "places": places, "choices": choices},
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


class OrderedTopics(forms.ModelMultipleChoiceField):
    """An article's topics, most general first; cleaned to a list of Topic."""

    widget = Places

    def __init__(self, **options: Any) -> None:
        super().__init__(Topic.objects.order_by("name"), required=False, **options)

    def to_python(self, value: Any) -> Any:
        return [str(item) for item in value or [] if item]

    def clean(self, value: Any) -> Any:
        chosen = list(dict.fromkeys(self.to_python(value)))
        found = {str(topic.pk): topic for topic in super().clean(chosen)}
        return [found[key] for key in chosen if key in found]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and self.to_python(initial) != self.to_python(data)

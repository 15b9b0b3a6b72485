"""The article's form: knows what the editor saw, so that nobody's work is undone unseen."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.forms.renderers import Jinja2
from django.http import QueryDict
from django.utils import timezone

from ..frontmatter import Limits
from ..models import Article, Topic
from ..workflow import Draft, GuardsFailed, StaleVersion, draft_of
from .collisions import Collision, chosen, collide
from .fields import (
    Moment,
    OrderedTopics,
    ProviderByDomain,
    Text,
    Unseen,
    excerpt_field,
    title_field,
)
from .reading import reads

TYPED = "Not saved yet: this is what you typed here before. Look at it, then save."
STALE = "Somebody acted on this article while you had it open."
CONTROLS = ("version", "state_seen")
SETTLE = "_settle-"
"""With a column's name behind it, which text stands where draft and live text clash."""

LINKS = ("web_url", "original_url", "amp_url", "cdn_amp_url")
FIELDSETS = (
    (None, {"fields": ("title", "excerpt", "topic_order")}),
    ("Link", {"fields": ("web_url", "original_url", "amp_url", "cdn_amp_url")}),
    (
        "Piece",
        {"fields": (("type", "category", "quality"), "provider", "published_at", "updated_at")},
    ),
    ("Body and embed", {"fields": ("body", "embed"), "classes": ("collapse",)}),
)


class VersionForm(forms.ModelForm):
    """No content to change: the version that an act was decided on, and nothing else."""

    # Django's own widgets and labels in half the time; made once, or each form would compile them.
    default_renderer = Jinja2()

    version = forms.IntegerField(widget=forms.HiddenInput)
    state_seen = forms.CharField(widget=forms.HiddenInput, required=False)

    refusal: Exception | None = None
    """Why the workflow refused what was just asked, for the form that is shown again."""

    typed: QueryDict | None = None
    """A working copy that the form shows in place of what is stored, as if it had been sent."""

    class Meta:
        model = Article
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *arguments: Any, **options: Any) -> None:
        super().__init__(self.typed if data is None else chosen(data), *arguments, **options)
        self.initial.update(version=self.instance.version, state_seen=self.instance.state)
        self.collisions: list[Collision] = []
        self.draft: Draft | None = None
        self.topics: list[Topic] = []
        self.clashing: dict[str, dict[str, Any]] = {}

    @property
    def is_stale(self) -> bool:
        """Whether somebody acted on the article after the version this form shows."""
        return self.cleaned_data.get("version") != self.initial.get("version")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._face_refusal()
        if self.data is self.typed:
            self.add_error(None, ValidationError(TYPED, "typed"))
        if "version" in cleaned and self.is_stale:
            self._face_others()
        return cleaned

    def _face_others(self) -> None:
        raise ValidationError(STALE, "stale")

    def _face_refusal(self) -> None:
        if isinstance(self.refusal, ValidationError):
            self._add_by_field(self.refusal)
        elif isinstance(self.refusal, GuardsFailed):
            for failure in self.refusal.failures:
                self._add(failure.field, failure.message)
        elif self.refusal is not None and not isinstance(self.refusal, StaleVersion):
            self.add_error(None, str(self.refusal))

    def _add_by_field(self, refusal: ValidationError) -> None:
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for column, messages in refusal.message_dict.items():
            for message in messages:
                self._add(column, message)

    def _add(self, column: str, message: str) -> None:
        name = "topic_order" if column == "topics" else column
        self.add_error(name if name in self.fields else None, message)


class ArticleForm(VersionForm):
    """Each field carries what it showed, so that only what the editor changed is saved.

    A save on a stale version whose fields differ from those changed meanwhile is merged; else it
    is refused once, with both texts (`collisions`), and pressing save again decides. So is one on
    an article that somebody decided on meanwhile, and any act.
    """

    title = title_field()
    excerpt = excerpt_field()
    topic_order = OrderedTopics(label="Topics", help_text="Most general first.")
    web_url = Text(label="Link", help_text="The address readers follow.", empty_value=None)
    original_url = Text(label="Original link", empty_value=None)
    amp_url = Text(label="AMP link", empty_value=None)
    cdn_amp_url = Text(label="AMP cache link", empty_value=None)
    provider = ProviderByDomain(help_text="By its domain.")
    published_at = Moment(label="Published")
    updated_at = Moment(label="Updated")
    body = Text(widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}))
    embed = Text(empty_value=None, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta(VersionForm.Meta):
        fields = (
            *("title", "excerpt", "type", "category", "quality", "provider"),
            *("published_at", "updated_at", *LINKS, "body", "embed"),
        )

    def __init__(self, data: Any = None, *arguments: Any, **options: Any) -> None:
        super().__init__(data, *arguments, **options)
        article = self.instance
        self.initial["provider"] = article.provider.domain
        self.topics = [place.topic for place in article.topic_places.select_related("topic")]
        self.initial["topic_order"] = [topic.pk for topic in self.topics]
        self._show_draft()
        # What each field holds now, kept apart from what the row becomes while it is cleaned.
        self.now = dict(self.initial)
        for name in self.content:
            field = self.fields[name]
            field.show_hidden_initial = True
            if field.hidden_widget is forms.HiddenInput:
                field.hidden_widget = Unseen
        for name in ("published_at", "updated_at"):
            self.fields[name].help_text = f"In {timezone.get_current_timezone_name()}."
        for name in LINKS:
            self.fields[name].validators.append(MaxLengthValidator(Limits().link))
            self.fields[name].widget.attrs |= {"inputmode": "url", "class": "vLargeTextField"}

    def _show_draft(self) -> None:
        """A live article with a pending draft is edited as drafted, not as readers see it."""
        self.draft = draft_of(self.instance, [topic.name for topic in self.topics])
        if self.draft is None:
            return
        drafted, clashes = self.draft.values, self.draft.clashes
        self.clashing = {
            name: {"draft": drafted[name], "live": getattr(self.instance, name)} for name in clashes
        }
        values = {name: drafted[name] for name in self.fields if name in drafted}
        if "provider" in values:
            values["provider"] = values["provider"].domain
        names = self.draft.topics
        if names != [topic.name for topic in self.topics]:
            ids = dict(Topic.objects.filter(name__in=names).values_list("name", "pk"))
            values["topic_order"] = [ids[name] for name in names if name in ids]
        self.initial.update(values)

    @property
    def content(self) -> list[str]:
        """The names of the fields that hold content."""
        return [name for name in self.fields if name not in CONTROLS]

    @property
    def changed_content(self) -> list[str]:
        """The names of the fields that the editor changed from what the form showed."""
        return [name for name in self.changed_data if name not in CONTROLS]

    def changes(self) -> dict[str, Any]:
        """Column → new value of what the editor changed or decided, topics apart."""
        changed = [name for name in self.changed_content if name != "topic_order"]
        return self._decided() | {name: self.cleaned_data[name] for name in changed}

    def _decided(self) -> dict[str, Any]:
        """What stands of a draft where the live text became something else meanwhile."""
        texts = self.clashing
        said = {name: self.data.get(f"{SETTLE}{name}") for name in texts}
        return {name: texts[name][which] for name, which in said.items() if which in texts[name]}

    def _was_saved_meanwhile(self, bound: BoundField) -> bool:
        return bound.field.has_changed(self.now.get(bound.name), self._seen(bound))

    def _seen(self, bound: BoundField) -> Any:
        hidden = bound.field.hidden_widget()
        return hidden.value_from_datadict(self.data, self.files, bound.html_initial_name)

    def _face_others(self) -> None:
        """Merge what differs, show what collides; either way the next save is an informed one."""
        meanwhile = [name for name in self.content if self._was_saved_meanwhile(self[name])]
        touched = self.changed_content
        both = [name for name in meanwhile if name in touched]
        is_decided = self.cleaned_data.get("state_seen") != self.initial["state_seen"]
        if not both and not is_decided and "_act" not in self.data:
            return
        shown = cast(QueryDict, self.data).copy()
        for name in meanwhile:
            self._refresh(shown, self[name], keep_typed=name in touched)
        self.data = shown
        self.collisions = [self._collision(name) for name in both]
        super()._face_others()

    def _refresh(self, shown: QueryDict, bound: BoundField, *, keep_typed: bool) -> None:
        value = bound.field.prepare_value(self.now.get(bound.name))
        for name in [bound.html_initial_name, *([] if keep_typed else [bound.html_name])]:
            if isinstance(value, list):
                shown.setlist(name, [str(item) for item in value])
            else:
                shown[name] = bound.field.widget.format_value(value) or ""

    def _collision(self, name: str) -> Collision:
        mine: Any = self.cleaned_data.get(name)
        theirs: Any = self.now.get(name)
        if name == "topic_order":
            topics = Topic.objects.in_bulk(theirs)
            theirs = [topics[key] for key in theirs if key in topics]
        return collide(name, str(self[name].label), reads(mine), reads(theirs))

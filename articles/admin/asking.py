"""What each act asks besides being pressed, as the questions of its panel in the bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from ..models import Article
from ..states import TABLE, Action, SpikeReason, State
from ..workflow import successors

CONFIRMATION = "withdraw"
"""What has to be typed before an article is withdrawn."""

BACKEND = "django.contrib.auth.backends.ModelBackend"
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """One question; `kind` is text, when or select."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    choices: Choices = ()
    is_required: bool = False
    help: str = ""


def name_of(what: str, action: Action) -> str:
    """The name under which an act's panel sends one of its answers."""
    return f"_{what}-{action}"


@dataclass
class Asker:
    """Who asks to act on what; `typed` is what a refused request brought along, by name."""

    article: Article
    actor: User
    typed: Mapping[str, str] = field(default_factory=dict)
    members: Sequence[Article] | None = None
    """Those of its story, where the page has read them."""

    @cached_property
    def heirs(self) -> list[Article]:
        """Who may take over when this lead of a live story leaves; a publication."""
        article = self.article
        if article.state != State.PUBLISHED or article.story.member_count < 2:
            return []
        return successors(article, self.members) if self.actor.has_perm("articles.publish") else []

    @cached_property
    def reviewers(self) -> list[User]:
        """Everybody who may review, with what the desk remembers of each; one query."""
        return list(reviewers().select_related("desk").order_by("username"))

    def fields(self, action: Action, *, is_overriding: bool = False) -> list[Field]:
        """The questions of an act, with what was typed already; `is_overriding`: over guards."""
        found = ASKED[action](self, action) if action in ASKED else []
        if is_overriding:
            found = [one for one in found if one.name != name_of("comment", action)]
            found.insert(0, replace(why(action), is_required=True))
        return [replace(one, value=self.typed.get(one.name, one.value)) for one in found]

    def window(self, action: Action) -> list[Field]:
        """When readers see it."""
        article, is_moved = self.article, action is Action.RESCHEDULE
        zone = timezone.get_current_timezone_name()
        live = article.go_live_at if is_moved else None
        ends = article.expire_at if is_moved else None
        begins = Field(name_of("go_live_at", action), f"Goes live, {zone}", "when", control(live))
        expires = Field(name_of("expire_at", action), f"Expires, {zone}", "when", control(ends))
        is_live = live is not None and live <= timezone.now()
        return [expires] if is_live else [begins, replace(expires, help="Empty: never.")]

    def reason(self, action: Action) -> list[Field]:
        """Why."""
        return [why(action)]

    def leaving(self, action: Action) -> list[Field]:
        """Why, and who takes over the lead."""
        if not self.heirs:
            return [why(action)]
        named = [(str(heir.pk), f"{heir.title} ({heir.provider.name})") for heir in self.heirs]
        choices = [("", "Nobody: the story leaves the site"), *named]
        label = "Takes over the lead, published at once"
        return [why(action), Field(name_of("successor", action), label, "select", "", choices)]

    def reply(self, action: Action) -> list[Field]:
        """An answer to what was sent back."""
        return [why(action, "Reply")]

    def changes(self, action: Action) -> list[Field]:
        """What the submitter should mend."""
        return [why(action, "What has to change")]

    def assignee(self, action: Action) -> list[Field]:
        """Everybody who may review."""
        choices = [
            (str(person.pk), person.get_full_name() or person.get_username())
            for person in self.reviewers
        ]
        chosen = Field(name_of("assignee", action), "To", "select", "", choices)
        return [chosen, why(action, "Comment")]

    def spike(self, action: Action) -> list[Field]:
        """A code, the last one by default, and words if wanted."""
        own = [person for person in self.reviewers if person.pk == self.actor.pk]
        last = own[0].desk.spike_reason if own and hasattr(own[0], "desk") else ""
        reasons = [(reason.value, reason.words) for reason in SpikeReason]
        chosen = last or SpikeReason.OTHER.value
        because = Field(name_of("reason", action), "Because", "select", chosen, reasons)
        return [because, why(action, "In words")]

    def withdrawal(self, action: Action) -> list[Field]:
        """All of leaving, a note for readers, and the word to confirm."""
        note = Field(name_of("public_note", action), "Public note", help="On the corrections page.")
        label = f"Type {CONFIRMATION} to confirm"
        word = Field(name_of("confirm", action), label, is_required=True)
        return [*self.leaving(action), note, word]

    def correction(self, action: Action) -> list[Field]:
        """A note for readers."""
        label = "Correction note, if readers should know"
        return [Field(name_of("public_note", action), label)]


def reviewers() -> QuerySet[User]:
    """The active people who may review, and so may be given an article."""
    return User.objects.with_perm("articles.review", backend=BACKEND)


def why(action: Action, label: str = "Reason") -> Field:
    """The comment that others read."""
    return Field(name_of("comment", action), label, is_required=TABLE[action].asks_why)


def control(at: datetime | None) -> str:
    """A time as the browser's own control shows it, in the newsroom's zone."""
    return "" if at is None else timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


ASKED: dict[Action, Callable[[Asker, Action], list[Field]]] = {
    Action.PUBLISH: Asker.window,
    Action.REPUBLISH: Asker.window,
    Action.RESCHEDULE: Asker.window,
    Action.PUBLISH_DRAFT: Asker.correction,
    Action.ASSIGN: Asker.assignee,
    Action.RESUBMIT: Asker.reply,
    Action.REQUEST_CHANGES: Asker.changes,
    Action.SPIKE: Asker.spike,
    Action.UNPUBLISH: Asker.leaving,
    Action.WITHDRAW: Asker.withdrawal,
    Action.REINSTATE: Asker.reason,
}
"""The acts that ask something."""

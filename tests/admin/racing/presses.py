"""What one person does in a race: opens a page, then sends it at the same time as the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import F

from articles.models import Transition

from .browser import Answer, Browser, Form, form_of

LIST = "/admin/articles/article/"
PATIENCE = 12
"""Times that a person presses save again before giving up."""


@dataclass(frozen=True)
class Saved:
    """A text that the site said it had saved: `shown` stood on the page where it was typed."""

    person: int
    article: int
    column: str
    shown: str
    typed: str


@dataclass(frozen=True)
class Collided:
    """A field of an article that the site said somebody else had changed, too."""

    person: int
    article: int
    column: str


@dataclass
class Account:
    """What people were told in one race, and what was wrong with it."""

    saved: list[Saved] = field(default_factory=list)
    collided: list[Collided] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    again: int = 0
    merged: int = 0

    def check(self, answer: Answer, *usual: int) -> None:
        """Note an answer that nobody should get."""
        if answer.status >= 500 or answer.status not in usual:
            self.faults.append(f"answered {answer.status}: {answer.body[:300]}")
        if "is locked" in answer.body or "deadlock" in answer.body:
            self.faults.append(f"a person reads of the database: {answer.body[:300]}")


class Press(Protocol):
    """One person's part in a race."""

    browser: Browser

    def open(self, account: Account) -> None:
        """Read the page, before anybody sends."""

    def send(self, account: Account) -> None:
        """Send it, while the others do."""


@dataclass
class Typing:
    """Types into the article's form and saves, or acts along with it; presses save until it is
    saved. Where texts collide, `keeps` says whether one's own is to stand."""

    browser: Browser
    article: int
    typed: dict[str, str] = field(default_factory=dict)
    act: str = ""
    said: dict[str, str] = field(default_factory=dict)
    keeps: bool = True
    form: Form = field(default_factory=Form)

    @property
    def _page(self) -> str:
        return f"{LIST}{self.article}/change/"

    def open(self, account: Account) -> None:
        answer = self.browser.get(self._page)
        account.check(answer, 200)
        self.form = form_of(answer.body)

    def send(self, account: Account) -> None:
        own = dict(self.typed)
        for _ in range(PATIENCE):
            answer = self._post(own)
            account.check(answer, 200, 302, *([403] if self.act else []))
            if answer.is_done:
                self._note_saved(account, own)
                return
            if answer.status != 200 or self.act:
                return
            own = self._read_again(answer, own, account)
        account.faults.append(f"never saved: {self.typed} of {self.article}")

    def _post(self, own: dict[str, str]) -> Answer:
        button = {"_act": self.act} if self.act else {"_continue": "1"}
        if self.act == "_publish":
            button = {"_publish": "1"}
        return self.browser.post(self._page, self.form.typed(own | self.said | button))

    def _note_saved(self, account: Account, own: dict[str, str]) -> None:
        person = self.browser.person.pk
        account.saved += [
            Saved(person, self.article, name, self.form.shown(f"initial-{name}"), text)
            for name, text in own.items()
        ]

    def _read_again(self, answer: Answer, own: dict[str, str], account: Account) -> dict[str, str]:
        """The form was shown again: look at it as a person would, and decide."""
        seen, self.form = self.form, form_of(answer.body)
        person, both = self.browser.person.pk, self.form.collisions
        account.again += 1
        account.collided += [Collided(person, self.article, name) for name in both]
        if strange := both - own.keys():
            account.faults.append(f"collisions in what was not typed: {strange}")
        if not both and not self._was_decided_since(int(seen.shown("version"))):
            said = answer.body[max(answer.body.find("errornote"), 0) :]
            account.faults.append(f"not saved without a reason: {said[:3000]}")
        if lost := [name for name, text in own.items() if self.form.shown(name) != text]:
            account.faults.append(f"typed and not shown again: {lost}")
        if self.keeps:
            return own
        self.said = {f"_take-{name}": "theirs" for name in both}
        return {name: text for name, text in own.items() if name not in both}

    def _was_decided_since(self, version: int) -> bool:
        """Whether its state moved; it may stand where it stood, as when an act was undone."""
        acts = Transition.objects.filter(article=self.article, version__gt=version)
        return acts.exclude(from_state=F("to_state")).exists()


@dataclass
class Pressing:
    """Sends one small form as it was made, once."""

    browser: Browser
    path: str
    pairs: dict[str, str]
    usual: tuple[int, ...] = (200, 302, 404)

    def open(self, account: Account) -> None:
        """Everything is known already."""

    def send(self, account: Account) -> None:
        account.check(self.browser.post(self.path, [*self.pairs.items()]), *self.usual)


@dataclass
class Undoing:
    """Does an act before the race, and takes it back in it."""

    browser: Browser
    article: int
    first: Typing

    def open(self, account: Account) -> None:
        self.first.open(account)
        self.first.send(account)

    def send(self, account: Account) -> None:
        own = Transition.objects.filter(actor=self.browser.person, article=self.article)
        said = {"_undo": str(own.values_list("pk", flat=True).first() or 0)}
        answer = self.browser.post(f"{LIST}{self.article}/undo/", [*said.items()])
        account.check(answer, 302)


def triage(browser: Browser, article: int, version: int, act: str) -> Pressing:
    """One key in triage."""
    said = {"article": str(article), "version": str(version), "act": act}
    return Pressing(browser, f"{LIST}triage/", said)


def bulk(browser: Browser, versions: Iterable[tuple[int, int]], kind: str) -> Pressing:
    """A previewed bulk act, carried out."""
    chosen = " ".join(f"{pk}:{version}" for pk, version in versions)
    return Pressing(browser, f"{LIST}bulk/", {"kind": kind, "chosen": chosen, "back": ""})


def lead(browser: Browser, article: int, member: int, version: int) -> Pressing:
    """The button that lets another member of a story lead it."""
    said = {"member": f"{member}:{version}"}
    return Pressing(browser, f"{LIST}{article}/story/lead/", said)

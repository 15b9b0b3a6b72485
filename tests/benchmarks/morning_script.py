"""Somebody at the queue who presses and types while sessions end, networks and servers fail."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import perf_counter

from playwright.sync_api import Error, Page, expect

from .morning_fill import PASSWORD, PERSON

TRIAGE = "/admin/articles/article/triage/"
KEYS = {"p": "published", "a": "approved", "x": "spiked"}
PATIENCE = 60_000
"""Milliseconds: a press is sent again after pauses of up to 15 seconds."""
TYPING = (5, 40)
"""Milliseconds between two strokes."""


@dataclass(frozen=True)
class Trouble:
    """What happens in between: `make` it, and `end` it."""

    name: str
    make: Callable[[], None]
    end: Callable[[], None]


@dataclass
class Kept:
    """What must be found in the database afterwards, by the article's id."""

    states: dict[int, str] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    excerpts: dict[int, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    places_lost: int = 0
    troubles: int = 0

    @property
    def characters(self) -> int:
        """How many were typed into comments and forms."""
        kinds = (self.comments, self.titles, self.excerpts)
        return sum(len(text) for kind in kinds for text in kind.values())


class Editor:
    """One person before one browser page."""

    def __init__(self, page: Page, chance: random.Random, troubles: list[Trouble]) -> None:
        self.page, self.chance, self.troubles = page, chance, troubles
        self.kept = Kept()

    def work(self, count: int) -> Kept:
        """Decide `count` articles; every tenth by way of its form, every eighth in trouble."""
        self.page.goto(TRIAGE)
        self._sign_in()
        for number in range(count):
            trouble = self._trouble(number)
            if number % 10 == 4:
                self._amend(self._trouble(number + 1) if number % 20 == 4 else None)
            started = perf_counter()
            self._decide(number, trouble)
            if trouble is None:
                self.kept.seconds.append(perf_counter() - started)
            if number % 9 == 8:
                self._reload()
        return self.kept

    def _trouble(self, number: int) -> Trouble | None:
        if number % 8 != 5:
            return None
        self.kept.troubles += 1
        return self.troubles[number // 8 % len(self.troubles)]

    def _sign_in(self) -> None:
        self.page.get_by_label("Username").fill(PERSON)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_label("Password").press("Enter")
        self.page.wait_for_load_state("load")

    def _article(self) -> int:
        return int(self.page.locator("#triage-acts input[name=article]").input_value())

    def _title(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def _type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=self.chance.uniform(*TYPING))

    def _decide(self, number: int, trouble: Trouble | None) -> None:
        article, title, key = self._article(), self._title(), self.chance.choice([*KEYS])
        if number % 5 == 2:
            self.kept.comments[article] = f"seen at dawn, {number}: a joke of {key}"
            self.page.get_by_label("Comment").focus()
            self._type(self.kept.comments[article])
            self.page.keyboard.press("Escape")
        if trouble is not None:
            trouble.make()
        self.page.keyboard.press(key)
        if trouble is not None:
            told = "Your session ended" if trouble.name == "session" else "Not sent yet"
            expect(self.page.get_by_role("status")).to_contain_text(told, timeout=PATIENCE)
            trouble.end()
            if trouble.name == "session":
                self.page.get_by_role("link", name="Sign in").click()
                self._sign_in()
        done = f"{KEYS[key].capitalize()}: {title}"
        expect(self.page.get_by_role("status")).to_contain_text(done, timeout=PATIENCE)
        self.kept.states[article] = KEYS[key]

    def _reload(self) -> None:
        before = self._article()
        self.page.reload()
        self.kept.places_lost += self._article() != before

    def _amend(self, trouble: Trouble | None) -> None:
        """Type into the form, lose the page in trouble, find the text again and save it."""
        article, here = self._article(), self.page.url
        self.page.get_by_role("link", name="Open the form").click()
        form = self.page.url
        title = self._append("Title:", f", amended at dawn {article}")
        excerpt = self._append("Excerpt:", f" Ana, who was there, adds {article} words.")
        if trouble is not None:
            trouble.make()
            self._lose(trouble, form)
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_text("Saved.")).to_be_visible(timeout=PATIENCE)
        self.kept.titles[article], self.kept.excerpts[article] = title, excerpt
        self.page.goto(here)
        self.kept.places_lost += self._article() != article

    def _append(self, label: str, text: str) -> str:
        box = self.page.get_by_label(label, exact=True)
        box.focus()
        self.page.keyboard.press("Control+End")
        whole = box.input_value() + text
        self._type(text)
        return whole

    def _lose(self, trouble: Trouble, form: str) -> None:
        if trouble.name == "session":
            self.page.get_by_role("button", name="Save", exact=True).click()
            expect(self.page.get_by_text("You have been signed out.")).to_be_visible()
            self._sign_in()
            return
        # The browser shows an error in place of the page, and forgets what was in its fields.
        self.page.get_by_role("button", name="Save", exact=True).click(no_wait_after=True)
        with suppress(Error):
            self.page.wait_for_url("chrome-error://**")
        trouble.end()
        self._come_back(form)
        self.page.get_by_role("button", name="Put it into the form").locator("visible=true").click()

    def _come_back(self, address: str) -> None:
        try:
            self.page.goto(address)
        except Error:
            # The browser's own page about the failure came in between.
            self.page.goto(address)

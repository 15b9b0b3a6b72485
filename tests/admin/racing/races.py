"""The kinds of races: who meets whom on which articles."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from articles.models import Article
from articles.states import State

from .browser import Browser
from .ground import Ground
from .presses import Press, Typing, Undoing, bulk, lead, triage

_numbers = count(1)
Browsers = Sequence[Browser]


class Setting(NamedTuple):
    """What a race is made of."""

    ground: Ground
    browsers: Browsers
    chance: random.Random

    def any_new(self) -> Article:
        """An undecided article, of a file that the import changes if there is one left."""
        article = self.ground.filed() if self.chance.random() < 0.5 else None
        return article or self.ground.made()

    @property
    def some(self) -> Browsers:
        """Two people at least."""
        return self.chance.sample(self.browsers, self.chance.randint(2, len(self.browsers)))


@dataclass
class Race:
    """`once`: an action that must not be done twice in it."""

    articles: list[Article]
    presses: list[Press] = field(default_factory=list)
    once: str = ""


def text(name: str) -> str:
    """A text for a field that was never there before."""
    number = next(_numbers)
    if name.endswith("_url"):
        return f"https://typed.example/{name}/{number}"
    return str(number) if name == "quality" else f"Typed as {name}, the {number}th."


def different_keys(setting: Setting) -> Race:
    """Each changes another field of one article."""
    article = setting.any_new()
    names = setting.chance.sample(KEYS, len(setting.browsers))
    people = zip(setting.browsers, names, strict=True)
    return Race([article], [Typing(one, article.pk, {name: text(name)}) for one, name in people])


KEYS = ("title", "body", "embed", "amp_url", "cdn_amp_url", "original_url", "quality")


def same_key(setting: Setting) -> Race:
    """All change the same field, and some another one with it."""
    article, chance = setting.any_new(), setting.chance
    name = chance.choice(["title", "body", "excerpt", "amp_url"])
    presses: list[Press] = []
    for place, one in enumerate(setting.some):
        typed = {name: text(name)} | ({"embed": text("embed")} if place == 0 else {})
        presses.append(Typing(one, article.pk, typed, keeps=chance.random() < 0.7))
    return Race([article], presses)


def drafts(setting: Setting) -> Race:
    """A live article is drafted by some, and a draft of it published or it is taken back."""
    article = setting.ground.made(State.PUBLISHED)
    one, other, *more = setting.browsers
    presses: list[Press] = [
        Typing(one, article.pk, {"title": text("title")}),
        Typing(other, article.pk, {"body": text("body")}, act="_publish"),
    ]
    asked = setting.chance.choice(["_publish", "unpublish", "publish_draft", "discard_draft"])
    for browser in more:
        said = {f"comment-{asked}": "Wrong.", "_comment": "Wrong."}
        presses.append(Typing(browser, article.pk, {"embed": text("embed")}, asked, said))
    return Race([article], presses)


def deciding(setting: Setting) -> Race:
    """All decide the same at once, somebody with two clicks."""
    article = setting.any_new()
    action = setting.chance.choice(["publish", "approve", "spike", "claim"])
    people = [*setting.some, setting.browsers[0]]
    presses: list[Press] = [Typing(one, article.pk, act=action) for one in people]
    return Race([article], presses, once=action)


def differing(setting: Setting) -> Race:
    """One saves, the others decide each something else."""
    article = setting.any_new()
    one, *others = setting.browsers
    actions = setting.chance.sample(["publish", "approve", "spike", "claim"], len(others))
    presses: list[Press] = [Typing(one, article.pk, {"title": text("title")})]
    for other, action in zip(others, actions, strict=True):
        typed = {"amp_url": text("amp_url")} if action == "publish" else {}
        presses.append(Typing(other, article.pk, typed, action))
    return Race([article], presses)


def triaging(setting: Setting) -> Race:
    """Two walk through the same queue, others have the form open."""
    article = setting.any_new()
    acts = ["publish", "spike", "claim", "quality:7", "approve"]
    one, *others = setting.browsers
    presses: list[Press] = [
        triage(other, article.pk, article.version, setting.chance.choice(acts)) for other in others
    ]
    return Race([article], [Typing(one, article.pk, {"body": text("body")}), *presses])


def bulks(setting: Setting) -> Race:
    """Bulk acts over the same articles, in different orders."""
    articles = [setting.any_new() for _ in range(4)]
    presses: list[Press] = []
    for browser in setting.some:
        kind = setting.chance.choice(["publish", "spike", "approve", "claim"])
        chosen = setting.chance.sample(articles, len(articles))
        presses.append(bulk(browser, [(row.pk, row.version) for row in chosen], kind))
    return Race(articles, presses)


def undoing(setting: Setting) -> Race:
    """One takes back what he did while others go on from it."""
    article = setting.any_new()
    one, other, *more = setting.browsers
    action = setting.chance.choice(["publish", "spike", "approve"])
    presses: list[Press] = [
        Undoing(one, article.pk, Typing(one, article.pk, act=action)),
        Typing(other, article.pk, {"title": text("title")}),
        *(Typing(person, article.pk, {}, setting.chance.choice(AFTER[action])) for person in more),
    ]
    return Race([article], presses)


AFTER = {
    "publish": ["unpublish", "reschedule"],
    "spike": ["unspike"],
    "approve": ["publish", "spike"],
}


def leading(setting: Setting) -> Race:
    """Members of one story are swapped, decided about and written in."""
    first, second = setting.ground.paired(setting.chance.choice([State.NEW, State.PUBLISHED]))
    one, other, *more = setting.browsers
    presses: list[Press] = [
        lead(one, first.pk, second.pk, second.version),
        lead(other, first.pk, second.pk, second.version),
        *(Typing(person, second.pk, {"title": text("title")}) for person in more[:1]),
        *(Typing(person, first.pk, {}, "publish") for person in more[1:]),
    ]
    return Race([first, second], presses, once="swap_lead")


KINDS: tuple[Callable[[Setting], Race], ...] = (
    different_keys,
    same_key,
    drafts,
    deciding,
    differing,
    triaging,
    bulks,
    undoing,
    leading,
)

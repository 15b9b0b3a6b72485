"""The permission matrix by the form: what it offers, what is pressed, what is forged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from articles.models import Article
from tests.shares import PART, share

from .matrix.forms import forged, is_editable, offered, page_of
from .matrix.table import (
    RANK,
    ROLES,
    STANDINGS,
    TRANSITIONS,
    UNNAMED,
    edited,
    leads_to,
    may,
    may_act,
    may_edit,
)
from .matrix.ways import by_form
from .matrix.world import DRAFTED, MARK, Changes, World, case, look

pytestmark = pytest.mark.django_db

EVERYBODY = (*ROLES, UNNAMED)


def cases_of(world: World, role: str) -> Iterator[tuple[bool, str, Article, str]]:
    """(own, standing, article, words); own is another case where it can matter."""
    for is_own, standing, article in world.pool(role):
        matters = may(role, "change own") and (standing == "in review" or not may(role, "change"))
        if not is_own or matters:
            yield is_own, standing, article, f"{'own' if is_own else 'other'} {standing}"


def is_asked(role: str, action: str, standing: str) -> bool:
    """A press that its state refuses to everybody is forged by the one who may do everything."""
    return role == "superuser" or standing in TRANSITIONS[action].starts


def sent_to(article: Article, standing: str) -> dict[str, Any]:
    return forged(article, f"{MARK}: {DRAFTED}" if standing == "drafted" else "")


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_form_offers_what_the_role_may_do_and_nothing_else(world: World, role: str):
    leaks, count = [], 0
    for is_own, standing, article, here in share(cases_of(world, role), EVERYBODY.index(role)):
        count += len(TRANSITIONS) + 2
        with case(world) as found:
            answer = world.client(role).get(page_of(article))
            look(world, found)
        html = answer.content.decode()
        if (answer.status_code == 200) != may(role, "view"):
            leaks.append(f"{here}: answered {answer.status_code}")
        if found.rows:
            leaks.append(f"{here}: a GET changed {sorted(found.tables())}")
        expected = {one for one in TRANSITIONS if may_act(role, one, standing, is_own=is_own)}
        if offered(html) != expected:
            leaks.append(f"{here}: {sorted(offered(html) ^ expected)} offered or missing")
        if is_editable(html) != may_edit(role, standing, is_own=is_own):
            leaks.append(f"{here}: editable is {is_editable(html)}")
    assert leaks == []
    assert count >= len(STANDINGS) // PART * len(TRANSITIONS)


def wrong(found: Changes, article: Article, expected: str, *, is_allowed: bool) -> str:
    """What a case did wrong, empty when it did what the table says."""
    if found.has(article) != is_allowed:
        return "refused" if is_allowed else f"DONE, changed {sorted(found.tables())}"
    if not is_allowed:
        return f"changed {sorted(found.tables())}" if found.rows else ""
    strangers = {key for key in found.rows if key[0] == "articles.Article"}
    if len(strangers) > 1:
        return "changed other articles too"
    state = Article.objects.get(pk=article.pk).state
    return f"leads to {state}, not {expected}" if expected and state != expected else ""


@pytest.mark.parametrize("role", EVERYBODY)
def test_a_press_does_what_the_role_may_and_a_forged_one_nothing(world: World, role: str):
    leaks, count = [], 0
    for place, (is_own, standing, article, here) in enumerate(cases_of(world, role)):
        asked_for = [one for one in TRANSITIONS if is_asked(role, one, standing)]
        for action in share(asked_for, place + EVERYBODY.index(role)):
            count += 1
            is_allowed = may_act(role, action, standing, is_own=is_own)
            # Without its answers where nobody may: a refused answer is a whole page each time.
            is_open = standing in TRANSITIONS[action].starts
            asked = by_form(world, action) if is_open else {"_act": action}
            sent = sent_to(article, standing) | asked
            with case(world) as found:
                answer = world.client(role).post(page_of(article), sent)
                look(world, found)
                after = leads_to(action, standing)
                said = wrong(found, article, after, is_allowed=is_allowed)
            if said or answer.status_code >= 500:
                leaks.append(f"{action} on {here}: {answer.status_code} {said}")
    assert leaks == []
    assert count >= sum(len(rule.starts) for rule in TRANSITIONS.values()) // PART


@pytest.mark.parametrize("role", EVERYBODY)
def test_text_and_rank_are_saved_by_who_may(world: World, role: str):
    leaks = []
    for is_own, standing, article, here in share(cases_of(world, role), EVERYBODY.index(role)):
        for column, value, is_allowed in (
            ("title", "Typed in a matrix", may_edit(role, standing, is_own=is_own)),
            ("quality", "77", standing in RANK.starts and may(role, RANK.right)),
        ):
            after = edited(standing) if column == "title" else STANDINGS[standing]
            with case(world) as found:
                sent = sent_to(article, standing) | {column: value, "_save": "1"}
                answer = world.client(role).post(page_of(article), sent)
                look(world, found)
                said = wrong(found, article, after, is_allowed=is_allowed)
            if said or answer.status_code >= 500:
                leaks.append(f"{column} of {here}: {answer.status_code} {said}")
    assert leaks == []

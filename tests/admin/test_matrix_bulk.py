"""The permission matrix by bulk actions: every role, own and other, every state."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.shares import share

from .matrix.table import EDIT, EXPORT, RANK, ROLES, TRANSITIONS, edited, leads_to, may, may_act
from .matrix.table import UNNAMED as NO_ROLE
from .matrix.ways import by_bulk
from .matrix.world import World, case, look

OTHER_KINDS = {"add_topic": EDIT, "remove_topic": EDIT, "quality": RANK}
KINDS = (*(name for name in TRANSITIONS if name != "republish"), *OTHER_KINDS)
"""Bulks do not name republish: publishing what is unpublished is publishing it again."""

pytestmark = pytest.mark.django_db

EDITING_ALONE = "contributor"
"""Works on his own articles one at a time: bulks are for those who change everybody's."""


def is_allowed(role: str, kind: str, standing: str, *, is_own: bool) -> bool:
    if role == EDITING_ALONE:
        return False
    if kind in OTHER_KINDS:
        rule = OTHER_KINDS[kind]
        return standing in rule.starts and may(role, rule.right)
    if kind == "publish" and standing == "unpublished":
        return may_act(role, "republish", standing, is_own=is_own)
    return may_act(role, kind, standing, is_own=is_own)


def state_after(kind: str, standing: str) -> str:
    if kind == "quality":
        return ""
    if kind in OTHER_KINDS:
        return edited(standing)
    return leads_to(kind, standing)


@pytest.mark.parametrize("role", [*ROLES, NO_ROLE])
def test_a_bulk_reaches_what_the_role_may_decide_and_nothing_else(world: World, role: str):
    leaks, count = [], 0
    page = reverse("admin:articles_article_bulk")
    kinds = share(KINDS, [*ROLES, NO_ROLE].index(role))
    pool = list(world.pool(role))
    articles = [article for _, _, article in pool]
    for kind in kinds:
        with case(world) as found:
            answer = world.client(role).post(page, by_bulk(world, kind, articles))
            changes = look(world, found)
            for is_own, standing, article in pool:
                count += 1
                expected = is_allowed(role, kind, standing, is_own=is_own)
                here = f"{kind} on {'own' if is_own else 'other'} {standing}"
                if changes.has(article) != expected:
                    leaks.append(f"{here}: {'refused' if expected else 'DONE'}")
                article_now = type(article).objects.get(pk=article.pk) if expected else article
                after = state_after(kind, standing)
                if expected and after and article_now.state != after:
                    leaks.append(f"{here}: leads to {article_now.state}, not {after}")
            if answer.status_code not in (302, 403):
                leaks.append(f"{kind}: answered {answer.status_code}")
            if not any(changes.has(article) for article in articles) and changes.rows:
                leaks.append(f"{kind}: changed {sorted(changes.tables())} though nothing was done")
    assert leaks == []
    assert count == len(kinds) * 20


@pytest.mark.parametrize("role", [*ROLES, NO_ROLE])
def test_files_are_exported_by_who_may(world: World, role: str):
    article = world.articles[role, False, "new"]
    with case(world) as found:
        sent = by_bulk(world, "export", [article])
        answer = world.client(role).post(reverse("admin:articles_article_bulk"), sent)
        is_given = answer.status_code == 200 and answer.headers["Content-Type"] == "application/zip"
        if is_given:
            b"".join(answer)
        look(world, found)
    assert is_given == may(role, EXPORT.right)
    assert is_given or not found.rows

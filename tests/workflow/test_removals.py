"""A file that wants an article removed asks; people answer, with the right and a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from articles.models import Article, Transition
from articles.states import State
from articles.workflow import NotPermitted, ReasonMissing, StaleVersion, WrongState, answer_removal
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def live(**changes: Any) -> Article:
    now = timezone.now()
    usual: dict[str, Any] = {
        "state": State.PUBLISHED,
        "go_live_at": now,
        "removed_upstream_at": now,
    }
    return make_article(**usual | changes)


@pytest.mark.parametrize(
    ("role", "answer", "changes", "said", "refusal"),
    [
        ("publisher", "keep", {}, {"comment": "true all the same", "version": 2}, StaleVersion),
        ("publisher", "keep", {"removed_upstream_at": None}, {"comment": "why"}, WrongState),
        ("editor", "keep", {}, {"comment": "true all the same"}, NotPermitted),
        ("publisher", "keep", {}, {"comment": " "}, ReasonMissing),
        ("publisher", "withdraw", {}, {"comment": "wrong"}, NotPermitted),
        ("managing editor", "withdraw", {}, {"comment": ""}, ReasonMissing),
    ],
)
def test_an_answer_that_may_not_be_given_changes_nothing(
    role: str, answer: str, changes: dict[str, Any], said: dict[str, Any], refusal: type[Exception]
):
    article = live(**changes)
    version = said.get("version", article.version)
    with pytest.raises(refusal):
        answer_removal(
            article, make_user(role), answer, expected_version=version, comment=said["comment"]
        )
    row = Article.objects.get(pk=article.pk)
    assert (row.state, row.version) == (State.PUBLISHED, 1)
    assert row.removed_upstream_at == article.removed_upstream_at
    assert not Transition.objects.exists()

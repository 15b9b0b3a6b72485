"""What pages refuse, the rooms behind them refuse too: whoever calls them next is met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils import timezone

from articles import digests
from articles.admin.acts import actor_of
from articles.desk import bulk, clearing, hiding, people, sharing
from articles.models import Article, Digest, RelatedItem, ShareLink, Transition
from articles.states import State
from articles.workflow import NotPermitted
from articles.workflow.creating import create
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

Call = Callable[[User, Article], Any]


def _digest(**columns: Any) -> Digest:
    return Digest.objects.create(day=timezone.localdate(), **columns)


def _item() -> RelatedItem:
    return RelatedItem.objects.create(
        identity=1, title_hash=1, title="Told", link="https://a.example/"
    )


def _values(article: Article) -> dict[str, Any]:
    link = f"https://{article.provider.domain}/found"
    return {"title": "Found", "web_url": link, "provider": article.provider}


def _link(article: Article) -> ShareLink:
    now = timezone.now()
    return ShareLink.objects.create(
        article=article, made_by=make_user(), made_at=now, expires_at=now + timedelta(days=1)
    )


def _cleared(actor: User, article: Article) -> Any:
    Article.objects.filter(pk=article.pk).update(is_backlog=True)
    Transition.objects.create(
        article=article,
        action="clear",
        to_state="new",
        actor=actor,
        version=1,
        at=timezone.now(),
        batch="b",
    )
    return clearing.restore(actor, "b")


CALLS: dict[str, tuple[str, Call]] = {
    "close a digest": ("editor", lambda who, _: digests.close(_digest(), who, timezone.now())),
    "reopen one": (
        "editor",
        lambda who, _: digests.reopen(_digest(closed_at=timezone.now()), who),
    ),
    "clear the queue": (
        "contributor",
        lambda who, _: clearing.clear(Article.objects.all(), who, timezone.now(), "b"),
    ),
    "take a clearing back": ("contributor", _cleared),
    "hide an item": (
        "publisher",
        lambda who, _: hiding.hide(_item(), who, timezone.now(), comment="why"),
    ),
    "share": (
        "contributor",
        lambda who, article: sharing.share(
            article, who, revision=None, lifetime=timedelta(days=1), now=timezone.now()
        ),
    ),
    "end a link": (
        "contributor",
        lambda who, article: sharing.revoke(_link(article), who, timezone.now()),
    ),
    "invite": ("publisher", lambda who, _: people.invite(who, User(username="new"), [], "")),
    "act on many": (
        "contributor",
        lambda who, article: bulk.carry_out(
            bulk.KINDS["spike"], {article.pk: 1}, who, {"reason": "other"}, "b"
        ),
    ),
    "make an article": ("auditor", lambda who, article: create(who, _values(article))),
    "make one straight into a story": (
        "contributor",
        lambda who, article: create(who, _values(article), coverage_of=article),
    ),
}


def test_nobody_who_did_not_sign_in_acts():
    request = RequestFactory().get("/admin/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        actor_of(request)


@pytest.mark.parametrize("call", CALLS)
def test_who_lacks_the_right_is_refused_by_the_room_itself(call: str):
    role, act = CALLS[call]
    article, actor = make_article(), make_user(role)
    with pytest.raises((PermissionDenied, NotPermitted)):
        act(actor, article)
    article.refresh_from_db()
    assert (article.state, article.version) == (State.NEW, 1)

"""Making a former text the present one, by the same door as any other edit."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from providers.domains import normalise
from providers.models import Provider

from ..exchange.catalogue import Topics
from ..models import Article, Revision, Topic
from ..printing import KEY_OF_COLUMN
from ..states import State
from ..workflow import edit, save_draft
from ..workflow.audit import RANKING
from ..workflow.content import CHECKS
from ..workflow.errors import WrongState
from .compare import Version
from .stored import version_now, version_of

COLUMNS = {
    column: key
    for column, key in KEY_OF_COLUMN.items()
    if column in CHECKS and column not in RANKING
}
"""What an editor writes. The score stays: it places the article and says nothing."""


def restore(article: Article, revision: Revision, actor: User, *, expected_version: int) -> Article:
    """Give the article the text of one of its revisions; answers the row.

    It is an edit like any other: it makes a new revision, may void an approval, and on a live
    article it becomes the pending draft. Raises as `articles.workflow.edit` does, and WrongState
    when nothing would change.
    """
    was, now = version_of(revision), _in_hand(article)
    changes, topics = _changes(was, now), _topics(was, now)
    if not changes and topics is None:
        raise WrongState("The article says the same already.")
    act = save_draft if article.state == State.PUBLISHED else edit
    return act(
        article,
        actor,
        changes,
        expected_version=expected_version,
        topics=topics,
        comment=f"restored revision {revision.pk}",
    )


def _in_hand(article: Article) -> Version:
    """What an editor has in hand: the pending draft where there is one, else the row."""
    return version_of(article.draft) if article.draft else version_now(article)


def _changes(was: Version, now: Version) -> dict[str, Any]:
    changes = {
        column: was.values.get(key)
        for column, key in COLUMNS.items()
        if was.values.get(key) != now.values.get(key)
    }
    if was.body != now.body:
        changes["body"] = was.body
    domains = [_domain(version) for version in (was, now)]
    if domains[0] and domains[0] != domains[1]:
        changes["provider"] = _provider(domains[0])
    return changes


def _domain(version: Version) -> str:
    return normalise((version.values.get("provider") or {}).get("domain") or "")


def _provider(domain: str) -> Provider:
    provider = Provider.objects.filter(domain=domain).first()
    if provider is None:
        raise WrongState(f"There is no provider with the domain {domain} any more.")
    return provider


def _topics(was: Version, now: Version) -> list[Topic] | None:
    """The topics it had, by the names they go by now; None when they are the same."""
    names = was.values.get("topics") or []
    if names == (now.values.get("topics") or []):
        return None
    return Topics(names, is_only_looking=True).of(names)

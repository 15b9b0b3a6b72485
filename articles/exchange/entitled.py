"""Who may decide a conflict: taking a file's value is an edit like any other."""

from __future__ import annotations

from django.contrib.auth.models import User

from ..models import Article, Conflict
from ..states import State
from ..workflow import NotPermitted
from .scan import Kind

CHANGING = {
    Kind.ARTICLE: "articles.change_article",
    Kind.PROVIDER: "providers.change_provider",
    Kind.TOPIC: "articles.change_topic",
}
"""The permission to decide the conflicts of each kind of file."""


def check(conflict: Conflict, resolution: str, actor: User) -> None:
    """Raises NotPermitted with the reason. Locks the article whose text would change."""
    kind = Kind(conflict.source.kind)
    if not actor.has_perm(CHANGING[kind]):
        raise NotPermitted(f"Conflicts of {kind} files are not yours to decide.")
    if conflict.key == "removed":
        if not actor.has_perm("articles.withdraw"):
            raise NotPermitted("Whether it stays removed needs the permission to withdraw.")
        return
    is_taken = resolution == Conflict.Resolution.THEIRS
    if kind is Kind.ARTICLE and is_taken and not actor.has_perm("articles.publish"):
        _check_not_live(conflict.source.key)


def _check_not_live(slug: str) -> None:
    rows = Article.objects.select_for_update(of=("self",)).filter(slug=slug)
    if rows.values_list("state", flat=True).first() == State.PUBLISHED:
        raise NotPermitted(
            "The article is published; taking the file's text needs the permission to publish."
        )

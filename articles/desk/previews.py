"""An article as readers would meet it with the text of one of its revisions. Nothing is saved."""

from __future__ import annotations

from copy import copy

from providers.domains import normalise
from providers.models import Provider

from ..exchange.catalogue import Topics
from ..models import Article, Revision, Topic
from ..printing import KEY_OF_COLUMN
from ..revisions import Version, version_of


def as_read(article: Article, revision: Revision | None) -> tuple[Article, list[Topic]]:
    """(the article with that text, its topics in order); None is the article as it stands.

    What is answered for a revision is a copy that must not be saved.
    """
    if revision is None:
        places = article.topic_places.select_related("topic")
        return article, [place.topic for place in places]
    version = version_of(revision)
    shown = copy(article)
    for column, key in KEY_OF_COLUMN.items():
        setattr(shown, column, version.values.get(key))
    shown.title = version.values.get("title") or ""
    shown.body = version.body
    shown.provider = _provider(version) or article.provider
    names = version.values.get("topics") or []
    return shown, Topics(names, is_only_looking=True).of(names)


def _provider(version: Version) -> Provider | None:
    domain = normalise((version.values.get("provider") or {}).get("domain") or "")
    return Provider.objects.filter(domain=domain).first() if domain else None

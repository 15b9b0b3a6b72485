"""Putting values into a row: what an edit and a draft that is published have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from ..identity import link_number
from ..models import Article, ArticleTopic, Topic
from ..states import State
from . import audit
from .content import limits
from .errors import GuardFailure
from .guards import NOTES, Known, failures


def differences(
    row: Article, values: Mapping[str, Any], topics: Sequence[Topic] | None
) -> audit.Changes:
    """[before, after] of what these values and topics would change in the row."""
    before = {column: _shown(getattr(row, column)) for column in values}
    after = {column: _shown(value) for column, value in values.items()}
    if topics is not None:
        before["topics"] = topic_names(row)
        after["topics"] = [topic.name for topic in topics]
    return audit.differences(before, after)


def _shown(value: Any) -> Any:
    return getattr(value, "domain", audit.as_json(value))


def topic_names(row: Article) -> list[str]:
    """The names of its topics in their order."""
    return [place.topic.name for place in row.topic_places.select_related("topic")]


def put(row: Article, values: Mapping[str, Any]) -> None:
    """Set columns, and those that follow from them; stores nothing."""
    link = row.link
    for column, value in values.items():
        if getattr(row, column) != value:
            setattr(row, column, value)
            if column == "provider":
                row.provider_name, row.provider_domain = value.name, value.domain
                row.provider_images = value.images or None
    if row.link != link:
        row.link_hash = link_number(row.link)


def put_topics(row: Article, topics: Sequence[Topic]) -> None:
    """Store these topics in this order; raises ValidationError when one stands there twice."""
    check_topics(topics)
    row.topic_places.all().delete()
    ArticleTopic.objects.bulk_create(
        ArticleTopic(article=row, topic=topic, position=position)
        for position, topic in enumerate(topics)
    )


def check_topics(topics: Sequence[Topic]) -> None:
    """Raises ValidationError when a topic stands there twice."""
    if len({topic.pk for topic in topics}) != len(topics):
        raise ValidationError({"topics": "A topic stands here twice."})


def check_whole(row: Article, text: bytes) -> None:
    """Raises ValidationError when no file could hold the row, whose text is given."""
    if not row.link:
        raise ValidationError({"web_url": "An article needs a link."})
    if len(text) > limits().file_bytes:
        raise ValidationError({"body": "The article is too large for a file."})


def broken_guards(row: Article, now: datetime, known: Known | None = None) -> list[GuardFailure]:
    """The guards that do not hold for a live row; none for others. `known` as for `failures`."""
    if row.state != State.PUBLISHED:
        return []
    return failures(row, max(row.go_live_at or now, now), known)


def lost(before: Sequence[GuardFailure], after: Sequence[GuardFailure]) -> list[GuardFailure]:
    """Guards that held until this change; a file may have published what no person could.

    A blocking note blocks every change, whenever it was written.
    """
    fields = {failure.field for failure in before} - {NOTES}
    return [failure for failure in after if failure.field not in fields]

"""What a file says of its article's state and place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..models import Article
from ..ranking import NOT_A_LEAD, heat
from ..states import State


def state_keys(article: Article, at: datetime) -> dict[str, Any]:
    """`published`, `removed` and `heat` by FORMAT.md, "How stories show in the files"; heat None:
    as it is."""
    is_withdrawn = article.state == State.WITHDRAWN
    is_public = article.is_in_window(at) and article.is_lead
    score: int | None = NOT_A_LEAD
    if is_withdrawn:
        score = None
    elif article.is_lead:
        count = article.story.member_count - 1 + article.story.related_count
        score = heat(article.quality, count, is_published=is_public, extra=article.heat_extra)
    return {"published": is_public, "removed": is_withdrawn, "heat": score}

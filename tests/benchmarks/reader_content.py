"""The published stories for a peer: `with_django reader_content FILE` writes them as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.utils import timezone

from articles.models import Article
from articles.public.coverage import Line, coverage, line_of


def main(file: str) -> None:
    at = timezone.now()
    published = Article.objects.published(at).select_related("provider", "story")
    leads = list(published.prefetch_related("topic_places__topic"))
    others = coverage(leads, at, None)
    found = [_story(lead, others[lead.story_id].lines) for lead in leads]
    Path(file).write_text(json.dumps(found))


def _story(lead: Article, lines: list[Line]) -> dict[str, Any]:
    day = timezone.localtime(lead.published_at) if lead.published_at else None
    return {
        "stem": lead.slug,
        "excerpt": lead.excerpt or "",
        "topics": [place.topic.slug for place in lead.topic_places.all()],
        "providers": sorted({line.domain for line in lines} | {lead.provider.domain}),
        "days": [f"{day:%Y-%m-%d}", f"{day:%Y-%m}", f"{day:%Y}"] if day else [],
        "date": lead.go_live_at.isoformat() if lead.go_live_at else "",
        "rank": lead.story.rank or 0,
        "coverage": [_line(line) for line in lines],
        **_line(line_of(lead)),
    }


def _line(line: Line) -> dict[str, Any]:
    at = line.at.isoformat() if line.at else ""
    return {"title": line.title, "link": line.link, "provider": line.provider, "at": at}

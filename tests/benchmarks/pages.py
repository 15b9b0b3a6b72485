"""What our pages cost beside Wagtail's: `with_django pages CONTENT REPEATS`.

Fills the database with invented stories, writes them to CONTENT for the peer and prints seconds of
CPU for each page. The first story has 30 articles beside its lead.
"""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any

from django.test import Client
from django.urls import reverse

from articles.models import Article
from articles.stories import refresh
from tests.factories import A_DAY, make_article, make_provider, make_topic, make_user

STORIES = 120
LARGEST = 30
OTHERS = (0, 1, 2, 3, 5)
"""How many others report the stories after the first, in turn."""

Members = list[Article]


def fill() -> list[Members]:
    """The articles of each story, its published lead first."""
    chance = random.Random(1)
    providers = [make_provider() for _ in range(20)]
    topics = [make_topic() for _ in range(8)]

    def story(number: int, others: int) -> Members:
        members: Members = []
        for place in range(others + 1):
            at = A_DAY + timedelta(hours=number, minutes=place)
            public = {"state": "published", "go_live_at": at, "first_published_at": at}
            under = {"story": members[0].story, "is_lead": False} if members else public
            article = make_article(
                provider=chance.choice(providers),
                topics=chance.sample(topics, 2),
                quality=100 - place,
                published_at=at,
                excerpt=f"What happened in story {number}, at some length. " * 4,
                **under,
            )
            members.append(article)
        return members

    sizes = [LARGEST, *(OTHERS[number % len(OTHERS)] for number in range(1, STORIES))]
    stories = [story(number, size) for number, size in enumerate(sizes)]
    refresh(members[0].story_id for members in stories)
    return stories


def as_content(stories: list[Members]) -> dict[str, Any]:
    """The same articles for the peer."""
    return {"articles": [_row(members) | _of_lead(members) for members in stories]}


def _row(members: Members) -> dict[str, Any]:
    lead = members[0]
    topics = [place.topic.name for place in lead.topic_places.select_related("topic")]
    return {"excerpt": lead.excerpt, "topics": topics, "heat": lead.quality}


def _of_lead(members: Members) -> dict[str, Any]:
    lead, *others = map(_line, members)
    return lead | {"provider": members[0].provider.domain, "coverage": others}


def _line(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "link": article.link,
        "provider_name": article.provider.name,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "quality": article.quality,
    }


def cheapest(client: Client, path: str, repeats: int) -> float:
    """The least CPU of a request that is answered, in seconds."""
    costs = []
    for _ in range(repeats):
        started = process_time()
        response = client.get(path)
        costs.append(process_time() - started)
        assert response.status_code == 200, (path, response.status_code)
    return min(costs)


def main(content: str, repeats: str) -> None:
    stories = fill()
    Path(content).write_text(json.dumps(as_content(stories)))
    lead = stories[0][0]
    editor = Client()
    editor.force_login(make_user("superuser"))
    desk = {
        "list": reverse("admin:articles_article_changelist") + "?shelf=all",
        "form": reverse("admin:articles_article_change", args=[lead.pk]),
    }
    site = {"front": reverse("public:front"), "story": reverse("public:story", args=[lead.slug])}
    costs = {name: cheapest(editor, path, int(repeats)) for name, path in desk.items()}
    costs |= {name: cheapest(Client(), path, int(repeats)) for name, path in site.items()}
    print(json.dumps(costs))

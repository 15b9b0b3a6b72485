"""What readers' pages cost with the database as it is: `with_django reader_asking REPEATS DEEP`.

Prints seconds and listed stories of each page: CPU, in which SQLite works, or the wall of the
request where the database is a server. DEEP is how many items stand above the late page of the
latest.
"""

from __future__ import annotations

import json

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Story

from .asking import least

WORD = "harbour"
STORY = b"<article"


def pages(deep: int) -> dict[str, str]:
    """The address of every page that is measured, by its name."""
    published = Article.objects.published()
    # With coverage of its own, as the one it is compared with.
    some = published.filter(story__member_count=4).order_by("-go_live_at")[0]
    day = timezone.localtime(some.published_at)
    subject = some.topics.all()[0].slug
    topic = reverse("public:topic", args=[subject])
    provider = reverse("public:provider", args=["paper-1.example"])
    search = reverse("public:search")
    latest = reverse("public:latest")
    found = {
        "front": reverse("public:front"),
        "latest": latest,
        "story": reverse("public:story", args=[Story.objects.get(pk=some.story_id).slug]),
        "topic": topic,
        "topic, latest": f"{topic}?order=latest",
        "provider": provider,
        "topics": reverse("public:topics"),
        "providers": reverse("public:providers"),
        "archive": reverse("public:archive"),
        "archive, a day": reverse("public:archive_day", args=f"{day:%Y %m %d}".split()),
        "feed": reverse("public:feed", args=["rss"]),
        "topic's feed": reverse("public:topic-feed", args=[subject, "atom"]),
        "provider's feed": reverse("public:provider-feed", args=["paper-1.example", "json"]),
        "api, news": reverse("public:api-news"),
        "search": f"{search}?q={WORD}",
        "search, three words": f"{search}?q={WORD}+council+bridge",
        "search, a topic": f"{search}?q={WORD}&topic={subject}",
        "search, no such word": f"{search}?q=nowhere",
    }
    above = published.order_by("-go_live_at", "slug")[deep : deep + 1].first()
    if above:
        cursor = f"{above.go_live_at:%Y-%m-%dT%H:%M:%S.%f}~{above.slug}"
        found["latest, deep"] = f"{latest}?after={cursor}"
    return found


def _seconds(client: Client, address: str, repeats: int) -> tuple[float, int]:
    cost, response = least(client, address, repeats)
    return cost, response.content.count(STORY)


def main(repeats: str, deep: str) -> None:
    client, addresses = Client(), pages(int(deep))
    print(json.dumps({name: _seconds(client, at, int(repeats)) for name, at in addresses.items()}))

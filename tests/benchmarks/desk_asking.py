"""What pages of the desk cost with the database as it is: `with_django desk_asking REPEATS`.

Prints seconds and rows of each page: CPU, in which SQLite works, or the wall of the request where
the database is a server.
"""

from __future__ import annotations

import json

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.models import Article

from .asking import least

ROW = b'class="desk-title"'
LIST = reverse("admin:articles_article_changelist")
ALL = f"{LIST}?shelf=all"
SHELVES = {
    "queue": LIST,
    **{name: f"{LIST}?shelf={name}" for name in ("backlog", "approved", "live", "back", "off")},
    "all": ALL,
}
FILTERS = {
    "state": "state=in_review",
    "state, the commonest": "state=new",
    "topic": "topic=topic-7",
    "no topic": "topic=-",
    "provider": "provider=paper-1.example",
    "providers alike": "provider=paper-1",
    "quality": "quality_from=90",
    "quality, one in a hundred": "quality_from=119",
    "heat": "heat_from=110",
    "published": "from={day}&until={day}",
    "has coverage": "coverage=yes",
    "alone": "coverage=no",
    "image": "image=yes",
    "no image": "image=no",
    "mine": "claim=mine",
    "nobody's": "claim=nobody",
    "others'": "claim=others",
    "removed upstream": "awaits=removal",
    "draft": "awaits=draft",
    "waits to go live": "awaits=window",
    "grew": "awaits=look",
    "without lead": "awaits=lead",
    "duplicate": "awaits=duplicate",
    "seal stale": "awaits=seal",
    "import run": "run=3",
}
SEARCHES = {
    "a word": "q=harbour",
    "three words": "q=harbour+council+bridge",
    "no such word": "q=nowhere",
    "a domain": "q=paper-2.example",
    "a link": "q={link}",
    "a link of nobody": "q=https://nowhere.example/1",
}
DEEP = {"page 150": f"{ALL}&p=150", "page 500": f"{ALL}&p=500"}


def pages() -> dict[str, str]:
    """The address of every page that is measured, by its name."""
    some = Article.objects.filter(state="published").order_by("-published_at")[0]
    known = {"day": f"{some.published_at:%Y-%m-%d}", "link": some.web_url}
    found = dict(SHELVES)
    for shelf, address in (("queue", f"{LIST}?shelf=queue"), ("all", ALL)):
        for name, query in (FILTERS | SEARCHES).items():
            found[f"{shelf}, {name}"] = f"{address}&{query}".format_map(known)
    found |= DEEP | {"desk": reverse("admin:index")}
    found["triage"] = reverse("admin:articles_article_triage")
    lead = Article.objects.filter(is_lead=True, story__member_count=4).order_by("-pk")[0]
    found["form"] = reverse("admin:articles_article_change", args=[lead.pk])
    return found


def seconds(client: Client, address: str, repeats: int) -> tuple[float, int]:
    """Seconds of the least of several requests, and rows; a page that leads to another is that."""
    address = client.get(address).get("Location", address)
    cost, response = least(client, address, repeats)
    return cost, response.content.count(ROW)


def main(repeats: str) -> None:
    editor = Client()
    editor.force_login(User.objects.get(username="editor"))
    print(json.dumps({name: seconds(editor, at, int(repeats)) for name, at in pages().items()}))

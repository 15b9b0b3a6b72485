"""What Wagtail's pages cost: `python -m django measure CONTENT REPEATS` prints seconds of CPU.

CONTENT is a JSON file: {"articles": […]}, each with its coverage; the first is the one whose
editor is opened and whose page is read.
"""

import json
from pathlib import Path
from time import process_time

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command
from django.test import Client
from wagtail.models import Page, Site

from wagtail_peer.models import ArticlePage, Coverage, FrontPage, Provider, Topic

OF_ARTICLE = ("title", "excerpt", "link", "published_at", "quality", "heat")
OF_COVERAGE = ("title", "link", "provider_name", "published_at", "quality")


def fill(articles):
    """The front page with every article below it."""
    front = FrontPage(title="Front", slug="front")
    Page.objects.get(depth=1).add_child(instance=front)
    Site.objects.update(root_page=front)
    for number, row in enumerate(articles):
        add(front, f"a{number}", row)
    return front


def add(front, slug, row):
    domain = row["provider"]
    provider, _ = Provider.objects.get_or_create(domain=domain, defaults={"name": domain})
    values = {name: row[name] for name in OF_ARTICLE}
    page = ArticlePage(slug=slug, provider=provider, **values)
    page.topics = [
        Topic.objects.get_or_create(slug=name.lower(), defaults={"name": name})[0]
        for name in row["topics"]
    ]
    page.coverage = [
        Coverage(**{name: item[name] for name in OF_COVERAGE}) for item in row["coverage"]
    ]
    front.add_child(instance=page)
    page.save_revision().publish()


def cheapest(client, path, repeats):
    """The least CPU of a request that is answered."""
    costs = []
    for _ in range(repeats):
        started = process_time()
        response = client.get(path)
        costs.append(process_time() - started)
        assert response.status_code == 200, (path, response.status_code)
    return min(costs)


class Command(BaseCommand):
    requires_migrations_checks = False
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("content", type=Path)
        parser.add_argument("repeats", type=int)

    def handle(self, *, content, repeats, **options):
        call_command("makemigrations", "wagtail_peer", verbosity=0)
        call_command("migrate", verbosity=0)
        front = fill(json.loads(content.read_text())["articles"])
        first = ArticlePage.objects.get(slug="a0")
        person = get_user_model().objects.create_superuser("somebody", "", "x")
        editor = Client()
        editor.force_login(person)
        desk = {
            "list": f"/admin/pages/{front.pk}/",
            "form": f"/admin/pages/{first.pk}/edit/",
        }
        site = {"front": "/", "story": first.url}
        costs = {name: cheapest(editor, path, repeats) for name, path in desk.items()}
        costs |= {name: cheapest(Client(), path, repeats) for name, path in site.items()}
        self.stdout.write(json.dumps(costs))

"""Articles are found by the piece that their link leads to, whoever shared it."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from articles.identity import link_number
from articles.models.bulk import update_rows

ROWS = 5_000


def number_links(apps: Any, schema_editor: Any) -> None:
    """Write every `link_hash` again, in order of id."""
    article, using = apps.get_model("articles", "Article"), schema_editor.connection.alias
    last = 0
    while rows := list(
        article.objects.using(using)
        .filter(pk__gt=last)
        .order_by("pk")
        .values_list("pk", "web_url", "original_url")[:ROWS]
    ):
        last = rows[-1][0]
        update_rows(
            article,
            ["link_hash"],
            [(link_number(web or original or ""), pk) for pk, web, original in rows],
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0015_falling")]

    operations = [migrations.RunPython(number_links, migrations.RunPython.noop)]

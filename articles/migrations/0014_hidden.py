"""Count the related items of a story that are hidden; every count of a story keeps it from now on."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import migrations, models


def count(apps: Any, schema_editor: Any) -> None:
    claims = apps.get_model("articles", "Claim").objects
    stories: Counter[int] = Counter()
    for item in apps.get_model("articles", "RelatedItem").objects.exclude(hidden_at=None):
        named = claims.filter(identity=item.identity, title_hash=item.title_hash)
        stories.update(set(named.values_list("article__story", flat=True)))
    for story, hidden in stories.items():
        apps.get_model("articles", "Story").objects.filter(pk=story).update(hidden_count=hidden)


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_grown")]

    operations = [
        migrations.AddField("story", "hidden_count", models.PositiveIntegerField(default=0)),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]

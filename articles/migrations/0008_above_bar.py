"""Tell which leads are above the bar; from now on every count of a story keeps it."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Q


def mark(apps: Any, schema_editor: Any) -> None:
    covered = Q(story__member_count__gt=1) | Q(story__related_count__gt=0)
    above = Q(is_lead=True) & (Q(quality__gte=70) | Q(quality__gte=50) & covered)
    articles = apps.get_model("articles", "Article").objects
    articles.filter(above).update(is_above_bar=True)


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_indexes")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]

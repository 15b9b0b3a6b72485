from __future__ import annotations

from typing import Any

from django.db import migrations, models


def marks(apps: Any, schema_editor: Any) -> None:
    """What was edited keeps an export looking; they were one kind of edited, so one mark does."""
    rows = apps.get_model("articles", "Article")._default_manager
    rows.using(schema_editor.connection.alias).filter(is_edited=True).update(marked=1)


class Migration(migrations.Migration):
    dependencies = [("articles", "0029_one_index_a_stem")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="marked",
            field=models.BigIntegerField(default=None, editable=False, null=True),
        ),
        migrations.RunPython(marks, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex(model_name="article", name="edited_by_slug"),
        migrations.RemoveField(model_name="article", name="is_edited"),
        migrations.AlterField(
            model_name="article",
            name="marked",
            field=models.BigIntegerField(default=1, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("marked__isnull", False)),
                fields=["slug"],
                name="edited_by_slug",
            ),
        ),
    ]

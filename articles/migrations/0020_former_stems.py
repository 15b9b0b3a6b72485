"""Remember under which stems the files of articles were known before."""

from __future__ import annotations

from django.db import migrations, models

import providers.fields


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_reading")]

    operations = [
        migrations.CreateModel(
            "FormerStem",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", providers.fields.StemField(max_length=200, unique=True)),
                ("since", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="former_stems",
                        to="articles.article",
                    ),
                ),
            ],
        ),
    ]

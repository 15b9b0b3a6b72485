"""Places that editors give to stories, and addresses of stories that went into others."""

import django.db.models.deletion
import providers.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0016_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", providers.fields.StemField(max_length=200, unique=True)),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_addresses",
                        to="articles.story",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("pin", "Pin"), ("boost", "Boost"), ("bury", "Bury")], max_length=5
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("shift", models.SmallIntegerField(default=0)),
                ("reason", models.CharField(max_length=500)),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "story",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placement",
                        to="articles.story",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "pin"), ("place__gte", 1), ("place__lte", 10), ("shift", 0)
                            ),
                            models.Q(("kind", "boost"), ("place__isnull", True), ("shift__gt", 0)),
                            models.Q(("kind", "bury"), ("place__isnull", True), ("shift__lt", 0)),
                            _connector="OR",
                        ),
                        name="placement_is_of_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))),
                        name="placement_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]

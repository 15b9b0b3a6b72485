from django.db import migrations, models
from django.db.models.functions import Substr


def keep_addresses(apps, schema_editor):
    """What was kept before stays where it is."""
    using = schema_editor.connection.alias
    apps.get_model("articles", "Picture").objects.using(using).update(token=Substr("digest", 1, 24))
    apps.get_model("providers", "Provider").objects.using(using).exclude(logo="").update(
        logo=Substr("logo", 1, 24)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0031_purges'),
        ('providers', '0002_logo'),
    ]

    operations = [
        migrations.AddField(
            model_name='picture',
            name='token',
            field=models.CharField(default='', max_length=24),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='picture',
            index=models.Index(fields=['token'], name='pictures_by_token'),
        ),
        migrations.RunPython(keep_addresses, migrations.RunPython.noop),
    ]

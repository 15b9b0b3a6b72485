"""How the front page stood, whenever it changed."""

import providers.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0017_placement'),
    ]

    operations = [
        migrations.CreateModel(
            name='FrontSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('order', providers.fields.JSONTextField(default=list)),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
    ]

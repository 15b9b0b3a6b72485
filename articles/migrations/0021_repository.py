"""Remember what others committed to the content repository, and every sync with it."""

from __future__ import annotations

import django.db.models.deletion
import providers.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', "0020_former_stems"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PushedCommit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha', models.CharField(max_length=64, unique=True)),
                ('author', models.CharField(max_length=200)),
                ('address', models.CharField(blank=True, default='', max_length=200)),
                ('at', models.DateTimeField()),
                ('message', models.TextField(blank=True, default='')),
            ],
        ),
        migrations.CreateModel(
            name='PushedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fate', models.CharField(choices=[('A', 'added the file'), ('M', 'changed the file'), ('D', 'took the file out'), ('T', 'made the file something else')], max_length=1)),
                ('keys', providers.fields.JSONTextField(default=list)),
                ('article', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pushed', to='articles.article')),
                ('commit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='articles.pushedcommit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'commit'), name='a_commit_once_an_article'), models.CheckConstraint(condition=models.Q(('fate__in', ['A', 'M', 'D', 'T'])), name='pushed_fate_known')],
            },
        ),
        migrations.CreateModel(
            name='SyncRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standing', models.CharField(choices=[('waiting', 'waiting'), ('working', 'at work'), ('done', 'done'), ('failed', 'failed')], max_length=7)),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('root', models.TextField()),
                ('error', models.TextField(blank=True, default='')),
                ('commits', models.PositiveIntegerField(default=0)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='articles.run')),
                ('taken', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='articles.run')),
            ],
            options={
                'verbose_name': 'sync',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('standing', 'waiting')), fields=('standing',), name='one_sync_waits'), models.CheckConstraint(condition=models.Q(('standing__in', ['waiting', 'working', 'done', 'failed'])), name='sync_standing_known')],
            },
        ),
    ]

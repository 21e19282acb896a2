"""Subscriptions, the inbox that the outbox fills, the lines of deliveries and the list of allowed callbacks."""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped, sql


class Migration(migrations.Migration):

    dependencies = [("tmf", "0001_initial"), ("kernel", "0005_bulk_scope"), ("staff", "0010_clients")]

    operations = [
        migrations.CreateModel(
            name='AllowedTarget',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('target', models.CharField(max_length=255, unique=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('created_by', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'tmf_allowed_target',
            },
        ),
        migrations.CreateModel(
            name='Course',
            fields=[
                ('subscription_id', models.UUIDField(primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(default=0)),
                ('delivered', models.BigIntegerField(default=0)),
                ('failures', models.IntegerField(default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('lease_owner', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('last_success_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
                ('last_error_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'tmf_course',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('event_id', models.UUIDField()),
                ('occurred_at', models.DateTimeField()),
                ('api', models.CharField(max_length=20)),
                ('resource', models.CharField(max_length=60)),
                ('type', models.CharField(max_length=100)),
                ('record_id', models.UUIDField(null=True)),
                ('rights', models.CharField(max_length=32)),
                ('message_id', models.CharField(max_length=150)),
                ('body', models.TextField()),
            ],
            options={
                'db_table': 'tmf_notice',
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('subscription_id', models.UUIDField()),
                ('notice_id', models.BigIntegerField()),
                ('created_at', models.DateTimeField()),
                ('tries', models.IntegerField(db_default=0)),
                ('status', models.IntegerField(null=True)),
                ('reason', models.TextField(blank=True, db_default='')),
                ('dead_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'tmf_delivery',
                'indexes': [models.Index(condition=models.Q(('dead_at__isnull', True)), fields=['subscription_id', 'id'], name='tmf_delivery_line'), models.Index(condition=models.Q(('dead_at__isnull', False)), fields=['subscription_id', 'id'], name='tmf_delivery_dead'), models.Index(fields=['notice_id'], name='tmf_delivery_notice')],
            },
        ),
        migrations.CreateModel(
            name='InboxRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('event_id', models.UUIDField()),
                ('occurred_at', models.DateTimeField()),
                ('error', models.TextField(blank=True, db_default='')),
            ],
            options={
                'db_table': 'tmf_inbox',
                'indexes': [models.Index(condition=models.Q(('error', ''), _negated=True), fields=['id'], name='tmf_inbox_failed')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('client_id', models.UUIDField(null=True)),
                ('staff_id', models.UUIDField(null=True)),
                ('post_id', models.UUIDField(null=True)),
                ('owner', models.CharField(max_length=150)),
                ('held', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('api', models.CharField(db_collation='C', max_length=20)),
                ('topic_id', models.UUIDField(null=True)),
                ('callback', models.CharField(max_length=2000)),
                ('query', models.CharField(blank=True, max_length=8000)),
                ('secret', models.BinaryField()),
                ('state', models.CharField(choices=[('active', 'active'), ('suspended', 'suspended'), ('ended', 'ended')], default='active', max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'tmf_subscription',
                'indexes': [models.Index(fields=['state', 'api'], name='tmf_subscription_active')],
            },
        ),
        sql((Path(__file__).parent.parent / "hub" / "hub.sql").read_text(encoding="utf-8")),
        scoped("tmf_subscription"),
        scoped("tmf_notice"),
        scoped("tmf_delivery"),
        audited("tmf_subscription"),
        audited("tmf_allowed_target"),
    ]

"""Recorded qualifications, and the facts that rules ask for in one answer of the database."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped, sql

SQL = Path(__file__).parent.parent / "sql"
# A manager of his own customers sees prospects' qualifications too: they are nobody's yet.
OWN = "(ordering_qualification.customer_id IS NULL OR EXISTS (SELECT FROM party_customer c WHERE c.id = ordering_qualification.customer_id))"
OWN_ITEM = "EXISTS (SELECT FROM ordering_qualification q WHERE q.id = ordering_qualification_item.qualification_id)"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("account", "0004_by_organisation"), ("catalogue", "0004_versions"), ("inventory", "0005_lines_on_document"), ("party", "0019_roles"),
        ("resource", "0004_coverage"), ("staff", "0012_colleagues"),
    ]

    operations = [
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('number', models.CharField(db_collation='C', max_length=30, unique=True)),
                ('state', models.CharField(choices=[('acknowledged', 'Acknowledged'), ('inProgress', 'In progress'), ('done', 'Done'), ('terminatedWithError', 'Ended with an error')], default='acknowledged', max_length=20)),
                ('outcome', models.CharField(blank=True, choices=[('eligible', 'May be ordered'), ('conditional', 'May be ordered under conditions'), ('refused', 'May not be ordered')], default='', max_length=12)),
                ('channel', models.CharField(blank=True, default='', max_length=20)),
                ('place_id', models.UUIDField(null=True)),
                ('subscriber_id', models.UUIDField(null=True)),
                ('asked', models.JSONField(default=dict)),
                ('description', models.CharField(blank=True, default='', max_length=300)),
                ('fingerprint', models.CharField(blank=True, default='', max_length=100)),
                ('revision', models.BigIntegerField(default=0)),
                ('requested_by', models.CharField(max_length=150)),
                ('requested_at', models.DateTimeField()),
                ('completed_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='party.customer')),
            ],
            options={
                'db_table': 'ordering_qualification',
            },
        ),
        migrations.CreateModel(
            name='QualificationItem',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('ordinal', models.SmallIntegerField()),
                ('given_id', models.CharField(blank=True, default='', max_length=60)),
                ('action', models.CharField(choices=[('add', 'Add'), ('modify', 'Change'), ('delete', 'End'), ('noChange', 'Leave as it is')], default='add', max_length=10)),
                ('offering_code', models.CharField(max_length=40)),
                ('offering_version', models.IntegerField(default=0)),
                ('outcome', models.CharField(choices=[('eligible', 'May be ordered'), ('conditional', 'May be ordered under conditions'), ('refused', 'May not be ordered')], max_length=12)),
                ('reasons', models.JSONField(default=list)),
                ('deposit', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('penalty', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('currency', models.CharField(default='CNY', max_length=3)),
                ('qualification', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ordering.qualification')),
            ],
            options={
                'db_table': 'ordering_qualification_item',
            },
        ),
        migrations.AddIndex(
            model_name='qualification',
            index=models.Index(fields=['org_id', 'id'], name='qualification_by_org'),
        ),
        migrations.AddConstraint(
            model_name='qualificationitem',
            constraint=models.UniqueConstraint(fields=('qualification', 'ordinal'), name='qualification_item_once'),
        ),
        scoped("ordering_qualification", own=OWN),
        audited("ordering_qualification"),
        scoped("ordering_qualification_item", own=OWN_ITEM),
        audited("ordering_qualification_item"),
        sql("CREATE SEQUENCE number_qf", "DROP SEQUENCE number_qf"),
        sql((SQL / "0001_facts.sql").read_text(encoding="utf-8"), (SQL / "0001_facts_undo.sql").read_text(encoding="utf-8")),
    ]

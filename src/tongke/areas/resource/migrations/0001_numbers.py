"""Blocks, ranges, pools, grades and numbers: tables, constraints, indexes, scope, audit and running counts."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, partitioned, scoped, sql, tallied, written_in_scope

SQL = (Path(__file__).parent.parent / "sql" / "0001_numbers.sql").read_text(encoding="utf-8")
# With what hangs on them: triggers, and the check that a number's id follows from it.
UNDO = """
DROP FUNCTION resource_range_fits, resource_number_refuses_move, resource_schedule_stays, resource_number_may_go, resource_number_id, resource_number_of
CASCADE;
"""
MOVE = """
  number_id uuid NOT NULL, at timestamptz NOT NULL, id uuid NOT NULL DEFAULT tongke_uuid7(), org_id int NOT NULL, pool_id uuid,
  verb text COLLATE "C" NOT NULL, from_state text COLLATE "C" NOT NULL, to_state text COLLATE "C" NOT NULL, hold_id uuid, assigned_to uuid,
  order_ref text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '', actor text NOT NULL, PRIMARY KEY (number_id, at, id)
"""
READ_BY_ALL = ("resource_grade_schedule", "resource_grade", "resource_grade_rule")
SCOPED = (
    "resource_number_block", "resource_number_range", "resource_number_pool", "resource_number_allotment", "resource_number",
    "resource_number_hold", "resource_number_commitment", "resource_number_move",
)
AUDITED = (
    "resource_number_block", "resource_number_range", "resource_number_pool", "resource_number_allotment", "resource_number",
    "resource_number_commitment", "resource_grade_schedule", "resource_grade", "resource_grade_rule", "resource_policy",
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [("kernel", "0005_bulk_scope"), ("staff", "0012_colleagues")]

    operations = [
        migrations.CreateModel(
            name='NumberMove',
            fields=[
                ('pk', models.CompositePrimaryKey('number_id', 'at', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.UUIDField()),
                ('number_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('org_id', models.IntegerField()),
                ('pool_id', models.UUIDField(null=True)),
                ('verb', models.CharField(max_length=20)),
                ('from_state', models.CharField(max_length=10)),
                ('to_state', models.CharField(max_length=10)),
                ('hold_id', models.UUIDField(null=True)),
                ('assigned_to', models.UUIDField(null=True)),
                ('order_ref', models.CharField(blank=True, max_length=80)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('actor', models.CharField(max_length=150)),
            ],
            options={
                'db_table': 'resource_number_move',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='GradeSchedule',
            fields=[
                ('id', models.IntegerField(primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('version', models.IntegerField()),
                ('name', models.CharField(max_length=100)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('released', 'In force by its dates'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('valid_from', models.DateTimeField(null=True)),
                ('valid_until', models.DateTimeField(null=True)),
                ('made_by', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'resource_grade_schedule',
                'constraints': [models.UniqueConstraint(fields=('org_id', 'version'), name='grade_schedule_version_once'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('valid_from__isnull', False), _connector='OR'), name='grade_schedule_released_is_dated')],
            },
        ),
        migrations.CreateModel(
            name='NumberBlock',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('code', models.CharField(db_collation='C', max_length=40)),
                ('kind', models.CharField(choices=[('mobile', 'Mobile number'), ('fixed', 'Fixed-line number'), ('iot', 'Number of things (IoT)')], max_length=8)),
                ('source', models.CharField(choices=[('regulator', 'Given by the regulator'), ('donor', "Another operator's, for numbers ported in")], default='regulator', max_length=12)),
                ('donor', models.CharField(blank=True, max_length=60)),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('document', models.CharField(blank=True, max_length=120)),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'resource_number_block',
                'constraints': [models.UniqueConstraint(fields=('code',), name='number_block_code_once'), models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='number_block_has_numbers'), models.CheckConstraint(condition=models.Q(('first__gte', 1000000), ('last__lt', 1000000000000000)), name='number_block_is_e164')],
            },
        ),
        migrations.CreateModel(
            name='NumberCommitment',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('number_id', models.UUIDField()),
                ('number', models.CharField(db_collation='C', max_length=16)),
                ('assigned_to', models.UUIDField()),
                ('schedule_id', models.IntegerField()),
                ('grade', models.CharField(db_collation='C', max_length=8)),
                ('prestore', models.DecimalField(decimal_places=2, max_digits=18)),
                ('monthly_floor', models.DecimalField(decimal_places=2, max_digits=18)),
                ('currency', models.CharField(max_length=3)),
                ('term_months', models.SmallIntegerField()),
                ('floor_while_suspended', models.BooleanField()),
                ('penalty_percent', models.DecimalField(decimal_places=2, max_digits=5)),
                ('exempt_after_term', models.BooleanField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('state', models.CharField(choices=[('in_force', 'In force'), ('fulfilled', 'Fulfilled'), ('penalised', 'Left early, penalty due'), ('transferred', 'Passed on to another customer')], default='in_force', max_length=12)),
                ('ended_on', models.DateField(null=True)),
                ('penalty', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'resource_number_commitment',
                'indexes': [models.Index(fields=['assigned_to'], name='number_commitment_of_line')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('number_id',), name='number_commitment_in_force_once')],
            },
        ),
        migrations.CreateModel(
            name='NumberHold',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('number_id', models.UUIDField()),
                ('number', models.CharField(db_collation='C', max_length=16)),
                ('pool_id', models.UUIDField(null=True)),
                ('order_ref', models.CharField(blank=True, max_length=80)),
                ('clerk', models.CharField(db_collation='C', max_length=150)),
                ('person_key', models.CharField(blank=True, db_collation='C', max_length=64)),
                ('channel', models.CharField(blank=True, max_length=20)),
                ('request_key', models.CharField(db_collation='C', max_length=120, null=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('confirmed', 'Confirmed'), ('released', 'Let go'), ('expired', 'Expired')], default='open', max_length=10)),
                ('extensions', models.SmallIntegerField(default=0)),
                ('held_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'resource_number_hold',
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['clerk', 'expires_at'], name='number_hold_of_clerk'), models.Index(condition=models.Q(('state', 'open'), models.Q(('person_key', ''), _negated=True)), fields=['person_key', 'expires_at'], name='number_hold_of_person'), models.Index(condition=models.Q(('state', 'open')), fields=['expires_at'], name='number_hold_by_expiry'), models.Index(condition=models.Q(('order_ref', ''), _negated=True), fields=['order_ref'], name='number_hold_of_order')],
                'constraints': [models.UniqueConstraint(fields=('clerk', 'request_key'), name='number_hold_requested_once'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('number_id',), name='number_hold_open_once')],
            },
        ),
        migrations.CreateModel(
            name='NumberPool',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('code', models.CharField(db_collation='C', max_length=40)),
                ('name_zh', models.CharField(max_length=100)),
                ('name_en', models.CharField(blank=True, max_length=100)),
                ('kind', models.CharField(choices=[('mobile', 'Mobile number'), ('fixed', 'Fixed-line number'), ('iot', 'Number of things (IoT)')], max_length=8)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('dry_below', models.IntegerField(default=0)),
                ('dry_days', models.IntegerField(default=0)),
                ('dry_since', models.DateTimeField(null=True)),
                ('taken_per_day', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('gauged_at', models.DateTimeField(null=True)),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'resource_number_pool',
                'constraints': [models.UniqueConstraint(fields=('org_id', 'code'), name='number_pool_code_once'), models.UniqueConstraint(fields=('id', 'org_id'), name='number_pool_with_org')],
            },
        ),
        migrations.CreateModel(
            name='NumberRange',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('level', models.SmallIntegerField()),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('reason', models.TextField(blank=True)),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resource.numberblock')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resource.numberrange')),
            ],
            options={
                'db_table': 'resource_number_range',
            },
        ),
        migrations.CreateModel(
            name='NumberAllotment',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('pool', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resource.numberpool')),
                ('range', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resource.numberrange')),
            ],
            options={
                'db_table': 'resource_number_allotment',
            },
        ),
        migrations.CreateModel(
            name='ResourceFigure',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField(default=1)),
                ('name', models.CharField(db_collation='C', max_length=60)),
                ('value', models.JSONField()),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True)),
                ('set_by', models.CharField(max_length=150)),
            ],
            options={
                'db_table': 'resource_policy',
                'constraints': [models.UniqueConstraint(fields=('org_id', 'name', 'valid_from'), name='resource_policy_starts_once'), models.UniqueConstraint(condition=models.Q(('valid_until__isnull', True)), fields=('org_id', 'name'), name='resource_policy_open_once')],
            },
        ),
        migrations.CreateModel(
            name='GradeRule',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('position', models.SmallIntegerField()),
                ('grade_code', models.CharField(db_collation='C', max_length=8)),
                ('kind', models.CharField(choices=[('letters', 'Digits alike and unlike, as in AABB'), ('ladder', 'Digits that climb or fall by one'), ('birthday', 'A date at the end'), ('head_tail', 'Beginning and end alike'), ('ends', 'Certain digits at the end'), ('contains', 'Certain digits anywhere'), ('without', 'None of certain digits'), ('few_digits', 'Few different digits')], max_length=12)),
                ('parameters', models.JSONField(default=dict)),
                ('about', models.CharField(blank=True, max_length=100)),
                ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resource.gradeschedule')),
            ],
            options={
                'db_table': 'resource_grade_rule',
                'constraints': [models.UniqueConstraint(fields=('schedule', 'position'), name='grade_rule_position_once')],
            },
        ),
        migrations.CreateModel(
            name='Grade',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('code', models.CharField(db_collation='C', max_length=8)),
                ('rank', models.SmallIntegerField()),
                ('name_zh', models.CharField(max_length=60)),
                ('name_en', models.CharField(blank=True, max_length=60)),
                ('prestore', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('monthly_floor', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('currency', models.CharField(default='CNY', max_length=3)),
                ('term_months', models.SmallIntegerField(default=0)),
                ('floor_while_suspended', models.BooleanField(default=True)),
                ('penalty_percent', models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ('exempt_after_term', models.BooleanField(default=False)),
                ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resource.gradeschedule')),
            ],
            options={
                'db_table': 'resource_grade',
                'constraints': [models.UniqueConstraint(fields=('schedule', 'code'), name='grade_code_once'), models.UniqueConstraint(fields=('schedule', 'rank'), name='grade_rank_once'), models.CheckConstraint(condition=models.Q(('monthly_floor__gte', 0), ('penalty_percent__gte', 0), ('penalty_percent__lte', 100), ('prestore__gte', 0), ('term_months__gte', 0)), name='grade_terms_in_range')],
            },
        ),
        migrations.CreateModel(
            name='Number',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('number', models.CharField(db_collation='C', max_length=16, unique=True)),
                ('org_id', models.IntegerField()),
                ('kind', models.CharField(choices=[('mobile', 'Mobile number'), ('fixed', 'Fixed-line number'), ('iot', 'Number of things (IoT)')], max_length=8)),
                ('grade', models.CharField(db_collation='C', default='0', max_length=8)),
                ('graded_by', models.IntegerField(null=True)),
                ('state', models.CharField(choices=[('free', 'Free'), ('held', 'On hold'), ('assigned', 'Assigned'), ('suspended', 'Out of service'), ('released', 'Released'), ('cooling', 'Cooling'), ('reserved', 'Kept back by the desk'), ('blocked', 'Blocked'), ('faulty', 'Out of order'), ('ported_out', 'Ported out'), ('returned', 'Returned to the donor')], db_collation='C', default='free', max_length=10)),
                ('spread', models.IntegerField()),
                ('hold_id', models.UUIDField(null=True)),
                ('held_until', models.DateTimeField(null=True)),
                ('assigned_to', models.UUIDField(null=True)),
                ('order_ref', models.CharField(blank=True, max_length=80)),
                ('cooling_until', models.DateTimeField(null=True)),
                ('operator', models.CharField(blank=True, max_length=60)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('since', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('block', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resource.numberblock')),
                ('pool', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resource.numberpool')),
            ],
            options={
                'db_table': 'resource_number',
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['free', 'held', 'assigned', 'suspended', 'released', 'cooling', 'reserved', 'blocked', 'faulty', 'ported_out', 'returned'])), name='number_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('held_until__isnull', False), ('hold_id__isnull', False), ('state', 'held')), models.Q(models.Q(('state', 'held'), _negated=True), ('held_until__isnull', True), ('hold_id__isnull', True)), _connector='OR'), name='number_held_by_a_hold'), models.CheckConstraint(condition=models.Q(models.Q(('assigned_to__isnull', False), ('state__in', ['assigned', 'suspended'])), models.Q(models.Q(('state__in', ['assigned', 'suspended']), _negated=True), ('assigned_to__isnull', True)), _connector='OR'), name='number_assigned_to_a_line'), models.CheckConstraint(condition=models.Q(models.Q(('cooling_until__isnull', False), ('state', 'cooling')), models.Q(models.Q(('state', 'cooling'), _negated=True), ('cooling_until__isnull', True)), _connector='OR'), name='number_cools_until')],
            },
        ),
        migrations.AddConstraint(
            model_name='numberrange',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='number_range_has_numbers'),
        ),
        migrations.AddConstraint(
            model_name='numberallotment',
            constraint=models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='number_allotment_has_numbers'),
        ),
        partitioned("resource_number_move", MOVE, by="at"),
        sql("CREATE INDEX resource_number_move_taken ON resource_number_move (pool_id, at) WHERE to_state = 'assigned' AND from_state = 'held'"),
        sql(SQL, UNDO),
        *map(scoped, SCOPED),
        *map(written_in_scope, READ_BY_ALL),
        *map(audited, AUDITED),
        tallied("resource_number", ["pool_id", "kind", "grade", "state"]),
        sql("REVOKE UPDATE, DELETE ON resource_number_move FROM tongke_app"),
    ]

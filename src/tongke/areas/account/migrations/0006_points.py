"""Points of customers: lots, moves, and the figures they follow."""

import django.db.models.deletion
from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped, sql, written_in_scope


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0005_payment_means'),
        ('party', '0019_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='PointsAccount',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('opened_at', models.DateTimeField()),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='party.customer')),
            ],
            options={
                'db_table': 'account_points_account',
            },
        ),
        migrations.CreateModel(
            name='PointsLot',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('origin_id', models.UUIDField()),
                ('key', models.CharField(max_length=120)),
                ('source', models.CharField(max_length=20)),
                ('reference', models.CharField(blank=True, default='', max_length=120)),
                ('earned', models.IntegerField()),
                ('rest', models.IntegerField()),
                ('earned_at', models.DateTimeField()),
                ('expires_on', models.DateField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='account.pointsaccount')),
            ],
            options={
                'db_table': 'account_points_lot',
            },
        ),
        migrations.CreateModel(
            name='PointsMove',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('kind', models.CharField(choices=[('earn', 'Earned'), ('use', 'Redeemed'), ('return', 'Given back'), ('cancel', 'Earned in error, taken back'), ('expire', 'Expired')], max_length=10)),
                ('points', models.IntegerField()),
                ('key', models.CharField(max_length=120)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('booked_by', models.CharField(max_length=150)),
                ('booked_at', models.DateTimeField()),
                ('lot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='account.pointslot')),
            ],
            options={
                'db_table': 'account_points_move',
            },
        ),
        migrations.CreateModel(
            name='PointsPolicy',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField(default=1)),
                ('valid_from', models.DateTimeField()),
                ('life_months', models.SmallIntegerField()),
                ('owed_max', models.DecimalField(decimal_places=2, max_digits=18)),
                ('yuan_per_point', models.DecimalField(decimal_places=4, max_digits=8)),
                ('redeem_min', models.IntegerField(default=1)),
                ('reason', models.CharField(max_length=200)),
                ('set_by', models.CharField(max_length=150)),
            ],
            options={
                'db_table': 'account_points_policy',
                'constraints': [models.UniqueConstraint(fields=('org_id', 'valid_from'), name='points_policy_once'), models.CheckConstraint(condition=models.Q(('life_months__range', (1, 240)), ('owed_max__gte', 0), ('redeem_min__gte', 1), ('yuan_per_point__gte', 0)), name='points_policy_bounds')],
            },
        ),
        migrations.AddConstraint(
            model_name='pointsaccount',
            constraint=models.UniqueConstraint(fields=('customer',), name='points_account_once'),
        ),
        migrations.AddIndex(
            model_name='pointslot',
            index=models.Index(fields=['account', 'expires_on', 'id'], name='points_lot_of_account'),
        ),
        migrations.AddIndex(
            model_name='pointslot',
            index=models.Index(condition=models.Q(('rest__gt', 0)), fields=['org_id', 'expires_on'], name='points_lot_expiring'),
        ),
        migrations.AddConstraint(
            model_name='pointslot',
            constraint=models.UniqueConstraint(fields=('origin_id', 'key'), name='points_lot_once'),
        ),
        migrations.AddConstraint(
            model_name='pointslot',
            constraint=models.CheckConstraint(condition=models.Q(('earned__gt', 0)), name='points_lot_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='pointslot',
            constraint=models.CheckConstraint(condition=models.Q(('rest__gte', 0), ('rest__lte', models.F('earned'))), name='points_rest_within_lot'),
        ),
        migrations.AddIndex(
            model_name='pointsmove',
            index=models.Index(fields=['key'], name='points_move_by_key'),
        ),
        migrations.AddConstraint(
            model_name='pointsmove',
            constraint=models.UniqueConstraint(fields=('lot', 'kind', 'key'), name='points_move_once'),
        ),
        migrations.AddConstraint(
            model_name='pointsmove',
            constraint=models.CheckConstraint(condition=models.Q(('points', 0), _negated=True), name='points_move_moves'),
        ),
        scoped("account_points_account", own="EXISTS (SELECT FROM party_customer c WHERE c.id = account_points_account.customer_id)"),
        scoped("account_points_lot", own="EXISTS (SELECT FROM account_points_account a WHERE a.id = account_points_lot.account_id)"),
        scoped("account_points_move", own="EXISTS (SELECT FROM account_points_lot l WHERE l.id = account_points_move.lot_id)"),
        written_in_scope("account_points_policy"),
        *(audited(table) for table in ("account_points_account", "account_points_lot", "account_points_move", "account_points_policy")),
        sql(
            "INSERT INTO account_points_policy (id, org_id, valid_from, life_months, owed_max, yuan_per_point, redeem_min, reason, set_by)"
            " VALUES (tongke_uuid7(), 1, '2000-01-01 00:00+00', 36, 0, 0.0100, 1, 'First figures', 'system:migration')"),
    ]

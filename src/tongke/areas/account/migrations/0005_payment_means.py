"""Payment methods of customers."""

import django.db.models.deletion
from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped


class Migration(migrations.Migration):

    dependencies = [
        ('account', '0004_by_organisation'),
        ('party', '0019_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentMeans',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('kind', models.CharField(choices=[('cash', 'Cash'), ('bankCard', 'Bank card'), ('tokenizedCard', 'Card by token'), ('bankAccountDebit', 'Bank debit'), ('bankAccountTransfer', 'Bank transfer'), ('directDebit', 'Direct debit by mandate'), ('digitalWallet', 'Digital wallet'), ('voucher', 'Top-up voucher'), ('check', 'Cheque'), ('bucketPaymentMethod', 'Prepaid bucket'), ('accountPaymentMethod', 'Account'), ('loyaltyPaymentMethod', 'Points')], max_length=24)),
                ('name', models.CharField(max_length=100)),
                ('description', models.TextField(blank=True, default='')),
                ('preferred', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('active', 'Active'), ('suspended', 'Suspended'), ('ended', 'Ended')], default='active', max_length=10)),
                ('state_reason', models.CharField(blank=True, default='', max_length=200)),
                ('state_at', models.DateTimeField()),
                ('number_shown', models.CharField(blank=True, default='', max_length=24)),
                ('number_cipher', models.BinaryField(null=True)),
                ('number_index', models.BinaryField(null=True)),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='party.customer')),
            ],
            options={
                'db_table': 'account_payment_means',
            },
        ),
        migrations.CreateModel(
            name='MeansAccount',
            fields=[
                ('id', models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ('org_id', models.IntegerField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='account.billingaccount')),
                ('means', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='account.paymentmeans')),
            ],
            options={
                'db_table': 'account_means_account',
            },
        ),
        migrations.AddConstraint(
            model_name='paymentmeans',
            constraint=models.UniqueConstraint(condition=models.Q(('preferred', True)), fields=('customer',), name='payment_means_preferred_once'),
        ),
        migrations.AddConstraint(
            model_name='paymentmeans',
            constraint=models.UniqueConstraint(condition=models.Q(('number_index__isnull', False), models.Q(('state', 'ended'), _negated=True)), fields=('customer', 'kind', 'number_index'), name='payment_means_number_once'),
        ),
        migrations.AddConstraint(
            model_name='meansaccount',
            constraint=models.UniqueConstraint(fields=('means', 'account'), name='means_account_once'),
        ),
        scoped("account_payment_means", own="EXISTS (SELECT FROM party_customer c WHERE c.id = account_payment_means.customer_id)"),
        scoped("account_means_account", own="EXISTS (SELECT FROM account_payment_means m WHERE m.id = account_means_account.means_id)"),
        audited("account_payment_means"),
        audited("account_means_account"),
    ]

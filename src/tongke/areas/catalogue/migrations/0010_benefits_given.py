"""What customers were given with a share of a promotion."""

from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped

KINDS = [
    ("percent_off", "A percentage off"), ("amount_off", "An amount off"), ("months_free", "Months free"),
    ("prestore_return", "Prestore, returned month by month"), ("handset_contract", "Handset with a contract"), ("gift_points", "Points"),
]


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_shares_in_scope"), ("kernel", "0003_rows")]
    operations = [
        migrations.CreateModel(
            name="BenefitGiven",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("org_id", models.IntegerField()),
                ("grant", models.OneToOneField(on_delete=models.deletion.PROTECT, related_name="+", to="catalogue.promotiongrant")),
                ("customer_id", models.UUIDField()),
                ("product_id", models.UUIDField(null=True)),
                ("kind", models.CharField(choices=KINDS, max_length=16)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18)),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("prestore_amount", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("points", models.IntegerField(default=0)),
                ("contract_from", models.DateField(null=True)),
                ("contract_until", models.DateField(null=True)),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "db_table": "catalogue_benefit_given",
                "indexes": [
                    models.Index(condition=models.Q(("product_id__isnull", False)), fields=["product_id"], name="benefit_by_product"),
                    models.Index(fields=["customer_id"], name="benefit_by_customer"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="benefit_not_below_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("contract_from__isnull", True), ("contract_until__isnull", True))
                        | models.Q(("contract_until__gt", models.F("contract_from"))),
                        name="benefit_contract_forward",
                    ),
                ],
            },
        ),
        scoped("catalogue_benefit_given"),
        audited("catalogue_benefit_given"),
    ]

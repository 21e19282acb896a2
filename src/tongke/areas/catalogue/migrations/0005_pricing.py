"""Promotions' quota, which holds whoever gives a share; contract handsets; the rates of value-added tax."""

from pathlib import Path

from django.db import migrations, models

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_versions"), ("kernel", "0003_rows")]
    operations = [
        migrations.AddField("promotion", "existing_customers_only", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("promotion", "device_price", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
        migrations.AddField("promotion", "floor_amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
        migrations.AddField("discountauthority", "promise_days", models.SmallIntegerField(db_default=30, default=30)),
        sql((SQL / "0005_pricing.sql").read_text(), (SQL / "0005_pricing_undo.sql").read_text()),
    ]

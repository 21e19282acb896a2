"""What a reservation asked for, so that its key is not used for something else; an index of numbers of other operators."""

from django.db import migrations, models

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("resource", "0023_stock_taken")]
    operations = [
        migrations.AddField("reservation", "asked", models.CharField(blank=True, db_collation="C", db_default="", default="", max_length=64)),
        sql("CREATE INDEX number_of_other_operator ON resource_number (org_id, number) WHERE operator <> ''", "DROP INDEX number_of_other_operator"),
    ]

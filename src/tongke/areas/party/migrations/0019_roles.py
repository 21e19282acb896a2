"""Roles whose party is not known yet, and the order in which they are listed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("party", "0018_retired")]
    operations = [
        migrations.AlterField("partyrole", "party", models.ForeignKey(null=True, on_delete=models.deletion.PROTECT, related_name="+", to="party.party")),
        migrations.RemoveIndex("partyrole", "party_role_by_org"),
        migrations.AddIndex("partyrole", models.Index(fields=["org_id", "-valid_from", "id"], name="party_role_by_org_age")),
    ]

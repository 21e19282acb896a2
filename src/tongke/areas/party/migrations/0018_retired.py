"""Closed records that are given to no other system any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("party", "0017_parties")]
    operations = [migrations.AddField("party", "retired", models.BooleanField(null=True))]

"""How many customers there are, by organisation, state, segment and level: counted as they change, read in no time."""

from django.db import migrations

from tongke.kernel.schema import tallied


class Migration(migrations.Migration):
    dependencies = [("party", "0015_kin")]
    operations = [tallied("party_customer", ["state", "segment", "level"])]

"""Audit of offerings."""

from django.db import migrations

from tongke.kernel.schema import audited


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("kernel", "0003_rows")]
    operations = [
        audited("catalogue_offering"),
    ]

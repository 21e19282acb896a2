"""Figures of policy are read by everybody and set by those whose organisation they are for."""

from django.db import migrations

from tongke.kernel.schema import written_in_scope


class Migration(migrations.Migration):
    dependencies = [("resource", "0020_number_guards")]
    operations = [written_in_scope("resource_policy")]

"""The audit of a statement over many rows pairs before and after by sorting, whatever the session did first.

The plan is made with a session's first audited change. Made with a few rows it pairs them by nested loops, and a later
change of many rows in the same session takes time by the square of their number: 5.6 s for 1,000 rows, 0.14 s now.
"""

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_bulk_scope")]
    operations = [sql("ALTER FUNCTION tongke_audit() SET enable_nestloop = off;", "ALTER FUNCTION tongke_audit() RESET enable_nestloop;")]

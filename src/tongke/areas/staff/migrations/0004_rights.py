"""Rights worked out by the database, the one-call session check, row-level security on personal rows."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import audited, sql


class Migration(migrations.Migration):
    dependencies = [("staff", "0003_sign_in"), ("kernel", "0003_rows")]
    operations = [
        sql((Path(__file__).parent.parent / "sql" / "0004_rights.sql").read_text(encoding="utf-8")),
        audited("staff_policy"),
    ]

"""Lines under one identity document, without the one that changes hands."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_lines_on_document")]
    operations = [
        sql((SQL / "0006_other_lines.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION inventory_lines_on_document(uuid, uuid);" + (SQL / "0005_lines_on_document.sql").read_text(encoding="utf-8")),
    ]

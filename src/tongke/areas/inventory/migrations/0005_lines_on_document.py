"""Lines under one identity document are counted in the whole operator."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_by_organisation"), ("party", "0018_retired")]
    operations = [
        sql((Path(__file__).parent.parent / "sql" / "0005_lines_on_document.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION inventory_lines_on_document(uuid);"),
    ]

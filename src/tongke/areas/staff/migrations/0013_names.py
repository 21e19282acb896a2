"""What a post is called in English, and colleagues by the name they sign with."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("staff", "0012_colleagues")]
    operations = [sql((Path(__file__).parent.parent / "sql" / "0013_names.sql").read_text(encoding="utf-8"))]

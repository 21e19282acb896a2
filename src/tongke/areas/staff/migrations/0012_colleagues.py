"""Row-level security on colleagues, posts, rights and the organisation tree."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("staff", "0011_assistant")]
    operations = [sql((Path(__file__).parent.parent / "sql" / "0012_colleagues.sql").read_text(encoding="utf-8"))]

"""The facts carry what customers were given for contracts that still run."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ordering", "0001_qualification"), ("catalogue", "0010_benefits_given")]
    # The function keeps its name: undone, the one that 0001 drops knows more.
    operations = [sql((SQL / "0002_benefits.sql").read_text(encoding="utf-8"))]

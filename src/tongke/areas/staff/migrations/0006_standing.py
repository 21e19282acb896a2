"""The session check without the actor's document, for calls that answer within the database."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_forgetting")]
    operations = [sql((Path(__file__).parent.parent / "sql" / "0006_standing.sql").read_text(encoding="utf-8"))]

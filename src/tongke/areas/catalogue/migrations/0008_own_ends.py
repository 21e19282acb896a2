"""A version keeps the end of sale that was set for it while a later version cuts it short."""

from pathlib import Path

from django.db import migrations, models

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"
VERSIONED = ("specification", "offering", "pricelist", "eligibilityrule", "promotion")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0007_standing")]
    # The function keeps its name: undoing leaves one that frees a column more, which 0004 drops.
    operations = [
        *(migrations.AddField(model, "own_until", models.DateTimeField(null=True)) for model in VERSIONED),
        sql((SQL / "0008_own_ends.sql").read_text(encoding="utf-8")),
    ]

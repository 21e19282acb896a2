"""A hold that runs is called so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resource", "0024_asked_and_ported")]
    operations = [
        migrations.AlterField("numberhold", "state", models.CharField(
            choices=[("open", "Held now"), ("confirmed", "Confirmed"), ("released", "Let go"), ("expired", "Expired")], default="open", max_length=10)),
    ]

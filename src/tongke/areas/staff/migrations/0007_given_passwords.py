"""A password that somebody else chose is changed before anything else."""

from pathlib import Path

from django.db import migrations, models

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_standing")]
    operations = [
        migrations.AddField(model_name="staff", name="password_given", field=models.BooleanField(default=False, db_default=False)),
        migrations.AddField(model_name="staffsession", name="password_owed", field=models.BooleanField(default=False, db_default=False)),
        sql((Path(__file__).parent.parent / "sql" / "0007_given_passwords.sql").read_text(encoding="utf-8")),
    ]

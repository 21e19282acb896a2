"""Parties on their own: parts of their names, which customers' records were closed, and fax numbers."""

from pathlib import Path

from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped, sql, tallied

SQL = Path(__file__).parent.parent / "sql"
BEFORE = tallied("party_customer", ["state", "segment", "level"])


class Migration(migrations.Migration):
    dependencies = [("party", "0016_tally")]
    operations = [
        migrations.AddField("party", "family_name", models.CharField(blank=True, db_default="", max_length=100)),
        migrations.AddField("party", "given_name", models.CharField(blank=True, db_default="", max_length=100)),
        migrations.AddField("party", "trading_name", models.CharField(blank=True, db_default="", max_length=200)),
        sql(str(BEFORE.reverse_sql), str(BEFORE.sql)),
        migrations.AddField("customer", "closed", models.BooleanField(null=True)),
        sql("UPDATE party_customer c SET closed = true FROM party_party p WHERE p.id = c.party_id AND c.state = 'left' AND p.state = 'closed'"),
        tallied("party_customer", ["state", "segment", "level", "closed"]),
        migrations.AlterField("contactmedium", "kind", models.CharField(max_length=10, choices=[
            ("mobile", "Mobile phone"), ("phone", "Phone"), ("email", "E-mail"), ("wechat", "WeChat"), ("web_id", "Online identity"), ("fax", "Fax")])),
        # A name's parts, and the same function as before with two more keys left out.
        sql((SQL / "0017_names.sql").read_text(encoding="utf-8").replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
            "DROP FUNCTION party_given_name(text, text); DROP FUNCTION party_family_name(text, text);"),
        migrations.CreateModel(
            name="PartyRole",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("org_id", models.IntegerField()),
                ("role", models.CharField(max_length=60)),
                ("state", models.CharField(
                    choices=[("active", "Active"), ("suspended", "Suspended"), ("terminated", "Terminated")], default="active", max_length=12)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("version", models.IntegerField(default=1)),
                ("party", models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="+", to="party.party")),
            ],
            options={"db_table": "party_role", "indexes": [models.Index(fields=["org_id", "role", "id"], name="party_role_by_org")]},
        ),
        scoped("party_role", own="EXISTS (SELECT FROM party_customer c WHERE c.party_id = party_role.party_id)"),
        audited("party_role"),
    ]

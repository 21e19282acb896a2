"""Ranges over initials and addresses are searched organisation by organisation: the indexes without it served nothing.

Pinyin keeps both: a possible twin is looked for by sound and birthday in all organisations at once.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("party", "0013_policy_levels")]
    operations = [
        migrations.RemoveIndex(model_name="party", name="party_by_initials"),
        migrations.RemoveIndex(model_name="postaladdress", name="address_by_street"),
        migrations.RemoveIndex(model_name="postaladdress", name="address_by_place"),
    ]

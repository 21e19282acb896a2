"""What an address is for, said so that it is not taken for a page's home."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("party", "0009_related_parties")]
    operations = [
        migrations.AlterField(
            model_name="postaladdress", name="kind",
            field=models.CharField(
                choices=[("home", "Home address"), ("work", "Work address"), ("billing", "Billing"), ("installation", "Installation"),
                         ("registered", "Registered seat")], default="home", max_length=12),
        ),
    ]

"""Rules may ask what the device can do."""

from django.db import migrations, models

KINDS = [
    ("requires", "Requires another offering"),
    ("excludes", "Excludes another offering"),
    ("quantity", "How many at most"),
    ("segment", "Customer segment"),
    ("level", "Customer level"),
    ("area", "Area"),
    ("channel", "Sales channel"),
    ("contract", "Running contract"),
    ("credit", "Credit"),
    ("blacklist", "Blacklist"),
    ("real_name", "Real-name registration"),
    ("arrears", "Arrears"),
    ("coverage", "Coverage at the address"),
    ("age", "Age"),
    ("tenure", "Time as a customer"),
    ("device", "Device"),
]


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_pricing")]
    operations = [migrations.AlterField("eligibilityrule", "kind", models.CharField(choices=KINDS, max_length=12))]

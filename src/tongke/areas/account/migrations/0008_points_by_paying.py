"""How many points a payment earns."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("account", "0007_points_stand")]

    operations = [
        migrations.AddField(
            model_name="pointspolicy", name="points_per_yuan", field=models.DecimalField(decimal_places=4, default=0, max_digits=8)),
        migrations.AddConstraint(
            model_name="pointspolicy", constraint=models.CheckConstraint(condition=models.Q(("points_per_yuan__range", (0, 1000))), name="points_policy_earning")),
    ]

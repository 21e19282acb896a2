"""Bookings of points stand; a lot that was earned in error is marked; a move says for whom it was booked."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from tongke.kernel.schema import sql

SQL = Path(__file__).parent.parent / "sql"
# Until now only a lot with a move of this kind told of it; a lot of which nothing was left could not.
MARK = (
    "UPDATE account_points_lot l SET cancelled_at = m.booked_at, rest = 0 FROM account_points_move m"
    " WHERE m.lot_id = l.id AND m.kind = 'cancel';"
    # What came back to such a lot since and stands there was earned in error too.
    " INSERT INTO account_points_move (id, org_id, lot_id, account_id, kind, points, key, reason, booked_by, booked_at)"
    " SELECT tongke_uuid7(), l.org_id, l.id, l.account_id, 'cancel', -sum(m.points), 'cancel ' || l.id, '', 'system:migration', now()"
    " FROM account_points_lot l JOIN account_points_move m ON m.lot_id = l.id WHERE l.cancelled_at IS NOT NULL GROUP BY l.id HAVING sum(m.points) <> 0;"
)


class Migration(migrations.Migration):

    dependencies = [("account", "0006_points")]

    operations = [
        migrations.AddField(model_name="pointslot", name="cancelled_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="pointsmove", name="account", field=models.ForeignKey(
            db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="account.pointsaccount")),
        sql("UPDATE account_points_move m SET account_id = l.account_id FROM account_points_lot l WHERE l.id = m.lot_id;" + MARK
            + " SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.AlterField(model_name="pointsmove", name="account", field=models.ForeignKey(
            db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="account.pointsaccount")),
        migrations.AddConstraint(model_name="pointslot", constraint=models.CheckConstraint(
            condition=models.Q(("cancelled_at", None), ("rest", 0), _connector="OR"), name="points_cancelled_leaves_none")),
        sql((SQL / "0007_points_stand.sql").read_text(encoding="utf-8"), (SQL / "0007_points_stand_undo.sql").read_text(encoding="utf-8")),
    ]

"""Contacts that go on: state, end and when they were recorded; found by id in every month."""

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("contact_centre", "0002_rows")]
    operations = [
        sql("ALTER TABLE contact_centre_interaction ADD COLUMN state text NOT NULL DEFAULT 'completed'"
            " CHECK (state IN ('open', 'inProgress', 'completed')), ADD COLUMN ended_at timestamptz, ADD COLUMN created_at timestamptz,"
            " ADD COLUMN state_at timestamptz;"
            "CREATE INDEX contact_centre_interaction_id ON contact_centre_interaction (id);",
            "DROP INDEX contact_centre_interaction_id;"
            "ALTER TABLE contact_centre_interaction DROP COLUMN state, DROP COLUMN ended_at, DROP COLUMN created_at, DROP COLUMN state_at;"),
    ]

"""Functions that every area's tables stand on: scope, audit chain, partitions, UUIDv7, masking."""

from pathlib import Path

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    # Before every other table, so that the application's role is granted its rights on all of them.
    run_before = [
        ("contenttypes", "0001_initial"), ("auth", "0001_initial"), ("sessions", "0001_initial"),
        ("procrastinate", "0001_initial"),
    ]
    operations = [sql((Path(__file__).parent.parent / "sql" / name).read_text(encoding="utf-8")) for name in (
        "0001_scope.sql", "0001_partition.sql", "0001_audit.sql", "0001_mask.sql",
    )]

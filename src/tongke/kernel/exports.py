"""The views that rooms publish for analysis: dropped before every migration, made anew after it.

Each room's ``exports.sql`` holds ``CREATE VIEW export_<noun> WITH (security_invoker = true) AS …``: a view
runs with the rights of who reads it, so scope and row-level security hold in every report. Views hold
no data; making them anew is cheap and lets migrations change the tables below freely.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

DROP = """
DO $$ DECLARE v text; BEGIN
  FOR v IN SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind = 'v' AND n.nspname = 'public' AND c.relname LIKE 'export\\_%%'
  LOOP EXECUTE 'DROP VIEW ' || v || ' CASCADE'; END LOOP;
END $$
"""


def export_files() -> list[Path]:
    """Every installed room's exports.sql, lower rooms first."""
    files = [Path(config.path) / "exports.sql" for config in apps.get_app_configs() if config.name.startswith("tongke.areas.")]
    return [file for file in files if file.exists()]


def drop_exports(**_signal: Any) -> None:
    """Drop the published views, so that migrations may change what they read."""
    with connection.cursor() as cursor:
        cursor.execute(DROP.replace("%%", "%"))


def make_exports(**_signal: Any) -> None:
    """Create the published views and let the application read them."""
    with connection.cursor() as cursor:
        cursor.execute(DROP.replace("%%", "%"))
        for file in export_files():
            cursor.execute(file.read_text(encoding="utf-8"))

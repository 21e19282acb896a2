"""What every test stands on: one embedded PostgreSQL a session, one database a worker, the real application role.

Tests connect as ``tongke_app`` with row-level security on. ``db`` rolls back; ``transactional_db`` gives
the worker a fresh clone of the migrated template afterwards. ``as_owner`` steps up to the owner inside
the same transaction, ``site`` runs the real web server on the worker's database, ``browser`` is Chromium.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings as django_settings
from django.utils import translation
from hypothesis import HealthCheck, settings

SESSION = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"alone-{os.getpid()}"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
ROOT = Path(__file__).resolve().parent.parent

# Before anything of Tongke is imported: its settings are read from the environment, once.
os.environ["TONGKE_DATA"] = str(Path(tempfile.gettempdir()) / f"tongke-tests-{os.getuid()}" / SESSION)
# Tests that let two hundred in at once stand beside three neighbours who do the same: connections enough for all.
os.environ["TONGKE_POSTGRES_SETTINGS"] = "max_connections=600 shared_buffers=128MB fsync=off synchronous_commit=off full_page_writes=off max_wal_size=1GB"
os.environ["DJANGO_SETTINGS_MODULE"] = "tongke.config.settings"
for unwanted in ("TONGKE_DATABASE_URL", "TONGKE_APP_DATABASE_URL", "TONGKE_AS_OWNER", "TONGKE_SECRETS", "PGHOST", "PGUSER", "PGDATABASE"):
    os.environ.pop(unwanted, None)
os.environ["TONGKE_TEST_DATABASE"] = f"test_{WORKER}"

django.setup()
django_settings.PASSWORD_HASHERS = ["tests.plugins.passwords.QuickArgon2"]

# How long an example takes says something of the machine, not of the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# CI judges a change, so it draws the same examples each time; at the desk other examples are drawn each time and find new faults.
settings.register_profile("ci", settings.get_profile("house"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")

pytest_plugins = ["tests.plugins.database", "tests.plugins.site", "tests.plugins.browser", "tests.plugins.shared", "tests.plugins.places", "tests.plugins.spreading"]


@pytest.fixture(autouse=True)
def own_language() -> None:
    """Begin in the installation's language: a page asked for by the test before leaves its own behind in this process."""
    translation.deactivate()

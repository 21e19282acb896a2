"""What commands stand on: the database running, its tables current."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import services as staff
from tongke.config import embedded
from tongke.config.health import pending_migrations
from tongke.kernel.actor import system_actor
from tongke.kernel.clock import now
from tongke.kernel.errors import Refused

# Two programs that migrate one database at once wait for each other here.
MIGRATION_LOCK = 7_304_110


class MigrationsFailed(Refused):
    """A migration did not run; the database stands as before it."""

    code = "OPS-05"
    says = _("A migration did not run: {reason}")
    mend = _("Nothing of that step was changed. Mend the cause and run `tongke migrate` again")


class MigrationsWait(Refused):
    """The tables of a real server are older than this program; they are never changed unasked."""

    code = "OPS-06"
    says = _("The database is older than this program: {count} migration(s) wait")
    mend = _("Make a backup, then run `tongke migrate`")


def migrate() -> None:
    """Run what waits of the migrations, as the owner, in a process of its own, and put in the product's roles.

    Raises ``MigrationsFailed``.
    """
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        done = subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--no-input", "--skip-checks", "--verbosity", "0"], check=False, capture_output=True, text=True,
            env=os.environ | {"TONGKE_AS_OWNER": "1", "DJANGO_SETTINGS_MODULE": "tongke.config.settings"},
        )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise MigrationsFailed(reason=words[-1] if words else str(done.returncode))
    connection.close()
    staff.seed_roles(by=system_actor("migrate"), at=now())


def waiting() -> int:
    """Return how many migrations wait; a database that the application's role cannot enter counts as new."""
    try:
        return pending_migrations()
    except ProgrammingError:  # not even the function that every connection begins with
        connection.close()
        return -1
    except OperationalError as fault:
        connection.close()
        if "tongke_app" not in str(fault):
            raise
        return -1


@contextmanager
def ready() -> Iterator[None]:
    """Hold the database inside the block, its tables current.

    The embedded server is started where it does not run, and stopped again by its last user; its
    tables are brought up to date. Of a real server ``MigrationsWait`` is raised instead.
    """
    with embedded.in_use():
        count = waiting()
        if count and not embedded.is_embedded():
            raise MigrationsWait(count=count if count > 0 else _("all"))
        if count:
            migrate()
        try:
            yield
        finally:
            connection.close()

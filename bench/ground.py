"""Where the benchmarks run: one embedded PostgreSQL of their own, one database for each size, filled once and kept."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from bench.people import Person, sign_in_all
from tongke.config.runtime import embedded_url

MONTHS, MONTHS_OF_MANY, MANY = 6, 2, 500_000
"""Months of usage, bills and contacts; fewer where there are many customers, so that a laptop's disk holds them."""
ROLES = "from tongke.kernel.actor import system_actor; from tongke.kernel import clock; from tongke.areas.staff.services import seed_roles; seed_roles(by=system_actor('bench'), at=clock.now())"
FILL = "import sys; from tongke.simulator import fill; fill(customers=int(sys.argv[1]), months=int(sys.argv[2]), seed=7)"


@dataclass(frozen=True)
class Ground:
    """A filled database of ``size`` customers."""

    size: int
    name: str

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that works on this database as the application."""
        return os.environ | {
            "TONGKE_DATABASE_URL": embedded_url("postgres", self.name), "TONGKE_APP_DATABASE_URL": embedded_url("tongke_app", self.name),
            "DJANGO_SETTINGS_MODULE": "tongke.config.settings",
        }

    @property
    def app_url(self) -> str:
        """Where the application's role connects."""
        return embedded_url("tongke_app", self.name)

    def owner(self) -> psycopg.Connection[Any]:
        """Return a connection of the owner, seeing all, autocommit."""
        owner = psycopg.connect(embedded_url("postgres", self.name), autocommit=True)
        owner.execute("SELECT tongke_enter('system:bench', '*', '', '')")
        return owner

    @cached_property
    def people(self) -> dict[str, Person]:
        """The signed-in people, by width of scope; signed in anew for every run."""
        with self.owner() as owner:
            return sign_in_all(owner)

    def run(self, code: str, *words: str, as_owner: bool = True) -> None:
        """Run Python code with Django set up for this database; raises ``RuntimeError`` with its words."""
        self.printed(code, *words, as_owner=as_owner)

    def printed(self, code: str, *words: str, as_owner: bool = False) -> str:
        """As ``run``, and return what the code printed."""
        environment = self.environment | ({"TONGKE_AS_OWNER": "1"} if as_owner else {})
        done = subprocess.run([sys.executable, "-c", f"if __name__ == '__main__':\n import django; django.setup()\n {code}", *words],
                              env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stderr[-2000:]}")
        return done.stdout

    def customers(self, count: int, *, org: int | None = None) -> list[tuple[UUID, str]]:
        """Return ids and one phone number of ``count`` customers spread over the whole table."""
        where = "AND c.org_id = %(org)s" if org else ""
        with self.owner() as owner:
            return owner.execute(
                f"SELECT * FROM (SELECT DISTINCT ON (c.id) c.id, s.service_number FROM party_customer c"
                f" JOIN inventory_subscriber s ON s.customer_id = c.id AND s.kind = 'mobile' AND s.state = 'active'"
                f" WHERE c.state = 'active' {where} AND c.id IN (SELECT id FROM party_customer TABLESAMPLE SYSTEM (%(share)s))) q"
                " ORDER BY md5(id::text) LIMIT %(count)s",
                {"org": org, "share": min(100, 100 * 40 * count / self.size), "count": count}).fetchall()


def migrated(size: int, name: str) -> Ground:
    """Return a database with current tables, made now or found as it is."""
    made = Ground(size, name)
    with psycopg.connect(embedded_url("postgres", "postgres"), autocommit=True) as owner, suppress(psycopg.errors.DuplicateDatabase):
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(made.name)))
    done = subprocess.run([sys.executable, "-m", "django", "migrate", "--no-input", "--skip-checks", "--verbosity", "0"],
                          env=made.environment | {"TONGKE_AS_OWNER": "1"}, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return made


def ground(size: int) -> Ground:
    """Return the filled database of ``size`` customers: made now, continued, or found as it is."""
    made = migrated(size, f"bench_{size}")
    made.run(FILL, str(size), str(MONTHS if size < MANY else MONTHS_OF_MANY))
    made.run(ROLES, as_owner=False)
    return made


def drop(name: str) -> None:
    """Remove a database of the benchmarks."""
    with psycopg.connect(embedded_url("postgres", "postgres"), autocommit=True) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

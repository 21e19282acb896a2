"""Databases for tests: a migrated template in the session's embedded server, cloned for each worker."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from tongke.config import embedded
from tongke.config.runtime import data_dir, embedded_url

TEMPLATE = "tongke_template"


def _migrate(database_url: str) -> None:
    environment = os.environ | {"TONGKE_DATABASE_URL": database_url, "TONGKE_AS_OWNER": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"], env=environment, capture_output=True, text=True, check=False,
    )
    if done.returncode:
        pytest.exit(f"The migrations do not run on an empty database:\n{done.stdout}{done.stderr}", returncode=3)


def once(name: str, lay: Callable[[], None]) -> None:
    """Have ``lay`` done once a session; the other workers wait for the first."""
    with (data_dir() / f"{name}.lock").open("a") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        done = data_dir() / f"{name}.done"
        if not done.exists():
            lay()
            done.touch()


def _lay_template() -> None:
    embedded.create_database(TEMPLATE)
    _migrate(embedded_url("postgres", TEMPLATE))


def clone(name: str, *, template: str = TEMPLATE) -> None:
    """Make the database ``name`` anew, as a copy of ``template``."""
    with (data_dir() / f"{template}.lock").open("a") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # a template may not be in use while it is copied
        embedded.create_database(name, template=template)


def test_database() -> str:
    """Return the name of this worker's database."""
    return os.environ["TONGKE_TEST_DATABASE"]


test_database.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this worker its database; the last worker to leave stops the server and removes its files."""
    use = embedded.Use()
    use.enter()
    once("template", _lay_template)
    clone(test_database())
    settings = connections["default"].settings_dict
    settings.update(NAME=test_database(), USER="postgres", HOST=str(embedded.socket_dir()))
    # The owner steps down to the application's role at connect time, so that ``as_owner`` can step up again.
    settings["OPTIONS"] = {**settings["OPTIONS"], "options": "-c role=tongke_app"}
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    use.leave()
    if embedded.running() is None:
        shutil.rmtree(data_dir(), ignore_errors=True)


def _fresh_clone(self: TransactionTestCase) -> None:
    """Replace the worker's database by a new clone: the application's role may not truncate, nor should it."""
    connections.close_all()
    clone(test_database())


TransactionTestCase._fixture_teardown = _fresh_clone  # type: ignore[method-assign]


@pytest.fixture
def as_owner() -> Callable[[], AbstractContextManager[Any]]:
    """Return a context manager inside which the test's own connection is the owner: no row-level security."""

    @contextmanager
    def owner() -> Iterator[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE postgres")
            try:
                yield cursor
            finally:
                cursor.execute("SET ROLE tongke_app")

    return owner


@pytest.fixture
def owner_connection(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """Give a second connection, as owner, autocommit; sees only what is committed."""
    with psycopg.connect(embedded_url("postgres", test_database()), autocommit=True) as owner:
        yield owner


def debian_postgres() -> Path | None:
    """Return the programs of the newest PostgreSQL that the system installed, or ``None``."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parent.parent.name))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Run the system's own PostgreSQL and give the URL of an empty database there; skips where there is none."""
    programs = debian_postgres()
    if programs is None:
        pytest.skip("no PostgreSQL of the system under /usr/lib/postgresql: install the package `postgresql`")
    account = embedded.server_account()
    identity: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    folder = Path(tempfile.mkdtemp(prefix="tongke-test-"))
    cluster = folder / "pg"
    embedded.give(cluster, account)

    def run(*words: str) -> None:
        subprocess.run([str(programs / words[0]), *words[1:]], check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=600, **identity)

    run("initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres", "-D", str(cluster))
    run("pg_ctl", "-w", "-D", str(cluster), "-l", str(cluster / "log"), "-o",
        f"-c listen_addresses= -c unix_socket_directories={cluster} -c fsync=off", "start")
    url = f"postgresql://postgres@/{{}}?host={cluster}"
    with psycopg.connect(url.format("postgres"), autocommit=True) as owner:
        owner.execute("CREATE DATABASE tongke")
    yield url.format("tongke")
    run("pg_ctl", "-w", "-m", "immediate", "-D", str(cluster), "stop")
    shutil.rmtree(folder, ignore_errors=True)

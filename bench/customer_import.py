"""Loading an operator's files with accounts, lines, bills, payments and contacts through `tongke import`: against COPY of the finished rows.

The reference copies every row that the import left (customers and all that hangs on them, source keys, audit) into the
same tables with the same indexes, without triggers. Memory: the peak of the importing process, against a tenth of the rows.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.figures import Figure
from bench.ground import Ground, drop, migrated

NAME = "customer-import"
RATE_REACH = 0.15
MEMORY_REACH = 0.67
"""Ten times the rows may take half as much memory again: buffers fill, but nothing grows with the file."""
SOURCES = ("customers", "accounts", "lines", "bills", "payments", "contacts")
WRITE = "import sys; from pathlib import Path; from tongke.simulator.files import write_files; write_files(Path(sys.argv[1]), customers=int(sys.argv[2]), months=1, seed=7, file_format='parquet')"
GROUND = (
    "from datetime import timedelta; from tongke.simulator.load import checked_span, lay_ground, UNTIL; from tongke.simulator.store import connect, owner_conninfo;"
    " lay_ground(connect(owner_conninfo()), checked_span(100, 1, 7, UNTIL))"
)
NOT_COPIED = ("django_", "procrastinate_", "auth_", "staff_", "kernel_bulk", "catalogue_")


@dataclass(frozen=True, slots=True)
class Load:
    """One import: seconds, megabytes at its peak, customers."""

    seconds: float
    megabytes: float
    customers: int

    @property
    def rate(self) -> float:
        """Customers a second."""
        return self.customers / self.seconds


def load(target: Ground, folder: Path) -> Load:
    """Import the files of ``folder`` into ``target`` as a user does; raises ``RuntimeError`` where a row is rejected."""
    files = [str(folder / f"{name}.parquet") for name in SOURCES]
    words = [sys.executable, "-c", "import sys; from tongke.cli.main import main; sys.exit(main())", "import", *files, "--mapping", "simulator", "--json"]
    begun = time.perf_counter()
    with subprocess.Popen(words, env=target.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        peak = _watch(process)
        out, words_of_fault = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{out[-1000:]}{words_of_fault[-2000:]}")
    return Load(time.perf_counter() - begun, peak, target.size)


def _watch(process: subprocess.Popen[str]) -> float:
    """Return the peak memory of a process in megabytes, read from the kernel's own high-water mark while it lives."""
    peak = 0.0
    while process.poll() is None:
        with suppress(OSError, TypeError):
            text = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            peak = max(peak, int(re.search(r"VmHWM:\s+(\d+)", text)[1]) / 1024)  # type: ignore[index]  # the pattern is there, or the test fails
        time.sleep(0.2)  # the mark only rises: looking now and then loses nothing but the last instant
    return peak or resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def tables_of(owner: psycopg.Connection[Any]) -> list[str]:
    """Return the tables that hold what was imported, partitions by themselves."""
    found = owner.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relpersistence = 'p'").fetchall()
    return sorted(name for (name,) in found if not name.startswith(NOT_COPIED))


def copy_rows(source: Ground, target: Ground, folder: Path) -> tuple[float, int]:
    """Copy every row of ``source`` into the empty ``target`` from files written beforehand; return seconds and rows."""
    rows = 0
    with source.owner() as owner:
        names = [name for name in tables_of(owner) if owner.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(name))).fetchone()[0]]  # type: ignore[index]
        for name in names:
            with (folder / name).open("wb") as file, owner.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(name))) as copy:
                for block in copy:
                    file.write(block)
    with target.owner() as owner:
        owner.execute("SET session_replication_role = replica")
        held = [name for name in names if owner.execute("SELECT to_regclass(%s)", [name]).fetchone()[0]]  # type: ignore[index]
        owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, held))))
        begun = time.perf_counter()
        for name in held:
            with (folder / name).open("rb") as file, owner.cursor() as cursor:
                with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(name))) as copy:
                    while block := file.read(1 << 20):
                        copy.write(block)
                rows += cursor.rowcount
        return time.perf_counter() - begun, rows


def afresh(size: int, share: str) -> Ground:
    """Return an empty database: one that a broken run left behind would be loaded a second time."""
    drop(f"bench_import_{share}")
    return migrated(size, f"bench_import_{share}")


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure once: an import of this length is its own average. The number of clients means nothing here."""
    del clients
    size = ground.size
    with tempfile.TemporaryDirectory(prefix="tongke-bench-") as name:
        folder = Path(name)
        loads = []
        for share, count in (("tenth", max(size // 10, 1000)), ("whole", size)):
            target = afresh(count, share)
            target.run(GROUND)
            target.run(WRITE, str(folder / share), str(count))
            loads.append(load(target, folder / share))
        tenth, whole = loads
        imported, empty = Ground(size, "bench_import_whole"), afresh(size, "copy")
        rows = folder / "rows"
        rows.mkdir()
        seconds, _rows = copy_rows(imported, empty, rows)
    for share in ("tenth", "whole", "copy"):
        drop(f"bench_import_{share}")
    reference = size / seconds
    return [
        Figure(name=NAME, size=size, clients=1, figure=round(whole.rate, 1), unit="customers/s", reference=round(reference, 1),
               ratio=round(whole.rate / reference, 3), reach=RATE_REACH),
        Figure(name=f"{NAME} memory", size=size, clients=1, figure=round(whole.megabytes, 1), unit="MB", reference=round(tenth.megabytes, 1),
               ratio=round(tenth.megabytes / whole.megabytes, 3), reach=MEMORY_REACH),
    ]

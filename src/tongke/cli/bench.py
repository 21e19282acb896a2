"""``tongke bench``: the measured promises of the house, each beside its reference in the same run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext_lazy as _

from tongke.config.runtime import data_dir
from tongke.kernel.errors import Refused

ROOT = Path(__file__).resolve().parents[3]
# Servers and databases that the user works with stay out of the benchmarks.
FOREIGN = ("TONGKE_DATABASE_URL", "TONGKE_APP_DATABASE_URL", "TONGKE_AS_OWNER", "TONGKE_SECRETS", "TONGKE_TEST_DATABASE")


class NoBenchmarks(Refused):
    """Benchmarks come with the source tree, not with the installed package."""

    code = "OPS-65"
    says = _("The benchmarks are not part of this installation")
    mend = _("Run this in a checkout of the source, where the folder bench/ is")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def words_of(names: list[str], *, everything: bool, size: int | None, clients: int | None, as_json: bool) -> list[str]:
    """Return the command line of the process that measures."""
    words = [*names, *(["--all"] if everything else []), *(["--json"] if as_json else [])]
    for option, value in (("--size", size), ("--clients", clients)):
        if value is not None:
            words += [option, str(value)]
    return words


def bench(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME...", help="Which; without a name they are listed")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Run every benchmark")] = False,
    size: Annotated[int | None, typer.Option(help="Customers in the database: 10000, 100000 or 1000000")] = None,
    clients: Annotated[int | None, typer.Option(help="Clients at once; 1 and 16 unless given")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list")] = False,
) -> int:
    """Measure on an embedded database of its own, which is filled once and kept beside this installation's data.

    Exit code 0: every promise holds; 1: one falls short.
    """
    if not (ROOT / "bench" / "run.py").exists():
        raise NoBenchmarks
    environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment |= {
        "TONGKE_DATA": str(data_dir() / "bench"), "DJANGO_SETTINGS_MODULE": "tongke.config.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])),
    }
    words = words_of(names or [], everything=everything, size=size, clients=clients, as_json=as_json)
    return subprocess.run([sys.executable, "-m", "bench.run", *words], env=environment, cwd=ROOT, check=False).returncode  # noqa: S603 - our own words, without a shell

"""Entry of the console command: finds the data directory, gathers the commands, turns faults into sentences.

Exit codes: 0 done, 1 refused or something is wrong, 2 the command was typed wrong, 3 the database cannot
be reached, 70 a fault of ours (recorded in ``<data>/log/cli.log``), 130 interrupted.
"""

from __future__ import annotations

import locale
import os
import sys
import traceback
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

DONE, REFUSED, USAGE, UNREACHABLE, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 70, 130
COMMANDS = ("up", "doctor", "backup", "audit", "database", "staff", "simulate", "importing", "catalogue", "assistant", "client", "hub", "bench")


def take_data(words: list[str]) -> tuple[list[str], str | None]:
    """Take ``--data DIR`` out of ``words``, wherever it stands; returns the rest and the folder."""
    rest: list[str] = []
    data = None
    position = 0
    while position < len(words):
        word = words[position]
        if word == "--data" and position + 1 < len(words):
            data = words[position + 1]
            position += 1
        elif word.startswith("--data="):
            data = word.partition("=")[2]
        else:
            rest.append(word)
        position += 1
    return rest, data


def prepare(data: str | None) -> None:
    """Set Django up for the data directory, and the language for the user's; must run before any command is read."""
    if data:
        os.environ["TONGKE_DATA"] = str(Path(data).expanduser().resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongke.config.settings")
    import django  # noqa: PLC0415 - settings are read from the environment that was just completed
    from django.utils import translation  # noqa: PLC0415 - Django must be set up first

    django.setup()
    wanted = os.environ.get("TONGKE_LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or (locale.getlocale()[0] or "")
    translation.activate("zh-hans" if wanted.lower().startswith("zh") else "en")


def gather() -> typer.Typer:
    """Build the command from the modules that are there; each declares ``register(app)``."""
    app = typer.Typer(
        name="tongke", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
        help="Tongke (通客), the telecom operator's CRM. Start with [bold]tongke up[/bold].",
    )

    @app.callback()
    def _everywhere(
        data: Annotated[str, typer.Option("--data", metavar="DIR", help="Where this installation keeps its data (or TONGKE_DATA)")] = "",
    ) -> None:
        """Taken before any command is read, wherever it stands; declared here for the help."""
        del data

    for name in COMMANDS:
        if find_spec(f"tongke.cli.{name}") is not None:
            module = import_module(f"tongke.cli.{name}")
            if hasattr(module, "register"):
                module.register(app)
    return app


def say_refused(fault: Any) -> None:
    """Print what was wrong and what mends it, as on a page."""
    sys.stderr.write(f"✗ {fault.code} {fault.message}\n")
    if fault.advice:
        sys.stderr.write(f"→ {fault.advice}\n")


def record(fault: BaseException) -> Path:
    """Keep the traceback of a fault of ours for whoever mends it; returns the file."""
    from tongke.config.runtime import data_dir  # noqa: PLC0415 - after the data directory is known

    file = data_dir() / "log" / "cli.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        frames = "".join(traceback.format_tb(fault.__traceback__))
        out.write(f"{type(fault).__name__}\n{frames}\n")
    return file


def explain(fault: BaseException) -> int:
    """Say what went wrong in the user's words; returns the exit code."""
    from django.utils.translation import gettext as _  # noqa: PLC0415 - after Django is set up

    from tongke.config.faults import is_lost_connection  # noqa: PLC0415 - Django must be set up first
    from tongke.kernel.errors import Refused  # noqa: PLC0415 - Django must be set up first

    if isinstance(fault, Refused):
        say_refused(fault)
        return REFUSED
    if hasattr(fault, "format_message"):  # the argument parser's own words
        sys.stderr.write(f"✗ {fault.format_message()}\n")
        return USAGE
    if is_lost_connection(fault):
        first = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
        sys.stderr.write("✗ OPS-03 " + _("The database cannot be reached: {reason}").format(reason=first) + "\n")
        sys.stderr.write("→ " + _("Run `tongke doctor`; it looks at each part and says how to mend it") + "\n")
        return UNREACHABLE
    if isinstance(fault, OSError):
        sys.stderr.write(f"✗ OPS-04 {fault.strerror or fault}: {fault.filename or ''}\n")
        return REFUSED
    file = record(fault)
    words = _("This is a fault of Tongke's ({kind}); it is recorded in {file}").format(kind=type(fault).__name__, file=file)
    sys.stderr.write(f"✗ OPS-70 {words}\n")
    return OUR_FAULT


def run(words: list[str]) -> int:
    """Run one command line and return its exit code; nothing but a programming error escapes."""
    rest, data = take_data(words)
    try:
        prepare(data)
    except OSError as fault:  # before there is any language: the data directory itself
        sys.stderr.write(f"✗ OPS-02 {fault.strerror}: {fault.filename}\n→ tongke --data DIR …\n")
        return REFUSED
    try:
        code = gather()(args=rest, standalone_mode=False, prog_name="tongke")
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as fault:
        if os.environ.get("TONGKE_TRACEBACK") == "1":
            raise
        return explain(fault)
    return code if isinstance(code, int) else DONE


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

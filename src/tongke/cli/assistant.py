"""``tongke mcp``: the tools for assistant programs, on standard input and output."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from django.db import connection
from django.utils.translation import gettext_lazy as _

from tongke.cli import ground
from tongke.kernel.errors import Refused

KEY = "TONGKE_TOKEN"


class NoKey(Refused):
    """Nobody said for whom the assistant acts."""

    code = "OPS-40"
    says = _("No key says for whom the assistant acts")
    mend = _("Make one on the page Assistant access and put it into {variable}, or into a file named by --key-file")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp")(mcp)


def mcp(
    key_file: Annotated[Path | None, typer.Option("--key-file", help="File that holds the key; else it is taken from TONGKE_TOKEN")] = None,
) -> None:
    """Serve the tools for assistant programs (Model Context Protocol) on standard input and output."""
    from tongke.tmf.assistant import stdio  # noqa: PLC0415 - the protocol's library is heavy: no other command reads it

    token = (key_file.read_text(encoding="utf-8") if key_file else os.environ.pop(KEY, "")).strip()
    if not token:
        raise NoKey(variable=KEY)
    with ground.ready():
        connection.close()
        stdio.serve(token)

"""``tongke migrate``."""

from __future__ import annotations

import typer
from django.utils.translation import gettext as _

from tongke.cli import ground
from tongke.config import embedded


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate")(migrate)


def migrate() -> None:
    """Bring the database's tables up to this program's version (as the owner)."""
    with embedded.in_use():
        ground.migrate()
    typer.echo(_("The database is up to date."))

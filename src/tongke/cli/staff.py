"""``tongke createadmin``: the first person of a new installation, who then lets everybody else in."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongke.areas.staff import queries, services
from tongke.cli import ground
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.clock import now
from tongke.kernel.errors import Refused

GROUP = 1
ROLES = ["administrator"]


class AccountExists(Refused):
    """The user name belongs to somebody."""

    code = "OPS-09"
    says = gettext_lazy("{name} exists already")
    mend = gettext_lazy("Choose another user name, or reset the password on the page Staff")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("createadmin")(createadmin)


def createadmin(
    name: Annotated[str, typer.Argument(help="User name to sign in with", metavar="NAME")],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input instead of making one")] = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Open an administrator's account at the group, with a password that is shown once."""
    by, at = system_actor("createadmin"), now()
    password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
    with ground.ready(), acting(by):
        if queries.staff_by_username(name.strip().lower()) is not None:
            raise AccountExists(name=name)
        with transaction.atomic():
            if GROUP not in queries.org_labels():
                services.create_org(org_id=GROUP, kind="group", parent_id=None, name_zh="集团", name_en="Group", by=by, at=at)
            person = services.create_staff(username=name, name_zh=name, name_en=name, org_id=GROUP, password=password, by=by, at=at)
            services.open_post(staff_id=person.id, org_id=GROUP, roles=ROLES, reason="createadmin", by=by, at=at)
    typer.echo(_("{name} may sign in as administrator.").format(name=person.username))
    if not password_stdin:
        typer.echo(_("Password (shown this once): {password}").format(password=password))

"""Who acts: the one argument from which permission, scope and masking follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Refused
from tongke.kernel.permissions import label_of

ALL_ORGS = "*"


class NotPermitted(Refused):
    """The actor's post carries none of the permissions (one, or any of several) that the verb or page asks for.

    The sentence names what they allow; ``permission`` holds their codes, for those who give rights.
    """

    code = "SEC-01"
    says = _("Your post does not carry this right: {right}")
    mend = _("Ask your administrator for a role that carries it, or switch to another post")
    status = 403

    def __init__(self, *, permission: str | Sequence[str], field: str = "") -> None:
        self.codes = (permission,) if isinstance(permission, str) else tuple(permission)
        self.permission = " / ".join(self.codes)
        super().__init__(field=field, permission=self.permission)

    @property
    def message(self) -> str:
        """What was wrong, in the active language."""
        return str(self.says).format(right=" / ".join(label_of(code) for code in self.codes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person at a post, a machine client or a named system process.

    ``scope`` is ``None`` for the whole operator, else the ids of the organisations whose rows
    the actor sees. ``own_rows_of`` narrows further to the customers that this manager keeps.
    ``permissions`` are codes as in docs/generated/permissions.md; ``*`` holds them all and is
    given to system actors only.
    """

    name: str
    staff_id: UUID | None = None
    post_id: UUID | None = None
    org_id: int | None = None
    scope: tuple[int, ...] | None = ()
    own_rows_of: UUID | None = None
    permissions: frozenset[str] = frozenset()
    kind: str = "staff"
    display: str = ""
    zone: str = "Asia/Shanghai"
    extra: dict[str, str] = field(default_factory=dict, hash=False, compare=False)

    def may(self, permission: str) -> bool:
        """Tell whether the actor holds ``permission``."""
        return permission in self.permissions or "*" in self.permissions

    def require(self, permission: str) -> None:
        """Raise ``NotPermitted`` unless the actor holds ``permission``."""
        if not self.may(permission):
            raise NotPermitted(permission=permission)

    def sees(self, org_id: int) -> bool:
        """Tell whether rows of the organisation ``org_id`` are within the actor's scope."""
        return self.scope is None or org_id in self.scope

    def day(self, at: datetime) -> date:
        """Return the day that it is at an instant where the actor works: what is booked then is booked on it."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def base_org_id(self) -> int | None:
        """The local network, province or group that the post belongs to: rows carry it, never a unit."""
        found = self.extra.get("base_org_id")
        return int(found) if found else self.org_id

    @property
    def scope_setting(self) -> str:
        """The scope as row-level security reads it: ``*`` or a comma-separated list."""
        return ALL_ORGS if self.scope is None else ",".join(map(str, self.scope))

    @property
    def clear_setting(self) -> str:
        """The kinds of personal data that reach this actor unmasked, comma-separated."""
        return ",".join(kind for kind in PERSONAL_KINDS if self.may(f"party.see_{kind}"))

    @property
    def database_settings(self) -> tuple[str, str, str, str]:
        """Name, scope, own-rows and clear settings, in the order of ``tongke_enter``."""
        return self.name, self.scope_setting, str(self.own_rows_of or ""), self.clear_setting


PERSONAL_KINDS = ("name", "phone", "id_number", "address", "email", "birth")


def system_actor(name: str) -> Actor:
    """Return the named system process that sees and may do everything, e.g. ``import``."""
    return Actor(name=f"system:{name}", kind="system", scope=None, permissions=frozenset({"*"}), display=name)


NOBODY = Actor(name="", kind="nobody")
_current: ContextVar[Actor] = ContextVar("tongke_actor", default=NOBODY)


def current_actor() -> Actor:
    """Return the actor whose scope the database enforces now; ``NOBODY`` sees no row."""
    return _current.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Let the database enforce the scope of ``actor`` inside the block."""
    token = _current.set(actor)
    try:
        yield actor
    finally:
        _current.reset(token)


def enter(actor: Actor) -> None:
    """Set the actor of this thread of work until the next ``enter``; for channel edges only."""
    _current.set(actor)

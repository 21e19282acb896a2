"""What each web folder offers to the frame around the pages: entries of the menu and actions of the palette.

A folder declares them in its own ``navigation.py`` as ``ENTRIES`` and ``ACTIONS``; the kit finds them there.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

import tongke.web
from tongke.kernel.actor import Actor

# The menu's groups in their order. An entry names one of these keys.
GROUPS: dict[str, Any] = {
    "": "", "customers": _("Customers"), "work": _("Work"), "data": _("Data"), "insight": _("Insight"), "control": _("Control"),
}


@lru_cache(maxsize=500)
def address_of(url: str) -> str:
    """Return the address of a page without arguments; empty where this installation has no such page (a test finds typing errors)."""
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu. ``url`` is a URL name; seen only with ``permission`` (any of several; none: everybody).

    ``order`` sorts within the group; ``hint`` is the palette's second line; ``words`` are further words to find it by.
    """

    label: Any
    url: str
    icon: str
    group: str = ""
    permission: str | tuple[str, ...] = ""
    order: int = 50
    hint: Any = ""
    words: str = ""

    @property
    def address(self) -> str:
        """The entry's address."""
        return address_of(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something one can do from the palette: opens the page named ``url`` (with ``query`` behind it). On the ``homes`` it stands first."""

    label: Any
    url: str
    icon: str = "bolt"
    permission: str | tuple[str, ...] = ""
    query: str = ""
    words: str = ""
    homes: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The action's address."""
        page = address_of(self.url)
        return page + (f"?{self.query}" if self.query and page else "")


def offered(folder_module: str, attribute: str) -> list[Any]:
    """Collect the list ``attribute`` from the module of that name in every web folder, in folder order."""
    found: list[Any] = []
    for folder in pkgutil.iter_modules(tongke.web.__path__):
        where = f"tongke.web.{folder.name}.{folder_module}"
        if folder.ispkg and folder.name != "kit" and importlib.util.find_spec(where) is not None:
            found.extend(getattr(importlib.import_module(where), attribute, []))
    return found


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """Every declared menu entry, in the menu's order."""
    order = list(GROUPS)
    return tuple(sorted(offered("navigation", "ENTRIES"), key=lambda e: (order.index(e.group), e.order, e.url)))


@lru_cache(maxsize=1)
def actions() -> tuple[Action, ...]:
    """Every declared palette action."""
    return tuple(offered("navigation", "ACTIONS"))


def may_any(actor: Actor, permission: str | Sequence[str]) -> bool:
    """Tell whether the actor holds ``permission``, or any of several; none asked counts as held."""
    wanted = (permission,) if isinstance(permission, str) else permission
    return not any(wanted) or any(actor.may(p) for p in wanted)


@lru_cache(maxsize=500)
def _shown(permissions: frozenset[str]) -> tuple[tuple[Entry, str], ...]:
    holder = Actor(name="", permissions=permissions)
    return tuple((entry, entry.address) for entry in entries() if may_any(holder, entry.permission) and entry.address)


def active_address(actor: Actor, path: str) -> str:
    """Return the address of the menu entry that ``path`` belongs to: the longest that it begins with."""
    fitting = [a for _entry, a in _shown(actor.permissions) if path == a or (a != "/" and path.startswith(a.rstrip("/") + "/"))]
    return max(fitting, key=len, default="")


def menu(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Return the menu's groups for the actor: label and items with label, icon, address and whether active."""
    active = active_address(actor, path)
    groups = []
    for key, label in GROUPS.items():
        items = [
            {"label": e.label, "icon": e.icon, "address": a, "active": a == active} for e, a in _shown(actor.permissions) if e.group == key
        ]
        if items:
            groups.append({"key": key, "label": label, "items": items})
    return groups

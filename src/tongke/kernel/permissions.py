"""Permission codes: what a verb, a page or a kind of sight asks for. Roles hold them as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

_registry: dict[str, Permission] = {}


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission. ``code`` is ``<room>.<what>``; ``sensitive`` ones are granted by two persons only."""

    code: str
    label: Any
    sensitive: bool = False


def declare(*permissions: Permission) -> tuple[Permission, ...]:
    """Register the permissions of a room; a code is declared once in the whole house."""
    for permission in permissions:
        if permission.code in _registry:
            raise ValueError(f"permission {permission.code} is declared twice")
        _registry[permission.code] = permission
    return permissions


def all_permissions() -> dict[str, Permission]:
    """Every declared permission of all rooms, by code."""
    autodiscover_modules("permissions")
    return dict(sorted(_registry.items()))


def label_of(code: str) -> str:
    """Return what a permission allows, in the active language; an unknown code as it is."""
    found = _registry.get(code) or all_permissions().get(code)
    return str(found.label) if found is not None else code


OWN = declare(
    Permission("operations.view", _("See the system's health, events and reactions")),
    Permission("operations.retry", _("Run failed reactions again")),
    Permission("analytics.view", _("See statistics")),
)

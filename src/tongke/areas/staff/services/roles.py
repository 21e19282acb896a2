"""Roles are data: the product seeds them once, administrators change them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from django.utils.translation import gettext_noop

from tongke.areas.staff.models import Role
from tongke.kernel.actor import Actor
from tongke.kernel.permissions import all_permissions
from tongke.kernel.verb import verb

_READ = ("party.view", "party.blacklist_view", "party.credit_view", "account.view", "inventory.view", "contact_centre.view",
         "catalogue.view", "staff.view")
_SELL = ("resource.view_numbers", "resource.hold_number", "resource.view_stock", "resource.view_network", "resource.reserve",
         "ordering.qualify", "ordering.price", "catalogue.discount")
_SERVE = (*_READ, "contact_centre.record", "party.change", "party.consent", "party.reveal", "party.see_name")

# Code, Chinese name, English name, home page, patterns over the declared permissions.
SEEDS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("clerk", "营业员", gettext_noop("Clerk"), "clerk", (
        *_SERVE, *_SELL, "resource.assign_number", "resource.move_stock", "party.create", "party.rename", "party.validate", "party.close", "party.tree", "party.transfer", "party.blacklist_enter",
        "party.repair", "party.credit_rate", "party.print", "account.open", "account.record_payment", "account.points", "inventory.install",
        "inventory.change_state", "inventory.assign_payer", "inventory.transfer")),
    ("agent", "话务员", gettext_noop("Agent"), "agent", (*_SERVE, *_SELL, "party.see_phone")),
    ("account_manager", "客户经理", gettext_noop("Account manager"), "account_manager", (
        *_SERVE, *_SELL, "party.create", "party.tree", "party.see_phone", "party.see_address", "party.see_email", "party.credit_override",
        "party.export", "account.open", "party.print")),
    ("steward", "数据管理员", gettext_noop("Data steward"), "steward", (
        *_SERVE, "party.create", "party.rename", "party.validate", "party.merge", "party.repair",
        "party.tree", "party.transfer", "party.import", "catalogue.publish", "party.see_phone", "party.see_address", "party.see_birth", "party.see_email")),
    ("supervisor", "主管", gettext_noop("Supervisor"), "supervisor", (
        *_SERVE, *_SELL, "catalogue.approve", "resource.*", "party.create", "party.rename", "party.transfer", "party.move", "party.validate", "party.merge", "party.blacklist_*",
        "party.see_blacklist_reason", "party.credit_*", "party.export", "party.see_phone", "party.see_address",
        "account.*", "inventory.*", "analytics.*", "staff.approve", "staff.view_looks")),
    ("analyst", "分析员", gettext_noop("Analyst"), "analyst", (*_READ, "analytics.*", "party.export")),
    ("product_manager", "产品经理", gettext_noop("Product manager"), "product_manager", (
        *_READ, "catalogue.*", "ordering.*", "resource.view_*", "inventory.migrate")),
    ("number_desk", "号线员", gettext_noop("Number desk"), "number_desk", (
        "catalogue.view", "staff.view", "inventory.view", "resource.*")),
    ("stock_keeper", "库管员", gettext_noop("Stock keeper"), "number_desk", (
        "catalogue.view", "staff.view", "resource.view_*", "resource.move_stock", "resource.count_stock", "resource.reserve")),
    ("administrator", "系统管理员", gettext_noop("Administrator"), "administrator", (
        "staff.view", "staff.manage_*", "staff.grant_roles", "staff.approve", "staff.policy", "staff.view_audit", "staff.restore",
        "party.policy", "party.import", "party.view", "catalogue.*", "resource.*", "account.view", "inventory.view", "contact_centre.view",
        "operations.*", "integration.*")),
    # For machine clients: all of the customer record with clear sight; nothing of staff and rights.
    ("integrator", "系统集成", gettext_noop("Integrator"), "administrator", (
        "party.*", "account.*", "inventory.*", "contact_centre.*", "catalogue.*", "resource.*", "ordering.*", "integration.view", "integration.subscribe",
        "integration.documents")),
    ("auditor", "审计员", gettext_noop("Auditor"), "auditor", ("staff.view", "staff.view_audit", "staff.view_looks", "staff.audit_clear")),
)


def _expanded(patterns: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the declared permissions that the patterns name, sorted."""
    return sorted({code for code in known for pattern in patterns if fnmatchcase(code, pattern)})


@verb("staff.manage_roles")
def seed_roles(*, by: Actor, at: datetime) -> list[str]:
    """Put in the product's roles; return the codes of those that changed.

    May be run again and again: a role that exists keeps what an administrator made of it, and is given only
    permissions that the product did not know when it was last seeded.
    """
    del by, at
    known = sorted(all_permissions())
    changed: list[str] = []
    for code, name_zh, name_en, home, patterns in SEEDS:
        wanted = _expanded(patterns, known)
        values: dict[str, Any] = {"name_zh": name_zh, "name_en": name_en, "home": home, "permissions": wanted, "seeded": wanted}
        role, fresh = Role.objects.get_or_create(code=code, defaults=values)
        new = [] if fresh else [p for p in wanted if p not in role.seeded]
        if new:
            role.permissions = sorted({*role.permissions, *new})
            role.seeded = sorted({*role.seeded, *new})
            role.save(update_fields=["permissions", "seeded"])
        if fresh or new:
            changed.append(code)
    return changed

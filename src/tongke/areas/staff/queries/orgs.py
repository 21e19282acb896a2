"""The organisation tree: branches, scopes, and names that every page needs (kept per process)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from tongke.areas.staff.models import Org
from tongke.areas.staff.states import OrgKind
from tongke.kernel.actor import Actor, acting, system_actor


@dataclass(frozen=True, slots=True)
class OrgLabel:
    """What lists and cards show of an organisation."""

    id: int
    kind: str
    parent_id: int | None
    path: str
    name_zh: str
    name_en: str
    zone: str
    active: bool

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name_zh

    @property
    def base_id(self) -> int:
        """The nearest level that keeps rows: itself, or for a unit the level above it."""
        tree = org_labels()
        node = self
        while node.kind == OrgKind.UNIT and node.parent_id is not None:
            node = tree[node.parent_id]
        return node.id


@lru_cache(maxsize=4)
def _tree(database: str, version: int) -> dict[int, OrgLabel]:
    # The whole tree's names, whoever asks first: the function steps over row-level security for them.
    del database, version
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, kind, parent_id, path, name_zh, name_en, zone, active FROM tongke_org_labels()")
        return {row[0]: OrgLabel(*row) for row in cursor.fetchall()}


def org_labels() -> dict[int, OrgLabel]:
    """Return every organisation by id, in tree order. Kept in the process until the tree changes: one cheap query asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM staff_org_tree")
        version: int = cursor.fetchone()[0]
    return _tree(str(connection.settings_dict["NAME"]), version)


def org_name(org_id: int | None) -> str:
    """Return an organisation's name in the active language; empty for none, the number for an unknown one."""
    if org_id is None:
        return ""
    label = org_labels().get(org_id)
    return label.name if label else str(org_id)


def base_org_id(org: Org) -> int:
    """Return the level that keeps rows for ``org``: itself, or for a unit the nearest level above it."""
    return org_labels()[org.id].base_id


def org_of_the_house(org_id: int) -> Org | None:
    """Return an organisation whether the actor sees it or not, for rules that say why it cannot be taken."""
    with acting(system_actor("staff.orgs")):
        return Org.objects.filter(id=org_id).first()


def branch(org_id: int) -> list[int]:
    """Return the ids of an organisation and all levels and units below it."""
    tree = org_labels()
    top = tree.get(org_id)
    return [] if top is None else [o.id for o in tree.values() if o.path.startswith(top.path)]


def scope_of(org_id: int) -> tuple[int, ...] | None:
    """Return the scope of a post at ``org_id``: ``None`` for the group, else its level and those below, without units."""
    tree = org_labels()
    base = tree[tree[org_id].base_id]
    if base.kind == OrgKind.GROUP:
        return None
    return tuple(sorted(o.id for o in tree.values() if o.path.startswith(base.path) and o.kind != OrgKind.UNIT))


def within_scope(org: Org, *, by: Actor) -> bool:
    """Tell whether ``org`` lies in the actor's branch: units count with the level that keeps their rows."""
    return by.sees(base_org_id(org))


def orgs_visible_to(*, by: Actor) -> QuerySet[Org]:
    """Return the organisations of the actor's branch, in tree order."""
    found = Org.objects.order_by("path")
    if by.scope is None:
        return found
    inside = Q()
    for path in Org.objects.filter(id__in=by.scope).values_list("path", flat=True):
        inside |= Q(path__startswith=path)
    return found.filter(inside) if inside else found.none()


def orgs_offered(*, by: Actor) -> list[OrgLabel]:
    """Return the open organisations that keep rows and that the actor sees, for choices in forms."""
    return [o for o in org_labels().values() if o.active and o.kind != OrgKind.UNIT and by.sees(o.id)]

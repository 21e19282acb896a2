"""What a version is checked against: the whole catalogue as it is being designed, and the operator's tree."""

from __future__ import annotations

from tongke.areas.catalogue.queries.contents import catalogue_said
from tongke.areas.catalogue.rules.content import CatalogueContent
from tongke.areas.catalogue.rules.eligibility import Named
from tongke.areas.catalogue.rules.findings import Surroundings
from tongke.areas.staff import queries as staff


def orgs_within() -> dict[int, frozenset[int]]:
    """Return, for every organisation, itself and all below it."""
    within: dict[int, set[int]] = {}
    labels = staff.org_labels()
    for org_id in labels:
        above: int | None = org_id
        while above is not None and above in labels:
            within.setdefault(above, set()).add(org_id)
            above = labels[above].parent_id
    return {org_id: frozenset(below) for org_id, below in within.items()}


def surroundings(said: CatalogueContent | None = None) -> Surroundings:
    """Return the catalogue in design with ``said`` in its place, and the organisations."""
    known = catalogue_said()
    return Surroundings(catalogue=known if said is None else said.over(known), within=orgs_within(), orgs={org.id: Named(org.name_zh, org.name_en) for org in staff.org_labels().values()})

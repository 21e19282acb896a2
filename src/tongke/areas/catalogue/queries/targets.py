"""Versions of offerings as targets of customers' products: what must fit before a product is of another version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.catalogue.errors import UnknownVersion
from tongke.areas.catalogue.models import Offering
from tongke.areas.catalogue.queries.contents import standing_of, version_said
from tongke.areas.catalogue.queries.surroundings import orgs_within
from tongke.areas.catalogue.rules.comparison import Difference, compare
from tongke.areas.catalogue.rules.eligibility.words import Coded
from tongke.areas.catalogue.rules.findings import at
from tongke.areas.catalogue.rules.specifications import value_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One version of an offering, and how it fits a customer's product."""

    id: UUID
    code: str
    label: Coded
    version: int
    state: str
    kind: str
    currency: str
    monthly_fee: Decimal
    segments: tuple[str, ...]
    sold_in: frozenset[int]
    specification: Any
    specification_code: str

    def sold_there(self, org_id: int) -> bool:
        """Tell whether the version is sold in the organisation; a version without places is sold everywhere."""
        return not self.sold_in or org_id in self.sold_in

    def misfits(self, values: Mapping[str, Any]) -> str:
        """Return, as a sentence, which of a customer's values are no values of the specification; values that it does not know are let be."""
        if self.specification is None:
            return ""
        found = at()
        known = {c.code for c in self.specification.characteristics}
        value_findings(self.specification, self.specification_code, {k: v for k, v in values.items() if k in known}, found, fixed=False)
        return "; ".join(finding.broken.message for finding in found.found)


def offering_target(offering_id: UUID) -> Target:
    """Return a version of an offering as a target; raises ``UnknownVersion``."""
    row = Offering.objects.select_related("specification").filter(id=offering_id).first()
    if row is None:
        raise UnknownVersion(noun="offerings")
    within = orgs_within()
    specification = standing_of("specifications", [row.specification])[0] if row.specification else None
    return Target(
        id=row.id, code=row.code, label=Coded.of(row, row.code), version=row.version, state=row.state, kind=row.kind, currency=row.currency, monthly_fee=row.monthly_fee,
        segments=tuple(row.segments), sold_in=frozenset(org for owner in row.sold_in for org in within.get(owner, frozenset({owner}))),
        specification=specification.content if specification else None, specification_code=specification.code if specification else "",
    )


def offering_version(code: str, version: int) -> UUID:
    """Return the id of a version; raises ``UnknownVersion``."""
    found = Offering.objects.filter(code=code, version=version).values_list("id", flat=True).first()
    if found is None:
        raise UnknownVersion(noun="offerings")
    return found


def offering_differences(before_id: UUID, after_id: UUID) -> list[Difference]:
    """Return what two versions of offerings say differently; raises ``UnknownVersion``."""
    before, after = version_said("offerings", before_id), version_said("offerings", after_id)
    if before is None or after is None:
        raise UnknownVersion(noun="offerings")
    return list(compare(before.content, after.content))

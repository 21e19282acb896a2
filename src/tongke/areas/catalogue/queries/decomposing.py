"""What a version of an offering is made of, as it would be delivered now."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.catalogue.errors import UnknownVersion
from tongke.areas.catalogue.models import Offering, Specification
from tongke.areas.catalogue.queries.contents import newest, sold, standing_of, version_said
from tongke.areas.catalogue.rules import decomposition
from tongke.areas.catalogue.rules.decomposition import Chosen, Decomposition


def decompose(offering_id: UUID, chosen: Chosen | None = None, *, at: datetime) -> Decomposition:
    """Return the products, services and resources that a version consists of, each after all that it waits for.

    Its own specification is the version that it names; what lies below, and a bundle's parts, are those in force at ``at``
    (in design, the newest). Raises ``UnknownVersion``, ``RulesBroken`` (CAT-16) with the circle as a path.
    """
    own = version_said("offerings", offering_id)
    if own is None:
        raise UnknownVersion(noun="offering")
    offerings = _contents("offerings", at) | {own.code: own.content}
    specifications = _contents("specifications", at) | _named_by(offering_id)
    missing = [part.part_code for part in own.content.parts if part.part_code not in offerings]
    if missing:
        raise UnknownVersion(noun=f"offering {missing[0]}")
    return decomposition.decompose(own.code, chosen or Chosen(), offerings=offerings, specifications=specifications)


def _contents(noun: str, at: datetime) -> dict[str, Any]:
    return {code: found.content for code, found in (newest(noun) | sold(noun, at=at)).items()}


def _named_by(offering_id: UUID) -> dict[str, Any]:
    named = Offering.objects.filter(id=offering_id, specification__isnull=False).values("specification_id")
    return {found.code: found.content for found in standing_of("specifications", list(Specification.objects.filter(id__in=named)))}

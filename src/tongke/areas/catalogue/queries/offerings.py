"""Offerings as they are sold at an instant. Everybody reads the whole catalogue; where it may be sold is the offering's word."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from tongke.areas.catalogue.errors import UnknownOffering
from tongke.areas.catalogue.models import Offering
from tongke.areas.catalogue.states import LifeCycle


def offerings_on_sale(*, at: datetime) -> QuerySet[Offering]:
    """Every offering's version in force at ``at``, by code; one that was retired since was in force until its end."""
    held = (LifeCycle.LAUNCHED, LifeCycle.RETIRED)
    return Offering.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at, state__in=held).order_by("code")


def offering_on_sale(code: str, *, at: datetime) -> Offering:
    """The version of ``code`` in force at ``at``; raises ``UnknownOffering``."""
    found = offerings_on_sale(at=at).filter(code=code).first()
    if found is None:
        raise UnknownOffering(offering=code)
    return found


def offering_code(offering_id: UUID) -> str:
    """Return the code of the offering that has a version of this id; raises ``UnknownOffering``."""
    code = Offering.objects.filter(id=offering_id).values_list("code", flat=True).first()
    if code is None:
        raise UnknownOffering(offering=offering_id)
    return code

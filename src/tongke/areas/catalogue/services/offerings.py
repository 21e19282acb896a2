"""Publishing versions of offerings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.catalogue import events, rules
from tongke.areas.catalogue.models import Offering
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb("catalogue.publish")
def publish_offering(
    *, code: str, kind: str, name_zh: str, name_en: str, monthly_fee: Decimal, currency: str = "CNY",
    characteristics: dict[str, Any] | None = None, by: Actor, at: datetime,
) -> UUID:
    """Publish the next version of ``code``, valid from ``at``, and end the sale of the version before.

    What is sold already keeps its version (X2). The same content again publishes nothing and returns the
    version in force.
    """
    require(collect((rules.is_offering_code, {"code": code}), (rules.is_fee, {"monthly_fee": monthly_fee})))
    with connection.cursor() as cursor:
        # Two publishers of one code take turns; other codes do not wait.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalogue_offering'), hashtext(%s))", [code])
    before = Offering.objects.filter(code=code).order_by("-version").first()
    content = {"kind": kind, "name_zh": name_zh, "name_en": name_en, "monthly_fee": monthly_fee, "currency": currency,
               "characteristics": characteristics or {}}
    if before is not None and before.valid_until is None and all(getattr(before, f) == v for f, v in content.items()):
        return before.id
    if before is not None and before.valid_until is None:
        Offering.objects.filter(id=before.id).update(valid_until=at)
    made = Offering.objects.create(code=code, version=before.version + 1 if before else 1, valid_from=at, org_id=by.base_org_id or 1,
                                   created_by=by.name, created_at=at, changed_at=at, **content)
    publish(events.OfferingPublished(subject_id=made.id, code=code, number=made.version, valid_from=at), by=by, at=at)
    return made.id

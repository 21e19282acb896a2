"""Publishing an offering with a monthly fee in one step; everything richer is designed and launched (services.drafting, services.life)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max

from tongke.areas.catalogue import events, rules
from tongke.areas.catalogue.errors import SecondPersonNeeded
from tongke.areas.catalogue.models import Offering, Price
from tongke.areas.catalogue.queries.contents import by_fee
from tongke.areas.catalogue.rules.content import OfferingContent, PriceContent
from tongke.areas.catalogue.rules.life import acts_alone
from tongke.areas.catalogue.services.drafting import take_turns
from tongke.areas.catalogue.services.flaws import flawed_by_offering, one_at_a_time
from tongke.areas.catalogue.states import OFFERING, LifeCycle, OfferingKind
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

    A fee above nothing is its monthly price. What is sold already keeps its version (X2). The same content again publishes
    nothing and returns the version in force. For the house's own processes: raises ``SecondPersonNeeded`` for a person, who drafts,
    lets another approve and launches.
    """
    if not acts_alone(kind=by.kind, staff_id=by.staff_id):
        raise SecondPersonNeeded
    require(collect((rules.is_offering_code, {"code": code}), (rules.is_fee, {"monthly_fee": monthly_fee})))
    one_at_a_time()
    take_turns("offerings", code)
    before = Offering.objects.filter(code=code, state=LifeCycle.LAUNCHED, valid_until__isnull=True).first()
    content = {"kind": kind, "name_zh": name_zh, "name_en": name_en, "monthly_fee": monthly_fee, "currency": currency,
               "characteristics": characteristics or {}}
    if before is not None and all(getattr(before, f) == v for f, v in content.items()):
        return before.id
    last = Offering.objects.filter(code=code).aggregate(last=Max("version"))["last"] or 0
    org_id = by.base_org_id or 1
    said = OfferingContent(org_id=org_id, kind=OfferingKind(kind), name_zh=name_zh, name_en=name_en, characteristics=content["characteristics"],
                           prices=tuple(PriceContent(**price) for price in by_fee(kind, Decimal(monthly_fee))))
    require(flawed_by_offering(code, said, begins=at))
    made = Offering.objects.create(code=code, version=last + 1, valid_from=at, org_id=org_id, state=LifeCycle.IN_DESIGN, created_by=by.name,
                                   created_at=at, changed_at=at, **content)
    Price.objects.bulk_create([
        Price(org_id=org_id, offering_id=made.id, currency=currency, charge_type=price["kind"], **price) for price in by_fee(kind, Decimal(monthly_fee))
    ])
    if before is not None:
        Offering.objects.filter(id=before.id).update(valid_until=at, changed_at=at)
    for move in ("test", "approve", "launch"):
        OFFERING.move(made, move, by=by, at=at)
    publish(events.VersionDrafted(subject_id=made.id, org_id=org_id, noun="offerings", code=code, number=made.version), by=by, at=at)
    publish(events.OfferingPublished(subject_id=made.id, code=code, number=made.version, valid_from=at), by=by, at=at)
    return made.id

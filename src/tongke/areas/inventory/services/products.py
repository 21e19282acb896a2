"""Installing and ending products."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.inventory import events, rules
from tongke.areas.inventory.models import Product
from tongke.areas.inventory.services.lines import locked_line
from tongke.areas.inventory.states import PRODUCT
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


@verb("inventory.install")
def install_product(
    *, customer_id: UUID, offering_code: str, subscriber_id: UUID | None = None, monthly_fee: Decimal | None = None,
    contract_until: date | None = None, characteristics: dict[str, Any] | None = None, by: Actor, at: datetime,
) -> UUID:
    """Install the version of ``offering_code`` on sale at ``at``, on a line or by itself; returns the product's id.
    The fee is the offering's unless another was agreed.
    """
    customer = parties.customer_brief(customer_id, lock=True)
    offering = catalogue.offering_on_sale(offering_code, at=at)
    checks: list[Any] = [
        (rules.customer_may_hold_lines, {"state": customer.state}),
        (rules.contract_is_forward, {"started_on": at.date(), "contract_until": contract_until}),
    ]
    if subscriber_id is not None:
        line = locked_line(subscriber_id)
        if line.customer_id != customer.id:
            raise NotFound
        checks.append((rules.line_is_in_force, {"state": line.state}))
    require(collect(*checks))
    product = Product.objects.create(
        org_id=customer.org_id, customer_id=customer.id, subscriber_id=subscriber_id, offering_id=offering.id,
        monthly_fee=offering.monthly_fee if monthly_fee is None else monthly_fee, currency=offering.currency,
        characteristics=characteristics or {}, contract_until=contract_until, started_on=at.date(), created_at=at, changed_at=at,
    )
    publish(events.ProductInstalled(
        subject_id=product.id, customer_id=customer.id, org_id=product.org_id, offering_code=offering.code,
        offering_version=offering.version, subscriber_id=subscriber_id,
    ), by=by, at=at)
    return product.id


@verb("inventory.change_state")
def end_product(*, product_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """End an installed product."""
    product = Product.objects.select_for_update(of=("self",)).select_related("offering").filter(id=product_id).first()
    if product is None:
        raise NotFound
    PRODUCT.move(product, "terminate", by=by, at=at, reason=reason)
    product.ended_on = at.date()
    product.changed_at = at
    product.save(update_fields=["ended_on", "changed_at"])
    publish(events.ProductEnded(
        subject_id=product.id, customer_id=product.customer_id, org_id=product.org_id, offering_code=product.offering.code, reason=reason,
    ), by=by, at=at)

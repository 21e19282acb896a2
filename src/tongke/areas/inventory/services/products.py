"""Installing and ending products."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.inventory import events, rules
from tongke.areas.inventory.models import Product
from tongke.areas.inventory.services.lines import locked_line, tell_product_moved
from tongke.areas.inventory.states import ENDED, PRODUCT
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

CHANGEABLE = ("monthly_fee", "contract_until", "characteristics")


def locked_product(product_id: UUID) -> Product:
    """Return the product within the actor's scope, locked, with its offering; raises ``NotFound``."""
    product = Product.objects.select_for_update(of=("self",)).select_related("offering").filter(id=product_id).first()
    if product is None:
        raise NotFound
    return product


@verb("inventory.install")
def install_product(
    *, customer_id: UUID, offering_code: str, subscriber_id: UUID | None = None, monthly_fee: Decimal | None = None,
    contract_until: date | None = None, characteristics: dict[str, Any] | None = None, state: str = "active", started_on: date | None = None,
    by: Actor, at: datetime,
) -> UUID:
    """Install the version of ``offering_code`` on sale at ``at``, on a line or by itself; returns the product's id.
    The fee is the offering's unless another was agreed; it begins in use unless ``state`` says that it is still to be.
    """
    customer = parties.customer_brief(customer_id, lock=True)
    offering = catalogue.offering_on_sale(offering_code, at=at)
    first_day = started_on or by.day(at)
    checks: list[Any] = [
        (rules.customer_may_hold_lines, {"state": customer.state}), (rules.is_first_state, {"state": state}),
        (rules.is_agreed_fee, {"monthly_fee": monthly_fee}),
        (rules.contract_is_forward, {"started_on": first_day, "contract_until": contract_until}),
    ]
    if subscriber_id is not None:
        line = locked_line(subscriber_id)
        if line.customer_id != customer.id:
            raise NotFound
        checks.append((rules.line_is_in_force, {"state": line.state}))
    require(collect(*checks))
    product = Product.objects.create(
        org_id=customer.org_id, customer_id=customer.id, subscriber_id=subscriber_id, offering_id=offering.id, state=state,
        monthly_fee=offering.monthly_fee if monthly_fee is None else monthly_fee, currency=offering.currency,
        characteristics=characteristics or {}, contract_until=contract_until, started_on=first_day, created_at=at, changed_at=at,
    )
    publish(events.ProductInstalled(
        subject_id=product.id, customer_id=customer.id, org_id=product.org_id, offering_code=offering.code,
        offering_version=offering.version, subscriber_id=subscriber_id,
    ), by=by, at=at)
    return product.id


@verb("inventory.install")
def change_product(*, product_id: UUID, changes: dict[str, Any], by: Actor, at: datetime) -> None:
    """Change what of ``changes`` differs (``CHANGEABLE`` fields only) of a product in force."""
    product = locked_product(product_id)
    fee, until = changes.get("monthly_fee"), changes.get("contract_until")
    require(collect(
        (rules.product_is_in_force, {"state": product.state}), (rules.is_agreed_fee, {"monthly_fee": fee}),
        (rules.contract_is_forward, {"started_on": product.started_on, "contract_until": until}),
    ))
    different = [name for name in CHANGEABLE if name in changes and changes[name] != getattr(product, name)]
    if not different:
        return
    for name in different:
        setattr(product, name, changes[name])
    product.changed_at = at
    product.save(update_fields=[*different, "changed_at"])
    publish(events.ProductChanged(
        subject_id=product.id, customer_id=product.customer_id, org_id=product.org_id, fields=different,
    ), by=by, at=at)


def _moved(product_id: UUID, move: str, *, reason: str, by: Actor, at: datetime) -> Product:
    product = locked_product(product_id)
    before = product.state
    PRODUCT.move(product, move, by=by, at=at, reason=reason)
    if product.state in ENDED:
        product.ended_on = by.day(at)
    product.changed_at = at
    product.save(update_fields=["ended_on", "changed_at"])
    tell_product_moved(product, before, reason=reason, by=by, at=at)
    return product


@verb("inventory.change_state")
def prepare_product(*, product_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Begin the activation of a product."""
    _moved(product_id, "prepare", reason=reason, by=by, at=at)


@verb("inventory.change_state")
def activate_product(*, product_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Put a product into use for the first time."""
    _moved(product_id, "activate", reason=reason, by=by, at=at)


@verb("inventory.change_state")
def abort_product(*, product_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Give up the activation of a product because it failed."""
    _moved(product_id, "abort", reason=reason, by=by, at=at)


@verb("inventory.change_state")
def cancel_product(*, product_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Give up the activation of a product because the customer wants it no more."""
    _moved(product_id, "cancel", reason=reason, by=by, at=at)


@verb("inventory.change_state")
def suspend_product(*, product_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Suspend a product by itself; its line goes on."""
    _moved(product_id, "suspend", reason=reason, by=by, at=at)


@verb("inventory.change_state")
def resume_product(*, product_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Resume a suspended product."""
    _moved(product_id, "resume", reason=reason, by=by, at=at)


@verb("inventory.change_state")
def begin_product_termination(*, product_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Begin to end a product: it is used until the end is done."""
    _moved(product_id, "begin_termination", reason=reason, by=by, at=at)


@verb("inventory.change_state")
def end_product(*, product_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """End an installed product."""
    product = _moved(product_id, "terminate", reason=reason, by=by, at=at)
    publish(events.ProductEnded(
        subject_id=product.id, customer_id=product.customer_id, org_id=product.org_id, offering_code=product.offering.code, reason=reason,
    ), by=by, at=at)


@verb("inventory.install")
def remove_product(*, product_id: UUID, by: Actor, at: datetime) -> None:
    """Take a product away that never came to life; raises ``RulesBroken`` for all others."""
    product = locked_product(product_id)
    require(collect((rules.never_came_to_life, {"state": product.state})))
    product.delete()
    publish(events.ProductRemoved(
        subject_id=product_id, customer_id=product.customer_id, org_id=product.org_id, offering_code=product.offering.code,
    ), by=by, at=at)

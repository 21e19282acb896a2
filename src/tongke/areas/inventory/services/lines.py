"""Installing lines, their life, and who pays them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongke.areas.account import queries as accounts
from tongke.areas.inventory import events, rules
from tongke.areas.inventory.errors import NumberInUse
from tongke.areas.inventory.models import Payer, Product, Subscriber, SubscriberRole
from tongke.areas.inventory.states import PRODUCT, SUBSCRIBER
from tongke.areas.party import queries as parties
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.keys import phone_e164
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

PHONE_KINDS = ("mobile", "fixed")


def locked_line(subscriber_id: UUID) -> Subscriber:
    """Return the line within the actor's scope, locked; raises ``NotFound``."""
    line = Subscriber.objects.select_for_update(of=("self",)).filter(id=subscriber_id).first()
    if line is None:
        raise NotFound
    return line


@verb("inventory.install")
def install_line(
    *, customer_id: UUID, kind: str, service_number: str, account_id: UUID, holder_party_id: UUID | None = None,
    characteristics: dict[str, Any] | None = None, by: Actor, at: datetime,
) -> UUID:
    """Install a line for a customer and return its id: the customer's party owns it, ``holder_party_id`` (else the
    owner) uses it, ``account_id`` pays everything. Raises ``NumberInUse`` where a line in force holds the number.
    """
    customer = parties.customer_brief(customer_id, lock=True)
    account = accounts.account_brief(account_id, on=by.day(at), by=by)
    number = (phone_e164(service_number) or service_number) if kind in PHONE_KINDS else service_number
    require(collect(
        (rules.customer_may_hold_lines, {"state": customer.state}),
        (rules.owner_is_verified, {"party_state": customer.party_state}),
        (rules.has_service_number, {"kind": kind, "service_number": number}),
        (rules.payer_account_is_open, {"account_no": account.account_no, "state": account.state}),
    ))
    try:
        with transaction.atomic():
            line = Subscriber.objects.create(
                org_id=customer.org_id, customer_id=customer.id, kind=kind, service_number=number, activated_on=by.day(at),
                characteristics=characteristics or {}, created_at=at, changed_at=at,
            )
    except IntegrityError as clash:
        if "service_number_in_use_once" in str(clash):
            raise NumberInUse(service_number=service_number) from clash
        raise
    SubscriberRole.objects.bulk_create([
        SubscriberRole(org_id=line.org_id, subscriber=line, party_id=customer.party_id, role="legal_owner", valid_from=at),
        SubscriberRole(org_id=line.org_id, subscriber=line, party_id=holder_party_id or customer.party_id, role="holder", valid_from=at),
    ])
    Payer.objects.create(org_id=line.org_id, subscriber=line, account_id=account.id, valid_from=at)
    publish(events.LineInstalled(subject_id=line.id, customer_id=customer.id, org_id=line.org_id, kind=kind), by=by, at=at)
    return line.id


@verb("inventory.change_state")
def suspend_line(*, subscriber_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Suspend a line and its products."""
    _move_line(subscriber_id, "suspend", reason=reason, by=by, at=at)


@verb("inventory.change_state")
def resume_line(*, subscriber_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Resume a suspended line and its products."""
    _move_line(subscriber_id, "resume", reason=reason, by=by, at=at)


@verb("inventory.change_state")
def end_line(*, subscriber_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """End a line, its products, its holders and payers; the number is free for another line."""
    line = _move_line(subscriber_id, "terminate", reason=reason, by=by, at=at)
    line.ended_on = by.day(at)
    line.end_reason = reason[:60]
    line.save(update_fields=["ended_on", "end_reason"])
    Product.objects.filter(subscriber=line, ended_on__isnull=True).update(ended_on=by.day(at), changed_at=at)
    for relation in (SubscriberRole, Payer):
        relation.objects.filter(subscriber=line, valid_until__isnull=True).update(valid_until=at)


def _move_line(subscriber_id: UUID, move: str, *, reason: str, by: Actor, at: datetime) -> Subscriber:
    line = locked_line(subscriber_id)
    before = line.state
    SUBSCRIBER.move(line, move, by=by, at=at, reason=reason)
    for product in Product.objects.select_for_update(of=("self",)).filter(subscriber=line).order_by("id"):
        # A product may already be where its line goes (ended before, suspended by itself): it stays.
        if move in PRODUCT.possible(product.state):
            started = product.state
            PRODUCT.move(product, move, by=by, at=at, reason=reason)
            tell_product_moved(product, started, reason=reason, with_line=True, by=by, at=at)
    line.version += 1
    line.changed_at = at
    line.save(update_fields=["version", "changed_at"])
    publish(events.LineStateChanged(
        subject_id=line.id, customer_id=line.customer_id, org_id=line.org_id, from_state=before, to_state=line.state, reason=reason,
    ), by=by, at=at)
    return line


def tell_product_moved(product: Product, before: str, *, reason: str, with_line: bool = False, by: Actor, at: datetime) -> None:
    """Announce that a product went from the state ``before`` to the one it is in."""
    publish(events.ProductStateChanged(
        subject_id=product.id, customer_id=product.customer_id, org_id=product.org_id, from_state=before, to_state=product.state, reason=reason,
        with_line=with_line,
    ), by=by, at=at)


@verb("inventory.assign_payer")
def assign_payer(
    *, subscriber_id: UUID, account_id: UUID, charge_type: str = "*", limit_amount: Decimal | None = None, priority: int = 1,
    by: Actor, at: datetime,
) -> UUID:
    """Let ``account_id`` pay the line's charges of ``charge_type`` (``*``: all others) up to ``limit_amount`` a
    period, from ``at`` on; the payer before it of that rank ends then.
    """
    line = locked_line(subscriber_id)
    account = accounts.account_brief(account_id, on=by.day(at), by=by)
    require(collect(
        (rules.line_is_in_force, {"state": line.state}), (rules.is_limit, {"limit_amount": limit_amount}),
        (rules.payer_account_is_open, {"account_no": account.account_no, "state": account.state}),
    ))
    Payer.objects.filter(subscriber=line, charge_type=charge_type, priority=priority, valid_until__isnull=True).update(valid_until=at)
    payer = Payer.objects.create(
        org_id=line.org_id, subscriber=line, account_id=account.id, charge_type=charge_type, limit_amount=limit_amount,
        priority=priority, valid_from=at,
    )
    publish(events.PayerAssigned(
        subject_id=line.id, customer_id=line.customer_id, org_id=line.org_id, account_id=account.id, charge_type=charge_type,
    ), by=by, at=at)
    return payer.id

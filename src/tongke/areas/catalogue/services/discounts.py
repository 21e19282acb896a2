"""Discounts by hand (E10): within one's authority at once, above it with a second person's approval; promised, then used once."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from tongke.areas.catalogue.models import DiscountAuthority, DiscountGrant
from tongke.areas.catalogue.queries import discounts as reads
from tongke.areas.catalogue.queries.labels import named
from tongke.areas.catalogue.rules import discounts as rules
from tongke.areas.catalogue.rules.eligibility.words import Moment
from tongke.areas.catalogue.states import GrantState, PriceKind
from tongke.areas.staff import services as desk
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.verb import verb

APPROVAL = "catalogue_discount"


@verb("catalogue.rules")
def set_discount_authority(
    *, role_code: str, kind: str = PriceKind.RECURRING, percent_max: Decimal, amount_max: Decimal, promise_days: int = 30, org_id: int = 1,
    valid_from: datetime | None = None, by: Actor, at: datetime,
) -> UUID:
    """Say how much a role may take off charges of ``kind`` from ``valid_from`` (``None``: now) on; what held before ends there.

    Raises ``RulesBroken`` (CAT-145 to CAT-147); the level's rows must be in the actor's scope.
    """
    begins = valid_from or at
    above = reads.authority_above(role_code, kind, org_id=org_id, at=begins)
    figures = {"percent": percent_max, "amount": amount_max}
    require(collect(
        (rules.authority_can_be, {**figures, "days": promise_days}), None if rules.begins_now_or_later(valid_from=begins, at=at) else rules.begins_now_or_later.broken(valid_from=Moment(begins)),
        None if above is None else (rules.authority_is_narrower, {**figures, "percent_max": above.percent_max, "amount_max": above.amount_max}),
    ))
    if not by.sees(org_id):
        raise NotFound(field="org_id")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalogue_discount_authority'), hashtext(%s))", [role_code])
    own = DiscountAuthority.objects.filter(org_id=org_id, role_code=role_code, kind=kind)
    own.filter(valid_from__gte=begins).delete()
    own.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=begins)).update(valid_until=begins)
    return DiscountAuthority.objects.create(
        org_id=org_id, role_code=role_code, kind=kind, percent_max=percent_max, amount_max=amount_max, promise_days=promise_days,
        valid_from=begins,
    ).id


@verb("catalogue.discount")
def request_discount(
    *, customer_id: UUID, org_id: int, offering_code: str, price_code: str, percent: Decimal | None = None, amount: Decimal | None = None,
    months: int | None = None, reason: str, by: Actor, at: datetime,
) -> UUID:
    """Ask a second person for a discount beyond one's authority; returns the request's id. Once approved, ``grant_discount`` uses it."""
    require(_broken(offering_code, price_code, percent=percent, amount=amount, reason=reason, at=at))
    subject, payload = _subject(customer_id, offering_code, price_code, percent=percent, amount=amount, months=months)
    asked = desk.request_approval(
        kind=APPROVAL, subject=subject, org_id=org_id, reason=reason, payload=payload, permission="catalogue.approve", by=by, at=at)
    return asked.id


@verb("catalogue.discount")
def grant_discount(
    *, customer_id: UUID, org_id: int, offering_code: str, price_code: str, percent: Decimal | None = None, amount: Decimal | None = None,
    months: int | None = None, reason: str, by: Actor, at: datetime,
) -> UUID:
    """Promise a customer of ``org_id`` a discount on one price; returns the promise's id.

    Raises ``RulesBroken`` (CAT-141 to CAT-143) and, beyond the actor's authority, ``ApprovalNeeded`` unless an approval of exactly
    this discount stands, which is used up.
    """
    require(_broken(offering_code, price_code, percent=percent, amount=amount, reason=reason, at=at))
    if not by.sees(org_id):
        raise NotFound(field="customer_id")
    found = reads.discount_authority(offering_code, price_code, org_id=org_id, by=by, at=at)
    share, taken = rules.taken_off(found.list_amount, percent=percent, amount=amount)
    approval_id = None
    if not rules.discount_is_within_authority(
        percent=share, amount=taken, percent_max=found.authority.percent_max, amount_max=found.authority.amount_max,
    ):
        subject, payload = _subject(customer_id, offering_code, price_code, percent=percent, amount=amount, months=months)
        approval_id = desk.use_approval(kind=APPROVAL, subject=subject, payload=payload, by=by, at=at).id
    return DiscountGrant.objects.create(
        org_id=org_id, customer_id=customer_id, offering_code=offering_code, price_code=price_code, percent=percent, amount=amount,
        months=months, reason=reason.strip(), approval_id=approval_id, granted_by=by.name, granted_at=at, changed_at=at,
        expires_at=at + timedelta(days=found.authority.promise_days),
    ).id


@verb("catalogue.discount")
def use_discount(*, grant_id: UUID, used_for: str, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Use a promise for an order (``used_for``), once; the same order again changes nothing. Raises ``NotFound``, CAT-144."""
    changed = DiscountGrant.objects.filter(id=grant_id, state=GrantState.HELD, expires_at__gt=at).update(
        state=GrantState.USED, used_for=used_for, changed_at=at)
    if changed:
        return
    grant = _grant(grant_id)
    if grant.state != GrantState.USED or grant.used_for != used_for:
        require([rules.discount_stands.broken()])


@verb("catalogue.discount")
def release_discount(*, grant_id: UUID, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Take a promise back that was not used; one that was taken back already stays so. Raises ``NotFound``, CAT-144 for a used one."""
    if not DiscountGrant.objects.filter(id=grant_id, state=GrantState.HELD).update(state=GrantState.RELEASED, changed_at=at):
        grant = _grant(grant_id)
        if grant.state == GrantState.USED:
            require([rules.discount_stands.broken()])


def _grant(grant_id: UUID) -> DiscountGrant:
    grant = DiscountGrant.objects.filter(id=grant_id).first()
    if grant is None:
        raise NotFound
    return grant


def _broken(
    offering_code: str, price_code: str, *, percent: Decimal | None, amount: Decimal | None, reason: str, at: datetime,
) -> list[Broken]:
    return collect(
        (rules.discount_can_be, {"percent": percent, "amount": amount}), (rules.discount_has_reason, {"reason": reason}),
        (rules.price_is_of_offering, {"offering": named([offering_code])[0], "price": price_code, "known": reads.price_codes(offering_code, at=at)}),
    )


def _subject(
    customer_id: UUID, offering_code: str, price_code: str, *, percent: Decimal | None, amount: Decimal | None, months: int | None,
) -> tuple[str, dict[str, Any]]:
    """Exactly what is asked for, as the second person reads it and as it is compared when it is used."""
    what = f"{percent.normalize():f} %" if percent is not None else f"{amount} CNY"
    lasting = f" × {months}" if months else ""
    payload = {
        "customer_id": str(customer_id), "offering": offering_code, "price": price_code, "months": months,
        "percent": None if percent is None else f"{percent.normalize():f}", "amount": None if amount is None else f"{amount:.2f}",
    }
    return f"{offering_code} {price_code} −{what}{lasting} · {str(customer_id)[-12:]}", payload

"""Reads of discounts by hand: who may take off how much, and what was promised to a customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from tongke.areas.catalogue.models import DiscountAuthority, DiscountGrant
from tongke.areas.catalogue.queries.pricing import price_book
from tongke.areas.catalogue.rules.discounts import HUNDRED, Authority, AuthorityRow, authority_of
from tongke.areas.catalogue.rules.pricing.benefits import Discount
from tongke.areas.catalogue.rules.pricing.offer import NOTHING, Price
from tongke.areas.catalogue.states import GrantState
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor

GROUP = 1
UNBOUND = Authority(HUNDRED, Decimal("999999999999.99"))


@dataclass(frozen=True, slots=True)
class DiscountRoom:
    """How much an actor may take off one price by themselves; ``list_amount`` is what the percentage is of."""

    kind: str
    list_amount: Decimal
    authority: Authority


def org_levels(org_id: int | None) -> tuple[int, ...]:
    """Return the organisations from the group down to ``org_id``; the group alone for none or an unknown one."""
    org = staff.org_labels().get(org_id) if org_id is not None else None
    path = [int(step) for step in org.path.split("/") if step] if org else []
    return (GROUP, *(step for step in path if step != GROUP))


def areas_of(org_id: int | None) -> tuple[int, ...]:
    """Return the same from the nearest up to the group, as a configuration names its areas."""
    return tuple(reversed(org_levels(org_id)))


def _prices(offering_code: str, *, at: datetime) -> list[Price]:
    offering = price_book(at=at).offerings.get(offering_code)
    return [] if offering is None else [*offering.prices, *(price for part in offering.parts for price in part.offering.prices)]


def price_codes(offering_code: str, *, at: datetime) -> list[str]:
    """Return the codes of an offer's prices and of its parts'; none for an unknown offer."""
    return list(dict.fromkeys(price.code for price in _prices(offering_code, at=at)))


def discount_authority(offering_code: str, price_code: str, *, org_id: int, by: Actor, at: datetime) -> DiscountRoom:
    """Return how much the actor may take off this price of a customer of ``org_id``; processes of the house are not bound."""
    rows = [price for price in _prices(offering_code, at=at) if price.code == price_code]
    kind, amount = (rows[0].kind, max(price.amount for price in rows)) if rows else ("", NOTHING)
    if by.kind == "system":
        return DiscountRoom(kind, amount, UNBOUND)
    return DiscountRoom(kind, amount, authority_of(_rows_of(roles_of(by), kind, at=at), org_levels(org_id)))


def roles_of(by: Actor) -> list[str]:
    """Return the role codes of the post under which the actor works."""
    if by.post_id is None:
        return []
    post = staff.posts_by_id([by.post_id]).get(by.post_id)
    return list(post.roles) if post else []


def _rows_of(roles: list[str], kind: str, *, at: datetime) -> list[AuthorityRow]:
    in_force = authorities(at=at).filter(role_code__in=roles, kind=kind)
    return [AuthorityRow(*row) for row in in_force.values_list("org_id", "role_code", "percent_max", "amount_max", "promise_days")]


def authorities(*, at: datetime) -> QuerySet[DiscountAuthority]:
    """Return every authority in force at ``at``, by role, kind and level."""
    return DiscountAuthority.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at), valid_from__lte=at).order_by("role_code", "kind", "org_id")


def authority_above(role_code: str, kind: str, *, org_id: int, at: datetime) -> Authority | None:
    """Return what the levels above ``org_id`` leave to a role; ``None`` where none of them says."""
    above = org_levels(org_id)[:-1] if org_id != GROUP else ()
    rows = [row for row in _rows_of([role_code], kind, at=at) if row.org_id in above]
    return authority_of(rows, above) if rows else None


def discounts_promised(customer_id: UUID, *, offering_code: str = "", at: datetime) -> list[DiscountGrant]:
    """Return what was promised to a customer and still stands, newest first."""
    rows = DiscountGrant.objects.filter(customer_id=customer_id, state=GrantState.HELD, expires_at__gt=at).order_by("-granted_at")
    return list(rows.filter(offering_code=offering_code) if offering_code else rows)


def discounts_of_customer(customer_id: UUID, *, limit: int = 50, by: Actor) -> list[DiscountGrant]:
    """Return everything that was promised to a customer, newest first: what stands, was used, was taken back or ran out."""
    by.require("catalogue.discount")
    return list(DiscountGrant.objects.filter(customer_id=customer_id).order_by("-granted_at", "-id")[:limit])


def as_discount(grant: DiscountGrant, *, at: datetime) -> Discount:
    """Return a promise as the price engine applies it."""
    kinds = [price.kind for price in _prices(grant.offering_code, at=at) if price.code == grant.price_code]
    return Discount(
        code=grant.price_code, kind=kinds[0] if kinds else "recurring", percent=grant.percent or NOTHING, amount=grant.amount or NOTHING,
        months=grant.months or 0, reason=grant.reason, given_by=grant.granted_by,
    )

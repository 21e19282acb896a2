"""Reads of lines and products, within the actor's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import CharField, F, Func, QuerySet, Value

from tongke.areas.inventory.models import Payer, Product, Subscriber, SubscriberRole
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class LineBrief:
    """A line in the words that other rooms decide by."""

    id: UUID
    org_id: int
    customer_id: UUID
    kind: str
    service_number: str
    state: str
    activated_on: date | None


def line_brief(subscriber_id: UUID, *, by: Actor) -> LineBrief:
    """Return one line; raises ``NotFound`` where it is outside the actor's scope."""
    by.require("inventory.view")
    rows = Subscriber.objects.filter(id=subscriber_id)
    if by.scope is not None:
        rows = rows.filter(org_id__in=by.scope)
    row = rows.values_list("id", "org_id", "customer_id", "kind", "service_number", "state", "activated_on").first()
    if row is None:
        raise NotFound
    return LineBrief(*row)


def line_with_number(service_number: str, *, by: Actor) -> LineBrief | None:
    """Return the line that is known by a service number (E.164), the one in force before those that ended; ``None`` for none in scope."""
    by.require("inventory.view")
    rows = Subscriber.objects.filter(service_number=service_number)
    if by.scope is not None:
        rows = rows.filter(org_id__in=by.scope)
    rows = rows.order_by(F("ended_on").desc(nulls_first=True), "-id")
    row = rows.values_list("id", "org_id", "customer_id", "kind", "service_number", "state", "activated_on").first()
    return None if row is None else LineBrief(*row)


def lines_of_customer(customer_id: UUID, *, by: Actor) -> QuerySet[Subscriber]:
    """The customer's lines, those in force first."""
    by.require("inventory.view")
    rows = Subscriber.objects.filter(customer_id=customer_id).order_by("ended_on", "activated_on")
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def lines_shown(customer_id: UUID, *, offset: int = 0, limit: int = 50, by: Actor) -> list[Subscriber]:
    """Return the customer's lines as pages show them, those in force first: ``shown`` is the number, masked by what the actor may read."""
    clear = Func(Value("phone"), function="tongke_clear")
    shown = Func(F("service_number"), clear, function="tongke_mask_phone", output_field=CharField())
    rows = lines_of_customer(customer_id, by=by).annotate(shown=shown).order_by(F("ended_on").asc(nulls_first=True), "activated_on", "id")
    return list(rows[offset:offset + limit])


def products_of_customer(customer_id: UUID, *, offset: int = 0, limit: int = 50, by: Actor) -> list[Product]:
    """Return the customer's products with their offerings, those in force first."""
    by.require("inventory.view")
    rows = Product.objects.filter(customer_id=customer_id).select_related("offering")
    rows = rows.order_by(F("ended_on").asc(nulls_first=True), "started_on", "id")
    return list((rows if by.scope is None else rows.filter(org_id__in=by.scope))[offset:offset + limit])


def products_of_line(subscriber_id: UUID, *, by: Actor) -> QuerySet[Product]:
    """The products on a line, with their offerings."""
    by.require("inventory.view")
    rows = Product.objects.filter(subscriber_id=subscriber_id).select_related("offering").order_by("started_on")
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def roles_of_line(subscriber_id: UUID, *, by: Actor) -> list[SubscriberRole]:
    """Owners and holders of a line over time, newest first."""
    by.require("inventory.view")
    rows = SubscriberRole.objects.filter(subscriber_id=subscriber_id).order_by("-valid_from")
    return list(rows if by.scope is None else rows.filter(org_id__in=by.scope))


def payers_of_line(subscriber_id: UUID, *, by: Actor) -> list[Payer]:
    """Payers of a line over time, newest first."""
    by.require("inventory.view")
    rows = Payer.objects.filter(subscriber_id=subscriber_id).select_related("account").order_by("-valid_from", "priority")
    return list(rows if by.scope is None else rows.filter(org_id__in=by.scope))

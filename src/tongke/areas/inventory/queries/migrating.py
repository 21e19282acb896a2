"""Migrations of products to other versions: who is meant by a list, what would change for each, how a run stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries.eligibility import SEGMENTS
from tongke.areas.catalogue.states import LifeCycle, OfferingKind
from tongke.areas.inventory import rules
from tongke.areas.inventory.models import Product
from tongke.areas.inventory.states import ENDED
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound
from tongke.kernel.keys import phone_e164
from tongke.kernel.models import BulkJob, BulkReject
from tongke.kernel.rules import Broken, collect

KIND = "inventory.migration"
LIST_MAX = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A line of a list that names no product: what stands there and why it is left out."""

    line: int
    value: str
    broken: Broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The products that a list means, and the lines that mean none."""

    products: tuple[UUID, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a migration would change for one product, or the reasons why it would be left as it is."""

    product_id: UUID
    customer_id: UUID
    org_id: int
    code: str
    version: int
    fee_before: Decimal
    fee_after: Decimal
    agreed: bool
    reasons: tuple[Broken, ...]
    done: bool


def words_of_list(text: str) -> list[tuple[int, str]]:
    """Return (line, word) of a list: the first column of a CSV, or one word a line; headings and empty lines left out."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    words = [(line, row[0].strip()) for line, row in enumerate(rows, 1) if row and row[0].strip()]
    return [(line, word) for line, word in words if word.lower() not in ("product_id", "service_number")][:LIST_MAX]


def _uuid(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None


def products_listed(text: str, from_code: str, *, by: Actor) -> Listed:
    """Return the products of ``from_code`` in force that a list of product ids or service numbers means, within the actor's scope."""
    by.require("inventory.view")
    words = words_of_list(text)
    ids = {word: found for _line, word in words if (found := _uuid(word)) is not None}
    numbers = {word: (word, phone_e164(word) or word) for _line, word in words if word not in ids}
    with acting(by):
        held = Product.objects.exclude(state__in=ENDED).filter(offering__code=from_code)
        by_id = set(held.filter(id__in=set(ids.values())).values_list("id", flat=True))
        by_number: dict[str, list[UUID]] = {}
        wanted = {number for both in numbers.values() for number in both}
        for number, product in held.filter(subscriber__service_number__in=wanted).values_list("subscriber__service_number", "id"):
            by_number.setdefault(str(number), []).append(product)
    products: dict[UUID, None] = {}
    unread = []
    for line, word in words:
        meant = [ids[word]] if ids.get(word) in by_id else [p for number in dict.fromkeys(numbers.get(word, ())) for p in by_number.get(number, [])]
        if not meant:
            unread.append(Unread(line=line, value=word, broken=rules.list_names_products.broken(code=from_code, count=0)))
        products |= dict.fromkeys(meant)
    return Listed(products=tuple(products), unread=tuple(unread))


def products_of_version(offering_id: UUID, *, by: Actor) -> tuple[UUID, ...]:
    """Return every product in force of a version within the actor's scope, at most ``LIST_MAX``."""
    by.require("inventory.view")
    with acting(by):
        return tuple(Product.objects.exclude(state__in=ENDED).filter(offering_id=offering_id).order_by("id").values_list("id", flat=True)[:LIST_MAX])


def reasons_against(product: Product, target: Any, *, keeps_contracts: bool, on: date) -> list[Broken]:
    """Return everything that stands against a product's migration, in the reader's words; the product comes with its offering and customer."""
    return [_worded(broken, target) for broken in collect(
        (rules.product_is_in_force, {"state": product.state}),
        (rules.target_is_alike, {"kind": product.offering.kind, "target_kind": target.kind, "currency": product.currency, "target_currency": target.currency}),
        (rules.target_was_sold, {"code": target.code, "version": target.version, "state": target.state}),
        (rules.contract_lets_go, {"contract_until": product.contract_until, "on": on, "keeps": keeps_contracts}),
        (rules.target_is_sold_there, {"code": target.code, "sold_there": target.sold_there(product.org_id)}),
        (rules.target_is_for_customer, {"code": target.code, "segment": product.customer.segment, "segments": target.segments}),
        (rules.choice_fits_target, {"misfits": target.misfits(product.characteristics)}),
    )]


def _worded(broken: Broken, target: catalogue.Target) -> Broken:
    """Return a breach with labels in place of the codes that its rule compares."""
    words: dict[str, Any] = {name: _WORDS[name].get(value, value) for name, value in broken.values.items() if name in _WORDS}
    if "code" in broken.values:
        words["code"] = target.label
    return replace(broken, values=broken.values | words)


_KINDS: dict[str, Any] = dict(OfferingKind.choices)
_WORDS: dict[str, Mapping[Any, Any]] = {"kind": _KINDS, "target_kind": _KINDS, "segment": SEGMENTS, "state": dict(LifeCycle.choices)}


def fee_after(product: Product, target: Any) -> Decimal:
    """Return the fee that a product has after its migration: one that was agreed stays, the list price follows the version."""
    fee: Decimal = target.monthly_fee if product.monthly_fee == product.offering.monthly_fee else product.monthly_fee
    return fee


def change_of(product: Product, target: Any, *, keeps_contracts: bool, on: date) -> Change:
    """Return what a migration would change for one product."""
    return Change(
        product_id=product.id, customer_id=product.customer_id, org_id=product.org_id, code=product.offering.code, version=product.offering.version,
        fee_before=product.monthly_fee, fee_after=fee_after(product, target), agreed=product.monthly_fee != product.offering.monthly_fee,
        reasons=() if product.offering_id == target.id else tuple(reasons_against(product, target, keeps_contracts=keeps_contracts, on=on)),
        done=product.offering_id == target.id,
    )


def migration_preview(
    product_ids: Sequence[UUID], to_offering_id: UUID, *, keeps_contracts: bool = False, by: Actor, at: datetime,
) -> list[Change]:
    """Return what would change for each product of a list, in its order; products out of scope are not among them."""
    by.require("inventory.view")
    with acting(by):
        target = catalogue.offering_target(to_offering_id)
        found = {p.id: p for p in Product.objects.select_related("offering", "customer").filter(id__in=list(product_ids))}
        return [change_of(found[p], target, keeps_contracts=keeps_contracts, on=by.day(at)) for p in product_ids if p in found]


def migration_job(job_id: UUID, *, by: Actor) -> BulkJob:
    """Return a migration within the actor's scope; raises ``NotFound``."""
    by.require("inventory.view")
    with acting(by):
        job = BulkJob.objects.filter(id=job_id, kind=KIND).first()
    if job is None or (job.org_id is not None and not by.sees(job.org_id)):
        raise NotFound
    return job


def migration_jobs(*, by: Actor) -> Iterable[BulkJob]:
    """Return the migrations within the actor's scope, the newest first."""
    by.require("inventory.view")
    with acting(by):
        rows = BulkJob.objects.filter(kind=KIND).defer("parameters").order_by("-created_at")
        return list(rows if by.scope is None else rows.filter(org_id__in=by.scope))


def migration_rejects(job_id: UUID, *, by: Actor) -> list[BulkReject]:
    """Return the rows of a migration that were left as they are, with why and what would mend it."""
    migration_job(job_id, by=by)
    with acting(by):
        return list(BulkReject.objects.filter(job_id=job_id).order_by("row_number", "code"))


def rejects_as_csv(rows: Iterable[BulkReject]) -> str:
    """Write rejects as a list that can be mended and given again: the product first."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["product_id", "row", "code", "reason", "mend"])
    writer.writerows([row.value, row.row_number, row.code, row.reason, row.mend] for row in rows)
    return out.getvalue()

"""Moving customers' products to other versions, by list: planned, approved by a second person, run in chunks, reversible (X2, T6).

A customer's version never changes by itself. A run remembers where it stands in the transaction that moves the products, so that
one that was killed goes on from there and no product is moved twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.inventory import events, rules
from tongke.areas.inventory.models import MigrationRow, Product
from tongke.areas.inventory.queries.migrating import KIND, LIST_MAX, fee_after, reasons_against
from tongke.areas.inventory.states import MigrationRowState
from tongke.areas.staff import services as desk
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.models import BulkJob, BulkReject
from tongke.kernel.outbox import publish
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.verb import verb

NAMED_MAX = 1000  # of so many products the offers are named in the title of a run
CHUNK = 200
RUNNABLE = ("waiting", "running", "failed")


def _move(product: Product, target: Any, *, reason: str, by: Actor, at: datetime) -> None:
    before, fee_before = product.offering, product.monthly_fee
    product.monthly_fee = fee_after(product, target)
    product.offering_id, product.changed_at = target.id, at
    product.save(update_fields=["offering", "monthly_fee", "changed_at"])
    publish(events.ProductMigrated(
        subject_id=product.id, customer_id=product.customer_id, org_id=product.org_id, from_offering_id=before.id, offering_id=target.id,
        offering_code=target.code, offering_version=target.version, from_version=before.version, fee_before=fee_before,
        fee_after=product.monthly_fee, reason=reason,
    ), by=by, at=at)


def _locked(product_id: UUID) -> Product | None:
    return Product.objects.select_for_update(of=("self",)).select_related("offering", "customer").filter(id=product_id).first()


@verb("inventory.migrate")
def migrate_product(
    *, product_id: UUID, to_offering_id: UUID, keeps_contracts: bool = False, reason: str, by: Actor, at: datetime,
) -> bool:
    """Make a product one of another version; returns whether it was not already. A fee that was agreed stays.

    Raises ``RulesBroken`` with every reason against it (INV-12, INV-40 to 45), ``NotFound``.
    """
    product = _locked(product_id)
    if product is None:
        raise NotFound
    target = catalogue.offering_target(to_offering_id)
    if product.offering_id == target.id:
        return False
    require(reasons_against(product, target, keeps_contracts=keeps_contracts, on=by.day(at)))
    _move(product, target, reason=reason, by=by, at=at)
    return True


def _plan(rows: Sequence[tuple[Product, UUID]], *, title: str, parameters: dict[str, Any], org_id: int, by: Actor, at: datetime) -> BulkJob:
    digest = hashlib.sha256(json.dumps([[str(product.id), str(target)] for product, target in rows]).encode()).hexdigest()
    job = BulkJob.objects.create(
        id=uuid7(), kind=KIND, title=title[:200], fingerprint=digest, total=len(rows), actor=by.name, staff_id=by.staff_id, org_id=org_id, created_at=at,
        parameters=parameters,
    )
    MigrationRow.objects.bulk_create([
        MigrationRow(org_id=product.org_id, job_id=job.id, number=number, product_id=product.id, target_id=target)
        for number, (product, target) in enumerate(rows, 1)
    ], batch_size=5_000)
    return job


def _subject(job: BulkJob) -> str:
    return f"{job.title} ({job.total}, {job.fingerprint[:12]})"


def _ask(job: BulkJob, *, reason: str, by: Actor, at: datetime) -> None:
    """Ask the second person, where a person plans: exactly these products to exactly these versions."""
    if by.staff_id is not None:
        desk.request_approval(
            kind=KIND, subject=_subject(job), org_id=job.org_id or 1, reason=reason, permission="catalogue.approve",
            payload={"job_id": str(job.id), "sha256": job.fingerprint}, by=by, at=at,
        )


@verb("inventory.migrate")
def plan_migration(
    *, product_ids: Sequence[UUID], to_offering_id: UUID, keeps_contracts: bool = False, reason: str, org_id: int, by: Actor, at: datetime,
) -> UUID:
    """Plan the migration of a list and ask a second person for approval; returns the run's id. Nothing is moved yet.

    Raises ``RulesBroken`` for an empty list or a version that was never sold, ``NotFound`` for an organisation out of scope.
    """
    if not by.sees(org_id):
        raise NotFound(field="org_id")
    target = catalogue.offering_target(to_offering_id)
    listed = list(dict.fromkeys(product_ids))[:LIST_MAX]
    seen = Product.objects.only("id", "org_id").in_bulk(listed)
    rows = [(seen[product], target.id) for product in listed if product in seen]
    require(collect(
        (rules.list_names_products, {"code": target.code, "count": len(rows)}),
        (rules.target_was_sold, {"code": target.code, "version": target.version, "state": target.state}),
    ))
    came = Product.objects.filter(id__in=[product.id for product, _target in rows[:NAMED_MAX]]).order_by().values_list("offering__code", flat=True).distinct()
    job = _plan(rows, title=f"{', '.join(sorted(filter(None, came)))} → {target.code} v{target.version}", org_id=org_id, by=by, at=at, parameters={
        "reason": reason, "keeps_contracts": keeps_contracts, "to_offering_id": str(target.id), "code": target.code, "version": target.version})
    _ask(job, reason=reason, by=by, at=at)
    return job.id


@verb("inventory.migrate")
def reverse_migration(*, job_id: UUID, reason: str, by: Actor, at: datetime) -> UUID:
    """Plan to give every product that a run moved its version back; returns the new run's id. It needs an approval of its own.

    Raises ``NotFound``, ``RulesBroken`` where the run moved nothing.
    """
    job = _locked_job(job_id, by=by)
    moved = list(MigrationRow.objects.filter(job_id=job.id, state=MigrationRowState.MOVED).order_by("number"))
    seen = Product.objects.only("id", "org_id").in_bulk([row.product_id for row in moved])
    rows = [(seen[row.product_id], row.before_id) for row in moved if row.product_id in seen and row.before_id is not None]
    require(collect((rules.list_names_products, {"code": job.title, "count": len(rows)})))
    back = _plan(rows, title=f"↩ {job.title}", org_id=job.org_id or 1, by=by, at=at, parameters={
        "reason": reason, "keeps_contracts": True, "reverses": str(job.id)})
    _ask(back, reason=reason, by=by, at=at)
    return back.id


def _locked_job(job_id: UUID, *, by: Actor) -> BulkJob:
    job = BulkJob.objects.select_for_update(of=("self",)).filter(id=job_id, kind=KIND).first()
    if job is None or (job.org_id is not None and not by.sees(job.org_id)):
        raise NotFound
    return job


@verb("inventory.migrate")
def start_migration(*, job_id: UUID, by: Actor, at: datetime) -> None:
    """Let an approved migration run: uses the approval up. Raises ``ApprovalNeeded``, ``NotFound``; a run that has begun goes on."""
    job = _locked_job(job_id, by=by)
    if job.state != "waiting":
        return
    if by.kind != "system":
        desk.use_approval(kind=KIND, subject=_subject(job), payload={"job_id": str(job.id), "sha256": job.fingerprint}, by=by, at=at)
    BulkJob.objects.filter(id=job.id).update(state="running", started_at=at, heartbeat_at=at)


@verb("inventory.migrate")
def cancel_migration(*, job_id: UUID, by: Actor, at: datetime) -> None:
    """Stop a migration where it stands; what was moved stays moved and can be reversed."""
    job = _locked_job(job_id, by=by)
    if job.state in RUNNABLE:
        BulkJob.objects.filter(id=job.id).update(state="cancelled", ended_at=at)


def _reject(job: BulkJob, row: MigrationRow, broken: Sequence[Broken]) -> None:
    BulkReject.objects.bulk_create([
        BulkReject(job_id=job.id, source="list", row_number=row.number, column=b.field, value=str(row.product_id), code=b.code, reason=b.message, mend=b.advice)
        for b in broken
    ], ignore_conflicts=True)


@verb("inventory.migrate")
def run_migration_chunk(*, job_id: UUID, size: int = CHUNK, by: Actor, at: datetime) -> bool:
    """Move the next products of a started migration and return whether some are left; every call is one transaction.

    Products against which something stands are left as they are and kept among the rejects with every reason.
    """
    job = _locked_job(job_id, by=by)
    if job.state != "running":
        return False
    rows = list(MigrationRow.objects.select_for_update(of=("self",)).filter(job_id=job.id, state=MigrationRowState.WAITING).order_by("number")[:size])
    targets = {row.target_id: catalogue.offering_target(row.target_id) for row in rows}
    for row in rows:
        row.state = _one(job, row, targets[row.target_id], by=by, at=at)
    MigrationRow.objects.bulk_update(rows, ["state", "before_id"])
    counts = [sum(row.state == state for row in rows) for state in (MigrationRowState.MOVED, MigrationRowState.UNCHANGED, MigrationRowState.REJECTED)]
    job.updated, job.unchanged, job.rejected = (had + more for had, more in zip((job.updated, job.unchanged, job.rejected), counts, strict=True))
    job.position += len(rows)
    job.read, job.heartbeat_at = job.position, at
    if len(rows) < size:
        job.state, job.ended_at = "done", at
    job.save()
    return len(rows) == size


def _one(job: BulkJob, row: MigrationRow, target: Any, *, by: Actor, at: datetime) -> str:
    """Move one product if nothing stands against it; returns what became of it."""
    product = _locked(row.product_id)
    if product is None:
        _reject(job, row, [rules.list_names_products.broken(code=target.code, count=0)])
        return MigrationRowState.REJECTED
    if product.offering_id == target.id:
        return MigrationRowState.UNCHANGED
    against = reasons_against(product, target, keeps_contracts=job.parameters["keeps_contracts"], on=by.day(at))
    if against:
        _reject(job, row, against)
        return MigrationRowState.REJECTED
    row.before_id = product.offering_id
    _move(product, target, reason=job.parameters["reason"], by=by, at=at)
    return MigrationRowState.MOVED

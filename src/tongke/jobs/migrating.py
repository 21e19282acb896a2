"""Migrations of products to other versions in the background, and what has ended in the catalogue put away."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongke.areas.catalogue import services as catalogue
from tongke.areas.inventory import services as inventory
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.clock import now

# A run that met a passing fault (a deadlock, a database that restarts) goes on from where it stands instead of staying "running".
PATIENT = RetryStrategy(max_attempts=20, exponential_wait=2)


@app.task(name="tongke.migrate_products", retry=PATIENT)
def migrate_products(job_id: str, scope: list[int] | None, zone: str, language: str = "zh-hans") -> None:
    """Move the products of a started migration chunk by chunk; what stands against some is told in ``language``.

    Safe to run twice: a product is moved once.
    """
    by = Actor(name="system:migration", kind="system", scope=None if scope is None else tuple(scope), zone=zone,
               permissions=frozenset({"inventory.migrate"}))
    with translation.override(language):
        while inventory.run_migration_chunk(job_id=UUID(job_id), by=by, at=now()):
            pass


def begin_migration(*, job_id: UUID, by: Actor) -> None:
    """Start an approved migration and let the worker run it; both are one transaction. Raises as ``start_migration``."""
    with acting(by), transaction.atomic():
        inventory.start_migration(job_id=job_id, by=by, at=now())
        migrate_products.configure(lock=f"tongke.migration.{job_id}").defer(
            job_id=str(job_id), scope=None if by.scope is None else list(by.scope), zone=by.zone, language=translation.get_language() or "zh-hans")


@app.periodic(cron="* * * * *")
@app.task(name="tongke.settle_versions", queueing_lock="tongke.settle_versions")
def settle_versions(timestamp: int) -> None:
    """Retire the versions of the catalogue whose time is over; what follows them holds by itself from that instant."""
    del timestamp
    catalogue.settle_versions(by=system_actor("settle_versions"), at=now())

"""Official tasks that take their time: taken with their document, worked off by the worker, picked up again where one was killed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tongke.kernel.actor import Actor, acting
from tongke.kernel.clock import now

# A run that met a passing fault (a deadlock, a database that restarts) is worked off by a later one.
PATIENT = RetryStrategy(max_attempts=20, exponential_wait=2)


class Work(Protocol):
    """Works a kept document off; safe to run twice. ``clock`` is read anew for each of its transactions."""

    def __call__(self, document_id: UUID, *, by: Actor, clock: Callable[[], datetime]) -> None:
        """Do what the document asks for, unless that is done."""


WORK: dict[str, Work] = {}
"""What is done with a document, by a word; the floor that owns the documents puts it here."""


@app.task(name="tongke.work_document", retry=PATIENT)
def work_document(work: str, document_id: str, asker: dict[str, Any], language: str) -> None:
    """Work one document off with the rights of who asked, in the asker's language."""
    by = Actor(
        name=asker["name"], kind=asker["kind"], staff_id=UUID(asker["staff_id"]) if asker["staff_id"] else None, org_id=asker["org_id"],
        scope=None if asker["scope"] is None else tuple(asker["scope"]), permissions=frozenset(asker["permissions"]), zone=asker["zone"])
    with acting(by), translation.override(language):
        WORK[work](UUID(document_id), by=by, clock=now)


def work_later(work: str, document_id: UUID, *, rights: frozenset[str], by: Actor) -> None:
    """Let the worker work a document off with those of ``rights`` that its asker has; in the transaction that writes the document."""
    asker: dict[str, Any] = {
        "name": by.name, "kind": by.kind, "staff_id": str(by.staff_id) if by.staff_id else None, "org_id": by.base_org_id, "zone": by.zone,
        "scope": None if by.scope is None else list(by.scope), "permissions": sorted(right for right in rights if by.may(right)),
    }
    work_document.configure(lock=f"tongke.document.{document_id}").defer(
        work=work, document_id=str(document_id), asker=asker, language=translation.get_language() or "zh-hans")

"""Records to repair: incomplete ones, and identities that were verified too long ago (A8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from tongke.areas.party.models import Customer, Party
from tongke.areas.party.policy import policy_at
from tongke.kernel.actor import Actor, acting

DAYS_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class RepairHint:
    """What to ask a customer for at the next contact: missing fields, and whether the identity is due for verification."""

    score: int
    missing: tuple[str, ...]
    verification_due: bool
    verified_on: date | None


def repairs_visible_to(actor: Actor, *, at: datetime) -> QuerySet[Party]:
    """Return open records below the policy's completeness, with their customer's number, segment and level; needs ``party.repair``.

    The rows are parties, for theirs is the index of organisation, completeness and id that the worklist reads along.
    """
    actor.require("party.repair")
    with acting(actor):
        limit = policy_at(at).repair_below_percent
    theirs = Customer.objects.filter(party=OuterRef("pk"))
    rows = Party.objects.filter(completeness__lt=limit, state__in=("initialized", "validated"), merged_into=None).annotate(
        customer_id=Subquery(theirs.values("id")[:1]), customer_no=Subquery(theirs.values("customer_no")[:1]),
        segment=Subquery(theirs.values("segment")[:1]), level=Subquery(theirs.values("level")[:1]),
        shown_name=RawSQL("tongke_mask_name(party_party.name, party_party.kind = 'organization' OR tongke_clear('name'))", []),
    ).filter(customer_id__isnull=False)
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def repair_hint(customer_id: UUID, *, by: Actor, at: datetime) -> RepairHint | None:
    """Return what to ask for at this contact; ``None`` for an unknown customer."""
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT p.completeness, p.missing, p.verified_on FROM party_customer c JOIN party_party p ON p.id = c.party_id"
                       " WHERE c.id = %s", [customer_id])
        row: Any = cursor.fetchone()
        if row is None:
            return None
        months = policy_at(at).verification_months_max
    due = row[2] is None or row[2] < (at - timedelta(days=months * DAYS_A_MONTH)).date()
    missing = orjson.loads(row[1]) if isinstance(row[1], str | bytes) else row[1]
    return RepairHint(row[0], tuple(missing), due, row[2])

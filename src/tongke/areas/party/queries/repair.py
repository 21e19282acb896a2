"""Records to repair: incomplete ones, and identities that were verified too long ago (A8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
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


# The organisations for which another limit holds than the group's; few have one.
OTHER_LIMITS = """
SELECT id, below FROM (
  SELECT o.id, (party_policy_at(%(at)s, o.id)::jsonb->>'repair_below_percent')::int AS below FROM staff_org o
  WHERE o.kind <> 'unit' AND EXISTS (SELECT FROM party_policy p WHERE p.name = 'repair_below_percent' AND p.org_id <> 1
    AND p.valid_from <= %(at)s AND (p.valid_until IS NULL OR %(at)s < p.valid_until)
    AND p.org_id = ANY (string_to_array(trim(BOTH '/' FROM o.path), '/')::int[]))) AS l
WHERE below <> %(group)s
"""


def _too_low(at: datetime) -> Q:
    """Return the condition on a party's completeness, by the limit of its own organisation."""
    limit = policy_at(at).repair_below_percent
    with connection.cursor() as cursor:
        cursor.execute(OTHER_LIMITS, {"at": at, "group": limit})
        others: dict[int, int] = dict(cursor.fetchall())
    below = Q(completeness__lt=limit)
    if others:
        below &= ~Q(org_id__in=list(others))
    for other in sorted(set(others.values())):
        below |= Q(completeness__lt=other, org_id__in=[org for org, own in others.items() if own == other])
    return below


def repairs_visible_to(actor: Actor, *, at: datetime) -> QuerySet[Party]:
    """Return open records below the completeness that their organisation's policy asks for, with their customer's number, segment and level; needs ``party.repair``.

    The rows are parties, for theirs is the index of organisation, completeness and id that the worklist reads along.
    """
    actor.require("party.repair")
    with acting(actor):
        below = _too_low(at)
    theirs = Customer.objects.filter(party=OuterRef("pk"))
    rows = Party.objects.filter(below, state__in=("initialized", "validated"), merged_into=None).annotate(
        customer_id=Subquery(theirs.values("id")[:1]), customer_no=Subquery(theirs.values("customer_no")[:1]),
        segment=Subquery(theirs.values("segment")[:1]), level=Subquery(theirs.values("level")[:1]),
        shown_name=RawSQL("tongke_mask_name(party_party.name, party_party.kind = 'organization' OR tongke_clear('name'))", []),
    ).filter(customer_id__isnull=False)
    return rows if actor.scope is None else rows.filter(org_id__in=actor.scope)


def repair_hint(customer_id: UUID, *, by: Actor, at: datetime) -> RepairHint | None:
    """Return what to ask for at this contact; ``None`` for an unknown customer."""
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT p.completeness, p.missing, p.verified_on, p.org_id FROM party_customer c JOIN party_party p ON p.id = c.party_id"
                       " WHERE c.id = %s", [customer_id])
        row: Any = cursor.fetchone()
        if row is None:
            return None
        months = policy_at(at, row[3]).verification_months_max
    due = row[2] is None or row[2] < (at - timedelta(days=months * DAYS_A_MONTH)).date()
    missing = orjson.loads(row[1]) if isinstance(row[1], str | bytes) else row[1]
    return RepairHint(row[0], tuple(missing), due, row[2])

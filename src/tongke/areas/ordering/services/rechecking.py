"""Judging anew what was recorded, before it is relied on: and what has changed since, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.areas.ordering.models import Qualification, QualificationItem
from tongke.areas.ordering.queries import qualification as judging
from tongke.areas.ordering.queries.facts import Prospect, Wanted
from tongke.areas.ordering.states import QualificationState
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound

# What each fact is called; of what was asked nothing can have changed, for it is asked again as it was.
FACTS: Mapping[str, Any] = {
    "on": _("the day"), "known": _("whether it is a customer"), "customer_state": _("the customer's state"), "party_kind": _("person or organisation"),
    "segment": _("the customer segment"), "level": _("the service level"), "orgs": _("where it is used"), "age": _("the age"),
    "tenure_months": _("the months as a customer"), "credit_class": _("the credit class"), "credit_limit": _("the credit limit"),
    "exposure": _("what is owed, used or ordered"), "currency": _("the currency"), "listed": _("the blacklist"),
    "verified": _("the verified identity"), "documents": _("the identity documents"), "lines_on_document": _("the lines under the document"),
    "debts": _("the debts"), "held": _("the products held and on order"), "reach": _("what reaches the address"),
    "features": _("what the device can do"),
}
PASSING = frozenset({"on", "age", "tenure_months"})
"""Facts that change as time goes by: told only where the answer changed too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One offering of which something else is said now: ``before`` and ``after`` are outcomes; ``came`` and ``went`` codes of findings."""

    code: str
    before: str
    after: str
    came: tuple[str, ...]
    went: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """A recorded qualification judged again: ``same`` tells that facts and rules are what they were.

    ``facts`` names the facts that changed (keys of ``FACTS``; empty where the record kept none), ``rules`` that the catalogue or
    its rules did, ``moved`` each offering of which something else is said.
    """

    same: bool
    expired: bool
    now: list[judging.Qualification]
    facts: tuple[str, ...] = ()
    rules: bool = False
    moved: tuple[Moved, ...] = ()


def recheck_qualification(*, qualification_id: UUID, by: Actor, at: datetime) -> Recheck:
    """Judge a recorded qualification again by today's facts and rules: before an order is submitted, and before it is activated.

    Raises ``NotFound``, and what ``queries.qualify`` raises.
    """
    by.require("ordering.qualify")
    with acting(by):
        row = Qualification.objects.filter(id=qualification_id, state=QualificationState.DONE).first()
        if row is None:
            raise NotFound
        items = list(QualificationItem.objects.filter(qualification=row).order_by("ordinal"))
    now = judging.qualify(
        row.customer_id, list(dict.fromkeys(item.offering_code for item in items)), wanted=_wanted(row), prospect=_prospect(row), by=by, at=at)
    judgement = now[0].judgement
    moved = _moved(items, now)
    kept: dict[str, str] = row.asked.get("facts", {})
    changed = [name for name, digest in judgement.facts.digests.items() if name in kept and kept[name] != digest]
    return Recheck(
        same=now[0].fingerprint == row.fingerprint, expired=row.expires_at is not None and row.expires_at <= at, now=now,
        facts=tuple(name for name in changed if moved or name not in PASSING), rules=judgement.revision != row.revision, moved=moved,
    )


def _wanted(row: Qualification) -> Wanted:
    asked = row.asked
    return Wanted(
        place_id=row.place_id, line_id=row.subscriber_id, account_id=UUID(asked["account"]) if asked.get("account") else None,
        channel=row.channel or None, quantity=asked.get("quantity", 1), together=tuple(asked.get("together", ())),
        replacing=[UUID(one) for one in asked.get("replacing", ())],
    )


def _prospect(row: Qualification) -> Prospect | None:
    asked = row.asked.get("prospect")
    return Prospect(**asked) if asked else None


def _moved(items: Sequence[QualificationItem], now: Sequence[judging.Qualification]) -> tuple[Moved, ...]:
    said = {one.code: one for one in now}
    out = {}
    for item in items:
        one = said[item.offering_code]
        before, after = {reason["code"] for reason in item.reasons}, {finding.code for finding in one.findings}
        if item.outcome != one.outcome or before != after:
            out[one.code] = Moved(
                code=one.code, before=item.outcome, after=one.outcome, came=tuple(sorted(after - before)), went=tuple(sorted(before - after)))
    return tuple(out.values())

"""What the rules ask about whoever orders, gathered from all rooms by one trip to the database.

The exposure is what is owed, what lines used beyond their plans and no bill covers yet, and the monthly fees of what is on order. In
flight are the products on order and on their way out. Numbers that are held and stock and ports that are reserved name an
order, not a customer: they do not count until an order is a record that says whose it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from tongke.areas.catalogue.queries.eligibility import Debt, Facts, Held, Listed, Named, Phase, Reach, Received, penalty_of
from tongke.areas.catalogue.queries.rule_book import Revision, org_path
from tongke.areas.ordering.errors import LineOfAnother, PlaceNotFound
from tongke.areas.party import queries as parties
from tongke.areas.party.queries.blacklist import REASON, key_and_shown
from tongke.areas.party.states import BlacklistCause
from tongke.areas.resource.queries.coverage import coverage_read
from tongke.kernel.actor import Actor, acting
from tongke.kernel.db.prepared import first_row
from tongke.kernel.errors import NotFound

_ASK = "SELECT ordering_facts(%s, %s, %s, %s, %s)::text"
FAST = 100_000
"""Mbit/s of a way of which no limit is known."""
_CAUSES: Mapping[str, Any] = dict(BlacklistCause.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an order would be: where it is used, on which line and account, through which channel, how many, what along, what instead of.

    ``replacing`` are products that the order would end (a change of plan): they do not stand in the way, their contract counts.
    """

    place_id: UUID | None = None
    line_id: UUID | None = None
    account_id: UUID | None = None
    channel: str | None = None
    quantity: int = 1
    together: tuple[str, ...] = ()
    replacing: Collection[UUID] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What is known of somebody who is no customer yet."""

    segment: str | None = None
    party_kind: str = "individual"
    age: int | None = None
    org_id: int | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts with what they were read under: the rules' revision and the organisation whose rules bind."""

    facts: Facts
    revision: Revision
    org_id: int


def facts_of(
    customer_id: UUID | None, *, place_id: UUID | None = None, channel: str | None = None, wanted: Wanted | None = None,
    prospect: Prospect | None = None, by: Actor, at: datetime,
) -> Facts:
    """Return the facts of a customer, or of a prospect where ``customer_id`` is ``None``; needs ``ordering.qualify``.

    Raises ``NotFound`` for a customer out of the actor's scope, ``PlaceNotFound``, ``LineOfAnother``.
    """
    return gather(customer_id, wanted or Wanted(place_id=place_id, channel=channel), prospect=prospect, by=by, at=at).facts


def gather(customer_id: UUID | None, wanted: Wanted, *, prospect: Prospect | None = None, by: Actor, at: datetime) -> Gathered:
    """Return the facts with the revision of the rules that they were read beside; errors as of ``facts_of``."""
    by.require("ordering.qualify")
    on = by.day(at)
    with acting(by):
        row = first_row(_ASK, [customer_id, wanted.line_id, wanted.place_id, on, at])
        if row is None or row[0] is None:
            raise NotFound
        found = orjson.loads(row[0])
        reach, place_org = _reach(found, wanted, by=by, at=at)
        org = place_org or found.get("org") or (prospect.org_id if prospect else None) or by.base_org_id or parties.GROUP
        known = _customer(found, wanted, on=on, by=by) if customer_id is not None else _prospect(prospect or Prospect())
        place_known = place_org is not None or customer_id is not None or (prospect is not None and prospect.org_id is not None)
        revision = Revision(*found["revision"])
        facts = Facts(
            on=on, orgs=org_path(org, tree=revision.tree) if place_known else None, channel=wanted.channel, reach=reach, quantity=wanted.quantity,
            together=wanted.together, line=str(wanted.line_id or ""), account=str(wanted.account_id or ""), **known,
        )
    return Gathered(facts, revision, org)


def _prospect(prospect: Prospect) -> dict[str, Any]:
    return {
        "known": False, "customer_state": "prospect", "segment": prospect.segment, "party_kind": prospect.party_kind, "age": prospect.age,
        "tenure_months": 0,
    }


def _customer(found: Mapping[str, Any], wanted: Wanted, *, on: date, by: Actor) -> dict[str, Any]:
    held = tuple(_held(row, wanted.replacing, on=on) for row in found["held"])
    if not found["own_line"]:
        raise LineOfAnother(field="line")
    debts = tuple(Debt(account_no=d["account"], owed=Decimal(d["owed"]), overdue=Decimal(d["overdue"]), currency=d["currency"]) for d in found["debts"])
    committed = sum((Decimal(row["fee"]) for row in found["held"] if row["phase"] == "coming"), Decimal(0))
    return {
        "customer_state": found["state"], "party_kind": found["kind"], "segment": found["segment"], "level": found["level"],
        "age": found["age"] if found["kind"] == "individual" else None, "tenure_months": found["months"],
        "credit_class": found["credit_class"], "credit_limit": Decimal(found["credit_limit"]), "currency": found["currency"],
        "exposure": sum((d.owed for d in debts), Decimal(0)) + Decimal(found["unbilled"]) + committed, "verified": found["verified"],
        "documents": tuple(found["documents"]), "lines_on_document": tuple((kind, n) for kind, n in found["lines"]), "debts": debts,
        "listed": _listed(found, by=by), "held": held, "features": None if found["features"] is None else tuple(found["features"]),
    }


def _held(row: Mapping[str, Any], replacing: Collection[UUID], *, on: date) -> Held:
    until = date.fromisoformat(row["contract_until"]) if row["contract_until"] else None
    phase: Phase = "replaced" if replacing and UUID(row["id"]) in replacing else row["phase"]
    return Held(
        id=row["id"], code=row["code"], kind=row["kind"], name=Named(row["zh"], row["en"]), version=row["version"], phase=phase,
        line=row["line"] or "", account=row["account"] or "", contract_until=until, currency=row["currency"],
        penalty=_penalty(row, until, on=on),
    )


def _penalty(row: Mapping[str, Any], until: date | None, *, on: date) -> Decimal:
    term = row["term"]
    if term is None or until is None:
        return Decimal(0)
    return penalty_of(
        code=row["code"], term=term["code"], months=term["months"], kind=term["kind"], percent=Decimal(term["percent"]),
        amount=Decimal(term["amount"]), floor=Decimal(term["floor"]), monthly=Decimal(row["fee"]), starts_on=date.fromisoformat(row["started_on"]),
        ends_on=until, on=on,
        benefits=[Received(Decimal(worth), date.fromisoformat(start), date.fromisoformat(end)) for worth, start, end in row["benefits"]],
    )


def _listed(found: Mapping[str, Any], *, by: Actor) -> tuple[Listed, ...]:
    """Entries against the person and its documents, and against its phones where the key is the phone's and not only what it shows."""
    keys = {key_and_shown("phone", phone)[0] for phone in found["phones"]} if found["phone_entries"] else set()
    entries: Sequence[Mapping[str, Any]] = [*found["listed"], *(e for e in found["phone_entries"] if e["key"] in keys)]
    entitled = by.may(REASON)
    return tuple(
        Listed(effect=e["effect"], level=e["level"], cause=_CAUSES.get(e["cause"], e["cause"]) if entitled else "",
               debt=entitled and e["cause"] == BlacklistCause.DEBT)
        for e in sorted(entries, key=lambda e: (-e["level"], e["effect"]))
    )


def _reach(found: Mapping[str, Any], wanted: Wanted, *, by: Actor, at: datetime) -> tuple[Reach | None, int | None]:
    """Return what reaches the place and whose organisation's it is; nothing where no place is named."""
    if wanted.place_id is None:
        return None, None
    if found["coverage"] is None:
        raise PlaceNotFound(field="place")
    answer = coverage_read(found["coverage"], by=by, at=at)
    assert answer.place is not None  # noqa: S101 - asked by its id
    lines = tuple((way.technology, way.max_down_mbps or FAST) for way in answer.access if way.sellable and not answer.reasons)
    why = next((r.message for r in (*answer.reasons, *(r for way in answer.access for r in way.reasons))), "") if not lines else ""
    return Reach(place=Named(answer.place.full, answer.place.full_en), lines=lines, why_not=why), answer.place.org_id

"""Creating customers: every fact checked, then one statement that writes them all."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError

from tongke.areas.party.errors import NumberTaken
from tongke.areas.party.events import CustomerCreated
from tongke.areas.party.policy import PartyPolicy, policy_of
from tongke.areas.party.rules.addresses import broken_in_address
from tongke.areas.party.rules.consents import answered_once, broken_in_consent
from tongke.areas.party.rules.customers import broken_in_customer, is_no_customer_yet, manager_is_fit, org_is_ones_own, org_keeps_customers
from tongke.areas.party.rules.documents import broken_in_document, not_recorded_twice, within_documents_cap, within_records_cap
from tongke.areas.party.rules.drafts import ConsentDraft, CustomerDraft
from tongke.areas.party.rules.media import ONLINE_KINDS, broken_in_medium, media_named_once, normal_value
from tongke.areas.party.services import rows
from tongke.kernel.actor import Actor
from tongke.kernel.db.prepared import first_row
from tongke.kernel.errors import RulesBroken
from tongke.kernel.idempotency import once
from tongke.kernel.ids import uuid7
from tongke.kernel.keys import document_key
from tongke.kernel.outbox import defer_reactions, outbox_row
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.verb import verb

FACTS = """
SELECT party_policy_at(%(at)s, %(org)s), tongke_org_kind(%(org)s),
  %(manager)s::uuid IS NULL OR EXISTS (SELECT FROM staff_staff WHERE id = %(manager)s AND is_active),
  ARRAY(SELECT party_document_holders(number, NULL) FROM unnest(%(numbers)s::bytea[]) number), nextval('number_cu')
"""


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """The answer of a create: the two ids, the printed number and the version for the next change."""

    customer_id: UUID
    party_id: UUID
    customer_no: str
    version: int = 1


@verb("party.create")
def create_customer(draft: CustomerDraft, *, idempotency_key: str = "", by: Actor, at: datetime) -> NewCustomer:
    """Record a new customer with documents, contact media, addresses and consents, all or nothing.

    With ``idempotency_key`` a repeated call gives the first answer and writes nothing. Raises
    ``RulesBroken`` with every broken rule, ``ImageRefused``, and ``KeyReused`` for another request under the key.
    """
    if not idempotency_key:
        return _create(draft, by=by, at=at)
    answer, _ran = once(
        scope=f"party.create {by.name}", key=idempotency_key, request=asdict(draft), at=at,
        do=lambda: asdict(_create(draft, by=by, at=at)),
    )
    return NewCustomer(
        customer_id=UUID(str(answer["customer_id"])), party_id=UUID(str(answer["party_id"])), customer_no=answer["customer_no"]
    )


def home_org(draft: CustomerDraft, *, by: Actor) -> int | None:
    """Return the organisation that will keep the customer: the one asked for, else the actor's own."""
    if draft.org_id is not None:
        return draft.org_id
    own = by.base_org_id
    if own is not None and by.sees(own):
        return own
    return by.scope[0] if by.scope and len(by.scope) == 1 else own


def broken_in_draft(draft: CustomerDraft, *, on: date, at: datetime) -> list[Broken]:
    """Return every rule that a new customer breaks by itself, without a look at what is recorded already."""
    broken = broken_in_customer(draft, on=on)
    for document in draft.documents:
        broken += broken_in_document(document, party_kind=draft.kind, birth_on=draft.birth_on, gender=draft.gender, on=on)
    for medium in draft.media:
        # Several media come in one form: the kind tells which of them is to blame.
        broken += [replace(b, field=medium.kind) if b.field == "given" else b for b in broken_in_medium(medium, at=at)]
    for address in draft.addresses:
        broken += broken_in_address(address, at=at)
    for consent in draft.consents:
        broken += broken_in_consent(consent)
    numbers = [document_key(d.number) for d in draft.documents]
    return broken + collect(
        *((not_recorded_twice, {"number": n, "held": frozenset(numbers[:i])}) for i, n in enumerate(numbers)),
        (media_named_once, {"values": tuple(f"{m.kind} {normal_value(m.kind, m.given)}" for m in draft.media)}),
        (answered_once, {"pairs": tuple((c.purpose, c.channel) for c in draft.consents)}),
    )


def _facts(draft: CustomerDraft, org_id: int | None, manager_id: UUID | None, at: datetime) -> tuple[PartyPolicy, str | None, bool, list[int], int]:
    numbers = sorted(rows.number_index(d.number) for d in draft.documents)  # in one order, for each is locked
    row = first_row(FACTS, {"at": at, "org": org_id, "manager": manager_id, "numbers": numbers})
    assert row is not None  # noqa: S101 - a row of expressions
    text, org_kind, manager_fit, holders, number = row
    return policy_of(text), org_kind, manager_fit, holders, number


def checked(draft: CustomerDraft, *, by: Actor, at: datetime) -> tuple[int, UUID | None, PartyPolicy, str]:
    """Hold a draft against every rule; return the organisation that will keep it, its manager, the policy that holds
    there and the next printed number. Raises ``RulesBroken`` and ``NotPermitted``.
    """
    if any(document.verification for document in draft.documents):
        by.require("party.validate")
    org_id = home_org(draft, by=by)
    manager_id = by.own_rows_of or draft.manager_id
    policy, org_kind, manager_fit, holders, number = _facts(draft, org_id, manager_id, at)
    require(broken_in_draft(draft, on=by.day(at), at=at) + collect(
        (org_is_ones_own, {"sees_org": org_id is not None and by.sees(org_id)}),
        (org_keeps_customers, {"org_kind": org_kind}),
        (manager_is_fit, {"manager_fit": manager_fit}),
        (within_documents_cap, {"count": len(draft.documents), "limit": policy.documents_per_person_max}),
        *((within_records_cap, {"count": held + 1, "limit": policy.records_per_document_max}) for held in holders),
    ))
    assert org_id is not None  # noqa: S101 - PTY-02 has just made sure
    return org_id, manager_id, policy, f"CU{at:%y}{number:08d}"


@verb("party.create")
def new_customer_objections(draft: CustomerDraft, *, by: Actor, at: datetime) -> list[Broken]:
    """Return every rule that recording this customer now would break; nothing is written."""
    try:
        checked(draft, by=by, at=at)
    except RulesBroken as fault:
        return list(fault.broken)
    return []


def _create(draft: CustomerDraft, *, by: Actor, at: datetime) -> NewCustomer:
    org_id, manager_id, policy, number = checked(draft, by=by, at=at)
    customer_id, party_id = uuid7(), uuid7()
    place: dict[str, Any] = {"party_id": party_id, "org_id": org_id, "at": at}
    customer = rows.customer_row(draft, customer_id=customer_id, manager_id=manager_id, policy=policy, on=by.day(at), **place)
    customer["customer_no"] = draft.customer_no or number
    event = outbox_row(
        CustomerCreated(subject_id=customer_id, customer_id=customer_id, org_id=org_id, party_id=party_id,
                        customer_no=customer["customer_no"], kind=draft.kind, segment=draft.segment, created_at=at),
        by=by, at=at,
    )
    write = {
        "customers": [customer],
        "events": [event], **party_rows(draft, policy=policy, on=by.day(at), **place),
    }
    write_numbered(write)
    defer_reactions(event)
    return NewCustomer(customer_id, party_id, customer["customer_no"])


def party_rows(
    draft: CustomerDraft, *, policy: PartyPolicy, party_id: UUID, org_id: int, on: date, at: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Return the finished rows of a party and of everything that hangs on it, by table."""
    place: dict[str, Any] = {"party_id": party_id, "org_id": org_id, "at": at}
    return {
        "parties": [rows.party_row(draft, policy=policy, on=on, **place)],
        "documents": [rows.document_row(document, policy=policy, **place) for document in draft.documents],
        "media": [rows.medium_row(medium, **place) for medium in draft.media],
        "addresses": [rows.address_row(address, **place) for address in draft.addresses],
        "consents": [rows.consent_row(consent, **place) for consent in with_online_consents(draft)],
    }


def write_numbered(tables: dict[str, list[dict[str, Any]]]) -> None:
    """Write finished rows; raises ``NumberTaken`` where a customer's number belongs to another."""
    try:
        write_customers(**tables)
    except IntegrityError as fault:
        if "party_id" in str(fault):
            require([is_no_customer_yet.broken()])
        if "customer_no_once" not in str(fault):
            raise
        raise NumberTaken(field="customer_no", customer_no=tables["customers"][0]["customer_no"]) from None


def with_online_consents(draft: CustomerDraft) -> list[ConsentDraft]:
    """Return the draft's consents and those that its online identities bring, each purpose and channel once."""
    stated = {(c.purpose, c.channel) for c in draft.consents}
    brought = [rows.online_consent(m) for m in draft.media if m.kind in ONLINE_KINDS][:1]
    return [*draft.consents, *(c for c in brought if (c.purpose, c.channel) not in stated)]


def write_customers(**tables: list[dict[str, Any]]) -> None:
    """Write finished rows of new customers and their events in one round trip, one statement a table."""
    facts = orjson.dumps(tables, default=_as_text)
    first_row("SELECT party_write_customers(%s::jsonb)", [facts.decode()])


def _as_text(value: Any) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"  # PostgreSQL's own way to write bytes as text
    raise TypeError(type(value).__name__)

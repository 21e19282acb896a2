"""People and organisations who are no customers yet: recorded for themselves, made customers, known by others' keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from tongke.areas.party.events import CustomerCreated, PartyRecorded
from tongke.areas.party.models import Customer
from tongke.areas.party.policy import policy_at
from tongke.areas.party.rules.customers import (
    began_by_today,
    is_no_customer_yet,
    manager_is_fit,
    others_are_read_only,
    starts_open,
    unfit,
    words_are_known,
)
from tongke.areas.party.rules.drafts import CustomerDraft
from tongke.areas.party.services import rows
from tongke.areas.party.services.creation import NewCustomer, checked, party_rows, write_numbered
from tongke.areas.party.services.customer import staff_is_active
from tongke.areas.party.services.records import open_record
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.numbering import sequence_number
from tongke.kernel.outbox import defer_reactions, outbox_row, publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

PARTY_NOUN = "party"
KEY_LENGTH_MAX = 120
CLAIM = """
INSERT INTO party_source_key (id, org_id, source, noun, key, subject_id, digest, first_seen_at, last_changed_at)
SELECT %s, p.org_id, %s, %s, %s, p.id, '', %s, %s FROM party_party p WHERE p.id = %s AND p.state IN ('initialized', 'validated')
 AND p.merged_into_id IS NULL
"""


@verb("party.create")
def record_party(draft: CustomerDraft, *, by: Actor, at: datetime) -> UUID:
    """Record a person or an organisation that is no customer, and return the party's id.

    Raises ``RulesBroken`` with every broken rule (PTY-100 for who sees only the customers they keep) and ``ImageRefused``.
    """
    require(collect((others_are_read_only, {"own_rows_only": by.own_rows_of is not None})))
    org_id, _manager, policy, _number = checked(draft, by=by, at=at)
    party_id = uuid7()
    event = outbox_row(PartyRecorded(subject_id=party_id, org_id=org_id, party_id=party_id, kind=draft.kind, recorded_at=at), by=by, at=at)
    write_numbered({"customers": [], "events": [event], **party_rows(draft, policy=policy, party_id=party_id, org_id=org_id, on=by.day(at), at=at)})
    defer_reactions(event)
    return party_id


@verb("party.create")
def make_customer(party_id: UUID, draft: CustomerDraft, *, by: Actor, at: datetime) -> NewCustomer:
    """Let a party that is on record be a customer; of the draft only what concerns the customer counts.

    Raises ``NotFound`` where the party is out of sight, ``NumberTaken`` and ``RulesBroken`` (PTY-101: it is one already).
    """
    record = open_record(party_id, version=None)
    party = record.party
    draft = replace(draft, kind=party.kind, name=party.name)
    manager_id = by.own_rows_of or draft.manager_id
    require(unfit((("customer_no", draft.customer_no, 40),)) + collect(
        (is_no_customer_yet, {"customers": Customer.objects.filter(party_id=party.id).count()}),
        (words_are_known, {"kind": party.kind, "segment": draft.segment, "level": draft.level, "gender": "", "language": draft.language}),
        (began_by_today, {"since_on": draft.since_on, "on": by.day(at)}), (starts_open, {"state": draft.state}),
        (manager_is_fit, {"manager_fit": manager_id is None or staff_is_active(manager_id)}),
    ))
    customer_id = uuid7()
    place: dict[str, Any] = {"party_id": party.id, "org_id": party.org_id, "at": at}
    row = rows.customer_row(draft, customer_id=customer_id, manager_id=manager_id, policy=policy_at(at, party.org_id), on=by.day(at), **place)
    row["customer_no"] = draft.customer_no or sequence_number("CU", on=by.day(at))
    write_numbered({"customers": [row], "parties": [], "documents": [], "media": [], "addresses": [], "consents": [], "events": []})
    publish(CustomerCreated(subject_id=customer_id, customer_id=customer_id, org_id=party.org_id, party_id=party.id, kind=party.kind,
                            customer_no=row["customer_no"], segment=draft.segment, created_at=at, party_known=True), by=by, at=at)
    return NewCustomer(customer_id, party.id, row["customer_no"])


@verb("party.create")
def claim_foreign_key(party_id: UUID, *, source: str, foreign_key: str, by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all verbs
    """Note under which key another system knows the party, so that the same key finds it again.

    Raises ``Conflict`` where the key was claimed for another party meanwhile.
    """
    require(unfit((("id", foreign_key, KEY_LENGTH_MAX),)))
    try:
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [uuid7(), source[:40], PARTY_NOUN, foreign_key, at, at, party_id])
            if not cursor.rowcount:
                open_record(party_id, version=None)  # says what stands against it
                raise NotFound
    except IntegrityError as fault:
        raise Conflict from fault

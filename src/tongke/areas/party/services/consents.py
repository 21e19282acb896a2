"""Consents: one answer in force for each purpose and channel; every earlier answer stays in the history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tongke.areas.party.events import ConsentRecorded, ConsentsWithdrawn
from tongke.areas.party.models import Consent
from tongke.areas.party.rules.consents import broken_in_consent, consent_in_force
from tongke.areas.party.rules.drafts import ConsentDraft
from tongke.areas.party.services.records import Record, leave_newer, open_record
from tongke.areas.party.services.rows import consent_row
from tongke.areas.party.states import ConsentState
from tongke.kernel.actor import Actor
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb


def write_consent(customer: Record, draft: ConsentDraft, *, by: Actor, at: datetime) -> UUID:
    """End the answer in force for this purpose and channel, if any, and write the new one."""
    first = not Consent.objects.filter(party_id=customer.party_id).exists()
    Consent.objects.filter(party_id=customer.party_id, purpose=draft.purpose, channel=draft.channel, valid_until=None).update(valid_until=at)
    consent = Consent.objects.create(**consent_row(draft, party_id=customer.party_id, org_id=customer.party.org_id, at=at))
    publish(ConsentRecorded(subject_id=consent.id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                            purpose=draft.purpose, channel=draft.channel, state=draft.state, recorded_at=at, first=first), by=by, at=at)
    return consent.id


@verb("party.consent")
def record_consent(customer_id: UUID, draft: ConsentDraft, *, version: int | None = None, by: Actor, at: datetime) -> UUID:
    """Record a party's answer to one purpose on one channel and return its id. A grant names its evidence."""
    customer = open_record(customer_id, version=version)
    require(broken_in_consent(draft))
    consent_id = write_consent(customer, draft, by=by, at=at)
    leave_newer(customer, at=at)
    return consent_id


@verb("party.consent")
def withdraw_consent(
    customer_id: UUID, *, purpose: str, channel: str = "any", evidence: str = "", source: str = "",
    version: int | None = None, by: Actor, at: datetime,
) -> UUID:
    """Withdraw a granted consent: the withdrawal itself is kept as the answer in force, and its id returned."""
    customer = open_record(customer_id, version=version)
    state = Consent.objects.filter(
        party_id=customer.party_id, purpose=purpose, channel=channel, valid_until=None
    ).values_list("state", flat=True).first()
    require(collect((consent_in_force, {"state": state})))
    draft = ConsentDraft(purpose=purpose, channel=channel, state=ConsentState.WITHDRAWN, source=source, evidence=evidence)
    consent_id = write_consent(customer, draft, by=by, at=at)
    leave_newer(customer, at=at)
    return consent_id


@verb("party.consent")
def withdraw_all_consents(
    customer_id: UUID, *, evidence: str = "", source: str = "", version: int | None = None, by: Actor, at: datetime
) -> int:
    """Withdraw every answer in force of a party, denials among them; returns how many there were.

    From then on each purpose and channel stands as withdrawn, which forbids what needs a consent.
    """
    customer = open_record(customer_id, version=version)
    answers = Consent.objects.filter(party_id=customer.party_id, valid_until=None).exclude(state=ConsentState.WITHDRAWN)
    asked = list(answers.order_by("id").values_list("purpose", "channel"))
    for purpose, channel in asked:
        write_consent(customer, ConsentDraft(purpose=purpose, channel=channel, state=ConsentState.WITHDRAWN, source=source, evidence=evidence), by=by, at=at)
    leave_newer(customer, at=at)
    publish(ConsentsWithdrawn(subject_id=customer.party_id, customer_id=customer.id, org_id=customer.org_id, party_id=customer.party_id,
                              withdrawn_at=at), by=by, at=at)
    return len(asked)

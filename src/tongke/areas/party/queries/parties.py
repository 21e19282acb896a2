"""Reads of people and organisations by themselves: what a channel must know before it calls a verb on one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongke.areas.party.models import Consent, Customer, IdentityDocument, Party, PartyRelation
from tongke.kernel.actor import Actor, acting
from tongke.kernel.db.prepared import first_row


@dataclass(frozen=True, slots=True)
class PartyStanding:
    """What a party is, and which customer it is, if any."""

    party_id: UUID
    kind: str
    state: str
    customer_id: UUID | None


def party_standing(party_id: UUID, *, by: Actor) -> PartyStanding | None:
    """Return how a party stands, after any merge the one that survived; ``None`` where it is out of sight."""
    by.require("party.view")
    with acting(by):
        party = Party.objects.filter(id=party_id).first()
        if party is None:
            return None
        if party.merged_into_id is not None:
            return party_standing(party.merged_into_id, by=by)
        customer = Customer.objects.filter(party_id=party.id).values_list("id", flat=True).first()
    return PartyStanding(party.id, party.kind, party.state, customer)


def party_of_foreign_key(source: str, key: str, *, by: Actor) -> UUID | None:
    """Return the party that another system's key names, if it was claimed and is in sight."""
    by.require("party.view")
    with acting(by):
        row = first_row("SELECT subject_id FROM party_source_key WHERE source = %s AND noun = 'party' AND key = %s", [source[:40], key])
    return row[0] if row else None


def newest_document(party_id: UUID, *, by: Actor) -> UUID | None:
    """Return the newest identity document of a party in force, which a rename may name as its evidence."""
    by.require("party.view")
    with acting(by):
        return IdentityDocument.objects.filter(party_id=party_id, valid_until=None).order_by("-id").values_list("id", flat=True).first()


def parent_membership(party_id: UUID, *, tree: str, by: Actor) -> tuple[UUID, UUID] | None:
    """Return the running membership of a party in a tree and the parent, if there is one."""
    by.require("party.view")
    with acting(by):
        row = PartyRelation.objects.filter(child_id=party_id, tree=tree, valid_until=None).values_list("id", "parent_id").first()
    return (row[0], row[1]) if row else None


def answers_by_key(party_id: UUID, *, by: Actor) -> dict[tuple[str, str], str]:
    """Return the answers of a party in force, by purpose and channel."""
    by.require("party.view")
    with acting(by):
        rows = Consent.objects.filter(party_id=party_id, valid_until=None).values_list("purpose", "channel", "state")
        return {(purpose, channel): state for purpose, channel, state in rows}


def is_customer(record_id: UUID, *, by: Actor) -> bool:
    """Tell whether an id is a customer's, in sight."""
    by.require("party.view")
    with acting(by):
        return Customer.objects.filter(id=record_id).exists()

"""As which official events the facts of the party room are told, by resource."""

from __future__ import annotations

from tongke.areas.party import events
from tongke.tmf.kit.declared import Told

# What changes a party's own document, and a customer's with it.
CHANGES = (
    events.CustomerChanged, events.CustomerRenamed, events.ContactMediumAdded, events.ContactMediumEnded, events.AddressChanged,
)
IDENTITY = (events.DocumentRecorded, events.DocumentEnded)


def of_customers(type_: str) -> tuple[Told, ...]:
    """Return the events of a customer's document, told as ``type_`` (Customer, PartyRole)."""
    changed, moved = f"{type_}AttributeValueChangeEvent", f"{type_}StateChangeEvent"
    return (
        Told(event=events.CustomerCreated, type=f"{type_}CreateEvent", key="customer_id"),
        *(Told(event=event, type=changed, key="customer_id") for event in (*CHANGES, events.CustomerLevelChanged, events.CreditRated)),
        Told(event=events.CustomerStateChanged, type=moved, key="customer_id", when=lambda fact: not fact.get("closed")),
        Told(event=events.PartiesMerged, type=moved, key="absorbed_customer_id"),
        Told(event=events.PartiesSeparated, type=moved, key="absorbed_customer_id"),
        Told(event=events.CustomerStateChanged, type=f"{type_}DeleteEvent", key="customer_id", when=lambda fact: bool(fact.get("closed")), removes=True),
    )


def of_parties(type_: str, kind: str) -> tuple[Told, ...]:
    """Return the events of a person's or an organisation's document; one of the other kind is not found under it."""
    changed = f"{type_}AttributeValueChangeEvent"
    return (
        Told(event=events.PartyRecorded, type=f"{type_}CreateEvent", key="party_id", when=lambda fact: fact.get("kind") == kind),
        Told(event=events.CustomerCreated, type=f"{type_}CreateEvent", key="party_id",
             when=lambda fact: fact.get("kind") == kind and not fact.get("party_known")),
        *(Told(event=event, type=changed, key="party_id") for event in (*CHANGES, *IDENTITY)),
        Told(event=events.MembershipBegun, type=changed, key="child_id"), Told(event=events.MembershipEnded, type=changed, key="child_id"),
        Told(event=events.PartyStateChanged, type=f"{type_}StateChangeEvent", key="party_id", when=lambda fact: fact.get("kind") == kind),
        Told(event=events.PartyRetired, type=f"{type_}DeleteEvent", key="party_id", when=lambda fact: fact.get("kind") == kind, removes=True),
    )

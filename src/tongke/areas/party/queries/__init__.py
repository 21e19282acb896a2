"""Reads of the party room, by noun; this is the front door."""

from tongke.areas.party.queries.blacklist import (
    Consultation,
    EntryView,
    Hit,
    blacklist_entry,
    blacklist_visible_to,
    consult_blacklist,
)
from tongke.areas.party.queries.brief import CustomerBrief, customer_brief
from tongke.areas.party.queries.customer import (
    AddressRow,
    ConsentRow,
    CustomerRow,
    DocumentRow,
    MediumRow,
    NameChangeRow,
    addresses_of,
    consents_of,
    customer,
    documents_of,
    media_of,
    name_changes_of,
)

__all__ = [
    "AddressRow", "ConsentRow", "Consultation", "CustomerBrief", "CustomerRow", "DocumentRow", "EntryView", "Hit", "MediumRow",
    "NameChangeRow", "addresses_of", "blacklist_entry", "blacklist_visible_to", "consents_of", "consult_blacklist", "customer",
    "customer_brief", "documents_of", "media_of", "name_changes_of",
]

"""Facts that the party room announces, by noun."""

from tongke.areas.party.events.consent import (
    BlacklistAppealed,
    BlacklistCleared,
    BlacklistDecided,
    BlacklistEntered,
    ConsentRecorded,
)
from tongke.areas.party.events.credit import CreditOverrideAsked, CreditOverrideEnded, CreditRated
from tongke.areas.party.events.customer import (
    AddressChanged,
    ContactMediumAdded,
    ContactMediumEnded,
    CustomerChanged,
    CustomerCreated,
    CustomerLeft,
    CustomerLevelChanged,
    CustomerRenamed,
    CustomersImported,
    CustomerStateChanged,
    DocumentEnded,
    DocumentRecorded,
    PartyRecorded,
    PartyRetired,
    PartyStateChanged,
)
from tongke.areas.party.events.matching import (
    DuplicateDecided,
    MembershipBegun,
    MembershipEnded,
    PartiesMerged,
    PartiesSeparated,
)
from tongke.areas.party.events.role import PartyRoleBegun, PartyRoleChanged

__all__ = [
    "AddressChanged",
    "BlacklistAppealed",
    "BlacklistCleared",
    "BlacklistDecided",
    "BlacklistEntered",
    "ConsentRecorded",
    "ContactMediumAdded",
    "ContactMediumEnded",
    "CreditOverrideAsked",
    "CreditOverrideEnded",
    "CreditRated",
    "CustomerChanged",
    "CustomerCreated",
    "CustomerLeft",
    "CustomerLevelChanged",
    "CustomerRenamed",
    "CustomerStateChanged",
    "CustomersImported",
    "DocumentEnded",
    "DocumentRecorded",
    "DuplicateDecided",
    "MembershipBegun",
    "MembershipEnded",
    "PartiesMerged",
    "PartiesSeparated",
    "PartyRecorded",
    "PartyRetired",
    "PartyRoleBegun",
    "PartyRoleChanged",
    "PartyStateChanged",
]

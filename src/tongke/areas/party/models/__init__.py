"""Records of the party room, by noun."""

from tongke.areas.party.models.consent import BlacklistAppeal, BlacklistEntry, Consent
from tongke.areas.party.models.credit import CreditRating
from tongke.areas.party.models.customer import Customer
from tongke.areas.party.models.identity import ContactMedium, IdentityDocument, PostalAddress
from tongke.areas.party.models.matching import DuplicatePair, Merge, SourceKey
from tongke.areas.party.models.naming import NameChange
from tongke.areas.party.models.party import Party, PartyRelation
from tongke.areas.party.models.policy import PolicyFigure
from tongke.areas.party.models.role import PartyRole

__all__ = [
    "BlacklistAppeal", "BlacklistEntry", "Consent", "ContactMedium", "CreditRating", "Customer", "DuplicatePair",
    "IdentityDocument", "Merge", "NameChange", "Party", "PartyRelation", "PartyRole", "PolicyFigure", "PostalAddress", "SourceKey",
]

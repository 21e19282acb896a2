"""Reads of the party room, by noun; this is the front door."""

from tongke.areas.party.policy import GROUP
from tongke.areas.party.queries.blacklist import (
    Consultation,
    EntryView,
    Hit,
    blacklist_entry,
    blacklist_visible_to,
    consult_blacklist,
)
from tongke.areas.party.queries.brief import CustomerBrief, customer_brief
from tongke.areas.party.queries.consents import answers_in_force
from tongke.areas.party.queries.credit import RatingRow, ratings_of
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
    customer_of_party,
    documents_of,
    media_of,
    name_changes_of,
)
from tongke.areas.party.queries.history import FieldChange, HistoryRow, customer_history
from tongke.areas.party.queries.matching import Facts as DuplicateFacts
from tongke.areas.party.queries.matching import Likely, likely_duplicates, surviving_party
from tongke.areas.party.queries.parties import (
    PartyStanding,
    answers_by_key,
    is_customer,
    newest_document,
    parent_membership,
    party_of_foreign_key,
    party_standing,
)
from tongke.areas.party.queries.policy import FigureRow, policy_figures
from tongke.areas.party.queries.repair import RepairHint, repair_hint, repairs_visible_to

__all__ = [
    "GROUP",
    "AddressRow",
    "ConsentRow",
    "Consultation",
    "CustomerBrief",
    "CustomerRow",
    "DocumentRow",
    "DuplicateFacts",
    "EntryView",
    "FieldChange",
    "FigureRow",
    "HistoryRow",
    "Hit",
    "Likely",
    "MediumRow",
    "NameChangeRow",
    "PartyStanding",
    "RatingRow",
    "RepairHint",
    "addresses_of",
    "answers_by_key",
    "answers_in_force",
    "blacklist_entry",
    "blacklist_visible_to",
    "consents_of",
    "consult_blacklist",
    "customer",
    "customer_brief",
    "customer_history",
    "customer_of_party",
    "documents_of",
    "is_customer",
    "likely_duplicates",
    "media_of",
    "name_changes_of",
    "newest_document",
    "parent_membership",
    "party_of_foreign_key",
    "party_standing",
    "policy_figures",
    "ratings_of",
    "repair_hint",
    "repairs_visible_to", "surviving_party",
]

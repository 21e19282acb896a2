"""Verbs of the party room, by noun; this is the front door."""

from tongke.areas.party.rules.credit import CreditFacts
from tongke.areas.party.rules.documents import broken_in_document as document_objections
from tongke.areas.party.rules.drafts import AddressDraft, ConsentDraft, CustomerDraft, DocumentDraft, MediumDraft
from tongke.areas.party.services.addresses import add_address, change_address, end_address
from tongke.areas.party.services.blacklist import (
    BlacklistDraft,
    clear_debt_entries,
    decide_appeal,
    enter_blacklist,
    expire_entries,
    file_appeal,
    lift_entry,
)
from tongke.areas.party.services.completeness import settle_completeness
from tongke.areas.party.services.consents import record_consent, withdraw_all_consents, withdraw_consent
from tongke.areas.party.services.contact import may_contact
from tongke.areas.party.services.creation import NewCustomer, create_customer, new_customer_objections
from tongke.areas.party.services.credit import rate_customer
from tongke.areas.party.services.credit_override import apply_override, approved_override, ask_override, end_overrides
from tongke.areas.party.services.customer import (
    UNCHANGED,
    CustomerChange,
    change_customer,
    record_death,
    rename_customer,
    set_level,
    validate_party,
)
from tongke.areas.party.services.documents import add_document, end_document, reveal_image, verify_document
from tongke.areas.party.services.matching import (
    begin_duplicate_run,
    decide_distinct,
    finish_duplicate_run,
    note_parties_read,
    record_pairs,
    reopen_pair,
    start_duplicate_run,
)
from tongke.areas.party.services.media import add_medium, end_medium, prefer_medium, verify_medium
from tongke.areas.party.services.merging import extend_merge, merge_parties, separate_parties
from tongke.areas.party.services.moving import move_party
from tongke.areas.party.services.parties import claim_foreign_key, make_customer, record_party
from tongke.areas.party.services.policy import set_policy, withdraw_policy
from tongke.areas.party.services.printing import count_print
from tongke.areas.party.services.revealing import reveal_value
from tongke.areas.party.services.roles import activate_role, begin_role, end_role, rename_role, suspend_role
from tongke.areas.party.services.standing import (
    activate_customer,
    close_customer,
    close_party,
    describe_customer,
    leave_customer,
    retire_party,
    suspend_customer,
)
from tongke.areas.party.services.trees import begin_membership, end_membership, move_member

__all__ = [
    "UNCHANGED",
    "AddressDraft",
    "BlacklistDraft",
    "ConsentDraft",
    "CreditFacts",
    "CustomerChange",
    "CustomerDraft",
    "DocumentDraft",
    "MediumDraft",
    "NewCustomer",
    "activate_customer",
    "activate_role",
    "add_address",
    "add_document",
    "add_medium",
    "apply_override",
    "approved_override",
    "ask_override",
    "begin_duplicate_run",
    "begin_membership",
    "begin_role",
    "change_address",
    "change_customer",
    "claim_foreign_key",
    "clear_debt_entries",
    "close_customer",
    "close_party",
    "count_print",
    "create_customer",
    "decide_appeal",
    "decide_distinct",
    "describe_customer",
    "document_objections",
    "end_address",
    "end_document",
    "end_medium",
    "end_membership",
    "end_overrides",
    "end_role",
    "enter_blacklist",
    "expire_entries",
    "extend_merge",
    "file_appeal",
    "finish_duplicate_run",
    "leave_customer",
    "lift_entry",
    "make_customer",
    "may_contact",
    "merge_parties",
    "move_member",
    "move_party",
    "new_customer_objections",
    "note_parties_read",
    "prefer_medium",
    "rate_customer",
    "record_consent",
    "record_death",
    "record_pairs",
    "record_party",
    "rename_customer",
    "rename_role",
    "reopen_pair",
    "retire_party",
    "reveal_image",
    "reveal_value",
    "separate_parties",
    "set_level",
    "set_policy",
    "settle_completeness",
    "start_duplicate_run",
    "suspend_customer",
    "suspend_role",
    "validate_party",
    "verify_document",
    "verify_medium",
    "withdraw_all_consents",
    "withdraw_consent",
    "withdraw_policy",
]

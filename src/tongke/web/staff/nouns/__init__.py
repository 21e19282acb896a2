"""What the audit trail speaks of, in words: the records by their nouns, the fields by their labels."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from tongke.areas.party.queries.history import LABELS as PARTY_FIELDS
from tongke.areas.party.queries.history import TABLES as PARTY_NOUNS
from tongke.areas.staff import queries
from tongke.web.kit import formatting
from tongke.web.kit.diff import words_of
from tongke.web.staff.nouns import account, catalogue, interface, ordering, resource

NOUNS: dict[str, Any] = PARTY_NOUNS | {
    "party_role": _("Role of a party"),
    "account_bill": _("Bill"), "account_bill_item": _("Bill item"), "account_billing_account": _("Billing account"),
    "account_payment": _("Payment"), "account_payment_allocation": _("Allocation of a payment"), "catalogue_offering": _("Offering"),
    "contact_centre_interaction": _("Contact with the customer"), "inventory_payer": _("Payer of a line"),
    "inventory_product": _("Product"), "inventory_subscriber": _("Line"), "inventory_subscriber_role": _("Role at a line"),
    "kernel_bulk_job": _("Bulk job"), "party_blacklist_appeal": _("Blacklist appeal"), "party_blacklist_entry": _("Blacklist entry"),
    "party_duplicate_pair": _("Possible duplicate"), "party_policy": _("Figure of customer policy"),
    "staff_approval": _("Request for approval"), "staff_client": _("Machine client"), "staff_org": _("Organisation"),
    "staff_policy": _("Figure of sign-in policy"), "staff_post": _("Post"),
    "staff_role": _("Role"), "staff_staff": _("Staff account"),
} | account.NOUNS | catalogue.NOUNS | interface.NOUNS | ordering.NOUNS | resource.NOUNS
FIELDS: dict[str, Any] = {
    "closed": _("Record closed"), "retired": _("Record withdrawn"), "given_name": _("Given name"), "family_name": _("Family name"),
    "trading_name": _("Trading name"),
    "changed_by": _("Changed by"), "debt_account_id": _("Account that owes"),
    "absorbed_id": _("Absorbed record"), "account_id": _("Billing account"), "account_no": _("Account number"),
    "activated_on": _("In use since"), "actor": _("Started by"), "active": _("In use"), "amount": _("Amount"), "appeal_id": _("Appeal"), "approval_id": _("Approval"),
    "area_code": _("Area code"), "balance": _("Balance"), "bill_id": _("Bill"), "bill_no": _("Bill number"), "body": _("Words"),
    "building": _("Building"), "cause": _("Cause"), "changed_at": _("Last changed"), "characteristics": _("Characteristics"),
    "charge_type": _("Kind of charge"), "child_id": _("Member"), "chosen": _("Values chosen"), "closed_on": _("Closed on"),
    "code": _("Identifier"), "contract_until": _("Contract until"), "created": _("Rows created"), "created_at": _("Created at"),
    "currency": _("Currency"), "customer_id": _("Customer"), "cycle_day": _("Day of the billing cycle"), "decided_at": _("Decided at"),
    "decided_by": _("Decided by"), "decided_by_id": _("Decided by"), "decision": _("Decision"), "decision_note": _("Note of the decision"),
    "detail": _("Detail"), "direction": _("Direction"), "dry_run": _("Trial run"), "due_on": _("Due on"),
    "duration_seconds": _("Duration in seconds"), "effect": _("Effect"), "email": _("E-mail"), "end_reason": _("Reason of the end"),
    "ended_at": _("Ended at"), "ended_on": _("Ended on"), "entered_at": _("Entered at"), "entered_by": _("Entered by"),
    "entry_id": _("Blacklist entry"), "error": _("Error"), "evidence_id": _("Evidence"), "factors": _("Factors"), "figure": _("Figure"),
    "filed_at": _("Filed at"), "filed_by": _("Filed by"), "fingerprint": _("Fingerprint of the file"), "found_at": _("Found at"),
    "heartbeat_at": _("Last sign of life"), "home": _("Home page"), "id": _("Key"), "image_cipher": _("Image (sealed)"),
    "image_type": _("Kind of image"), "is_active": _("May sign in"), "last_login": _("Last sign-in"), "left_id": _("First record"),
    "limit_amount": _("Limit"), "locale": _("Language"), "match": _("Matched by"), "match_key": _("Matched value"),
    "match_shown": _("Matched value as shown"), "may_override": _("Lower levels may set their own"), "merged_at": _("Merged at"),
    "merged_by": _("Merged by"), "method": _("Method"), "missing": _("Missing"), "monthly_fee": _("Monthly fee"),
    "name_en": _("English name"), "name_key": _("Name as searched"), "name_zh": _("Chinese name"), "networks": _("Allowed networks"),
    "note": _("Note"), "number_cipher": _("Number (sealed)"), "number_index": _("Number as searched"), "occurred_at": _("Happened at"),
    "offering_id": _("Offering"), "oidc_issuer": _("Single sign-on: issuer"), "oidc_subject": _("Single sign-on: subject"),
    "opened_on": _("Opened on"), "ordinal": _("Position in the bill"), "org_id": _("Organisation"), "owed": _("Owed"),
    "own_rows_only": _("Sees only the customers that the person keeps"), "paid": _("Paid"), "paid_at": _("Paid at"),
    "paperless": _("Paperless"), "parameters": _("Parameters"), "parent_id": _("Stands below"), "party_id": _("Person or organisation"),
    "password": _("Password"), "password_changed_at": _("Password changed"), "password_given": _("Password given by somebody else"), "path": _("Place in the tree"),
    "payload": _("What exactly is asked"), "payment_id": _("Payment"), "payment_kind": _("Kind of payment"),
    "payment_method": _("Way of paying"), "payment_no": _("Payment number"), "per_minute": _("Requests a minute"),
    "period_from": _("Period from"), "period_until": _("Period until"), "permission": _("Permission"), "permissions": _("Permissions"),
    "phone": _("Phone"), "pinyin_full": _("Pinyin"), "pinyin_initials": _("Pinyin initials"), "place": _("Place"),
    "place_key": _("Place as searched"), "position": _("Position"), "preferences": _("Preferences"), "primary": _("Main post"),
    "priority": _("Priority"), "probability": _("Probability"), "rated_by": _("Rated by"), "read": _("Rows read"),
    "reference": _("Reference"), "registered_by": _("Registered by"), "rejected": _("Rows rejected"), "requested_at": _("Asked"),
    "requested_by_id": _("Asked by"), "right_id": _("Second record"), "risk_score": _("Risk score"), "roles": _("Roles"),
    "scopes": _("Scopes"), "scored_at": _("Scored at"), "secret_changed_at": _("Secret changed"), "seeded": _("Seeded permissions"),
    "service_number": _("Service number"), "set_at": _("Set at"), "set_by": _("Set by"), "snapshot": _("What the merge changed"),
    "staff_id": _("Staff member"), "staff_name": _("Staff member's name"), "started_at": _("Started at"), "started_on": _("Started on"),
    "state_at": _("In this state since"),
    "street": _("Street"), "street_key": _("Street as searched"), "subject": _("What for"), "subscriber_id": _("Line"), "sums": _("Sums"),
    "survivor_id": _("Kept record"), "tax": _("Tax"), "theme": _("Appearance"), "title": _("Title"), "total": _("Total"),
    "totp_confirmed_at": _("Second factor since"), "unchanged": _("Rows unchanged"), "undo_reason": _("Reason of the separation"),
    "undone_at": _("Separated at"), "undone_by": _("Separated by"), "updated": _("Rows updated"), "username": _("User name"),
    "value_score": _("Value score"), "version": _("Version"), "withdrawn_by": _("Withdrawn by"),
    "withdrawn_reason": _("Reason of the withdrawal"), "zone": _("Time zone"),
} | PARTY_FIELDS | account.FIELDS | catalogue.FIELDS | interface.FIELDS | ordering.FIELDS | resource.FIELDS


def noun(table: str) -> str:
    """Return what the records of a table are called; an unknown one reads as it is written."""
    found = NOUNS.get(table)
    return str(found) if found is not None else table.replace("_", " ")


def field(name: str) -> str:
    """Return what a field is called; an unknown one reads as it is written."""
    found = FIELDS.get(name)
    return str(found) if found is not None else name.replace("_", " ")


def words(name: str, value: Any) -> str | None:
    """Write a field's value: yes and no, names of organisations and lists in words, everything else as it stands."""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if name == "org_id" and isinstance(value, int):
        return queries.org_name(value)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return formatting.listed(value)
    return words_of(value)


def labels(*records: dict[str, Any] | None) -> dict[str, str]:
    """Return the labels of all fields of these records."""
    return {name: field(name) for record in records for name in record or {}}

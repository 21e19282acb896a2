"""The history of a customer, read from the database's own audit trail: who changed which field, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from tongke.areas.party import states
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound

TABLES = {
    "party_customer": _("Customer"), "party_party": _("Person or organisation"), "party_identity_document": _("Identity document"),
    "party_contact_medium": _("Way of contact"), "party_postal_address": _("Address"), "party_consent": _("Consent"),
    "party_credit_rating": _("Credit rating"), "party_name_change": _("Rename"), "party_relation": _("Relation"), "party_merge": _("Merge"),
}
LABELS = {
    "name": _("Name"), "gender": _("Sex"), "birth_on": _("Date of birth"), "nationality": _("Nationality"), "occupation": _("Occupation"),
    "industry": _("Industry"), "language": _("Language"), "state": _("State"), "segment": _("Segment"), "level": _("Level"),
    "manager_id": _("Account manager"), "since_on": _("Customer since"), "left_on": _("Left on"), "credit_class": _("Credit class"),
    "credit_limit": _("Credit limit"), "kind": _("Kind"), "number_masked": _("Number"), "issuer": _("Issuer"), "issued_on": _("Issued on"),
    "expires_on": _("Expires on"), "verified_at": _("Verified at"), "verification": _("Verified by"), "verified_on": _("Identity verified on"),
    "value": _("Number or address"), "given": _("As given"), "preferred": _("Preferred"), "full": _("Address"), "country": _("Country"),
    "province": _("Province"), "city": _("City"), "district": _("District"), "postcode": _("Postcode"), "purpose": _("Purpose"),
    "channel": _("Channel"), "source": _("Source"), "evidence": _("Evidence"), "valid_from": _("In force from"),
    "valid_until": _("In force until"), "score": _("Score"), "overridden": _("By hand"), "reason": _("Reason"),
    "expires_at": _("Holds until"), "name_before": _("Name before"), "name_after": _("Name after"), "merged_into_id": _("Merged into"),
    "completeness": _("Completeness"), "tree": _("Tree"), "role": _("Role"), "share_percent": _("Share in percent"), "customer_no": _("Customer number"),
}
CODED: dict[str, dict[str, Any]] = {
    "party_customer": {"state": states.CustomerState, "segment": states.Segment, "level": states.Level},
    "party_party": {"state": states.PartyState, "kind": states.PartyKind},
    "party_identity_document": {"kind": states.DocumentKind}, "party_contact_medium": {"kind": states.MediumKind},
    "party_postal_address": {"kind": states.AddressKind}, "party_relation": {"tree": states.TreeKind},
    "party_consent": {"purpose": states.ConsentPurpose, "channel": states.ContactChannel, "state": states.ConsentState},
}
GENDERS = {"male": _("Male"), "female": _("Female"), "other": _("Other")}
# What each table's row is asked for by; the masks stand in the statement, so that no clear value leaves the database.
STATEMENT = """
WITH me AS (SELECT c.id AS customer_id, c.party_id, p.kind = 'organization' AS firm FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = %(id)s),
mine AS (
  SELECT customer_id AS id FROM me UNION ALL SELECT party_id FROM me
  UNION ALL SELECT t.id FROM party_identity_document t JOIN me USING (party_id)
  UNION ALL SELECT t.id FROM party_contact_medium t JOIN me USING (party_id)
  UNION ALL SELECT t.id FROM party_postal_address t JOIN me USING (party_id)
  UNION ALL SELECT t.id FROM party_consent t JOIN me USING (party_id)
  UNION ALL SELECT t.id FROM party_name_change t JOIN me USING (party_id)
  UNION ALL SELECT t.id FROM party_credit_rating t JOIN me USING (customer_id)
  UNION ALL SELECT t.id FROM party_relation t JOIN me ON me.party_id IN (t.parent_id, t.child_id)
  UNION ALL SELECT t.id FROM party_merge t JOIN me ON me.party_id IN (t.survivor_id, t.absorbed_id)
)
SELECT a.at, a.actor, a.table_name, a.op, a.row_id, party_history_mask(a.table_name, a.before, me.firm), party_history_mask(a.table_name, a.after, me.firm)
FROM mine CROSS JOIN me JOIN kernel_audit_row a ON a.row_id = mine.id::text
WHERE a.at < %(before)s AND starts_with(a.table_name, 'party_')
ORDER BY a.at DESC, a.ordinal LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a change, in the reader's language; ``None`` is nothing."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of one row: when, by whom, what kind of row, and the fields that changed."""

    at: datetime
    actor: str
    what: str
    op: str
    row_id: str
    changes: tuple[FieldChange, ...]


def _shown(table: str, field: str, value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if field == "gender":
        return str(GENDERS.get(value, value))
    choices = CODED.get(table, {}).get(field)
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    moment = parse_datetime(value) if field.endswith(("_at", "_from", "_until")) else None
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment is not None else str(value)


def _changes(table: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[FieldChange, ...]:
    old, new = before or {}, after or {}
    fields = [field for field in LABELS if old.get(field) != new.get(field)]
    return tuple(
        FieldChange(str(LABELS[field]), _shown(table, field, old.get(field)), _shown(table, field, new.get(field)))
        for field in fields if _shown(table, field, old.get(field)) != _shown(table, field, new.get(field))
    )


def customer_history(customer_id: UUID, *, before: datetime, limit: int = 100, by: Actor) -> list[HistoryRow]:
    """Return the changes of a customer's record earlier than ``before``, newest first, with labels in the active language.

    Covers the customer, its party, documents, media, addresses, consents, ratings, renames, relations and merges.
    Personal data is masked by the database like everywhere. Rows in which no shown field changed are left out.
    """
    by.require("party.view")
    with acting(by), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM party_customer WHERE id = %s)", [customer_id])
        if not cursor.fetchone()[0]:
            raise NotFound
        cursor.execute(STATEMENT, {"id": customer_id, "before": before, "limit": limit})
        found = cursor.fetchall()
    out = []
    for at, actor, table, op, row_id, old, new in found:
        changes = _changes(table, _object(old), _object(new))
        if changes:
            out.append(HistoryRow(at, actor, str(TABLES.get(table, table)), op, row_id, changes))
    return out


def _object(value: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = orjson.loads(value) if isinstance(value, str | bytes) else value
    return found

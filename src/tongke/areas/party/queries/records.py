"""What the party room offers other channels to read, column by column; they name the columns and never the tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tongke.kernel.keys import document_key, name_key, phone_e164
from tongke.kernel.rows import Column, Rows, Walk, boolean, day, instant, integer, json, key, number, text
from tongke.kernel.sealing import blind_index

NAME_SHOWN = "tongke_mask_name(p.name, p.kind = 'organization' OR tongke_clear('name'))"

CUSTOMERS = Rows(
    source="party_customer c JOIN party_party p ON p.id = c.party_id", core="party_customer c", joined=("p",), key="c.id", org="c.org_id",
    walks={
        "created_at": Walk(org="c.org_id", sql="c.created_at", tie="c.id", opposed=True),
        "value": Walk(org="c.org_id", sql="coalesce(c.value_score, 0)", tie="c.id"),
        "name": Walk(org="p.org_id", sql="p.name_key", tie="p.id"),
    }, tally="party_customer_tally", tallied=("state", "segment", "level", "closed"),
    columns={
        "id": key("c.id"), "org_id": integer("c.org_id"), "customer_no": text("c.customer_no"), "state": text("c.state"),
        "segment": text("c.segment"), "level": text("c.level"), "party_id": key("c.party_id"), "manager_id": key("c.manager_id"),
        "since_on": day("c.since_on"), "left_on": day("c.left_on"), "credit_class": text("c.credit_class"),
        "credit_limit": number("c.credit_limit"), "currency": text("c.currency"), "value": number("coalesce(c.value_score, 0)"),
        "risk": number("c.risk_score"), "version": integer("c.version"), "created_at": instant("c.created_at"),
        "changed_at": instant("greatest(c.changed_at, p.changed_at)"), "characteristics": json("c.characteristics"), "closed": boolean("c.closed"),
        "name": text("p.name", personal="name", shown=NAME_SHOWN), "kind": text("p.kind"), "party_state": text("p.state"),
    },
)

IS_PHONE = "m.kind IN ('mobile', 'phone')"
IS_FAX = "m.kind = 'fax'"
IS_SOCIAL = "m.kind IN ('wechat', 'web_id')"
IS_ADDRESS = "starts_with(m.kind, 'postal_')"

PARTY_COLUMNS = {
    "id": key("p.id"), "org_id": integer("p.org_id"), "kind": text("p.kind"), "state": text("p.state"),
    "name": text("p.name", personal="name", shown=NAME_SHOWN), "gender": text("nullif(p.gender, '')"),
    "family_name": text("party_family_name(p.name, p.family_name)", personal="name", shown=(
        "CASE WHEN tongke_clear('name') THEN party_family_name(p.name, p.family_name) ELSE party_family_name(tongke_mask_name(p.name, false), '') END")),
    "given_name": text("party_given_name(p.name, p.given_name)", personal="name", shown=(
        "CASE WHEN tongke_clear('name') THEN party_given_name(p.name, p.given_name) ELSE party_given_name(tongke_mask_name(p.name, false), '') END")),
    "trading_name": text("coalesce(nullif(p.trading_name, ''), p.name)"),
    "birth_on": day("p.birth_on", personal="birth", shown="CASE WHEN tongke_clear('birth') THEN p.birth_on END"),
    "nationality": text("nullif(p.nationality, '')"), "occupation": text("nullif(p.occupation, '')"),
    "industry": text("nullif(p.industry, '')"), "language": text("p.language"), "completeness": integer("p.completeness"),
    "verified_on": day("p.verified_on"), "merged_into": key("p.merged_into_id"), "version": integer("p.version"),
    "created_at": instant("p.created_at"), "changed_at": instant("p.changed_at"), "characteristics": json("p.characteristics"),
    "customer_id": key("(SELECT pc.id FROM party_customer pc WHERE pc.party_id = p.id)"),
}
PARTY_WALKS = {
    "name": Walk(org="p.org_id", sql="p.name_key", tie="p.id"),
    "completeness": Walk(org="p.org_id", sql="p.completeness", tie="p.id"),
}
# Customers are locked before their parties, in every verb: so that no two wait for each other.
OWNER_FIRST = "SELECT FROM party_customer WHERE party_id = %s FOR UPDATE"
INDIVIDUALS = Rows(
    ahead=OWNER_FIRST, source="party_party p", key="p.id", org="p.org_id", where="p.kind = 'individual' AND p.state <> 'closed' AND p.retired IS NULL", columns=PARTY_COLUMNS, walks=PARTY_WALKS)
ORGANIZATIONS = Rows(
    ahead=OWNER_FIRST, source="party_party p", key="p.id", org="p.org_id", where="p.kind = 'organization' AND p.retired IS NULL", columns=PARTY_COLUMNS, walks=PARTY_WALKS)
PARTIES = Rows(source="party_party p", key="p.id", org="p.org_id", columns=PARTY_COLUMNS, walks=PARTY_WALKS)

# Phones, mail and addresses in force, as the one list that officials have for them.
CONTACTS = Rows(
    source="""(SELECT m.id, m.org_id, m.party_id, m.kind, m.preferred, m.valid_from, m.valid_until, m.value, NULL AS country, NULL AS province,
    NULL AS city, NULL AS district, NULL AS postcode FROM party_contact_medium m WHERE m.valid_until IS NULL
  UNION ALL SELECT a.id, a.org_id, a.party_id, 'postal_' || a.kind, NULL, a.valid_from, a.valid_until, a."full", a.country, a.province,
    a.city, a.district, a.postcode FROM party_postal_address a WHERE a.valid_until IS NULL) m""",
    key="m.id", org="m.org_id",
    columns={
        "id": key("m.id"), "party_id": key("m.party_id"), "kind": text("m.kind"), "preferred": boolean("m.preferred"),
        "phone": Column(sql=f"CASE WHEN {IS_PHONE} THEN m.value END", personal="phone",
                        shown=f"CASE WHEN {IS_PHONE} THEN tongke_mask_phone(m.value, tongke_clear('phone')) END"),
        "fax": Column(sql=f"CASE WHEN {IS_FAX} THEN m.value END", personal="phone",
                      shown=f"CASE WHEN {IS_FAX} THEN tongke_mask_phone(m.value, tongke_clear('phone')) END"),
        "sort": text(f"CASE WHEN {IS_ADDRESS} THEN substr(m.kind, 8) WHEN {IS_PHONE} THEN m.kind END"),
        "use": text(f"CASE WHEN {IS_ADDRESS} THEN substr(m.kind, 8) END"),
        "email": Column(sql="CASE WHEN m.kind = 'email' THEN m.value END", personal="email",
                        shown="CASE WHEN m.kind = 'email' THEN tongke_mask_email(m.value, tongke_clear('email')) END"),
        "social": Column(sql=f"CASE WHEN {IS_SOCIAL} THEN m.value END", personal="phone",
                         shown=f"CASE WHEN {IS_SOCIAL} THEN tongke_mask_phone(m.value, tongke_clear('phone')) END"),
        "street": Column(sql=f"CASE WHEN {IS_ADDRESS} THEN m.value END", personal="address",
                         shown=f"CASE WHEN {IS_ADDRESS} THEN tongke_mask_address(m.value, tongke_clear('address')) END"),
        "country": text("nullif(m.country, '')"), "province": text("nullif(m.province, '')"), "city": text("nullif(m.city, '')"),
        "district": text("nullif(m.district, '')"), "postcode": text("nullif(m.postcode, '')"),
        "valid_from": instant("m.valid_from"), "valid_until": instant("m.valid_until"),
    },
)
DOCUMENTS = Rows(
    source="party_identity_document d", key="d.id", org="d.org_id", where="d.valid_until IS NULL",
    columns={
        "id": key("d.id"), "party_id": key("d.party_id"), "kind": text("d.kind"), "known_kind": text("nullif(d.kind, 'other')"), "number": text("d.number_masked"),
        "issuer": text("nullif(d.issuer, '')"), "issued_on": day("d.issued_on"), "expires_on": day("d.expires_on"),
        "verified_at": instant("d.verified_at"), "valid_from": instant("d.valid_from"), "valid_until": instant("d.valid_until"),
    },
)
RATINGS = Rows(
    source="party_credit_rating r", key="r.id", org="r.org_id",
    columns={
        "id": key("r.id"), "customer_id": key("r.customer_id"), "score": integer("r.score"), "credit_class": text("r.credit_class"),
        "class_rank": integer("(ascii(r.credit_class) - 64)"), "credit_limit": number("r.credit_limit"),
        "valid_from": instant("r.valid_from"), "valid_until": instant("r.valid_until"),
    },
)
CONSENTS = Rows(
    source="party_consent s", key="s.id", org="s.org_id",
    columns={
        "id": key("s.id"), "org_id": integer("s.org_id"), "party_id": key("s.party_id"), "purpose": text("s.purpose"),
        "topic": text("CASE s.channel WHEN 'any' THEN s.purpose ELSE s.purpose || '/' || s.channel END"),
        "channel": text("s.channel"), "state": text("s.state"), "source": text("nullif(s.source, '')"),
        "evidence": text("nullif(s.evidence, '')"), "valid_from": instant("s.valid_from"), "valid_until": instant("s.valid_until"),
    },
)

# Who stands where in the trees of parties now: seen from each of the two, ``other`` being the one it stands with.
MEMBERSHIPS = Rows(
    source="""(SELECT r.id, r.org_id, r.tree, r.parent_id AS party_id, r.child_id AS other_id, 'below' AS side,
    coalesce(nullif(r.role, ''), r.tree) AS role FROM party_relation r WHERE r.valid_until IS NULL
  UNION ALL SELECT r.id, r.org_id, r.tree, r.child_id, r.parent_id, 'above', r.tree || '_parent' FROM party_relation r WHERE r.valid_until IS NULL) l
  JOIN party_party o ON o.id = l.other_id""",
    key="l.id", org="l.org_id",
    columns={
        "id": key("l.id"), "party_id": key("l.party_id"), "tree": text("l.tree"), "side": text("l.side"), "role": text("l.role"),
        "other_id": key("l.other_id"), "other_kind": text("o.kind"),
        "other_name": text("o.name", personal="name", shown="tongke_mask_name(o.name, o.kind = 'organization' OR tongke_clear('name'))"),
    },
)
# What parties are to the operator: customers, and in any other role.
_ROLES = """(SELECT c.id, c.org_id, c.party_id, c.id AS customer_id, 'customer' AS role, c.state, c.since_on::timestamp AT TIME ZONE 'UTC' AS since,
    c.left_on::timestamp AT TIME ZONE 'UTC' AS until, c.created_at FROM party_customer c WHERE c.closed IS NULL
  UNION ALL SELECT r.id, r.org_id, r.party_id, NULL, r.role, r.state, r.valid_from, r.valid_until, r.valid_from FROM party_role r
    WHERE r.state <> 'terminated') q"""
ROLES = Rows(
    source=f"{_ROLES} LEFT JOIN party_party p ON p.id = q.party_id", core=_ROLES, joined=("p",),
    walks={"created_at": Walk(org="q.org_id", sql="q.created_at", tie="q.id", opposed=True)},
    key="q.id", org="q.org_id", locks=("party_customer", "party_role"),
    columns={
        "id": key("q.id"), "org_id": integer("q.org_id"), "party_id": key("q.party_id"), "customer_id": key("q.customer_id"),
        "role": text("q.role"), "state": text("q.state"), "since": instant("q.since"), "until": instant("q.until"),
        "created_at": instant("q.created_at"), "kind": text("p.kind"), "name": text("p.name", personal="name", shown=NAME_SHOWN),
    },
)

# What a party answered to each purpose on each channel, as one profile; it ends with the last answer withdrawn.
PROFILES = Rows(
    ahead=OWNER_FIRST, source="party_party p", key="p.id", org="p.org_id", walks={"name": PARTY_WALKS["name"]},
    where="p.merged_into_id IS NULL AND EXISTS (SELECT FROM party_consent pc WHERE pc.party_id = p.id AND pc.valid_until IS NULL)",
    columns=PARTY_COLUMNS | {
        "first_answer_at": instant("(SELECT min(pc.valid_from) FROM party_consent pc WHERE pc.party_id = p.id)"),
        "standing": text("CASE WHEN EXISTS (SELECT FROM party_consent pc WHERE pc.party_id = p.id AND pc.valid_until IS NULL AND pc.state <> 'withdrawn')"
                         " THEN 'created' ELSE 'terminated' END"),
    },
)


def of_document(party: str, numbers: Sequence[str]) -> tuple[str, list[Any]]:
    """Return the condition that the party with the id ``party`` (an expression) holds a document of one of the numbers now."""
    found = [blind_index(document_key(number), field="party.document") for number in numbers]
    return f"{party} IN (SELECT sd.party_id FROM party_identity_document sd WHERE sd.number_index = ANY (%s::bytea[]) AND sd.valid_until IS NULL)", [found]


def of_phone(party: str, numbers: Sequence[str]) -> tuple[str, list[Any]]:
    """Return the condition that the party with the id ``party`` (an expression) is reached at one of the numbers now."""
    known = [phone_e164(number) or number for number in numbers]
    return _of_medium(party, known)


def of_email(party: str, addresses: Sequence[str]) -> tuple[str, list[Any]]:
    """Return the condition that the party with the id ``party`` (an expression) is reached at one of the mail addresses now."""
    return _of_medium(party, [address.strip().lower() for address in addresses])


def _of_medium(party: str, values: list[str]) -> tuple[str, list[Any]]:
    return f"{party} IN (SELECT sm.party_id FROM party_contact_medium sm WHERE sm.value = ANY (%s::text[]) AND sm.valid_until IS NULL)", [values]


def of_name(alias: str, names: Sequence[str]) -> tuple[str, list[Any]]:
    """Return the condition that the party under ``alias`` has one of the names, found by the index of names."""
    return f"({alias}.name_key = ANY (%s::text[]) AND {alias}.name = ANY (%s::text[]))", [[name_key(name) for name in names], list(names)]

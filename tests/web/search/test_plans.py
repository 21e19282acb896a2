"""Every kind of search stands on an index: the plans over 20,000 customers hold no sequential scan of a large table."""

from __future__ import annotations

import json
import re
from typing import Any

import psycopg
import pytest

from tests.plugins.database import test_database
from tongke.config.runtime import embedded_url
from tongke.web.search.statement import RANK, hits

CUSTOMERS = 20_000
LARGE = {
    "party_party", "party_customer", "party_contact_medium", "party_identity_document", "party_postal_address", "inventory_subscriber",
    "account_billing_account", "account_bill",
}
FILL = """
INSERT INTO party_party (id, org_id, kind, state, name, name_key, pinyin_full, pinyin_initials, gender, nationality, occupation, industry,
  language, characteristics, completeness, missing, version, created_at, changed_at)
SELECT md5('p' || i)::uuid, 3301 + i % 3, 'individual', 'validated', '王' || i, '王' || i, 'wang' || i, 'w' || i, '', 'CN', '', '', 'zh-hans', '{}',
  i % 100, '[]', 1, now(), now() FROM generate_series(1, %(n)s) i;
INSERT INTO party_customer (id, org_id, party_id, customer_no, state, segment, level, since_on, credit_class, credit_limit, currency,
  characteristics, version, created_at, changed_at)
SELECT md5('c' || i)::uuid, 3301 + i % 3, md5('p' || i)::uuid, 'CU' || i, 'active', 'residential', 'standard', current_date, 'B', 0, 'CNY', '{}', 1,
  now(), now() FROM generate_series(1, %(n)s) i;
INSERT INTO party_contact_medium (id, org_id, party_id, kind, value, given, preferred, valid_from)
SELECT md5('m' || i)::uuid, 3301 + i % 3, md5('p' || i)::uuid, 'mobile', '+8613' || lpad(i::text, 9, '0'), '', true, now()
FROM generate_series(1, %(n)s) i;
INSERT INTO party_identity_document (id, org_id, party_id, kind, number_cipher, number_index, number_masked, issuer, verification, image_type, valid_from)
SELECT md5('d' || i)::uuid, 3301 + i % 3, md5('p' || i)::uuid, 'resident_id', '', decode(md5(i::text), 'hex'), '', '', '', '', now()
FROM generate_series(1, %(n)s) i;
INSERT INTO party_postal_address (id, org_id, party_id, kind, country, province, city, district, street, place, detail, postcode, "full", street_key,
  place_key, valid_from)
SELECT md5('a' || i)::uuid, 3301 + i % 3, md5('p' || i)::uuid, 'home', 'CN', '', '', '', '', '', '', '', 'x', '文三路' || i || '号', '万塘公寓' || i || '幢', now()
FROM generate_series(1, %(n)s) i;
INSERT INTO account_billing_account (id, org_id, customer_id, account_no, name, state, payment_kind, payment_method, cycle_day, balance, owed, currency,
  paperless, opened_on, created_at, changed_at)
SELECT md5('b' || i)::uuid, 3301 + i % 3, md5('c' || i)::uuid, 'AC' || i, '', 'active', 'postpaid', '', 1, 0, 0, 'CNY', true, current_date, now(), now()
FROM generate_series(1, %(n)s) i;
INSERT INTO account_bill (id, org_id, account_id, bill_no, state, period_from, period_until, issued_on, due_on, total, paid, currency)
SELECT md5('l' || i)::uuid, 3301 + i % 3, md5('b' || i)::uuid, 'BL' || i, 'settled', '2026-01-01', '2026-02-01', '2026-02-01', '2026-02-20', 1, 1, 'CNY'
FROM generate_series(1, %(n)s) i;
INSERT INTO inventory_subscriber (id, org_id, customer_id, kind, service_number, state, end_reason, characteristics, version, created_at, changed_at)
SELECT md5('s' || i)::uuid, 3301 + i % 3, md5('c' || i)::uuid, 'mobile', '+8615' || lpad(i::text, 9, '0'), 'active', '', '{}', 1, now(), now()
FROM generate_series(1, %(n)s) i;
"""


@pytest.fixture
def filled(owner_connection: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """Fill the worker's database and give a connection of the application's role under the scope of a province."""
    owner_connection.execute("SET session_replication_role = replica")
    owner_connection.execute(FILL.replace("%(n)s", str(CUSTOMERS)))
    owner_connection.execute("SET session_replication_role = origin")
    owner_connection.execute("SELECT party_register_places()")
    for table in sorted(LARGE | {"party_place_name"}):
        owner_connection.execute(f"ANALYZE {table}")
    app = psycopg.connect(embedded_url("tongke_app", test_database()), autocommit=True)
    app.execute("SELECT tongke_enter('plans', '33,3301,3302,3303', '', '')")
    return app


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a plan's nodes, all levels."""
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def planned(app: psycopg.Connection[Any], kind: str) -> list[dict[str, Any]]:
    """Return the nodes of the generic plan of one kind of search, as the function of the database has it."""
    names = sorted(set(re.findall(rf"\b(?:{kind}|contains_rest)_(?:lo|hi)\b", hits(kind, own=False))))
    text = hits(kind, own=False)
    for at, name in enumerate(names, start=1):
        text = re.sub(rf"\b{name}\b", f"${at}", text)
    text = re.sub(r"\borgs\b", f"${len(names) + 1}", text)
    text = re.sub(r"\brow_limit\b", f"${len(names) + 2}", text)
    app.execute(f"PREPARE plan_of_{kind} ({', '.join([*['text'] * len(names), 'int[]', 'int'])}) AS {text}")
    app.execute("SET plan_cache_mode = force_generic_plan")
    values = ", ".join([*["'1a'"] * len(names), "ARRAY[3301, 3302]", "20"])
    (found,) = app.execute(f"EXPLAIN (FORMAT JSON) EXECUTE plan_of_{kind} ({values})").fetchone()  # type: ignore[misc]
    return nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


def test_no_kind_of_search_reads_a_large_table_from_end_to_end(filled: psycopg.Connection[Any]) -> None:
    for kind in RANK:
        scanned = [node["Relation Name"] for node in planned(filled, kind) if node["Node Type"] == "Seq Scan"]
        assert not LARGE & set(scanned), (kind, scanned)


def test_ranges_are_conditions_of_the_index_under_row_level_security(filled: psycopg.Connection[Any]) -> None:
    for kind, index in (
        ("name", "party_by_org_name"), ("pinyin", "party_by_org_pinyin"), ("initials", "party_by_org_initials"),
        ("phone_head", "medium_by_org_value"), ("street", "address_by_org_street"), ("place", "address_by_org_place"),
    ):
        conditions = [node.get("Index Cond", "") for node in planned(filled, kind) if node.get("Index Name") == index]
        assert conditions, kind
        assert all("org_id" in condition and ">=" in condition and "<" in condition for condition in conditions), (kind, conditions)

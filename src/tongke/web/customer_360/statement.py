"""The 360 as functions in the database, put together from the panels of the rooms.

``tongke_customer_360`` gives the whole view as finished JSON, ``tongke_customer_core`` the short answer to "who is
this"; both read under the scope that stands on the connection. ``tongke_customer_read`` is the one call of the hot
path: session, permission, scope, document, log of the look.
"""

from __future__ import annotations

from tongke.areas.account.queries.panels import PANELS as ACCOUNT
from tongke.areas.contact_centre.queries.panels import PANELS as CONTACT_CENTRE
from tongke.areas.inventory.queries.panels import PANELS as INVENTORY
from tongke.areas.party.queries.panels import BLACKLIST, CREDIT
from tongke.areas.party.queries.panels import PANELS as PARTY

VIEW = "party.view"

# What is to be done for this customer now, as far as the house knows it today.
OPEN_WORK = """
jsonb_build_object('items', (SELECT coalesce(jsonb_agg(to_jsonb(w) ORDER BY w.urgent DESC, w.due_on NULLS LAST), '[]') FROM (
    (SELECT 'bill_overdue' AS what, b.due_on < current_date AS urgent, b.due_on, b.bill_no AS reference, (b.total - b.paid)::text AS amount,
            NULL::text AS reference_en
     FROM account_billing_account a JOIN account_bill b ON b.account_id = a.id
     WHERE a.customer_id = c.id AND b.paid < b.total AND b.due_on < current_date AND 'account.view' = ANY (permissions)
     ORDER BY b.due_on LIMIT 5)
    UNION ALL
    (SELECT CASE s.state WHEN 'suspended' THEN 'line_suspended' ELSE 'line_pending' END, s.state = 'suspended', NULL, s.kind, NULL, NULL
     FROM inventory_subscriber s WHERE s.customer_id = c.id AND s.state IN ('pendingActive', 'suspended', 'pendingTerminate')
     AND 'inventory.view' = ANY (permissions) LIMIT 5)
    UNION ALL
    (SELECT 'contract_ends', false, d.contract_until, o.name_zh, d.monthly_fee::text, o.name_en
     FROM inventory_product d JOIN catalogue_offering o ON o.id = d.offering_id
     WHERE d.customer_id = c.id AND d.state = 'active' AND d.contract_until BETWEEN current_date AND current_date + 60
     AND 'inventory.view' = ANY (permissions) LIMIT 5)
    UNION ALL
    (SELECT 'document_expired', true, d.expires_on, d.number_masked, NULL, NULL FROM party_identity_document d
     WHERE d.party_id = p.id AND d.valid_until IS NULL AND d.expires_on < current_date + 30 LIMIT 3)
    UNION ALL
    (SELECT 'record_incomplete', false, NULL, p.completeness::text, NULL, NULL WHERE p.completeness < 60)
    UNION ALL
    (SELECT 'duplicate_open', false, NULL, count(*)::text, NULL, NULL FROM party_duplicate_pair q
     WHERE (q.left_id = p.id OR q.right_id = p.id) AND q.state = 'open' HAVING count(*) > 0)
    ) w), 'will_be_filled_by', jsonb_build_array('ordering', 'service_desk'))
"""

OFFERS = "jsonb_build_object('items', '[]'::jsonb, 'will_be_filled_by', jsonb_build_array('marketing'))"

RISK = f"""
jsonb_build_object('blacklist', {BLACKLIST}, 'credit', {CREDIT},
    'owed', (SELECT coalesce(sum(a.owed), 0) FROM account_billing_account a WHERE a.customer_id = c.id AND 'account.view' = ANY (permissions)),
    'churn', c.risk_score, 'scored_at', c.scored_at,
    'will_be_filled_by', CASE WHEN c.risk_score IS NULL THEN jsonb_build_array('churn_model') ELSE '[]' END)
"""

VALUE = """
jsonb_build_object('score', c.value_score, 'scored_at', c.scored_at, 'level', c.level,
    'tenure_months', (extract(year FROM age(current_date, c.since_on)) * 12 + extract(month FROM age(current_date, c.since_on)))::int,
    'monthly_fee', (SELECT sum(d.monthly_fee) FROM inventory_product d
        WHERE d.customer_id = c.id AND d.state = 'active' AND 'inventory.view' = ANY (permissions)),
    'bill_average', (SELECT round(avg(m.total), 2) FROM (SELECT sum(b.total) AS total
        FROM account_billing_account a JOIN account_bill b ON b.account_id = a.id
        WHERE a.customer_id = c.id AND b.period_from > current_date - 200 AND 'account.view' = ANY (permissions) GROUP BY b.period_from) m),
    'will_be_filled_by', CASE WHEN c.value_score IS NULL THEN jsonb_build_array('value_model') ELSE '[]' END)
"""

# Panels and the permission without which one is null.
GUARDED = ((PARTY, ""), (ACCOUNT, "account.view"), (INVENTORY, "inventory.view"), (CONTACT_CENTRE, "contact_centre.view"))
OWN = {"open_work": OPEN_WORK, "offers": OFFERS, "risk": RISK, "value": VALUE}
# Shown inside the panel of risk.
INSIDE = {"blacklist", "credit"}


def panels() -> dict[str, str]:
    """Return every panel's SQL expression by name, guarded by its permission."""
    found: dict[str, str] = {}
    for room, permission in GUARDED:
        for name, expression in room.items():
            if name not in INSIDE:
                found[name] = f"CASE WHEN '{permission}' = ANY (permissions) THEN {expression} END" if permission else expression
    return found | OWN


def statement() -> str:
    """Return the SELECT of the whole view over the variables ``wanted`` and ``permissions``."""
    pairs = ",\n".join(f"'{name}', {expression}" for name, expression in panels().items())
    return f"SELECT json_build_object('id', c.id, {pairs})::text FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = wanted"


_DOCUMENT = """json_build_object('id', c.id, 'customer_no', c.customer_no, 'state', c.state, 'segment', c.segment, 'level', c.level,
    'org_id', c.org_id, 'since_on', c.since_on, 'party_id', p.id, 'kind', p.kind,
    'name', tongke_mask_name(p.name, p.kind = 'organization' OR tongke_clear('name')), 'credit_class', c.credit_class,
    'completeness', p.completeness, 'merged_into', p.merged_into_id, 'changed_at', greatest(c.changed_at, p.changed_at),
    'version', c.version)::text"""
CORE = f"SELECT {_DOCUMENT} FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = wanted"

# Whose number this is now: the line in use first, else the newest contact medium in force, else who had it last;
# absorbed parties lead on.
_LINE = "SELECT s.customer_id FROM inventory_subscriber s WHERE s.service_number = number AND s.ended_on IS {ended} ORDER BY s.id DESC LIMIT 1"
_LINE_IN_USE = _LINE.format(ended="NULL")
_MEDIUM = """
SELECT c.id FROM party_contact_medium m JOIN party_customer c ON c.party_id = m.party_id
WHERE m.value = number AND m.kind IN ('mobile', 'phone') AND m.valid_until IS {ended} ORDER BY m.valid_until DESC, m.id DESC LIMIT 1
"""
WHOSE_NUMBER = f"""coalesce(({_LINE_IN_USE}), ({_MEDIUM.format(ended="NULL")}),
    ({_LINE.format(ended="NOT NULL")}), ({_MEDIUM.format(ended="NOT NULL")}))"""
# The usual case in one statement: a line's customer who was not absorbed. Starting a statement behind row-level
# security costs more than running it.
CORE_BY_LINE = f"""
SELECT c.id, {_DOCUMENT} INTO wanted, found FROM ({_LINE_IN_USE}) l
JOIN party_customer c ON c.id = l.customer_id JOIN party_party p ON p.id = c.party_id WHERE p.merged_into_id IS NULL
"""
IS_MERGED = "SELECT FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = wanted AND p.merged_into_id IS NOT NULL"

SURVIVOR = """
WITH RECURSIVE walk AS (
  SELECT p.id, p.merged_into_id, 0 AS depth FROM party_customer c JOIN party_party p ON p.id = c.party_id WHERE c.id = wanted
  UNION ALL
  SELECT q.id, q.merged_into_id, w.depth + 1 FROM walk w JOIN party_party q ON q.id = w.merged_into_id WHERE w.depth < 16)
SELECT c.id FROM walk w JOIN party_customer c ON c.party_id = w.id WHERE w.merged_into_id IS NULL
"""

# The timeline further back, or of one source only: contact kinds, or `event` for what the house announced.
TIMELINE = """
SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.at DESC), '[]') FROM (
    (SELECT i.occurred_at AS at, 'contact' AS source, i.id, i.channel, i.direction, i.kind, i.subject AS text, i.staff_name AS who,
            i.staff_id, i.reference, i.duration_seconds
     FROM contact_centre_interaction i
     WHERE i.customer_id = wanted AND i.occurred_at < before AND (kind_wanted = '' OR i.kind = kind_wanted) AND kind_wanted <> 'event'
     ORDER BY i.occurred_at DESC LIMIT row_limit)
    UNION ALL
    (SELECT e.occurred_at, 'event', e.id, '', '', 'event', e.name, e.actor, NULL, '', NULL
     FROM unnest(party_customer_kin(wanted)) AS kin(id) CROSS JOIN LATERAL (
       SELECT o.occurred_at, o.id, o.name, o.actor FROM kernel_outbox o
       WHERE o.customer_id = kin.id AND o.occurred_at < before AND kind_wanted IN ('', 'event')
       AND o.name <> 'contact_centre.contact_recorded.v1' ORDER BY o.occurred_at DESC LIMIT row_limit) e)
    ORDER BY at DESC LIMIT row_limit) t
"""

LOOK = """
  IF {clear} = '' THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
  INSERT INTO staff_look (at, staff_id, actor, org_id, kind, customer_id, purpose, clear)
  VALUES (clock_timestamp(), {staff}, {actor}, {org}, {kind}, wanted, purpose, {clear});
"""
LOOK_OF_ACTOR = LOOK.format(clear="clear", staff="staff", actor="coalesce(current_setting('tongke.actor', true), '')", org="org", kind="kind")
LOOK_OF_SESSION = LOOK.format(
    clear="me.clear", staff="me.staff_id", actor="me.username", org="me.base_org_id", kind="CASE what WHEN '360' THEN 'view' ELSE 'get' END",
)


_PLAN = "SET plan_cache_mode = force_generic_plan"


def _whole_sql() -> str:
    """The whole view, and who the customer is."""
    return f"""
CREATE OR REPLACE FUNCTION tongke_customer_360(wanted uuid, permissions text[]) RETURNS text LANGUAGE plpgsql STABLE {_PLAN} AS $body$
DECLARE found text;
BEGIN
  {statement()} INTO found;
  RETURN found;
END $body$;

CREATE OR REPLACE FUNCTION tongke_customer_core(wanted uuid) RETURNS text LANGUAGE plpgsql STABLE AS $body$
DECLARE found text;
BEGIN
  {CORE} INTO found;
  RETURN found;
END $body$;

"""


def _ways_sql() -> str:
    """The ways that lead to a customer: from an absorbed record, from a number; and the timeline further back."""
    return f"""
CREATE OR REPLACE FUNCTION tongke_customer_survivor(wanted uuid) RETURNS uuid LANGUAGE sql STABLE {_PLAN} AS $body${SURVIVOR}$body$;

CREATE OR REPLACE FUNCTION tongke_customer_of_phone(number text) RETURNS uuid LANGUAGE plpgsql STABLE {_PLAN} AS $body$
DECLARE wanted uuid := {WHOSE_NUMBER};
BEGIN
  IF EXISTS ({IS_MERGED}) THEN wanted := tongke_customer_survivor(wanted); END IF;
  RETURN wanted;
END $body$;

CREATE OR REPLACE FUNCTION tongke_customer_timeline(wanted uuid, earlier timestamptz, kind_wanted text, row_limit int) RETURNS jsonb
LANGUAGE plpgsql STABLE {_PLAN} AS $body$
DECLARE
  found jsonb;
  before timestamptz := coalesce(earlier, 'infinity');
BEGIN
  {TIMELINE} INTO found;
  RETURN found;
END $body$;

"""


def _entry_sql() -> str:
    """The trace of a look, and the one call of the hot path."""
    return f"""
CREATE OR REPLACE FUNCTION tongke_look(kind text, wanted uuid, staff uuid, org int, purpose text) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE clear text := coalesce(current_setting('tongke.clear', true), '');
BEGIN
  {LOOK_OF_ACTOR}
END $body$;

-- NULL for whatever is not a plain success: the pages' own handler then gives the full answer. Everything is done in
-- this one body and the caller's connection asks for generic plans, because functions that call functions, each with
-- settings of its own, were a third of the time of a short answer.
DROP FUNCTION IF EXISTS tongke_customer_read(text, timestamptz, text, uuid, text);
CREATE OR REPLACE FUNCTION tongke_customer_read(hash text, at timestamptz, what text, wanted uuid, number text, purpose text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $body$
DECLARE
  me record;
  found text;
BEGIN
  me := tongke_session_stand(hash, at, true);
  IF me.staff_id IS NULL OR NOT '{VIEW}' = ANY (me.permissions) THEN RETURN NULL; END IF;
  IF number IS NOT NULL THEN
    {CORE_BY_LINE};
    IF found IS NULL THEN
      wanted := tongke_customer_of_phone(number);
      {CORE} INTO found;
    END IF;
  ELSIF what = '360' THEN
    found := tongke_customer_360(wanted, me.permissions);
  ELSE
    {CORE} INTO found;
  END IF;
  IF found IS NULL THEN RETURN NULL; END IF;
  {LOOK_OF_SESSION}
  RETURN found;
END $body$;
"""


def function_sql() -> str:
    """Return the definitions of the functions named above, and of those that they call."""
    return _whole_sql() + _ways_sql() + _entry_sql()

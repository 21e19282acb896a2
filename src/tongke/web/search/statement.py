"""The search of the house as one function in the database, put together from what each room can find.

Every candidate is one range of one index with a limit, for each organisation of the actor's scope; hits are
collected from the most certain kind on until there are enough, led from absorbed parties to their survivors,
dressed and masked: one round trip. The scope is applied twice: by the organisations that are looked through,
and by row-level security underneath.
"""

from __future__ import annotations

from tongke.areas.account.queries.search import CANDIDATES as ACCOUNT
from tongke.areas.inventory.queries.search import CANDIDATES as INVENTORY
from tongke.areas.party.queries.search import (
    CANDIDATES as PARTY,
)
from tongke.areas.party.queries.search import (
    CONTAINS_COLUMNS,
    CONTAINS_NAMES,
    CONTAINS_SHOWN,
    Candidate,
)

# Certain keys first, then lines, names, loose ends of numbers, addresses.
RANK = (
    "customer_no document service_number phone account_no bill_no name pinyin initials service_tail phone_tail service_head phone_head"
    " email street place contains"
).split()
MINE = "(SELECT c.id, c.party_id FROM party_customer c WHERE c.manager_id = tongke_own())"
CANDIDATES = {c.kind: c for c in (*PARTY, *INVENTORY, *ACCOUNT)}


def _party(candidate: Candidate) -> str:
    link = candidate.link if candidate.link.startswith("(") else f"t.{candidate.link}"
    if candidate.to == "party":
        return link
    return f"(SELECT k.party_id FROM party_customer k WHERE k.id = {link})"


def _rows(candidate: Candidate, extra: str = "") -> str:
    return (
        f'SELECT {_party(candidate)} AS party, {candidate.shown} AS shown, {candidate.order.split()[0]}::text COLLATE "C" AS place'
        f" FROM {candidate.table} t WHERE {extra}{candidate.where} ORDER BY {candidate.order} LIMIT row_limit"
    )


def _source(candidate: Candidate, *, own: bool) -> str:
    if candidate.keys and not own:
        join = f"JOIN {candidate.keys}({candidate.kind}_lo, {candidate.kind}_hi, row_limit) k(id) ON k.id = t.id"
        return f"(SELECT {_party(candidate)} AS party, {candidate.shown} AS shown, '' AS place FROM {candidate.table} t {join}) x"
    if candidate.reach == "all":
        return f"({_rows(candidate)}) x"
    if own:
        link = f"t.{candidate.link} = m.{'party_id' if candidate.to == 'party' else 'id'} AND "
        return f"{MINE} m CROSS JOIN LATERAL ({_rows(candidate, link)}) x"
    return f"unnest(orgs) o(org) CROSS JOIN LATERAL ({_rows(candidate, 't.org_id = o.org AND ')}) x"


def _contains(*, own: bool) -> str:
    if own:
        rows = (
            f"SELECT t.party_id AS party, {CONTAINS_SHOWN} AS shown, '' AS place FROM party_postal_address t"
            " WHERE t.party_id = m.party_id AND strpos(t.street_key, contains_lo || contains_rest_lo) > 0 LIMIT row_limit"
        )
        return f"{MINE} m CROSS JOIN LATERAL ({rows}) x"
    ranges = " UNION ALL ".join(
        f"(SELECT t.party_id AS party, {CONTAINS_SHOWN} AS shown, '' AS place FROM party_postal_address t WHERE t.org_id = o.org"
        f" AND t.{column} >= n.name || contains_rest_lo AND t.{column} < n.name || contains_rest_lo || chr(1114111)"
        f" ORDER BY t.{column} LIMIT row_limit)"
        for column in CONTAINS_COLUMNS
    )
    return f"unnest(orgs) o(org) CROSS JOIN LATERAL ({CONTAINS_NAMES}) n CROSS JOIN LATERAL ({ranges}) x"


def hits(kind: str, *, own: bool) -> str:
    """Return the SELECT of the hits of one kind over the variables ``{kind}_lo``, ``{kind}_hi``, ``orgs`` and ``row_limit``.

    ``own`` is the form for a manager who sees only the customers they keep: it begins with those.
    """
    if kind == "contains":  # any order will do: without a sort the limit ends the walk at once
        return f"SELECT x.party, x.shown, x.place FROM {_contains(own=own)} LIMIT row_limit"
    return f"SELECT x.party, x.shown, x.place FROM {_source(CANDIDATES[kind], own=own)} ORDER BY x.place LIMIT row_limit"


def _collect(kind: str, *, own: bool) -> str:
    return f"""
    IF {kind}_lo IS NOT NULL AND cardinality(parties) < row_limit THEN
      SELECT parties || coalesce(array_agg(h.party), '{{}}'), kinds || coalesce(array_agg('{kind}'::text), '{{}}'),
             words || coalesce(array_agg(h.shown), '{{}}')
        INTO parties, kinds, words FROM ({hits(kind, own=own)}) h WHERE h.party IS NOT NULL;
    END IF;"""


DRESS = """
WITH RECURSIVE walk AS (
  SELECT h.place, h.kind AS found_by, h.party, h.shown, 0 AS depth
  FROM unnest(parties, kinds, words) WITH ORDINALITY h(party, kind, shown, place)
  UNION ALL
  SELECT w.place, w.found_by, q.merged_into_id, w.shown, w.depth + 1
  FROM walk w JOIN party_party q ON q.id = w.party WHERE q.merged_into_id IS NOT NULL AND w.depth < 16
), best AS (
  SELECT DISTINCT ON (party) party, place, found_by, shown, depth FROM walk ORDER BY party, place
), cut AS (
  SELECT b.*, p.name, p.kind, c.id AS customer_id, c.customer_no, c.segment, c.level, c.state, c.org_id
  FROM best b JOIN party_party p ON p.id = b.party AND p.merged_into_id IS NULL JOIN party_customer c ON c.party_id = p.id
  ORDER BY b.place LIMIT row_limit
)
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'id', u.customer_id, 'customer_no', u.customer_no, 'name', tongke_mask_name(u.name, u.kind = 'organization' OR tongke_clear('name')),
    'kind', u.kind, 'segment', u.segment, 'level', u.level, 'state', u.state,
    'org_id', u.org_id, 'org', jsonb_build_object('zh', g.name_zh, 'en', g.name_en),
    'phone', (SELECT tongke_mask_phone(m.value, tongke_clear('phone')) FROM party_contact_medium m
              WHERE m.party_id = u.party AND m.kind IN ('mobile', 'phone') AND m.valid_until IS NULL ORDER BY m.preferred DESC, m.id LIMIT 1),
    'address', (SELECT tongke_mask_address(a."full", tongke_clear('address')) FROM party_postal_address a
                WHERE a.party_id = u.party AND a.valid_until IS NULL ORDER BY a.id LIMIT 1),
    'found_by', u.found_by, 'shown', u.shown, 'merged', u.depth > 0) ORDER BY u.place), '[]')
FROM cut u LEFT JOIN staff_org g ON g.id = u.org_id
"""


def variables() -> list[str]:
    """Return the names of the search's variables, in the order of their kinds."""
    return [f"{kind}_{end}" for kind in (*RANK, "contains_rest") for end in ("lo", "hi")]


def function_sql() -> str:
    """Return the definition of ``tongke_search(terms, row_limit, staff, org, purpose, detail)``.

    ``terms`` is ``{kind: [low, high]}``; ``detail`` goes to the log of looks as it is (kinds and a keyed digest,
    never the typed text). The log's row is durable before the answer wherever personal data is shown unmasked.
    """
    declared = "\n".join(
        f"  {kind}_{end} text := terms->'{kind}'->>{at};" for kind in (*RANK, "contains_rest") for at, end in ((0, "lo"), (1, "hi"))
    )
    return f"""
CREATE OR REPLACE FUNCTION tongke_search(terms jsonb, row_limit int, staff uuid, org int, purpose text, detail jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $search$
DECLARE
{declared}
  orgs int[] := tongke_orgs_in_sight();
  parties uuid[] := '{{}}';
  kinds text[] := '{{}}';
  words text[] := '{{}}';
  answer jsonb;
  clear text := coalesce(current_setting('tongke.clear', true), '');
BEGIN
  IF tongke_own() IS NULL THEN
    {"".join(_collect(kind, own=False) for kind in RANK)}
  ELSE
    {"".join(_collect(kind, own=True) for kind in RANK)}
  END IF;
  {DRESS} INTO answer;
  IF clear = '' THEN PERFORM set_config('synchronous_commit', 'off', true); END IF;
  INSERT INTO staff_look (at, staff_id, actor, org_id, kind, purpose, clear, detail)
  VALUES (clock_timestamp(), staff, coalesce(current_setting('tongke.actor', true), ''), org, 'search', purpose, clear,
          detail || jsonb_build_object('found', jsonb_array_length(answer)));
  RETURN answer;
END $search$;
"""

"""Where something of the catalogue is used, and an offering whole in one round trip."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.catalogue.errors import UnknownVersion
from tongke.kernel.actor import Actor, acting

# Versions that are over or were given up use nothing any more.
_LIVE = "x.state NOT IN ('rejected', 'obsolete', 'retired')"
_USES = f"""
SELECT 'offerings' AS noun, x.code, x.version, x.state, x.name_zh, x.name_en, 'parts' AS place FROM catalogue_bundle_part p
  JOIN catalogue_offering x ON x.id = p.offering_id WHERE p.part_code = %(code)s AND {_LIVE}
UNION ALL SELECT 'offerings', x.code, x.version, x.state, x.name_zh, x.name_en, 'specification' FROM catalogue_specification s
  JOIN catalogue_offering x ON x.specification_id = s.id WHERE s.code = %(code)s AND {_LIVE}
UNION ALL SELECT 'specifications', x.code, x.version, x.state, x.name_zh, x.name_en, r.kind FROM catalogue_specification_relation r
  JOIN catalogue_specification x ON x.id = r.specification_id WHERE r.other_code = %(code)s AND {_LIVE}
UNION ALL SELECT DISTINCT 'price_lists', x.code, x.version, x.state, x.name_zh, x.name_en, 'entries' FROM catalogue_price_list_entry e
  JOIN catalogue_price_list x ON x.id = e.price_list_id WHERE e.offering_code = %(code)s AND {_LIVE}
UNION ALL SELECT 'promotions', x.code, x.version, x.state, x.name_zh, x.name_en, 'offering_codes' FROM catalogue_promotion x
  WHERE (%(code)s = ANY (x.offering_codes) OR %(code)s = ANY (x.device_codes)) AND {_LIVE}
UNION ALL SELECT 'rules', x.code, x.version, x.state, x.name_zh, x.name_en, 'parameters' FROM catalogue_rule x
  WHERE ((x.subject_kind = 'offering' AND x.subject_code = %(code)s) OR x.parameters -> 'offerings' ? %(code)s) AND {_LIVE}
UNION ALL SELECT 'categories', c.code, NULL, c.state, c.name_zh, c.name_en, 'offerings' FROM catalogue_category_member m
  JOIN catalogue_category c ON c.id = m.category_id WHERE m.offering_code = %(code)s
ORDER BY 1, 2, 3
"""
_WHOLE = """
SELECT (to_jsonb(o) || jsonb_build_object(
  'specification', (SELECT jsonb_build_object('id', s.id, 'code', s.code, 'version', s.version, 'name_zh', s.name_zh, 'name_en', s.name_en,
     'characteristics', (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.position, c.id), '[]') FROM catalogue_characteristic c WHERE c.specification_id = s.id))
     FROM catalogue_specification s WHERE s.id = o.specification_id),
  'parts', (SELECT coalesce(jsonb_agg(to_jsonb(p) || jsonb_build_object('name_zh', q.name_zh, 'name_en', q.name_en, 'monthly_fee', q.monthly_fee) ORDER BY p.position, p.id), '[]')
     FROM catalogue_bundle_part p LEFT JOIN LATERAL (SELECT name_zh, name_en, monthly_fee FROM catalogue_offering n WHERE n.code = p.part_code
       ORDER BY (n.state = 'launched' AND n.valid_until IS NULL) DESC, n.version DESC LIMIT 1) q ON true WHERE p.offering_id = o.id),
  'prices', (SELECT coalesce(jsonb_agg(to_jsonb(p) || jsonb_build_object('tiers', (SELECT coalesce(jsonb_agg(
       jsonb_build_object('from_units', t.from_units, 'amount', t.amount) ORDER BY t.from_units), '[]') FROM catalogue_price_tier t WHERE t.price_id = p.id))
     ORDER BY p.position, p.id), '[]') FROM catalogue_price p WHERE p.offering_id = o.id),
  'allowances', (SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.position, a.id), '[]') FROM catalogue_allowance a WHERE a.offering_id = o.id),
  'terms', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.position, t.id), '[]') FROM catalogue_term t WHERE t.offering_id = o.id),
  'versions', (SELECT jsonb_agg(jsonb_build_object('id', v.id, 'version', v.version, 'state', v.state, 'valid_from', v.valid_from,
     'valid_until', v.valid_until) ORDER BY v.version DESC) FROM catalogue_offering v WHERE v.code = o.code),
  'categories', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'name_zh', g.name_zh, 'name_en', g.name_en) ORDER BY g.code), '[]')
     FROM catalogue_category_member m JOIN catalogue_category g ON g.id = m.category_id WHERE m.offering_code = o.code)
))::text FROM catalogue_offering o WHERE o.id = %s
"""
_SEARCH = """
SELECT noun, id, code, version, state, name_zh, name_en FROM (
  SELECT DISTINCT ON (noun, code) * FROM (
    SELECT 'offerings' AS noun, id, code, version, state, name_zh, name_en, valid_until FROM catalogue_offering
    UNION ALL SELECT 'specifications', id, code, version, state, name_zh, name_en, valid_until FROM catalogue_specification
    UNION ALL SELECT 'price_lists', id, code, version, state, name_zh, name_en, valid_until FROM catalogue_price_list
    UNION ALL SELECT 'promotions', id, code, version, state, name_zh, name_en, valid_until FROM catalogue_promotion
    UNION ALL SELECT 'rules', id, code, version, state, name_zh, name_en, valid_until FROM catalogue_rule) every
  ORDER BY noun, code, (state = 'launched' AND valid_until IS NULL) DESC, version DESC) x
WHERE position(upper(%(words)s) IN code) > 0 OR position(%(words)s IN name_zh) > 0 OR position(lower(%(words)s) IN lower(name_en)) > 0
ORDER BY code <> upper(%(words)s), NOT starts_with(code, upper(%(words)s)), noun, code LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One entry that names a code, and in which of its fields (``place``)."""

    noun: str
    code: str
    version: int | None
    state: str
    name_zh: str
    name_en: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One entry that a search found, in the version that its code stands for."""

    noun: str
    id: UUID
    code: str
    version: int
    state: str
    name_zh: str
    name_en: str


def where_used(code: str, *, by: Actor) -> list[Use]:
    """Return everything that names an offering or specification and is not over: bundles, offerings, lists, promotions, rules, categories."""
    by.require("catalogue.view")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(_USES, {"code": code})
        return [Use(noun=n, code=c, version=v, state=s, name_zh=zh, name_en=en, place=p) for n, c, v, s, zh, en, p in cursor.fetchall()]


def offering_whole(offering_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Return a version of an offering with everything that belongs to it, as JSON from one statement; raises ``UnknownVersion``."""
    by.require("catalogue.view")
    with acting(by), connection.cursor() as cursor:
        cursor.execute(_WHOLE, [offering_id])
        row = cursor.fetchone()
    if row is None:
        raise UnknownVersion(noun="offering")
    found: dict[str, Any] = json.loads(row[0])
    return found


def search_catalogue(words: str, *, most: int = 20, by: Actor) -> list[Found]:
    """Return what has the words in its code or in one of its names, exact codes first."""
    by.require("catalogue.view")
    if not words.strip():
        return []
    with acting(by), connection.cursor() as cursor:
        cursor.execute(_SEARCH, {"words": words.strip(), "most": most})
        return [Found(noun=n, id=i, code=c, version=v, state=s, name_zh=zh, name_en=en) for n, i, c, v, s, zh, en in cursor.fetchall()]

"""The catalogue's tables as the price engine reads them: everything that prices follow from, in one round trip."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.catalogue.queries.revision import Revision
from tongke.areas.catalogue.rules.pricing import offer
from tongke.areas.catalogue.rules.pricing.benefits import Benefit, Promotion
from tongke.areas.catalogue.rules.pricing.tax import BASIC_TELECOM, GOODS, VALUE_ADDED_TELECOM
from tongke.kernel.period import Period

Row = Mapping[str, Any]
# Of an offering that was published with a monthly fee only, by its kind.
TAX_OF_KIND = {"mobile": VALUE_ADDED_TELECOM, "fixed": BASIC_TELECOM, "device": GOODS}

_ROWS = """
WITH wanted AS (SELECT * FROM catalogue_offering WHERE state IN ('launched', 'retired') OR id = ANY (%s)),
 listed AS (SELECT * FROM catalogue_price_list WHERE state = 'launched')
SELECT r.number, r.xmin::text, jsonb_build_object(
 'offerings', (SELECT jsonb_agg(to_jsonb(o) - '{description_zh,description_en,note,created_by}'::text[] ORDER BY o.code, o.version) FROM wanted o),
 'prices', (SELECT jsonb_agg(to_jsonb(p) - '{org_id}'::text[] ORDER BY p.position, p.code, p.id) FROM catalogue_price p JOIN wanted o ON o.id = p.offering_id),
 'tiers', (SELECT jsonb_agg(jsonb_build_array(t.price_id, t.from_units, t.amount) ORDER BY t.from_units)
   FROM catalogue_price_tier t JOIN catalogue_price p ON p.id = t.price_id JOIN wanted o ON o.id = p.offering_id),
 'allowances', (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.position, a.usage_type, a.id) FROM catalogue_allowance a JOIN wanted o ON o.id = a.offering_id),
 'terms', (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.position, t.code) FROM catalogue_term t JOIN wanted o ON o.id = t.offering_id),
 'parts', (SELECT jsonb_agg(to_jsonb(b) ORDER BY b.position, b.part_code) FROM catalogue_bundle_part b JOIN wanted o ON o.id = b.offering_id),
 'entries', (SELECT jsonb_agg(to_jsonb(e) || jsonb_build_object('code', l.code, 'version', l.version, 'priority', l.priority, 'segment', l.segment,
   'channel', l.channel, 'area_id', l.area_id, 'valid_from', l.valid_from, 'valid_until', l.valid_until) ORDER BY l.code, l.version, e.id)
   FROM catalogue_price_list_entry e JOIN listed l ON l.id = e.price_list_id),
 'defaults', (SELECT jsonb_agg(jsonb_build_array(c.specification_id, c.code, c."default")) FROM catalogue_characteristic c
   WHERE c."default" IS NOT NULL AND c.specification_id IN (SELECT specification_id FROM wanted)),
 'taxes', (SELECT jsonb_agg(to_jsonb(t) ORDER BY t.category, t.valid_from) FROM catalogue_tax_rate t),
 'promotions', (SELECT jsonb_agg(to_jsonb(p) - '{description_zh,description_en,note,created_by,used}'::text[] || jsonb_build_object('of_categories',
   (WITH RECURSIVE below AS (SELECT g.id FROM catalogue_category g WHERE g.code = ANY (p.category_codes)
      UNION SELECT g.id FROM catalogue_category g JOIN below b ON g.parent_id = b.id)
    SELECT coalesce(jsonb_agg(DISTINCT m.offering_code), '[]') FROM catalogue_category_member m JOIN below b ON b.id = m.category_id))
   ORDER BY p.code, p.version)
   FROM catalogue_promotion p WHERE p.state = 'launched'))::text
FROM catalogue_revision r
"""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an offering, its parts not yet resolved, and when it is sold."""

    priced: offer.PricedOffering
    parts: tuple[Row, ...]
    on_sale: bool
    valid: Period[datetime]


@dataclass(frozen=True, slots=True)
class PriceRows:
    """Everything of one revision, and the instants at which something of it begins or ends."""

    revision: Revision
    by_id: Mapping[str, Version]
    by_code: Mapping[str, tuple[Version, ...]]
    taxes: tuple[offer.TaxRate, ...]
    promotions: tuple[Promotion, ...]
    edges: tuple[datetime, ...]


def read_price_rows(also: Iterable[UUID] = ()) -> PriceRows:
    """Read every version that is or was sold, and those of the ids ``also`` (drafts, versions out of use)."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [list(also)])
        number, made_by, text = cursor.fetchone()
    rows: dict[str, list[Any]] = {name: found or [] for name, found in json.loads(text, parse_float=Decimal).items()}
    versions = _versions(rows)
    by_code: dict[str, list[Version]] = defaultdict(list)
    for version in versions.values():
        by_code[version.priced.code].append(version)
    taxes = tuple(
        offer.TaxRate(t["category"], _decimal(t["percent"]), _valid(t), f"{t['category']} {t['percent']}%") for t in rows["taxes"])
    promotions = tuple(promotion_of(p) for p in rows["promotions"])
    periods = [*(v.valid for v in versions.values()), *(t.valid for t in taxes), *(p.valid for p in promotions),
               *(_valid(e) for e in rows["entries"])]
    edges = {edge for p in periods if p is not None for edge in (p.start, p.end) if edge is not None}
    return PriceRows(
        (int(number), str(made_by)), versions, {code: tuple(found) for code, found in by_code.items()}, taxes, promotions, tuple(sorted(edges)))


def _versions(rows: Mapping[str, Sequence[Any]]) -> dict[str, Version]:
    tiers: dict[str, list[offer.Tier]] = defaultdict(list)
    for price_id, from_units, amount in rows["tiers"]:
        tiers[price_id].append(offer.Tier(_decimal(from_units), _decimal(amount)))
    defaults: dict[str, dict[str, object]] = defaultdict(dict)
    for specification_id, code, value in rows["defaults"]:
        defaults[specification_id][code] = value
    prices, allowances, terms, parts = (_grouped(rows[name]) for name in ("prices", "allowances", "terms", "parts"))
    entries = _grouped(rows["entries"], key="offering_code")
    out = {}
    for o in rows["offerings"]:
        source = f"{o['code']} v{o['version']}"
        priced = offer.PricedOffering(
            code=o["code"], version=o["version"], id=o["id"], kind=o["kind"], name_zh=o["name_zh"], name_en=o["name_en"],
            currency=o["currency"], segments=tuple(o["segments"]), channels=tuple(o["channels"]),
            prices=tuple(_price(p, tiers[p["id"]], source) for p in prices[o["id"]]) or _by_fee(o, source),
            allowances=tuple(_allowance(a) for a in allowances[o["id"]]), terms=tuple(_term(t, source) for t in terms[o["id"]]),
            listed=tuple(_listed(e) for e in entries[o["code"]]),
            defaults={**defaults.get(o["specification_id"] or "", {}), **o["characteristics"]},
        )
        out[o["id"]] = Version(priced, tuple(parts[o["id"]]), o["state"] == "launched" and o["sellable"], _valid(o))
    return out


def resolved(version: Version, find: Callable[[str], Version | None], above: tuple[str, ...] = ()) -> offer.PricedOffering:
    """Return the version with its parts; ``find`` gives a part's version in force. A part that is not sold now is left out, and so
    is one that would contain the bundle itself.
    """
    if not version.parts:
        return version.priced
    inside = (*above, version.priced.code)
    parts = []
    for row in version.parts:
        found = find(row["part_code"])
        if found is None or row["part_code"] in inside:
            continue
        parts.append(offer.Part(
            row["part_code"], resolved(found, find, inside), row["group_code"], row["group_min"], row["group_max"], row["quantity_min"],
            row["quantity_max"], row["quantity_default"],
        ))
    return replace(version.priced, parts=tuple(parts))


def _grouped(rows: Sequence[Any], key: str = "offering_id") -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        out[row[key]].append(row)
    return out


def _decimal(value: object) -> Decimal:
    return Decimal(str(value)) if value is not None else offer.NOTHING


def _maybe(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _valid(row: Row) -> Period[datetime]:
    start, end = datetime.fromisoformat(row["valid_from"]), row["valid_until"]
    until = datetime.fromisoformat(end) if end else None
    return Period(start, until if until is None or until >= start else start)


def _price(p: Row, tiers: Sequence[offer.Tier], source: str) -> offer.Price:
    where = " ".join(str(p[name]) for name in ("part_code", "segment", "channel", "area_id") if p[name])
    return offer.Price(
        code=p["code"], kind=p["kind"], amount=_decimal(p["amount"]), charge_type=p["charge_type"], name_zh=p["name_zh"], name_en=p["name_en"],
        tax_category=p["tax_category"], tax_included=p["tax_included"], period=p["period"] or "month", proration=p["proration"],
        usage_type=p["usage_type"], unit_size=_decimal(p["unit_size"]), segment=p["segment"], channel=p["channel"], area_id=p["area_id"],
        condition=offer.asked_of(p["condition"]), part_code=p["part_code"], percent_of_part=_maybe(p["percent_of_part"]),
        tier_mode=p["tier_mode"], tiers=tuple(tiers), source=f"{source}: {p['code']}" + (f" ({where})" if where else ""),
    )


def _by_fee(o: Row, source: str) -> tuple[offer.Price, ...]:
    """The price of an offering that was published with nothing but a monthly fee."""
    fee = _decimal(o["monthly_fee"])
    if fee <= 0:
        return ()
    return (offer.Price(
        code="monthly", kind=offer.RECURRING, amount=fee, charge_type="recurring", name_zh="月费", name_en="Monthly fee",
        tax_category=TAX_OF_KIND.get(o["kind"], VALUE_ADDED_TELECOM), source=f"{source}: monthly_fee",
    ),)


def _allowance(a: Row) -> offer.Allowance:
    return offer.Allowance(a["usage_type"], _decimal(a["amount"]), a["rollover_months"], a["shared"], a["proration"])


def _term(t: Row, source: str) -> offer.Term:
    return offer.Term(
        t["code"], t["months"], t["default"], t["name_zh"], t["name_en"], t["penalty_kind"], _decimal(t["penalty_percent"]),
        _decimal(t["penalty_amount"]), _decimal(t["floor_amount"]), _decimal(t["prestore_amount"]), t["return_months"],
        f"{source}: {t['code']}",
    )


def _listed(e: Row) -> offer.Listed:
    return offer.Listed(
        e["code"], e["priority"], e["price_code"], e["segment"], e["channel"], e["area_id"], _maybe(e["amount"]), _maybe(e["percent"]),
        _valid(e), f"{e['code']} v{e['version']}",
    )


def promotion_of(p: Row) -> Promotion:
    """Return a promotion's row (``to_jsonb`` of it, with ``of_categories``) as the engine applies it."""
    handset = p["kind"] == "handset_contract"
    benefit = Benefit(
        kind=p["kind"], percent=_decimal(p["percent"]), amount=_decimal(p["amount"]), months=(p["term_months"] if handset else p["months"]) or 0,
        charge_codes=tuple(p["price_codes"]), device_price=_decimal(p["device_price"]), floor=_decimal(p["floor_amount"]),
        prestore=_decimal(p["prestore_amount"]), return_months=p["return_months"] or 0, device_codes=tuple(p["device_codes"]),
        points=p["points"] or 0,
    )
    customers = "new" if p["new_customers_only"] else "existing" if p["existing_customers_only"] else "all"
    return Promotion(
        code=p["code"], version=p["version"], benefit=benefit, name_zh=p["name_zh"], name_en=p["name_en"],
        offerings=(*p["offering_codes"], *p["of_categories"]) or (("",) if p["category_codes"] else ()), segments=tuple(p["segments"]), levels=tuple(p["levels"]),
        channels=tuple(p["channels"]), areas=tuple(p["sold_in"]), customers=customers, stacking_group=p["stacking_group"],
        stackable=p["stackable"], priority=p["priority"], valid=_valid(p), id=p["id"], quota_total=p["quota_total"],
        quota_per_customer=p["quota_per_customer"],
    )

"""The two sides of the plan-advice benchmark, and the plans that are compared. Runs in a process of the ground's."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

PLANS = 240
COUNTS = (15, 60, 240)
CODES = [f"BP-{n:04d}" for n in range(PLANS)]
LINES, WARM = 300, 20
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

_OFFERS = """
INSERT INTO catalogue_offering (id, code, version, kind, name_zh, name_en, monthly_fee, currency, characteristics, valid_from, state, org_id)
SELECT tongke_uuid7(), 'BP-' || lpad(n::text, 4, '0'), 1, 'mobile', '套餐' || n, 'Plan ' || n, 19 + 3 * n, 'CNY', '{}', %(since)s, 'in_design', 1
FROM generate_series(0, %(count)s - 1) n ON CONFLICT DO NOTHING
"""
_PRICES = """
INSERT INTO catalogue_price (id, org_id, offering_id, code, kind, charge_type, name_zh, name_en, amount, currency, tax_category, tax_included, period,
  proration, usage_type, unit_size, tier_mode, segment, channel, area_id, condition, part_code, percent_of_part, position)
SELECT tongke_uuid7(), 1, o.id, k.code, k.kind, k.charge, k.code, k.code, coalesce(k.amount, o.monthly_fee), 'CNY', 'value_added_telecom', true, k.period,
  'daily', k.usage, k.size, 'slab', '', '', NULL, '{}', '', NULL, 0
FROM catalogue_offering o CROSS JOIN (VALUES
  ('monthly', 'recurring', 'rental', NULL::numeric, 'month', '', 1), ('data', 'usage', 'data', 5, '', 'data_mb', 1024),
  ('call', 'usage', 'voice', 0.15, '', 'voice_minute', 1), ('sms', 'usage', 'sms', 0.1, '', 'sms', 1), ('abroad', 'usage', 'roaming', 3, '', 'data_roaming_mb', 100)
) k(code, kind, charge, amount, period, usage, size)
WHERE o.code LIKE 'BP-%%' AND o.state = 'in_design' ON CONFLICT DO NOTHING
"""
# Every third plan lets data roll over.
_ALLOWANCES = """
INSERT INTO catalogue_allowance (id, org_id, offering_id, usage_type, amount, rollover_months, shared, proration, position)
SELECT tongke_uuid7(), 1, o.id, k.usage, k.amount * (1 + right(o.code, 4)::int %% 20), CASE WHEN right(o.code, 4)::int %% 3 = 0 AND k.usage = 'data_mb' THEN 1 ELSE 0 END,
  false, 'daily', 0
FROM catalogue_offering o CROSS JOIN (VALUES ('data_mb', 1024), ('voice_minute', 50)) k(usage, amount)
WHERE o.code LIKE 'BP-%%' AND o.state = 'in_design' ON CONFLICT DO NOTHING
"""
# The same sums without the house: fee and begun units beyond the allowance, for every plan and month; no rollover.
_PLAIN = """
WITH used AS (
  SELECT u.month_at, k.usage, k.units FROM inventory_usage_month u CROSS JOIN LATERAL (VALUES
    ('data_mb', ceil(u.data_bytes / 1048576.0)), ('voice_minute', ceil(u.voice_seconds / 60.0)), ('sms', u.sms_count::numeric),
    ('data_roaming_mb', ceil(u.roaming_bytes / 1048576.0))) k(usage, units)
  WHERE u.subscriber_id = %(line)s AND u.month_at >= %(since)s AND u.month_at < %(until)s)
SELECT o.code, sum(round(ceil(greatest(used.units - coalesce(a.amount, 0), 0) / p.unit_size) * p.amount, 2)) + max(o.monthly_fee) * count(DISTINCT used.month_at)
FROM catalogue_offering o CROSS JOIN used
LEFT JOIN catalogue_price p ON p.offering_id = o.id AND p.usage_type = used.usage
LEFT JOIN catalogue_allowance a ON a.offering_id = o.id AND a.usage_type = used.usage
WHERE o.code = ANY (%(codes)s) GROUP BY o.code
"""


def lay() -> None:
    """Lay the plans: a fee, four rates, two allowances each, and a promotion with a quota that holds for all of them."""
    from tongke.areas.catalogue.models import Promotion  # noqa: PLC0415 - needs Django's settings
    from tongke.kernel.actor import acting, system_actor  # noqa: PLC0415 - as above

    with acting(system_actor("bench")), connection.cursor() as cursor:
        for statement in (_OFFERS, _PRICES, _ALLOWANCES):
            cursor.execute(statement, {"count": PLANS, "since": LONG_AGO})
        Promotion.objects.get_or_create(code="BP-FIFTH", version=1, defaults={
            "name_zh": "八折", "name_en": "A fifth off", "kind": "percent_off", "percent": Decimal(20), "months": 3, "state": "launched",
            "quota_total": 1_000_000, "valid_from": LONG_AGO, "created_at": LONG_AGO, "changed_at": LONG_AGO})
        cursor.execute("UPDATE catalogue_offering SET state = 'launched' WHERE code LIKE 'BP-%%' AND state = 'in_design'")


def _percentiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {"p50": round(ordered[len(ordered) // 2] * 1000, 3), "p99": round(ordered[int(len(ordered) * 0.99)] * 1000, 3)}


def _timed(call: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = call()
    return time.perf_counter() - begun, answer


def main() -> None:
    """Measure both sides and all numbers of plans in turn, line by line, and print one line of JSON."""
    from tongke.areas.ordering.queries.plan_advice import month_at, plan_advice  # noqa: PLC0415 - needs Django's settings
    from tongke.kernel.actor import Actor, acting  # noqa: PLC0415 - as above

    clerk = Actor(name="bench", org_id=33, scope=(33, 3301, 3302, 3303), permissions=frozenset({
        "ordering.qualify", "ordering.price", "catalogue.view", "inventory.view"}))
    with acting(clerk):
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(month_at) FROM inventory_usage_month")
            newest = cursor.fetchone()[0]
        at = month_at(newest.date(), 1).replace(day=15)
        span = {"since": month_at(at.date().replace(day=1), -6), "until": month_at(at.date().replace(day=1), 0)}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.id FROM inventory_subscriber s WHERE s.kind = 'mobile' AND s.state = 'active' AND (SELECT count(*) FROM inventory_usage_month u"
                " WHERE u.subscriber_id = s.id AND u.month_at >= %(since)s AND u.month_at < %(until)s) = 6 ORDER BY md5(s.id::text) LIMIT %(lines)s",
                {"lines": LINES, **span})
            lines = [row[0] for row in cursor.fetchall()]
        ours: dict[str, list[float]] = {str(count): [] for count in COUNTS}
        plain: dict[str, list[float]] = {str(count): [] for count in COUNTS}
        for number, line in enumerate([*lines[:WARM], *lines]):
            if number == WARM:
                gc.freeze()  # as the server does once it stands (tongke.config.server)
            for count in COUNTS:
                took, raw_took = _both(plan_advice, clerk, line, at=at, span=span, codes=CODES[:count])
                if number >= WARM:
                    ours[str(count)].append(took)
                    plain[str(count)].append(raw_took)
    print(json.dumps({side: {count: _percentiles(times) for count, times in found.items()} for side, found in (("ours", ours), ("plain", plain))}))


def _both(advise: Any, clerk: Any, line: UUID, *, at: datetime, span: dict[str, datetime], codes: list[str]) -> tuple[float, float]:
    """Ask both sides for one line, one after the other; where no plan rolls over, they must say the same."""
    def raw() -> dict[str, Decimal]:
        with connection.cursor() as cursor:
            cursor.execute(_PLAIN, {"line": line, "codes": codes, **span})
            return dict(cursor.fetchall())

    took, advice = _timed(lambda: advise(line, months=6, plans=codes, channel="hall", by=clerk, at=at))
    raw_took, sums = _timed(raw)
    found = {p.code: p.total for p in advice.plans}
    assert all(p.promoted is not None for p in advice.plans)
    assert set(sums) == {*found, *(code for code in advice.refused if code in sums)}
    assert all(found[code] == total for code, total in sums.items() if code in found and int(code[-4:]) % 3)
    return took, raw_took

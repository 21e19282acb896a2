"""The two sides of the eligibility benchmark, and the catalogue that they are asked about. Runs in a process of the ground's."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

OFFERS = 1000
ROUNDS, SECONDS = 5, 1.5
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

_OFFERS = """
INSERT INTO catalogue_offering (id, code, version, kind, name_zh, name_en, monthly_fee, currency, characteristics, valid_from, state, org_id)
SELECT tongke_uuid7(), 'BN-' || lpad(n::text, 4, '0'), 1, (ARRAY['mobile', 'broadband', 'value_added', 'tv', 'fixed'])[1 + n %% 5],
  '商品' || n, 'Offer ' || n, 9 + n %% 100, 'CNY', '{}', %(since)s, 'in_design', 1
FROM generate_series(0, %(count)s - 1) n ON CONFLICT DO NOTHING
"""
_PRICES = """
INSERT INTO catalogue_price (id, org_id, offering_id, code, kind, charge_type, name_zh, name_en, amount, currency, tax_category, tax_included, period,
  proration, usage_type, unit_size, tier_mode, segment, channel, area_id, condition, part_code, percent_of_part, position)
SELECT tongke_uuid7(), 1, o.id, k.code, k.kind, k.charge, k.zh, k.en, CASE WHEN k.code = 'M' THEN o.monthly_fee ELSE 20 END, 'CNY', 'basic_telecom', true, k.period,
  'daily', '', 1, 'slab', '', '', NULL, '{}', '', NULL, 0
FROM catalogue_offering o CROSS JOIN (VALUES ('M', 'recurring', 'rental', '月费', 'Monthly fee', 'month'), ('S', 'one_off', 'set_up', '开通费', 'Set-up', '')) k(code, kind, charge, zh, en, period)
WHERE o.code LIKE 'BN-%%' AND o.state = 'in_design' ON CONFLICT DO NOTHING
"""
_RULES = """
INSERT INTO catalogue_rule (id, org_id, code, version, name_zh, name_en, subject_kind, subject_code, kind, parameters, effect, state, valid_from,
  says_zh, says_en, mend_zh, mend_en, note, created_by, created_at, changed_at)
SELECT tongke_uuid7(), 1, r.code, 1, r.code, r.code, r.about, r.subject, r.kind, r.parameters::jsonb, r.effect, 'launched', %(since)s,
  '', '', '', '', '', 'bench', %(since)s, %(since)s
FROM (
  VALUES ('BN-NAME', 'all', '', 'real_name', '{"lines_most": 5}', 'refuse'), ('BN-BLACK', 'all', '', 'blacklist', '{}', 'refuse'),
    ('BN-OWE', 'all', '', 'arrears', '{}', 'refuse'), ('BN-CREDIT', 'kind', 'mobile', 'credit', '{"class_least": "C", "within_limit": true, "deposit": "100"}', 'deposit'),
    ('BN-AGE', 'kind', 'mobile', 'age', '{"least": 16}', 'refuse'), ('BN-COVER', 'kind', 'broadband', 'coverage', '{"mbps": 100}', 'refuse'),
    ('BN-LOCK', 'kind', 'mobile', 'contract', '{"where": "customer"}', 'agree'), ('BN-TV', 'kind', 'tv', 'requires', '{"kinds": ["broadband"]}', 'refuse'),
    ('BN-MANY', 'all', '', 'quantity', '{"most": 50}', 'refuse'), ('BN-HALL', 'kind', 'fixed', 'channel', '{"one_of": ["hall", "hotline"]}', 'refuse')
  UNION ALL SELECT 'BN-R' || n, 'offering', 'BN-' || lpad(n::text, 4, '0'), 'requires',
    format('{"offerings": ["BN-%%s", "BN-%%s"]}', lpad((n - 2)::text, 4, '0'), lpad((n - 7)::text, 4, '0')), 'refuse'
    FROM generate_series(12, %(count)s - 1, 10) n
  UNION ALL SELECT 'BN-X' || n, 'offering', 'BN-' || lpad(n::text, 4, '0'), 'excludes',
    format('{"offerings": ["BN-%%s", "BN-%%s"]}', lpad((n + 1)::text, 4, '0'), lpad((n + 6)::text, 4, '0')), 'refuse'
    FROM generate_series(0, %(count)s - 10, 10) n
  UNION ALL SELECT 'BN-S' || n, 'offering', 'BN-' || lpad(n::text, 4, '0'), 'segment', '{"one_of": ["residential"]}', 'refuse'
    FROM generate_series(5, %(count)s - 1, 10) n
) r(code, about, subject, kind, parameters, effect) ON CONFLICT DO NOTHING
"""


def lay() -> None:
    """Lay a thousand offers with two prices each, and rules of all weights: ten for many offers, three hundred for one each."""
    from tongke.kernel.actor import acting, system_actor  # noqa: PLC0415 - needs Django's settings

    with acting(system_actor("bench")), connection.cursor() as cursor:
        for statement in (_OFFERS, _PRICES, _RULES):
            cursor.execute(statement, {"count": OFFERS, "since": LONG_AGO})
        cursor.execute("UPDATE catalogue_offering SET state = 'launched' WHERE code LIKE 'BN-%%' AND state = 'in_design'")


def _codes(count: int) -> list[str]:
    return [f"BN-{n:04d}" for n in range(count)]


def _measured(call: Callable[[UUID], Any], customers: list[UUID]) -> float:
    """Return the middle of the rounds' rates, in calls a second by the clock."""
    for customer in customers[:20]:
        call(customer)
    rates, at = [], 0
    for _round in range(ROUNDS):
        begun, done = time.perf_counter(), 0
        while time.perf_counter() - begun < SECONDS:
            call(customers[at % len(customers)])
            at, done = at + 1, done + 1
        rates.append(done / (time.perf_counter() - begun))
    return round(statistics.median(rates), 1)


def main() -> None:
    """Measure both sides for every count of offers and print one line of JSON."""
    from tongke.areas.catalogue.queries import pricing  # noqa: PLC0415 - needs Django's settings
    from tongke.areas.catalogue.rules.pricing.asked import Configuration  # noqa: PLC0415 - as above
    from tongke.areas.ordering.queries.facts import Wanted  # noqa: PLC0415 - as above
    from tongke.areas.ordering.queries.qualification import qualify  # noqa: PLC0415 - as above
    from tongke.kernel.actor import Actor, acting  # noqa: PLC0415 - as above

    clerk = Actor(name="bench", org_id=33, scope=(33, 3301, 3302, 3303), permissions=frozenset({"ordering.qualify", "ordering.price", "catalogue.view"}))
    wanted = Wanted(channel="hall")
    with acting(clerk):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM party_customer WHERE state = 'active' ORDER BY md5(id::text) LIMIT 500")
            customers = [row[0] for row in cursor.fetchall()]

        def priced(customer: UUID, codes: list[str], *, afresh: bool) -> None:
            said = qualify(customer, codes, wanted=wanted, by=clerk, at=AT)
            facts = said[0].judgement.facts
            book = pricing.price_book(at=AT)
            if afresh:
                book._quotes.clear()  # noqa: SLF001 - the benchmark forgets what is kept, to tell what it is worth
            quotes = pricing.quote_many(codes, configuration=Configuration(
                segment=facts.segment or "", level=facts.level or "", areas=tuple(reversed(facts.orgs or ())), channel="hall", new_customer=False), at=AT)
            assert len(said) == len(quotes) == len(codes)

        told: dict[str, dict[str, float]] = {"ours": {}, "afresh": {}, "plain": {}}
        for count in (10, 100, 1000):
            codes = _codes(count)
            told["ours"][str(count)] = _measured(lambda c, codes=codes: priced(c, codes, afresh=False), customers)  # type: ignore[misc]
            told["afresh"][str(count)] = _measured(lambda c, codes=codes: priced(c, codes, afresh=True), customers)  # type: ignore[misc]
            told["plain"][str(count)] = _measured(lambda c, codes=codes: _plain(c, codes, wanted=wanted, by=clerk), customers)  # type: ignore[misc]
    print(json.dumps(told))


def _plain(customer: UUID, codes: list[str], *, wanted: Any, by: Any) -> int:
    """Read the same facts and look at every rule for every offer, one after the other."""
    from tongke.areas.catalogue import queries as catalogue  # noqa: PLC0415 - needs Django's settings
    from tongke.areas.catalogue.rules.eligibility.checks import CHECKS, Case  # noqa: PLC0415 - as above
    from tongke.areas.ordering.queries.facts import gather  # noqa: PLC0415 - as above

    gathered = gather(customer, wanted, by=by, at=AT)
    book, found = catalogue.rules_in_force(gathered.org_id, known=gathered.revision, at=AT), 0
    for code in codes:
        offer = book.offers[code]
        case = Case(facts=gathered.facts, products=gathered.facts.held, fee=offer.fee)
        for made in book._compiled:  # noqa: SLF001 - the plain reading of the same rules
            if code in made.plan.subject.codes:
                found += len(list(CHECKS[made.plan.kind](made.plan, case)))
    return found

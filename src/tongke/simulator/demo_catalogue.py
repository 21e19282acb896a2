"""The demo's stories of the catalogue: a plan that is retired, an offer that waits for approval, a promotion nearly given out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.catalogue import services as catalogue
from tongke.kernel.actor import Actor
from tongke.simulator.demo_people import Line, record_customer, resident
from tongke.simulator.ground import catalogue_text

SOLD_FROM, RETIRED = datetime(2018, 2, 28, 16, tzinfo=UTC), datetime(2021, 6, 30, 16, tzinfo=UTC)
SHARES_USED = 47
"""Of fifty shares of the promotion GIGABIT-50."""
WAITING_OFFER = "M79-ZJ"
_AUTHORITIES = (
    ("clerk", "recurring", 5, 10), ("clerk", "one_off", 20, 50), ("agent", "recurring", 5, 10), ("account_manager", "recurring", 15, 500),
    ("account_manager", "one_off", 30, 2000), ("supervisor", "recurring", 20, 200), ("supervisor", "one_off", 100, 500),
    ("product_manager", "recurring", 30, 1000),
)
"""Role, kind of price, most percent and most yuan that it may take off by itself."""
_KEEPERS = (
    ("徐国强", "33010519650311711", "13857100031", "浙江省杭州市拱墅区莫干山路100号锦绣花园2幢1单元201室"),
    ("马秀英", "33010619580902522", "13857100032", "浙江省杭州市西湖区古墩路588号绿城花园3幢1单元402室"),
    ("何建军", "33010619720517331", "13857100033", "浙江省杭州市西湖区文三路398号万塘公寓1幢1单元303室"),
)
_WIDE = """SELECT c.id, c.org_id FROM party_customer c JOIN inventory_subscriber s ON s.customer_id = c.id
WHERE s.kind = 'broadband' AND s.state = 'active' AND c.org_id = 3301 ORDER BY c.id LIMIT %s"""


def authorities(*, by: Actor, at: datetime) -> None:
    """Say how much each role may take off by itself."""
    for role, kind, percent, amount in _AUTHORITIES:
        catalogue.set_discount_authority(role_code=role, kind=kind, percent_max=Decimal(percent), amount_max=Decimal(amount), by=by, at=at)


def retired_plan(*, by: Actor, at: datetime) -> None:
    """徐国强, 马秀英 and 何建军 keep the plan of 2018 that nobody can order any longer."""
    catalogue.import_catalogue(text=catalogue_text("retired"), mode="launch", by=by, at=SOLD_FROM)
    for place, (name, first_17, phone, address) in enumerate(_KEEPERS):
        draft = resident(name, first_17, phone=phone, address=address, issuer="杭州市公安局", org_id=3301)
        line = Line("mobile", f"+86{phone}", "M58-2018", Decimal(58), (7200, 6_000_000_000))
        record_customer(draft, lines=(line,), by=by, at=at, joined=SOLD_FROM + timedelta(days=200 + 90 * place))
    (version,) = _ids("SELECT id FROM catalogue_offering WHERE code = 'M58-2018'")
    catalogue.retire_version(noun="offerings", version_id=version, reason="4G 套餐下架，在用客户保留", by=by, at=RETIRED)


def waiting_offer(manager: Actor, *, at: datetime) -> None:
    """沈悦 has drawn up a plan for Zhejiang and tried it; 高峰 is asked to approve it."""
    version = catalogue.draft_offering(code=WAITING_OFFER, content=_OFFER, by=manager, at=at - timedelta(days=4))
    catalogue.test_version(noun="offerings", version_id=version, by=manager, at=at - timedelta(days=2))
    catalogue.request_version_approval(noun="offerings", version_id=version, reason="省内竞对推出 79 元档，补齐 69 与 99 元之间的空档", by=manager,
                                       at=at - timedelta(days=1))


def scarce_promotion(*, by: Actor, at: datetime) -> None:
    """Of fifty shares of the gigabit promotion three are left."""
    (promotion,) = _ids("SELECT id FROM catalogue_promotion WHERE code = 'GIGABIT-50' AND state = 'launched'")
    with connection.cursor() as cursor:
        cursor.execute(_WIDE, [SHARES_USED])
        customers = cursor.fetchall()
    for place, (customer, org) in enumerate(customers):
        then = at - timedelta(days=SHARES_USED - place, minutes=place)
        catalogue.hold_promotion(promotion_id=promotion, customer_id=customer, org_id=org, key=f"demo-{place}", by=by, at=then)
        catalogue.use_promotion(promotion_id=promotion, key=f"demo-{place}", by=by, at=then + timedelta(minutes=1))


def _ids(statement: str) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


_OFFER: dict[str, Any] = {
    "org_id": 33, "kind": "mobile", "name_zh": "浙里畅享79元套餐", "name_en": "Zhejiang Smart 79", "specification": "PS-MOBILE", "sold_in": [33],
    "description_zh": "浙江省内专属，含家庭宽带加购优惠。", "description_en": "For Zhejiang only; broadband may be added at a lower price.",
    "characteristics": {"network": "5G", "data_gb": 50, "minutes": 300},
    "prices": [
        {"code": "MONTHLY", "kind": "recurring", "name_zh": "月费", "name_en": "Monthly fee", "amount": Decimal(79), "period": "month",
         "proration": "after_15th"},
        {"code": "CALLS", "kind": "usage", "name_zh": "套餐外国内通话", "name_en": "Calls beyond the plan", "amount": Decimal("0.10"), "usage_type": "voice_minute"},
        {"code": "DATA", "kind": "usage", "name_zh": "套餐外国内流量", "name_en": "Data beyond the plan", "amount": Decimal("0.30"), "usage_type": "data_mb",
         "unit_size": Decimal(100), "tax_category": "value_added_telecom"},
    ],
    "allowances": [{"usage_type": "data_mb", "amount": Decimal(51_200), "rollover_months": 1}, {"usage_type": "voice_minute", "amount": Decimal(300)}],
    "terms": [{"code": "C12", "name_zh": "12 个月合约", "name_en": "Contract of 12 months", "months": 12, "penalty_kind": "remaining_months",
               "penalty_percent": Decimal(30)}],
}

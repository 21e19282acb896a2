"""The offers that simulated customers hold: codes, fees and what they include, as catalogue/operator.yaml has them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from tongke.simulator.draw import Ints, constant, ids, money, texts

_FROM = "2015-01-01 00:00:00Z"
KINDS = ("mobile", "fixed", "broadband", "tv", "ict")
MARKET_CENTS = np.array([5900, 2500, 10_000, 1500, 60_000], dtype=np.int64)
"""What a line of each kind costs at the competitors, in cents: the yardstick of the price hazard."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One offering: fee in cents a month, weight among lines of its kind, what it includes."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    fee: int
    weight: float
    included: dict[str, Any]


OFFERS = (
    Offer("M19", "mobile", "畅享19元套餐", "Smart 19", 1900, 20, {"data_gb": 5, "minutes": 50}),
    Offer("M39", "mobile", "畅享39元套餐", "Smart 39", 3900, 28, {"data_gb": 15, "minutes": 100}),
    Offer("M59", "mobile", "5G畅享59元套餐", "5G Smart 59", 5900, 26, {"data_gb": 30, "minutes": 200}),
    Offer("M99", "mobile", "5G畅享99元套餐", "5G Smart 99", 9900, 14, {"data_gb": 60, "minutes": 500}),
    Offer("M129", "mobile", "5G畅享129元套餐", "5G Smart 129", 12_900, 8, {"data_gb": 100, "minutes": 800}),
    Offer("M199", "mobile", "5G尊享199元套餐", "5G Premium 199", 19_900, 4, {"data_gb": 200, "minutes": 1500}),
    Offer("F15", "fixed", "固话月租15元", "Fixed line 15", 1500, 55, {"minutes": 60}),
    Offer("F35", "fixed", "固话畅打35元", "Fixed line talk 35", 3500, 45, {"minutes": 600}),
    Offer("B100", "broadband", "宽带100M", "Broadband 100M", 6900, 25, {"mbps": 100}),
    Offer("B300", "broadband", "宽带300M", "Broadband 300M", 9900, 40, {"mbps": 300}),
    Offer("B500", "broadband", "宽带500M", "Broadband 500M", 12_900, 20, {"mbps": 500}),
    Offer("B1000", "broadband", "千兆宽带1000M", "Gigabit broadband", 16_900, 15, {"mbps": 1000}),
    Offer("T10", "tv", "天翼高清10元", "TV basic", 1000, 60, {"channels": 120}),
    Offer("T20", "tv", "4K超高清20元", "TV 4K", 2000, 40, {"channels": 180}),
    Offer("I300", "ict", "企业云专线", "Company cloud line", 30_000, 50, {"mbps": 50}),
    Offer("I800", "ict", "企业专线精品网", "Company premium line", 80_000, 35, {"mbps": 200}),
    Offer("I2000", "ict", "云网融合套餐", "Cloud and network suite", 200_000, 15, {"mbps": 1000}),
    Offer("V6", "value_added", "视频彩铃", "Video ring tone", 600, 40, {}),
    Offer("V15", "value_added", "视频会员月包", "Video membership", 1500, 35, {}),
    Offer("V20", "value_added", "云盘会员", "Cloud drive", 2000, 25, {}),
    Offer("H0", "bundle", "全家融合套餐", "Family bundle", 0, 1, {"members_max": 5}),
)
FEES = np.array([o.fee for o in OFFERS], dtype=np.int64)
GIGABYTES = np.array([o.included.get("data_gb", 0) for o in OFFERS], dtype=np.int64)
MINUTES = np.array([o.included.get("minutes", 0) for o in OFFERS], dtype=np.int64)
MEGABITS = np.array([o.included.get("mbps", 0) for o in OFFERS], dtype=np.int64)
BUNDLE = len(OFFERS) - 1


def of_kind(kind: str) -> list[int]:
    """Return the places in ``OFFERS`` of one kind."""
    return [place for place, offer in enumerate(OFFERS) if offer.kind == kind]


def offer_ids(place: Ints) -> pa.StringArray:
    """Return the offerings' ids: the same in every simulated operator."""
    return ids(0, "offering", np.arange(len(OFFERS))).take(pa.array(place))


def offer_rows() -> dict[str, Any]:
    """Return the drafts that the catalogue's file completes."""
    count = len(OFFERS)
    return {
        "id": offer_ids(np.arange(count)), "code": pa.array([o.code for o in OFFERS]), "version": constant(1, count),
        "kind": pa.array([o.kind for o in OFFERS]), "name_zh": pa.array([o.name_zh for o in OFFERS]),
        "name_en": pa.array([o.name_en for o in OFFERS]), "monthly_fee": money(FEES), "currency": constant("CNY", count),
        "characteristics": pa.array([json.dumps(o.included) for o in OFFERS]), "valid_from": constant(_FROM, count),
        "valid_until": constant(None, count), "state": constant("in_design", count), "created_by": constant("system:simulator", count),
    }


def offer_names(place: Ints) -> pa.StringArray:
    """Return the offerings' Chinese names."""
    return texts([o.name_zh for o in OFFERS], place)

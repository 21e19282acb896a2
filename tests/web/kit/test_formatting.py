"""How values are written for people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting
from tongke.kernel.money import Money
from tongke.web.kit import formatting

NOON = datetime(2026, 3, 9, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(("given", "written"), [
    (None, "–"), (Decimal("1234.5"), "¥1,234.50"), (Decimal(-3), "−¥3.00"), (Money(Decimal(12), "JPY"), "JP¥12"),
    (Money(Decimal("0.5"), "CHF"), "CHF 0.50"), (0, "¥0.00"),
])
def test_money(given: object, written: str) -> None:
    assert formatting.money(given) == written  # type: ignore[arg-type]


@pytest.mark.parametrize(("given", "written"), [
    ("+8613857100001", "138 5710 0001"), ("13857100001", "138 5710 0001"), ("138****0001", "138 **** 0001"),
    ("+8657188880000", "0571 8888 0000"), ("+861088880000", "010 8888 0000"), ("+442071838750", "+442071838750"), ("", "–"), (None, "–"),
])
def test_phone(given: str | None, written: str) -> None:
    assert formatting.phone(given) == written


def test_instants_stand_in_the_zone_of_the_organisation() -> None:
    with acting(Actor(name="a", zone="Asia/Shanghai")):
        assert formatting.moment(NOON) == "2026-03-09 12:05"
        assert formatting.day(datetime(2026, 3, 8, 16, 30, tzinfo=UTC)) == "2026-03-09"
    with acting(Actor(name="a", zone="Europe/Berlin")):
        assert formatting.clock_time(NOON) == "05:05"


def test_a_day_in_full_follows_the_language() -> None:
    with translation.override("zh-hans"):
        assert formatting.long_day(date(2026, 3, 9)) == "2026年3月9日 星期一"
    with translation.override("en"):
        assert formatting.long_day(date(2026, 3, 9)) == "Monday 9 March 2026"


@pytest.mark.parametrize(("passed", "words"), [
    (timedelta(seconds=5), "just now"), (timedelta(minutes=1), "1 minute ago"), (timedelta(hours=5), "5 hours ago"),
    (timedelta(days=3), "3 days ago"), (timedelta(days=40), "2026-01-28"), (timedelta(minutes=-5), "2026-03-09 12:10"),
])
def test_ago(passed: timedelta, words: str) -> None:
    with translation.override("en"), acting(Actor(name="a")), clock.moved_to(NOON):
        assert f">{words}<" in formatting.ago(NOON - passed)


def test_numbers_sizes_and_spans() -> None:
    assert formatting.number(1234567.891, 1) == "1,234,567.9"
    assert formatting.bounded(1001) == "1,000+"
    assert formatting.bounded(1000) == "1,000"
    assert formatting.percent(0.125) == "12.5%"
    assert formatting.file_size(1536) == "1.5 kB"
    assert formatting.duration(3725) == "1:02:05"
    assert formatting.or_dash("") == "–"
    assert formatting.or_dash(0) == 0

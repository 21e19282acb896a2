"""Numbers of stock items: what is one and what is none, by their check digits."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import network as make
from tongke.areas.resource.rules.serials import ItemDraft, broken_in_item, clean_mac, clean_serial, cleaned
from tongke.areas.resource.rules.stock import doubled, months_later

GOOD = make.iccid(1)
EID = "89049032123451234512345678901235"


def codes(kind: str, **facts: str) -> list[str]:
    """The rules that an item of this kind breaks."""
    return [b.code for b in broken_in_item(kind, cleaned(kind, ItemDraft(**facts)))]


@pytest.mark.parametrize("serial", [GOOD, f"{GOOD[:6]} {GOOD[6:12]}-{GOOD[12:]}", f"{GOOD}F", f"{GOOD}f"])
def test_an_iccid_however_it_is_written(serial: str) -> None:
    assert codes("sim", serial=serial, imsi="460031234567890") == []


@pytest.mark.parametrize("serial", ["", "89", GOOD[:-1], GOOD + "1", "88" + GOOD[2:], GOOD[:-1] + str((int(GOOD[-1]) + 1) % 10), GOOD.replace("6", "x"), "八九八六"])
def test_no_iccid(serial: str) -> None:
    assert "RES-60" in codes("sim", serial=serial, imsi="460031234567890")


def test_one_wrong_digit_anywhere_is_seen() -> None:
    for at in range(2, len(GOOD)):
        wrong = GOOD[:at] + str((int(GOOD[at]) + 1) % 10) + GOOD[at + 1:]
        assert codes("sim", serial=wrong, imsi="460031234567890") == ["RES-60"], at


@pytest.mark.parametrize(("imsi", "broken"), [("460031234567890", []), ("46003123456789", []), ("", ["RES-61"]), ("4600312345678901", ["RES-61"]), ("46003abc", ["RES-61"])])
def test_a_sim_has_its_imsi(imsi: str, broken: list[str]) -> None:
    assert codes("sim", serial=GOOD, imsi=imsi) == broken


@pytest.mark.parametrize(("serial", "broken"), [("490154203237518", []), ("49-015420-323751-8", []), ("490154203237517", ["RES-62"]), ("49015420323751", ["RES-62"]), ("", ["RES-62"])])
def test_a_handset_has_its_imei(serial: str, broken: list[str]) -> None:
    assert codes("handset", serial=serial) == broken
    assert codes("handset", serial="490154203237518", imei2=serial) == (broken if serial else [])


@pytest.mark.parametrize(("serial", "mac", "broken"), [
    ("HWTC1234ABCD", "", []), ("hwtc1234abcd", "d0-50-99-84-a2-a0", []), ("HWTC1234ABCD", "D0509984A2A0", []), ("HW", "", ["RES-63"]), ("盒子1234", "", ["RES-63"]),
    ("HWTC1234ABCD", "D05099", ["RES-64"]), ("HWTC1234ABCD", "D1:50:99:84:A2:A0", ["RES-64"]), ("HWTC1234ABCD", "GG:50:99:84:A2:A0", ["RES-64"]),
])
def test_customer_equipment(serial: str, mac: str, broken: list[str]) -> None:
    assert codes("ont", serial=serial, mac=mac) == broken


@pytest.mark.parametrize(("eid", "code", "broken"), [
    ("", "LPA:1$smdp.example$ABC", []), (EID, "LPA:1$smdp.example$ABC", []), (EID[:-1] + "6", "LPA:1$smdp.example$ABC", ["RES-65"]),
    ("123", "LPA:1$x$y", ["RES-65"]), ("", "", ["RES-66"]), ("", "LPA:1$onlyhost", ["RES-66"]),
])
def test_an_esim_profile(eid: str, code: str, broken: list[str]) -> None:
    assert codes("esim", serial=GOOD, eid=eid, activation_code=code) == broken


def test_numbers_are_compared_in_one_form() -> None:
    assert clean_serial("sim", "８９８６ 00") == "898600"
    assert clean_serial("ont", " hwtc-1 ") == "HWTC-1"
    assert clean_mac("d050.9984.a2a0") == "D0:50:99:84:A2:A0"
    assert doubled(["a", "b", "a", "c", "b", "a"]) == ["a", "b"]


@pytest.mark.parametrize(("day", "months", "end"), [
    (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2024, 2, 29), 12, date(2025, 2, 28)), (date(2026, 11, 2), 12, date(2027, 11, 2)), (date(2026, 12, 31), 2, date(2027, 2, 28)),
])
def test_a_warranty_ends_on_a_day_that_exists(day: date, months: int, end: date) -> None:
    assert months_later(day, months) == end

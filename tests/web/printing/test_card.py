"""The customer card is a PDF with its own Chinese glyphs, masked as its reader may see it, each copy counted."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.factories import accounts as make
from tests.factories import staff
from tongke.areas.staff.models import Look
from tongke.kernel.actor import acting, system_actor

pytestmark = pytest.mark.django_db


def read(content: bytes, folder: Path) -> str:
    """The words of a PDF, as a reader's search finds them."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    file = folder / "card.pdf"
    file.write_bytes(content)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True).stdout


def fonts(folder: Path) -> str:
    return subprocess.run(["pdffonts", str(folder / "card.pdf")], check=True, capture_output=True, text=True).stdout


def customer() -> Any:
    found = make.bare_customer(name="欧阳锋<b>&")
    account_id = make.account(found)
    make.line(found, account_id, number="13857100009")
    make.bill(account_id, month=1)
    return found


def test_card_holds_identity_lines_and_accounts_in_embedded_chinese(tmp_path: Path) -> None:
    found = customer()
    answer = staff.signed_in_at(330101, "clerk").get(f"/customers/{found.id}/card.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    words = read(answer.content, tmp_path)
    for part in ("客户资料卡", "欧阳锋<b>&", found.customer_no, "¥59.00", "+86138****0009"):
        assert part in words
    assert "yes yes yes" in fonts(tmp_path)


def test_card_is_masked_for_whom_the_page_is(tmp_path: Path) -> None:
    found = customer()
    staff.role("printer", "party.view", "party.print")
    words = read(staff.signed_in_at(330101, "printer").get(f"/customers/{found.id}/card.pdf").content, tmp_path)
    assert "欧阳锋" not in words
    assert "13857100009" not in words


def test_copies_are_counted_and_the_look_is_logged(tmp_path: Path) -> None:
    found = customer()
    client = staff.signed_in_at(330101, "clerk")
    for copy in (1, 2):
        words = read(client.get(f"/customers/{found.id}/card.pdf").content, tmp_path)
        assert f"第 {copy} 份" in words
    with acting(system_actor("test")):
        assert [look.purpose for look in Look.objects.filter(customer_id=found.id)] == ["print", "print"]


def test_card_of_another_network_is_not_found_and_counts_nothing() -> None:
    found = make.bare_customer(org_id=3302)
    assert staff.signed_in_at(330101, "clerk").get(f"/customers/{found.id}/card.pdf").status_code == 404
    with acting(system_actor("test")):
        assert not Look.objects.filter(customer_id=found.id).exists()

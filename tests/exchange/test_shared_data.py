"""The two real files: every customer in, sums to the cent, a second run unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exchange.conftest import Load
from tests.factories.staff import TESTER
from tongke.areas.party.models import Customer
from tongke.kernel.actor import acting

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]
CUSTOMERS = 7_043
LEFT = 1_869


def test_one_file(load: Load, shared_data: Path) -> None:
    """7,043 rows, 11 of them without a total; 16,056,168.70 charged so far."""
    file = shared_data / "ibm_telco" / "telco.csv"
    first = load(file, mapping="ibm_telco")
    assert first.counts == (CUSTOMERS, CUSTOMERS, 0, 0, 0)
    assert first.outcome.sums == {
        "TotalCharges": {"source": "16056168.70", "loaded": "16056168.70", "rejected": "0", "difference": "0.00"},
        "MonthlyCharges": {"source": "456116.60", "loaded": "456116.60", "rejected": "0", "difference": "0.00"},
    }
    assert first.outcome.records["bill"]["created"] == CUSTOMERS - 11
    with acting(TESTER):
        assert Customer.objects.filter(state="left").count() == LEFT
    again = load(file, mapping="ibm_telco")
    assert again.counts == (CUSTOMERS, 0, 0, CUSTOMERS, 0)
    assert again.outcome.sums == first.outcome.sums


def test_four_workbooks(load: Load, shared_data: Path) -> None:
    """Four files joined by customer: all in, revenue to the cent."""
    folder = shared_data / "ibm_telco_multi"
    files = [folder / f"{name}.xlsx" for name in ("status", "services", "location", "demographics")]
    first = load(*files, mapping="ibm_telco_multi")
    assert first.counts == (CUSTOMERS, CUSTOMERS, 0, 0, 0)
    assert first.outcome.sums["TotalRevenue"] == {"source": "21371131.69", "loaded": "21371131.69", "rejected": "0", "difference": "0.00"}
    assert load(*files, mapping="ibm_telco_multi").counts == (CUSTOMERS, 0, 0, CUSTOMERS, 0)

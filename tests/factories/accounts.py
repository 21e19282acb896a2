"""Made-up accounts, lines and offerings for tests, through the rooms' own verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from uuid import UUID

from tongke.areas.account import services as accounts
from tongke.areas.catalogue import services as catalogue
from tongke.areas.inventory import services as inventory
from tongke.areas.party.models import Customer, Party
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.keys import name_key, name_pinyin

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TESTER = system_actor("test")
_numbers = count(1)


def bare_customer(*, name: str = "王芳", org_id: int = 3301, state: str = "active", party_state: str = "validated") -> Customer:
    """A customer row with nothing on it; for rooms above party whose tests need no more."""
    n = next(_numbers)
    full, initials = name_pinyin(name)
    with acting(TESTER):
        party = Party.objects.create(
            org_id=org_id, kind="individual", state=party_state, name=name, name_key=name_key(name), pinyin_full=full,
            pinyin_initials=initials, created_at=NOON, changed_at=NOON,
        )
        return Customer.objects.create(
            org_id=org_id, party=party, customer_no=f"T{n:08d}", state=state, since_on=date(2024, 1, 1), created_at=NOON, changed_at=NOON,
        )


def account(customer: Customer, **more: object) -> UUID:
    """An open account of ``customer``."""
    return accounts.open_account(customer_id=customer.id, by=TESTER, at=NOON, **more)  # type: ignore[arg-type]


def bill(account_id: UUID, *, month: int, amount: str = "59.00") -> UUID:
    """A bill of one line for a month of 2026."""
    return accounts.record_bill(
        account_id=account_id, bill_no=f"B{next(_numbers):08d}", period_from=date(2026, month, 1), period_until=date(2026, month + 1, 1),
        issued_on=date(2026, month + 1, 2), due_on=date(2026, month + 1, 20), total=Decimal(amount),
        lines=[accounts.BillLine(charge_type="recurring", name="套餐月费", amount=Decimal(amount))], by=TESTER, at=NOON,
    )


def payment(account_id: UUID, amount: str, *, payment_no: str = "") -> UUID:
    """A payment in cash."""
    return accounts.record_payment(
        account_id=account_id, payment_no=payment_no or f"Y{next(_numbers):08d}", amount=Decimal(amount), method="cash",
        paid_at=NOON, by=TESTER, at=NOON,
    )


def offering(code: str = "M-59", **more: object) -> UUID:
    """An offering on sale."""
    content = {"kind": "mobile", "name_zh": "畅享59", "name_en": "Enjoy 59", "monthly_fee": Decimal("59.00"), **more}
    return catalogue.publish_offering(code=code, by=TESTER, at=NOON, **content)  # type: ignore[arg-type]


def line(customer: Customer, account_id: UUID, *, number: str = "", kind: str = "mobile") -> UUID:
    """A line in force."""
    return inventory.install_line(
        customer_id=customer.id, kind=kind, service_number=number or f"1381{next(_numbers):07d}", account_id=account_id, by=TESTER, at=NOON,
    )

"""Roll-ups equal their parts: the local networks add up to the province, the provinces to the group (T33, N1)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.factories import accounts as make
from tests.factories.accounts import TESTER
from tests.factories.staff import tree
from tongke.analytics import queries
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor, acting

pytestmark = pytest.mark.django_db
FIGURES = ("CUS-01", "CUS-02", "LIN-01", "ACC-01")
NETWORKS = {33: (3301, 3302, 3303), 32: (3201,)}


def of(code: str, org_id: int) -> Decimal | int:
    """A figure as an analyst at a post of this organisation sees it."""
    actor = Actor(name=f"analyst{org_id}", org_id=org_id, scope=staff.scope_of(org_id))
    with acting(actor):
        return queries.figure(code, actor=actor)


def customers() -> None:
    """Customers in several states with lines and debts, more in one network than in the next."""
    tree()
    for n, org_id in enumerate((3301, 3301, 3301, 3302, 3302, 3201, 3201, 3201, 3201)):
        customer = make.bare_customer(org_id=org_id)
        account = make.account(customer)
        make.bill(account, month=1, amount=f"{10 + n}.35")
        if n % 2:
            make.payment(account, f"{n}.10")
        for _line in range(n % 4):
            make.line(customer, account)
    for org_id, state in ((3301, "merged"), (3301, "suspended"), (3302, "left"), (3303, "left")):
        make.bare_customer(org_id=org_id, state=state)


@pytest.mark.parametrize("code", FIGURES)
def test_the_networks_add_up_to_the_province_and_the_group(code: str) -> None:
    """To the last fen, as each level sees it and as the group filters it."""
    customers()
    parts = {org: of(code, org) for networks in NETWORKS.values() for org in networks}
    assert len({*parts.values()}) > 2, "the parts differ, so that a swap would show"
    for province, networks in NETWORKS.items():
        assert of(code, province) == sum(parts[org] for org in networks)
    assert of(code, 1) == sum(parts.values()) == of(code, 33) + of(code, 32)
    with acting(TESTER):
        cells = {cell.keys[0]: cell.value for cell in queries.breakdown(code, by=("org",), actor=TESTER)}
        assert cells == {org: value for org, value in parts.items() if value}
        assert queries.figure(code, where={"org": list(NETWORKS[33])}, actor=TESTER) == of(code, 33)


@pytest.mark.parametrize("code", ["CUS-01", "CUS-02"])
def test_what_a_province_keeps_itself_is_a_part_too(code: str) -> None:
    """A customer of the province is in its figure once and in none of its networks'."""
    customers()
    before = of(code, 33)
    make.bare_customer(org_id=33)
    assert (of(code, 33), sum(of(code, org) for org in NETWORKS[33])) == (before + 1, before)

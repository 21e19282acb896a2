"""A product's life by its own verbs: every move from every state, and what may change on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.inventory import services
from tongke.areas.inventory.models import Product
from tongke.areas.inventory.states import PRODUCT, ProductState
from tongke.kernel.actor import acting
from tongke.kernel.errors import RulesBroken
from tongke.kernel.machine import IllegalMove
from tongke.kernel.models import StateChange

pytestmark = pytest.mark.django_db
VERBS: dict[str, Callable[..., None]] = {
    "prepare": services.prepare_product, "activate": services.activate_product, "abort": services.abort_product, "cancel": services.cancel_product,
    "suspend": services.suspend_product, "resume": services.resume_product, "begin_termination": services.begin_product_termination,
    "terminate": services.end_product,
}
ENDED = ("terminated", "aborted", "cancelled")


def installed(state: str = "active") -> UUID:
    """A product in this state."""
    make.offering()
    product = services.install_product(customer_id=make.bare_customer().id, offering_code="M-59", by=TESTER, at=NOON)
    with acting(TESTER):
        Product.objects.filter(id=product).update(state=state)
    return product


@pytest.mark.parametrize("state", list(ProductState.values))
@pytest.mark.parametrize("move", VERBS)
def test_every_verb_in_every_state(state: str, move: str) -> None:
    product = installed(state)
    starts, end = PRODUCT.moves[move]
    if state in starts:
        VERBS[move](product_id=product, reason="r", by=TESTER, at=NOON)
    else:
        with pytest.raises(IllegalMove):
            VERBS[move](product_id=product, reason="r", by=TESTER, at=NOON)
    with acting(TESTER):
        row = Product.objects.get(id=product)
        assert row.state == (end if state in starts else state)
        assert (row.ended_on == NOON.date()) == (state in starts and end in ENDED)
        assert StateChange.objects.filter(subject_id=product).count() == (state in starts)


@pytest.mark.parametrize(("facts", "code"), [
    ({"state": "suspended"}, "INV-08"), ({"monthly_fee": Decimal(-1)}, "INV-09"), ({"monthly_fee": Decimal("1.234")}, "INV-09"),
    ({"monthly_fee": Decimal("1e30")}, "INV-09"), ({"contract_until": date(2020, 1, 1)}, "INV-04"),
])
def test_what_cannot_be_installed(facts: dict[str, Any], code: str) -> None:
    make.offering()
    with pytest.raises(RulesBroken) as refusal:
        services.install_product(customer_id=make.bare_customer().id, offering_code="M-59", **facts, by=TESTER, at=NOON)
    assert [b.code for b in refusal.value.broken] == [code]


def test_fee_contract_and_characteristics_change_while_it_is_in_force() -> None:
    product = installed()
    services.change_product(product_id=product, changes={"monthly_fee": Decimal("39.00"), "characteristics": {"a": 1}}, by=TESTER, at=NOON)
    with acting(TESTER):
        row = Product.objects.get(id=product)
    assert (row.monthly_fee, row.characteristics) == (Decimal("39.00"), {"a": 1})
    services.end_product(product_id=product, reason="r", by=TESTER, at=NOON)
    with pytest.raises(RulesBroken) as refusal:
        services.change_product(product_id=product, changes={"monthly_fee": Decimal(1)}, by=TESTER, at=NOON)
    assert [b.code for b in refusal.value.broken] == ["INV-12"]
    with pytest.raises(RulesBroken) as refusal:
        services.remove_product(product_id=product, by=TESTER, at=NOON)
    assert [b.code for b in refusal.value.broken] == ["INV-11"]

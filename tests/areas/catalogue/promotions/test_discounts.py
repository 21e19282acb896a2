"""Discounts by hand: authority by role and level, approval above it, promised and used once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.factories import pricing as make
from tests.factories import staff as people
from tests.factories.pricing import NOON, TESTER, monthly
from tongke.areas.catalogue import queries
from tongke.areas.catalogue.models import DiscountGrant
from tongke.areas.catalogue.queries import Configuration
from tongke.areas.catalogue.rules.discounts import Authority, AuthorityRow, authority_of, taken_off
from tongke.areas.catalogue.services import discounts as services
from tongke.areas.staff import services as desk
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken

D = Decimal


def row(org_id: int, role: str, percent: int, amount: int = 100, days: int = 30) -> AuthorityRow:
    return AuthorityRow(org_id, role, D(percent), D(amount), days)


@pytest.mark.parametrize(("rows", "found"), [
    ([], Authority()), ([row(1, "clerk", 10)], Authority(D(10), D(100))),
    ([row(1, "clerk", 10), row(33, "clerk", 5, 500, 7)], Authority(D(5), D(100), 7)),
    ([row(1, "clerk", 10), row(1, "supervisor", 20)], Authority(D(20), D(100))),
    ([row(1, "clerk", 10), row(3302, "clerk", 1)], Authority(D(10), D(100))),
])
def test_each_level_narrows_and_the_widest_role_counts(rows: list[AuthorityRow], found: Authority) -> None:
    assert authority_of(rows, (1, 33, 3301)) == found


@pytest.mark.parametrize(("amount", "percent", "sum_", "found"), [
    ("100", "20", None, (D(20), D(20))), ("100", None, "25", (D(25), D(25))), ("0", None, "5", (D(100), D(5))),
])
def test_a_discount_in_both_measures(amount: str, percent: str | None, sum_: str | None, found: tuple[Decimal, Decimal]) -> None:
    assert taken_off(D(amount), percent=D(percent) if percent else None, amount=D(sum_) if sum_ else None) == found


def at_work(org_id: int, role: str) -> Actor:
    """A new person with this role, signed in a minute before noon."""
    return people.actor(people.person(org_id=org_id, roles=(role,)), at=NOON - timedelta(minutes=1))


@pytest.fixture
def clerk(db: None) -> Actor:
    """A clerk of Hangzhou who may take ten per cent and at most 15 yuan off a plan of 100 yuan."""
    made = at_work(330101, "clerk")
    make.offer("M-100", monthly("100"))
    allow("clerk", 10, 15)
    return made


def allow(role: str, percent: int, amount: int, **more: Any) -> None:
    services.set_discount_authority(**{
        "role_code": role, "percent_max": D(percent), "amount_max": D(amount), "promise_days": 7, "by": TESTER, "at": NOON - timedelta(hours=1), **more})


def give(by: Actor, *, customer: UUID | None = None, **more: Any) -> UUID:
    return services.grant_discount(**{
        "customer_id": customer or uuid4(), "org_id": 3301, "offering_code": "M-100", "price_code": "monthly", "reason": "loyal", "by": by, "at": NOON, **more})


def refused(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(RulesBroken) as refusal:
        call(*args, **more)
    return [b.code for b in refusal.value.broken]


def test_within_authority_it_is_promised_at_once_and_used_once(clerk: Actor) -> None:
    customer = uuid4()
    grant_id = give(clerk, customer=customer, percent=D(10), months=6)
    with acting(clerk):
        (found,) = queries.discounts_promised(customer, offering_code="M-100", at=NOON)
        quote = queries.quote("M-100", configuration=Configuration(areas=(3301, 33, 1)), discounts=[queries.as_discount(found, at=NOON)], at=NOON)
    assert (found.expires_at, found.approval_id, found.granted_by) == (NOON + timedelta(days=7), None, clerk.name)
    assert (quote.bill(2), quote.bill(7)) == (D("90.00"), D("100.00"))
    for _again in range(2):
        services.use_discount(grant_id=grant_id, used_for="order-1", by=clerk, at=NOON)
    assert refused(services.use_discount, grant_id=grant_id, used_for="order-2", by=clerk, at=NOON) == ["CAT-144"]
    assert refused(services.release_discount, grant_id=grant_id, by=clerk, at=NOON) == ["CAT-144"]
    with acting(clerk):
        assert queries.discounts_promised(customer, at=NOON) == []


@pytest.mark.parametrize("more", [{"percent": D("10.01")}, {"amount": D("15.01")}, {"percent": D(100)}])
def test_beyond_authority_a_second_person_decides(clerk: Actor, more: dict[str, Any]) -> None:
    customer = uuid4()
    with pytest.raises(ApprovalNeeded):
        give(clerk, customer=customer, **more)
    asked = services.request_discount(
        customer_id=customer, org_id=3301, offering_code="M-100", price_code="monthly", reason="churn risk", by=clerk, at=NOON, **more)
    with pytest.raises(ApprovalNeeded):
        give(clerk, customer=customer, **more)
    with pytest.raises(RulesBroken):
        desk.approve(approval_id=asked, by=people_with(clerk, "catalogue.approve"), at=NOON)
    desk.approve(approval_id=asked, by=at_work(3301, "supervisor"), at=NOON)
    with pytest.raises(ApprovalNeeded):
        give(clerk, customer=uuid4(), **more)
    grant_id = give(clerk, customer=customer, **more)
    with acting(clerk):
        assert DiscountGrant.objects.get(id=grant_id).approval_id == asked
    with pytest.raises(ApprovalNeeded):
        give(clerk, customer=customer, **more)


def people_with(actor: Actor, permission: str) -> Actor:
    """The same person with one more permission: still the same person."""
    from dataclasses import replace  # noqa: PLC0415 - beside its one use

    return replace(actor, permissions=actor.permissions | {permission})


@pytest.mark.parametrize(("more", "codes"), [
    ({"percent": D(5), "reason": " "}, ["CAT-141"]), ({}, ["CAT-142"]), ({"percent": D(5), "amount": D(5)}, ["CAT-142"]),
    ({"percent": D(101)}, ["CAT-142"]), ({"amount": D("0.001"), "price_code": "x"}, ["CAT-142", "CAT-143"]), ({"percent": D(1), "offering_code": "?"}, ["CAT-143"]),
])
def test_what_cannot_be_promised(clerk: Actor, more: dict[str, Any], codes: list[str]) -> None:
    assert refused(give, clerk, **more) == codes


def test_a_promise_runs_out_and_can_be_taken_back(clerk: Actor) -> None:
    first, second = give(clerk, percent=D(5)), give(clerk, percent=D(5))
    assert refused(services.use_discount, grant_id=first, used_for="o", by=clerk, at=NOON + timedelta(days=7)) == ["CAT-144"]
    for _again in range(2):
        services.release_discount(grant_id=second, by=clerk, at=NOON)
    assert refused(services.use_discount, grant_id=second, used_for="o", by=clerk, at=NOON) == ["CAT-144"]
    with pytest.raises(NotFound):
        services.use_discount(grant_id=uuid4(), used_for="o", by=clerk, at=NOON)


def test_another_networks_customers_are_out_of_reach(clerk: Actor) -> None:
    with pytest.raises(NotFound):
        give(clerk, percent=D(5), org_id=3302)
    grant_id = give(TESTER, percent=D(50), org_id=3302)
    with pytest.raises(NotFound):
        services.use_discount(grant_id=grant_id, used_for="o", by=clerk, at=NOON)


def test_a_lower_level_only_narrows_and_figures_are_dated(clerk: Actor) -> None:
    allow("clerk", 4, 15, org_id=33, at=NOON)
    with pytest.raises(ApprovalNeeded):
        give(clerk, percent=D(5))
    assert give(clerk, percent=D(5), at=NOON - timedelta(minutes=1))
    assert refused(allow, "clerk", 11, 15, org_id=33, at=NOON) == ["CAT-145"]
    assert refused(allow, "clerk", 101, -1, promise_days=0, valid_from=NOON - timedelta(days=1), at=NOON) == ["CAT-146", "CAT-147"]
    allow("clerk", 3, 15, org_id=33, valid_from=NOON + timedelta(days=1), at=NOON)
    with acting(TESTER):
        found = {(a.org_id, a.percent_max) for a in queries.authorities(at=NOON + timedelta(days=2))}
    assert found == {(1, D("10.00")), (33, D("3.00"))}


def test_who_has_no_role_has_no_authority(clerk: Actor) -> None:
    stranger = Actor(name="x", staff_id=clerk.staff_id, scope=(3301,), permissions=frozenset({"catalogue.discount", "staff.own"}))
    with pytest.raises(ApprovalNeeded):
        give(stranger, percent=D(1))

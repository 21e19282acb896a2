"""Customers with lines, products, debts and an address, for tests of what they may order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.factories import accounts as make
from tests.factories import party
from tongke.areas.catalogue import services as catalogue
from tongke.areas.catalogue.models import Offering, Term
from tongke.areas.catalogue.services import RuleDraft
from tongke.areas.inventory import services as inventory
from tongke.areas.ordering import queries
from tongke.areas.ordering.queries import Qualification
from tongke.areas.party.models import Customer, Party
from tongke.kernel.actor import Actor, acting, system_actor

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
TESTER = system_actor("test")
SECOND = system_actor("second")
RIGHTS = frozenset({"ordering.qualify", "catalogue.view"})


def clerk(*more: str, org_id: int = 3301, **facts: Any) -> Actor:
    """A clerk of one local network who judges, with more rights where named."""
    return party.clerk(org_id=org_id, permissions=RIGHTS | set(more), **facts)


def person(name: str = "王芳", *, verified: bool = True, org_id: int = 3301, **more: Any) -> UUID:
    """A customer with a document, verified unless told otherwise."""
    made = party.customer(name, by=party.clerk(org_id=org_id), at=make.NOON, **more)
    if verified:
        with acting(TESTER):
            Party.objects.filter(id=made.party_id).update(state="validated")
    return made.customer_id


def on_sale(code: str, *, kind: str = "mobile", fee: int = 10) -> UUID:
    """Put an offering on sale."""
    return catalogue.publish_offering(
        code=code, kind=kind, name_zh=f"套餐{code}", name_en=f"Plan {code}", monthly_fee=Decimal(fee), by=TESTER, at=make.NOON)


def on_sale_with_term(code: str, *, fee: int, months: int, percent: int) -> None:
    """Put an offering on sale that is sold with a term, whose penalty is a part of the fees that are left."""
    with acting(TESTER):
        offering = Offering.objects.create(
            code=code, kind="mobile", name_zh=f"套餐{code}", name_en=f"Plan {code}", monthly_fee=fee, state="in_design", valid_from=make.NOON)
        Term.objects.create(
            offering=offering, code=f"T{months}", name_zh="合约", name_en="Contract", months=months, default=True, penalty_kind="remaining_months",
            penalty_percent=percent)
        Offering.objects.filter(id=offering.id).update(state="launched")


def rule(code: str, kind: str, *, at: datetime = make.NOON, **more: Any) -> UUID:
    """Put a rule in force by two persons."""
    facts: dict[str, Any] = {"name_zh": "规则", "name_en": "Rule", **more}
    rule_id = catalogue.draft_rule(draft=RuleDraft(code=code, kind=kind, **facts), by=TESTER, at=at)
    catalogue.put_rule_in_force(rule_id=rule_id, by=SECOND, at=at)
    return rule_id


def about(code: str) -> dict[str, str]:
    """Say that a rule is about one offering."""
    return {"subject_kind": "offering", "subject_code": code}


def line_with(customer_id: UUID, *codes: str, number: str = "", contract_until: date | None = None, state: str = "active") -> tuple[UUID, list[UUID]]:
    """Install a line with products; return its id and theirs."""
    with acting(TESTER):
        customer = Customer.objects.get(id=customer_id)
    line = make.line(customer, make.account(customer), number=number)
    products = [
        inventory.install_product(customer_id=customer_id, subscriber_id=line, offering_code=code, contract_until=contract_until, state=state, by=TESTER, at=make.NOON)
        for code in codes
    ]
    return line, products


def told(customer_id: UUID | None, code: str, *, by: Actor | None = None, at: datetime = NOON, **wanted: Any) -> Qualification:
    """Judge one offering."""
    (found,) = queries.qualify(customer_id, [code], wanted=queries.Wanted(**wanted), by=by or clerk(), at=at)
    return found


def codes(found: Qualification) -> list[str]:
    """Return the codes of the reasons."""
    return [finding.code for finding in found.findings]

"""Facts are gathered from all rooms by one trip, within the asker's sight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.areas.ordering import making as make
from tests.factories import accounts, party
from tests.factories import staff as places
from tests.factories.party import citizen_number
from tongke.areas.inventory import services as inventory
from tongke.areas.inventory.models import Payer, UsageMonth
from tongke.areas.ordering import queries
from tongke.areas.ordering.errors import LineOfAnother, PlaceNotFound
from tongke.areas.ordering.queries import Prospect, Wanted
from tongke.areas.party.models import Customer
from tongke.areas.party.services import DocumentDraft
from tongke.kernel.actor import NotPermitted, acting
from tongke.kernel.db import prepared
from tongke.kernel.errors import NotFound
from tongke.kernel.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tree() -> None:
    """The demo operator's organisations."""
    places.tree()


def test_a_customer_s_facts_come_from_all_rooms() -> None:
    """Segment, level, credit, age, documents, debts, products and the lines under the document, each from its room."""
    make.on_sale("M59")
    customer = make.person()
    line, (product,) = make.line_with(customer, "M59", contract_until=date(2027, 3, 1))
    facts = queries.facts_of(customer, channel="hall", by=make.clerk(), at=make.NOON)
    assert (facts.segment, facts.level, facts.verified, facts.age, facts.channel) == ("residential", "standard", True, 36, "hall")
    assert facts.orgs == (1, 33, 3301)
    assert facts.documents == ("resident_id",)
    assert dict(facts.lines_on_document) == {"mobile": 1}
    (held,) = facts.held
    assert (held.code, held.phase, held.line, held.id, held.contract_until) == ("M59", "held", str(line), str(product), date(2027, 3, 1))
    assert held.account


def test_one_trip_to_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts take one statement of the server, and none of Django's cursors."""
    make.on_sale("M59")
    customer = make.person()
    make.line_with(customer, "M59")
    clerk = make.clerk()
    asked: list[str] = []
    first_row = prepared.first_row
    monkeypatch.setattr("tongke.areas.ordering.queries.facts.first_row", lambda s, v: (asked.append(s), first_row(s, v))[1])
    with acting(clerk):  # who asks is said once a request
        queries.qualify(customer, by=clerk, at=make.NOON)  # the rule book is compiled once
        asked.clear()
        with CaptureQueriesContext(connection) as seen:
            queries.qualify(customer, by=clerk, at=make.NOON)
    assert len(asked) == 1
    assert seen.captured_queries == []


def test_what_is_in_flight_is_told_apart() -> None:
    """Products on order come, those being ended go; ended ones are no facts."""
    for code in ("AA", "BB", "CC", "DD"):
        make.on_sale(code)
    customer = make.person()
    line, _none = make.line_with(customer)
    _l, ids = line, {}
    for code, state in (("AA", "created"), ("BB", "pendingActive"), ("CC", "active"), ("DD", "active")):
        ids[code] = inventory.install_product(customer_id=customer, subscriber_id=line, offering_code=code, state=state, by=make.TESTER, at=accounts.NOON)
    inventory.begin_product_termination(product_id=ids["CC"], reason="leaves", by=make.TESTER, at=accounts.NOON)
    inventory.end_product(product_id=ids["DD"], reason="left", by=make.TESTER, at=accounts.NOON)
    facts = queries.facts_of(customer, by=make.clerk(), at=make.NOON)
    assert {h.code: h.phase for h in facts.held} == {"AA": "coming", "BB": "coming", "CC": "ending"}
    assert facts.exposure == Decimal(20)


def test_use_that_no_bill_covers_yet_counts_into_the_exposure() -> None:
    """This month's and the last one's; what a bill of the line's payer covers whole is billed, what is older no longer news."""
    customer = make.person()
    line, _none = make.line_with(customer)
    with acting(make.TESTER):
        account = Payer.objects.get(subscriber_id=line).account_id
        for month, charged in ((6, "3.30"), (5, "20.00"), (4, "7.00"), (7, "99.00")):
            UsageMonth.objects.create(month_at=datetime(2026, month, 1, tzinfo=UTC), subscriber_id=line, org_id=3301, charged=Decimal(charged))

    def exposure() -> Decimal:
        return queries.facts_of(customer, by=make.clerk(), at=make.NOON).exposure

    assert exposure() == Decimal("23.30")
    accounts.bill(account, month=5, amount="30.00")
    assert exposure() == Decimal("33.30")
    other = make.person("张三")
    assert queries.facts_of(other, by=make.clerk(), at=make.NOON).exposure == 0


def test_debts_tell_what_is_overdue() -> None:
    """Owed and overdue are two figures: a bill that is not due yet is owed only."""
    customer = make.person()
    with acting(make.TESTER):
        account = accounts.account(Customer.objects.get(id=customer))
    accounts.bill(account, month=3, amount="100.00")
    accounts.bill(account, month=5, amount="20.00")
    (debt,) = queries.facts_of(customer, by=make.clerk(), at=make.NOON).debts
    assert (debt.owed, debt.overdue) == (Decimal("120.00"), Decimal("100.00"))


def test_lines_under_one_document_count_in_the_whole_operator() -> None:
    """The same person's record in another network counts, and lines on order; ended lines do not."""
    number = citizen_number(serial=777)
    mine = make.person(documents=(DocumentDraft(kind="resident_id", number=number),))
    theirs = make.person("王芳芳", org_id=3302, documents=(DocumentDraft(kind="resident_id", number=number),))
    make.line_with(mine)
    line, _p = make.line_with(theirs)
    assert dict(queries.facts_of(mine, by=make.clerk(), at=make.NOON).lines_on_document) == {"mobile": 2}
    inventory.end_line(subscriber_id=line, reason="left", by=make.TESTER, at=make.NOON)
    assert dict(queries.facts_of(mine, by=make.clerk(), at=make.NOON).lines_on_document) == {"mobile": 1}


def test_the_penalty_follows_the_version_s_own_term() -> None:
    """What leaving costs is worked out by the term that the product keeps."""
    make.on_sale_with_term("M59", fee=60, months=12, percent=50)
    customer = make.person()
    make.line_with(customer, "M59", contract_until=date(2027, 3, 2))
    facts = queries.facts_of(customer, by=make.clerk(), at=make.NOON)
    # Nine months and a day are ten begun months; half of ten fees.
    assert facts.held[0].penalty == Decimal("300.00")
    assert queries.facts_of(customer, by=make.clerk(), at=make.NOON + timedelta(days=300)).held[0].penalty == Decimal(0)


def test_prospects_have_few_facts() -> None:
    """Of somebody who is no customer only what was said is known."""
    facts = queries.facts_of(None, prospect=Prospect(segment="business", age=30), channel="web", by=make.clerk(), at=make.NOON)
    assert (facts.known, facts.segment, facts.age, facts.held, facts.verified, facts.orgs) == (False, "business", 30, (), None, None)


def test_what_is_out_of_sight_is_not_found() -> None:
    """Another network's customer, another's line, a place that is not there, an actor without the right."""
    ningbo, mine = make.person(org_id=3302), make.person("李四")
    line, _p = make.line_with(mine)
    with pytest.raises(NotFound):
        queries.facts_of(ningbo, by=make.clerk(), at=make.NOON)
    with pytest.raises(NotFound):
        queries.facts_of(mine, by=make.clerk(own_rows_of=uuid7()), at=make.NOON)
    with pytest.raises(LineOfAnother):
        queries.facts_of(make.person("张三"), wanted=Wanted(line_id=line), by=make.clerk(), at=make.NOON)
    with pytest.raises(PlaceNotFound):
        queries.facts_of(mine, place_id=UUID(int=5), by=make.clerk(), at=make.NOON)
    with pytest.raises(NotPermitted):
        queries.facts_of(mine, by=party.clerk(), at=make.NOON)

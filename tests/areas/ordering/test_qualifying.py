"""Who may order what: every reason at once, by what is held and on order, in both languages, recorded and judged anew."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from tests.areas.ordering import making as make
from tests.factories import accounts, party
from tests.factories import staff as places
from tongke.areas.catalogue import services as catalogue
from tongke.areas.catalogue.services import RuleDraft
from tongke.areas.inventory import services as inventory
from tongke.areas.ordering import queries, services
from tongke.areas.ordering.errors import NothingToJudge, UnknownOffering
from tongke.areas.ordering.models import Qualification, QualificationItem
from tongke.areas.ordering.queries import Prospect, Wanted
from tongke.areas.ordering.services import Asked, QualificationDraft
from tongke.areas.party import services as parties
from tongke.areas.party.models import Customer
from tongke.areas.party.services import BlacklistDraft
from tongke.kernel.actor import NotPermitted, acting
from tongke.kernel.errors import NotFound
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tree() -> None:
    """The demo operator's organisations."""
    places.tree()


def test_every_reason_at_once_with_what_would_mend_each() -> None:
    """Not verified, in arrears, without the main offering, in the wrong segment: four reasons, four mends, in one answer."""
    make.on_sale("M59")
    make.on_sale("ADD5", kind="value_added")
    make.rule("R-REQ", "requires", **make.about("ADD5"), parameters={"offerings": ["M59"]})
    make.rule("R-SEG", "segment", **make.about("ADD5"), parameters={"one_of": ["business"]})
    make.rule("R-NAME", "real_name", parameters={"verified": True})
    make.rule("R-OWE", "arrears", parameters={})
    customer = make.person(verified=False)
    with acting(make.TESTER):
        account = accounts.account(Customer.objects.get(id=customer))
    accounts.bill(account, month=3, amount="120.00")
    found = make.told(customer, "ADD5")
    assert found.outcome == "refused"
    assert sorted(make.codes(found)) == ["CAT-50", "CAT-57", "CAT-65", "CAT-68"]
    with translation.override("en"):
        advice = {f.code: f.advice for f in found.findings}
        assert advice["CAT-50"] == "Add Plan M59 first"
        assert advice["CAT-68"].startswith("Pay ¥120.00 owed on account AC")
    with translation.override("zh-hans"):
        assert all(any("一" <= letter <= "鿿" for letter in f.message + f.advice) for f in found.findings)


def test_orders_in_flight_count_like_what_is_held() -> None:
    """What is on order satisfies a requirement, stands in the way of what it excludes, and takes its place in a count."""
    for code in ("M59", "M99", "ADD5"):
        make.on_sale(code)
    make.rule("R-REQ", "requires", **make.about("ADD5"), parameters={"offerings": ["M59"]})
    make.rule("R-EXC", "excludes", **make.about("M99"), parameters={"offerings": ["M59"]})
    make.rule("R-TWO", "quantity", **make.about("M59"), parameters={"most": 1})
    customer = make.person()
    assert make.codes(make.told(customer, "ADD5")) == ["CAT-50"]
    line, _p = make.line_with(customer)
    product = inventory.install_product(customer_id=customer, subscriber_id=line, offering_code="M59", state="pendingActive", by=make.TESTER, at=accounts.NOON)
    assert make.told(customer, "ADD5").outcome == "eligible"
    assert make.codes(make.told(customer, "M99")) == ["CAT-52"]
    assert make.codes(make.told(customer, "M59")) == ["CAT-55"]
    inventory.activate_product(product_id=product, reason="done", by=make.TESTER, at=accounts.NOON)
    assert make.codes(make.told(customer, "M99")) == ["CAT-51"]
    inventory.begin_product_termination(product_id=product, reason="leaves", by=make.TESTER, at=accounts.NOON)
    assert make.codes(make.told(customer, "M99")) == ["CAT-53"]
    assert make.codes(make.told(customer, "ADD5")) == ["CAT-50"]
    assert make.codes(make.told(customer, "M59")) == ["CAT-55"]


def test_what_is_ordered_along_counts() -> None:
    """In one order the main offering and its option go together, and what excludes it does not."""
    for code in ("M59", "M99", "ADD5"):
        make.on_sale(code)
    make.rule("R-REQ", "requires", **make.about("ADD5"), parameters={"offerings": ["M59"]})
    make.rule("R-EXC", "excludes", **make.about("M99"), parameters={"offerings": ["M59"]})
    customer = make.person()
    assert make.told(customer, "ADD5", together=("M59", "ADD5")).outcome == "eligible"
    assert make.codes(make.told(customer, "M59", together=("M59", "M99"))) == ["CAT-54"]


def test_a_running_contract_shows_what_agreeing_would_cost() -> None:
    """A change of plan under contract: the penalty is a condition, the way out a date or a sum; the plan that goes is not in the way."""
    make.on_sale_with_term("M59", fee=60, months=12, percent=50)
    make.on_sale("M99")
    make.rule("R-LOCK", "contract", **make.about("M99"), effect="agree", parameters={"kinds": ["mobile"]})
    make.rule("R-EXC", "excludes", **make.about("M99"), parameters={"offerings": ["M59"], "where": "line"})
    customer = make.person()
    line, products = make.line_with(customer, "M59", contract_until=date(2027, 3, 2))
    assert make.told(customer, "M99").outcome == "eligible"  # on a new line
    assert sorted(make.codes(make.told(customer, "M99", line_id=line))) == ["CAT-51", "CAT-61"]
    found = make.told(customer, "M99", line_id=line, replacing=products)
    assert (found.outcome, found.penalty, make.codes(found)) == ("conditional", Decimal("300.00"), ["CAT-61"])
    with translation.override("en"):
        assert found.findings[0].advice == "Wait until 2027-03-02, or pay the penalty of ¥300.00"
    assert make.told(customer, "M99", line_id=line, replacing=products, at=accounts.NOON + timedelta(days=366)).outcome == "eligible"


def test_credit_asks_for_a_deposit() -> None:
    """A weak class is no refusal where the rule asks for a deposit; the highest of several is asked."""
    make.on_sale("M59", fee=60_000)
    make.rule("R-C1", "credit", effect="deposit", parameters={"class_least": "B", "deposit": "200"})
    make.rule("R-C2", "credit", effect="deposit", parameters={"within_limit": True, "deposit": "100"})
    found = make.told(make.person(), "M59")
    assert (found.outcome, found.deposit, sorted(make.codes(found))) == ("conditional", Decimal(200), ["CAT-62", "CAT-63"])


def test_the_blacklist_s_cause_is_for_entitled_readers() -> None:
    """Everybody learns that it stands against the customer; why, and that paying clears it, only who may (T16)."""
    make.on_sale("M59")
    make.rule("R-BLACK", "blacklist")
    customer = make.person()
    with acting(make.TESTER):
        account = accounts.account(Customer.objects.get(id=customer))
    parties.enter_blacklist(
        BlacklistDraft(match="party", customer_id=customer, cause="debt", effect="refuse", level=2, debt_account_id=account), by=party.clerk(), at=accounts.NOON)
    with translation.override("en"):
        plain = make.told(customer, "M59").findings[0]
        entitled = make.told(customer, "M59", by=make.clerk("party.see_blacklist_reason")).findings[0]
        assert (plain.code, plain.message) == ("CAT-64", "The blacklist stands against the customer")
        assert "debt" not in (plain.message + plain.advice).lower()
        assert entitled.message == "The blacklist stands against the customer (Debt)"
        assert "debt paid" in entitled.advice
    assert plain.effect == entitled.effect == "refuse"


def test_a_blacklisted_phone_is_found_by_its_key() -> None:
    """An entry on the customer's own phone counts; one whose masked number looks the same does not."""
    make.on_sale("M59")
    make.rule("R-BLACK", "blacklist")
    customer = make.person(media=(parties.MediumDraft(kind="mobile", given="13857101234", preferred=True),))
    alike = BlacklistDraft(match="phone", value="13899991234", cause="fraud", effect="review", level=1)
    parties.enter_blacklist(alike, by=party.clerk(), at=accounts.NOON)
    assert make.told(customer, "M59").outcome == "eligible"
    parties.enter_blacklist(
        BlacklistDraft(match="phone", value="13857101234", cause="fraud", effect="review", level=1), by=party.clerk(), at=accounts.NOON)
    found = make.told(customer, "M59")
    assert (found.outcome, make.codes(found), found.findings[0].effect) == ("conditional", ["CAT-64"], "review")


def test_five_lines_under_one_document_and_no_more() -> None:
    """The cap counts lines of all products, those on order too (T15)."""
    make.on_sale("M59")
    make.rule("R-CAP", "real_name", subject_kind="kind", subject_code="mobile", parameters={"lines_most": 5})
    customer = make.person()
    for _n in range(4):
        make.line_with(customer)
    assert make.told(customer, "M59").outcome == "eligible"
    assert make.codes(make.told(customer, "M59", quantity=2)) == ["CAT-67"]
    make.line_with(customer)
    found = make.told(customer, "M59")
    with translation.override("en"):
        assert found.findings[0].message == "5 lines run or are on order under this identity document; 5 are allowed"
        assert found.findings[0].advice.startswith("End 1 of these lines first")


def test_prospects_learn_what_must_be_known() -> None:
    """Whoever is not known yet gets no refusal for it: what must be known is a condition."""
    make.on_sale("M59")
    make.rule("R-NAME", "real_name")
    make.rule("R-SEG", "segment", parameters={"one_of": ["residential"]})
    (found,) = queries.qualify(None, ["M59"], prospect=Prospect(segment="residential"), by=make.clerk(), at=make.NOON)
    assert (found.outcome, make.codes(found), found.findings[0].effect) == ("conditional", ["CAT-75"], "check")
    (found,) = queries.qualify(None, ["M59"], prospect=Prospect(segment="business"), by=make.clerk(), at=make.NOON)
    assert found.outcome == "refused"


def test_everything_on_sale_is_judged_where_nothing_is_named() -> None:
    """All that is sold there, each with its own verdict; unknown codes and an empty catalogue are told."""
    with pytest.raises(NothingToJudge):
        queries.qualify(None, by=make.clerk(), at=make.NOON)
    make.on_sale("M59")
    make.on_sale("M99")
    make.rule("R-SEG", "segment", **make.about("M99"), parameters={"one_of": ["business"]})
    said = queries.qualify(make.person(), by=make.clerk(), at=make.NOON)
    assert {q.code: q.outcome for q in said} == {"M59": "eligible", "M99": "refused"}
    with pytest.raises(UnknownOffering, match="NOPE"):
        queries.qualify(None, ["NOPE"], by=make.clerk(), at=make.NOON)


def test_what_was_said_is_recorded_and_judged_anew() -> None:
    """The record keeps every reason in both languages; a fact or a rule that changes shows in the recheck."""
    make.on_sale("M59")
    make.rule("R-OWE", "arrears")
    customer = make.person()
    draft = QualificationDraft(customer_id=customer, items=(Asked(code="M59", given_id="1"),), wanted=Wanted(channel="hall"))
    made = services.record_qualification(draft=draft, by=make.clerk(), at=make.NOON)
    with acting(make.TESTER):
        row, item = Qualification.objects.get(id=made), QualificationItem.objects.get(qualification_id=made)
    assert (row.state, row.outcome, row.channel, item.outcome, item.reasons) == ("done", "eligible", "hall", "eligible", [])
    assert row.number.startswith("QF26")
    with acting(make.TESTER):
        assert OutboxEvent.objects.filter(name="ordering.offerings_qualified.v1", customer_id=customer).count() == 1
    clerk = make.clerk()
    with acting(clerk):
        assert services.recheck_qualification(qualification_id=made, by=clerk, at=make.NOON).same
        with acting(make.TESTER):
            account = accounts.account(Customer.objects.get(id=customer))
        accounts.bill(account, month=3, amount="10.00")
        again = services.recheck_qualification(qualification_id=made, by=clerk, at=make.NOON + timedelta(days=2))
    assert (again.same, again.expired, again.now[0].outcome) == (False, True, "refused")
    assert (set(again.facts), again.rules) == ({"on", "tenure_months", "debts", "exposure"}, False)
    assert again.moved == (services.Moved(code="M59", before="eligible", after="refused", came=("CAT-68",), went=()),)
    assert set(again.facts) <= set(services.FACTS)
    assert set(again.now[0].judgement.facts.digests) - set(services.FACTS) == {"channel", "line", "account", "quantity", "together"}
    second = services.record_qualification(draft=draft, by=clerk, at=make.NOON)
    with acting(make.TESTER):
        (reason,) = QualificationItem.objects.get(qualification_id=second).reasons
    assert (reason["code"], reason["rule"], reason["effect"]) == ("CAT-68", "R-OWE", "refuse")
    assert reason["advice_en"].startswith("Pay ¥10.00")
    assert reason["advice_zh"] != reason["advice_en"]


def test_what_changed_without_changing_the_answer_is_told_and_the_passing_of_time_is_not() -> None:
    make.on_sale("M59")
    customer = make.person()
    clerk = make.clerk()
    draft = QualificationDraft(customer_id=customer, items=(Asked(code="M59"),))
    made = services.record_qualification(draft=draft, by=clerk, at=make.NOON)
    later = make.NOON + timedelta(days=40)
    with acting(clerk):
        found = services.recheck_qualification(qualification_id=made, by=clerk, at=later)
        assert (found.same, found.facts, found.rules, found.moved) == (False, (), False, ())
    make.line_with(customer, "M59")
    make.rule("R-OWE", "arrears")
    with acting(clerk):
        found = services.recheck_qualification(qualification_id=made, by=clerk, at=later)
    assert (set(found.facts), found.rules, found.moved) == ({"held", "lines_on_document"}, True, ())


def test_a_rule_that_changes_changes_the_fingerprint() -> None:
    """The same facts under another book are another answer."""
    make.on_sale("M59")
    customer = make.person()
    before = make.told(customer, "M59").fingerprint
    assert make.told(customer, "M59").fingerprint == before
    make.rule("R-OWE", "arrears")
    assert make.told(customer, "M59").fingerprint != before


def test_only_what_may_be_ordered_where_that_is_asked() -> None:
    """Refused offerings are left out of the record."""
    make.on_sale("M59")
    make.on_sale("M99")
    make.rule("R-SEG", "segment", **make.about("M99"), parameters={"one_of": ["business"]})
    made = services.record_qualification(draft=QualificationDraft(customer_id=make.person(), only_available=True), by=make.clerk(), at=make.NOON)
    with acting(make.TESTER):
        assert list(QualificationItem.objects.filter(qualification_id=made).values_list("offering_code", flat=True)) == ["M59"]


def test_rights_and_sight() -> None:
    """Without the right nobody judges; another network's record is not there, a draft's what-if is for who sets rules."""
    make.on_sale("M59")
    customer = make.person()
    draft = QualificationDraft(customer_id=customer)
    with pytest.raises(NotPermitted):
        services.record_qualification(draft=draft, by=party.clerk(), at=make.NOON)
    with pytest.raises(NotFound):
        services.record_qualification(draft=draft, by=make.clerk(org_id=3302), at=make.NOON)
    made = services.record_qualification(draft=draft, by=make.clerk(), at=make.NOON)
    ningbo = make.clerk(org_id=3302)
    with acting(ningbo), pytest.raises(NotFound):
        services.recheck_qualification(qualification_id=made, by=ningbo, at=make.NOON)
    rule_id = catalogue.draft_rule(
        draft=RuleDraft(code="R-X", kind="segment", name_zh="规则", name_en="Rule", parameters={"one_of": ["business"]}), by=make.TESTER, at=make.NOON)
    with pytest.raises(NotPermitted):
        queries.qualify_as_if(rule_id, customer, wanted=Wanted(), by=make.clerk(), at=make.NOON)
    (as_if,) = queries.qualify_as_if(rule_id, customer, wanted=Wanted(), by=make.clerk("catalogue.rules"), at=make.NOON)
    assert (as_if.outcome, make.told(customer, "M59").outcome) == ("refused", "eligible")

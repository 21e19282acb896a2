"""Each kind of rule on a table of facts: when it holds, which reason it gives, what it says would mend it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from tongke.areas.catalogue.rules.eligibility import (
    Debt,
    Facts,
    Held,
    Listed,
    Named,
    Offer,
    Reach,
    RuleVersion,
    Verdict,
    compile_book,
    judge,
    parameters_of,
)

ON = date(2026, 11, 22)
OFFERS = (
    Offer(code="M59", kind="mobile", name=Named("畅享59", "Enjoy 59"), fee=Decimal(59), categories=("MAIN",)),
    Offer(code="M99", kind="mobile", name=Named("畅享99", "Enjoy 99"), fee=Decimal(99), categories=("MAIN",)),
    Offer(code="FB", kind="broadband", name=Named("宽带", "Fibre")),
    Offer(code="ADD", kind="value_added", name=Named("流量包", "Data pack")),
    Offer(code="GONE", kind="mobile", name=Named("旧套餐", "Old plan"), on_sale=False),
)
PLAIN = Facts(on=ON, segment="residential", level="gold", orgs=(1, 33, 3301), channel="hall", age=30, tenure_months=24, credit_class="B",
              credit_limit=Decimal(100), verified=True, documents=("resident_id",))
HERE = Named("文三路388号", "388 Wensan Road")


def held(code: str, **more: Any) -> Held:
    """One product of the customer."""
    offer = next(o for o in OFFERS if o.code == code)
    facts: dict[str, Any] = {"id": f"h-{code}", "line": "l1", "account": "a1", **more}
    return Held(code=code, kind=offer.kind, name=offer.name, **facts)


def said(kind: str, parameters: dict[str, Any], facts: Facts, *, code: str = "M59", effect: str = "refuse", subject: str = "") -> Verdict:
    """Judge one offering by one rule about it."""
    rule = RuleVersion(code="R", kind=kind, parameters=parameters_of(kind, parameters, effect=effect), subject_kind="offering", subject_code=subject or code,
                       effect=effect)
    return judge(compile_book([rule], OFFERS), facts, [code]).verdicts[code]


CASES: list[tuple[str, dict[str, Any], dict[str, Any], list[str], str]] = [
    ("requires", {"offerings": ["M99"]}, {}, ["CAT-50"], "Add Enjoy 99 first"),
    ("requires", {"offerings": ["M99", "FB"]}, {}, ["CAT-50"], "Add Enjoy 99 or Fibre first"),
    ("requires", {"kinds": ["broadband"]}, {"held": (held("FB"),)}, [], ""),
    ("requires", {"categories": ["MAIN"]}, {"held": (held("M99", phase="coming"),)}, [], ""),
    ("requires", {"offerings": ["FB"]}, {"held": (held("FB", phase="ending"),)}, ["CAT-50"], "Add Fibre first"),
    ("requires", {"offerings": ["FB"], "where": "line"}, {"held": (held("FB"),), "line": "l2"}, ["CAT-50"], "Add Fibre first"),
    ("requires", {"offerings": ["FB"], "where": "line"}, {"held": (held("FB"),)}, [], ""),
    ("requires", {"offerings": ["FB"]}, {"together": ("FB", "M59")}, [], ""),
    ("excludes", {"offerings": ["M99"]}, {"held": (held("M99"),)}, ["CAT-51"], "End Enjoy 99 first, or leave this out"),
    ("excludes", {"offerings": ["M99"]}, {"held": (held("M99", phase="coming"),)}, ["CAT-52"], "Cancel the order of Enjoy 99, or leave this out"),
    ("excludes", {"offerings": ["M99"]}, {"held": (held("M99", phase="ending"),)}, ["CAT-53"], "Wait until Enjoy 99 has ended"),
    ("excludes", {"offerings": ["M99"]}, {"together": ("M99", "M59")}, ["CAT-54"], "Order only one of the two"),
    ("excludes", {"offerings": ["M99"]}, {"held": (held("M99", phase="replaced"),)}, [], ""),
    ("excludes", {"offerings": ["M99"], "where": "line"}, {"held": (held("M99"),)}, [], ""),
    ("excludes", {"categories": ["MAIN"], "where": "line"}, {"held": (held("M59"),), "line": "l1"}, ["CAT-51"], "End Enjoy 59 first, or leave this out"),
    ("quantity", {"most": 1}, {}, [], ""),
    ("quantity", {"most": 1}, {"held": (held("M59"),)}, ["CAT-55"], "End 1 of them first, or order fewer"),
    ("quantity", {"most": 2}, {"quantity": 3}, ["CAT-55"], "End 1 of them first, or order fewer"),
    ("quantity", {"most": 1, "per": "line"}, {"held": (held("M59"),), "line": "l2"}, [], ""),
    ("quantity", {"most": 1, "per": "account"}, {"held": (held("M59"),), "account": "a1"}, ["CAT-55"], "End 1 of them first, or order fewer"),
    ("quantity", {"least": 5}, {"quantity": 3}, ["CAT-56"], "Order 2 more"),
    ("segment", {"one_of": ["business"]}, {}, ["CAT-57"], "Choose an offering for Residential, or correct the customer's segment"),
    ("segment", {"one_of": ["residential", "business"]}, {}, [], ""),
    ("segment", {"one_of": ["business"]}, {"segment": None}, ["CAT-75"], "Identify the customer, then judge again"),
    ("level", {"one_of": ["diamond"]}, {}, ["CAT-58"], "Choose another offering; the level rises with the customer's value"),
    ("level", {"one_of": ["gold", "diamond"]}, {}, [], ""),
    ("area", {"one_of": [33]}, {}, [], ""),
    ("area", {"one_of": [3302]}, {}, ["CAT-59"], "Give a place of use in Ningbo, or choose another offering"),
    ("area", {"one_of": [3302]}, {"orgs": None}, ["CAT-75"], "Give the place, then judge again"),
    ("channel", {"one_of": ["web"]}, {}, ["CAT-60"], "Order it through Web"),
    ("channel", {"one_of": ["web"]}, {"channel": None}, [], ""),
    ("contract", {"where": "customer"}, {"held": (held("M99", contract_until=date(2027, 3, 1), penalty=Decimal(240)),)}, ["CAT-61"],
     "Wait until 2027-03-01, or pay the penalty of ¥240.00"),
    ("contract", {"where": "customer"}, {"held": (held("M99", contract_until=date(2027, 3, 1)),)}, ["CAT-61"], "Wait until 2027-03-01, or agree on ending the contract"),
    ("contract", {"where": "customer"}, {"held": (held("M99", contract_until=ON),)}, [], ""),
    ("contract", {"where": "customer", "free_days": 30}, {"held": (held("M99", contract_until=date(2026, 12, 10)),)}, [], ""),
    ("contract", {"kinds": ["broadband"], "where": "customer"}, {"held": (held("M99", contract_until=date(2027, 3, 1)),)}, [], ""),
    ("contract", {}, {"held": (held("M99", contract_until=date(2027, 3, 1)),)}, [], ""),
    ("credit", {"class_least": "B"}, {}, [], ""),
    ("credit", {"class_least": "A"}, {}, ["CAT-62"], "Pay on time to rise to class A, or have the rating reviewed"),
    ("credit", {"within_limit": True}, {"exposure": Decimal(50)}, ["CAT-63"], "Pay ¥9.00 of what is owed, leave a deposit, or choose a lower fee"),
    ("credit", {"within_limit": True}, {"exposure": Decimal(41)}, [], ""),
    ("credit", {"class_least": "A"}, {"credit_class": None}, ["CAT-75"], "Identify the customer, then judge again"),
    ("blacklist", {}, {"listed": (Listed(effect="refuse", level=1),)}, ["CAT-64"], "Have the entry decided by who keeps the blacklist"),
    ("blacklist", {"level_least": 3}, {"listed": (Listed(effect="refuse", level=2),)}, [], ""),
    ("blacklist", {}, {"listed": (Listed(effect="no_marketing", level=5),)}, [], ""),
    ("real_name", {}, {"verified": False}, ["CAT-65"], "Check the identity document and record the verification"),
    ("real_name", {"documents": ["passport"]}, {}, ["CAT-66"], "Record a valid document: Passport"),
    ("real_name", {"lines_most": 5}, {"lines_on_document": (("mobile", 4), ("broadband", 9))}, [], ""),
    ("real_name", {"lines_most": 5}, {"lines_on_document": (("mobile", 5),)}, ["CAT-67"], "End 1 of these lines first, or register the new one to another person"),
    ("arrears", {}, {"debts": (Debt(account_no="A1", owed=Decimal(120), overdue=Decimal(0)),)}, [], ""),
    ("arrears", {"overdue_only": False}, {"debts": (Debt(account_no="A1", owed=Decimal(120), overdue=Decimal(0)),)}, ["CAT-68"], "Pay ¥120.00 owed on account A1"),
    ("arrears", {"above": "100"}, {"debts": (Debt(account_no="A1", owed=Decimal(100), overdue=Decimal(100)),)}, [], ""),
    ("coverage", {}, {}, ["CAT-75"], "Give the address, then judge again"),
    ("coverage", {}, {"reach": Reach(place=HERE)}, ["CAT-69"], "Choose an offering for what reaches 388 Wensan Road, or register interest for its planning"),
    ("coverage", {"mbps": 500}, {"reach": Reach(place=HERE, lines=(("ftth_gpon", 300), ("adsl", 8)))}, ["CAT-70"], "Choose an offering of up to 300 Mbit/s"),
    ("coverage", {"technologies": ["adsl"], "mbps": 8}, {"reach": Reach(place=HERE, lines=(("ftth_gpon", 300), ("adsl", 8)))}, [], ""),
    ("age", {"least": 31}, {}, ["CAT-71"], "Choose an offer without such an age limit; for a minor a legal guardian may order it"),
    ("age", {"most": 29}, {}, ["CAT-72"], "Choose an offering without an age limit"),
    ("age", {"least": 30, "most": 30}, {}, [], ""),
    ("age", {"least": 31}, {"party_kind": "organization"}, [], ""),
    ("age", {"least": 31}, {"age": None}, ["CAT-75"], "Record the date of birth"),
    ("tenure", {"months_least": 36}, {}, ["CAT-73"], "Wait 12 months more"),
    ("tenure", {"months_least": 24}, {}, [], ""),
    ("device", {"features": ["5g", "esim"]}, {"features": ("5g",)}, ["CAT-74"], "Choose a device that can do esim"),
    ("device", {"features": ["5g"]}, {"features": ("5g", "volte")}, [], ""),
    ("device", {"features": ["5g"]}, {}, ["CAT-75"], "Record the device of the line"),
]


@pytest.mark.parametrize(("kind", "parameters", "facts", "codes", "advice"), CASES)
def test_when_it_holds_and_what_mends_it(kind: str, parameters: dict[str, Any], facts: dict[str, Any], codes: list[str], advice: str) -> None:
    rule = RuleVersion(code="R", kind=kind, parameters=parameters_of(kind, parameters), subject_kind="offering", subject_code="M59")
    book = compile_book([rule], OFFERS, orgs={3302: Named("宁波", "Ningbo")})
    verdict = judge(book, replace(PLAIN, **facts), ["M59"]).verdicts["M59"]
    assert [f.code for f in verdict.findings] == codes
    with translation.override("en"):
        assert [f.advice for f in verdict.findings] == ([advice] if advice else [])
    with translation.override("zh-hans"):
        assert all(any("一" <= letter <= "鿿" for letter in f.message) and "{" not in f.message + f.advice for f in verdict.findings)


@pytest.mark.parametrize("kind", sorted({case[0] for case in CASES}))
def test_every_kind_is_on_the_table_both_ways(kind: str) -> None:
    """For each kind there is a case that holds and one that does not."""
    assert {bool(codes) for name, _p, _f, codes, _a in CASES if name == kind} == {True, False}


def test_exclusion_is_mutual_unless_said_otherwise() -> None:
    """M59 excludes the data pack: then the data pack may not be added to M59 either."""
    assert [f.code for f in said("excludes", {"offerings": ["ADD"]}, replace(PLAIN, held=(held("M59"),)), code="ADD", subject="M59").findings] == ["CAT-51"]
    assert said("excludes", {"offerings": ["ADD"], "mutual": False}, replace(PLAIN, held=(held("M59"),)), code="ADD", subject="M59").outcome == "eligible"


def test_what_follows() -> None:
    """Refusal outweighs conditions; of deposits the highest, of penalties each product once; the blacklist's entry decides itself."""
    deposit = said("credit", {"class_least": "A", "deposit": "200"}, PLAIN, effect="deposit")
    assert (deposit.outcome, deposit.deposit) == ("conditional", Decimal(200))
    locked = replace(PLAIN, held=(held("M99", contract_until=date(2027, 3, 1), penalty=Decimal(240)),))
    agreed = said("contract", {"where": "customer"}, locked, effect="agree")
    assert (agreed.outcome, agreed.penalty, [f.effect for f in agreed.conditions]) == ("conditional", Decimal(240), ["agree"])
    listed = replace(PLAIN, listed=(Listed(effect="review", level=1), Listed(effect="refuse", level=2)))
    assert [f.effect for f in said("blacklist", {}, listed, effect="agree").findings] == ["review", "refuse"]
    assert said("blacklist", {}, listed).outcome == "refused"


def test_offerings_own_terms_and_customers_standing() -> None:
    """Where, to whom and whether it is sold stands in the offering itself; suspended customers order nothing."""
    own = Offer(code="OWN", kind="mobile", name=Named("a", "a"), segments=("business",), channels=("web",), sold_in=(3302,))
    book = compile_book([], [*OFFERS, own])
    assert sorted(f.code for f in judge(book, PLAIN, ["OWN"]).verdicts["OWN"].findings) == ["CAT-57", "CAT-59", "CAT-60"]
    assert [f.code for f in judge(book, PLAIN, ["GONE"]).verdicts["GONE"].findings] == ["CAT-77"]
    assert [f.code for f in judge(book, PLAIN, ["NEVER"]).verdicts["NEVER"].findings] == ["CAT-77"]
    assert [f.code for f in judge(book, replace(PLAIN, customer_state="suspended"), ["M59"]).verdicts["M59"].findings] == ["CAT-76"]
    assert list(judge(book, PLAIN).verdicts) == ["ADD", "FB", "M59", "M99", "OWN"]


def test_a_rule_s_own_words_stand_in_place_of_the_kind_s() -> None:
    """In the language that they are written in; the code stays."""
    rule = RuleVersion(code="R", kind="segment", parameters=parameters_of("segment", {"one_of": ["business"]}), says=Named("仅限企业", "Companies only"), mend=Named("", ""))
    (finding,) = judge(compile_book([rule], OFFERS), PLAIN, ["M59"]).verdicts["M59"].findings
    with translation.override("en"):
        assert (finding.code, finding.message) == ("CAT-57", "Companies only")
        assert finding.advice
    with translation.override("zh-hans"):
        assert finding.message == "仅限企业"

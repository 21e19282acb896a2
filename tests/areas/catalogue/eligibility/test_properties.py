"""The compiled engine against the plain one, and what must hold whatever the rules say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.areas.catalogue.eligibility import drawn
from tests.areas.catalogue.eligibility.reference import judged
from tongke.areas.catalogue.rules.eligibility import Debt, Facts, Judgement, Listed, Offer, RuleVersion, compile_book, judge

WEIGHT = {"eligible": 0, "conditional": 1, "refused": 2}
THOROUGH = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _found(judgement: Judgement, code: str) -> frozenset[tuple[str, str, str, str]]:
    return frozenset((f.rule, f.code, f.about, str(f.effect)) for f in judgement.verdicts[code].findings)


@THOROUGH
@given(rules=drawn.rules(), offers=drawn.offers(), facts=drawn.facts())
def test_compiled_equals_plain(rules: list[RuleVersion], offers: list[Offer], facts: Facts) -> None:
    """For every offering the compiled book finds exactly the reasons that the plain reading finds."""
    judgement = judge(compile_book(rules, offers), facts)
    for offer in offers:
        assert _found(judgement, offer.code) == judged(rules, offers, facts, offer.code)


@THOROUGH
@given(rules=drawn.rules(), offers=drawn.offers(), facts=drawn.facts(), data=st.data())
def test_order_of_rules_and_offers_does_not_matter(rules: list[RuleVersion], offers: list[Offer], facts: Facts, data: Any) -> None:
    """Rules and offerings in any order give the same verdicts, their findings in the same order."""
    other = compile_book(data.draw(st.permutations(rules)), data.draw(st.permutations(offers)))
    assert judge(compile_book(rules, offers), facts).verdicts == judge(other, facts).verdicts


@THOROUGH
@given(rules=drawn.rules(), offers=drawn.offers(), facts=drawn.facts())
def test_each_offering_is_judged_by_itself(rules: list[RuleVersion], offers: list[Offer], facts: Facts) -> None:
    """Asked alone or among others, an offering gets the same verdict."""
    book = compile_book(rules, offers)
    together = judge(book, facts)
    for offer in offers:
        assert judge(book, facts, [offer.code]).verdicts[offer.code] == together.verdicts[offer.code]


@THOROUGH
@given(rules=drawn.rules(), offers=drawn.offers(), facts=drawn.facts())
def test_more_against_never_makes_more_eligible(rules: list[RuleVersion], offers: list[Offer], facts: Facts) -> None:
    """A debt, a blacklist entry or a higher exposure more never opens what was closed."""
    book = compile_book(rules, offers)
    before = judge(book, facts).verdicts
    for worse in (
        replace(facts, debts=(*facts.debts, Debt(account_no="NEW", owed=Decimal(500), overdue=Decimal(500)))),
        replace(facts, listed=(*facts.listed, Listed(effect="refuse", level=5))),
        replace(facts, exposure=facts.exposure + 1000),
        replace(facts, lines_on_document=(*facts.lines_on_document, ("mobile", 5))),
    ):
        after = judge(book, worse).verdicts
        assert all(WEIGHT[after[c].outcome] >= WEIGHT[before[c].outcome] for c in before)
        assert all(len(after[c].findings) >= len(before[c].findings) for c in before)


@THOROUGH
@given(rules=drawn.rules(), offers=drawn.offers(), facts=drawn.facts(), data=st.data())
def test_one_rule_more_only_adds_reasons(rules: list[RuleVersion], offers: list[Offer], facts: Facts, data: Any) -> None:
    """Without a rule the reasons are those that the others gave: rules do not speak for one another."""
    if not rules:
        return
    left = data.draw(st.sampled_from(rules))
    fewer = judge(compile_book([r for r in rules if r is not left], offers), facts)
    more = judge(compile_book(rules, offers), facts)
    for offer in offers:
        gone = {f for f in _found(more, offer.code) if f[0] == left.code}
        assert _found(more, offer.code) - gone == _found(fewer, offer.code)


@THOROUGH
@given(facts=drawn.facts(), other=drawn.facts())
def test_the_fingerprint_tells_facts_apart(facts: Facts, other: Facts) -> None:
    """Equal facts have one fingerprint, in whatever order they were gathered; different ones do not."""
    turned = replace(facts, held=facts.held[::-1], debts=facts.debts[::-1])
    assert turned.fingerprint == facts.fingerprint
    assert (facts.fingerprint == other.fingerprint) == (_sorted(facts) == _sorted(other))


def _sorted(facts: Facts) -> list[Any]:
    plain = replace(facts, held=(), debts=(), listed=(), documents=(), lines_on_document=(), together=())
    parts = [sorted(map(str, getattr(facts, name))) for name in ("held", "debts", "listed", "documents", "lines_on_document", "together")]
    return [str(plain), *parts]

"""The dated rule book on the real database: two persons, no overlap, no circle, no contradiction, from now on only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from tests.factories import staff
from tests.factories.accounts import TESTER
from tests.factories.party import clerk
from tongke.areas.catalogue import queries, services
from tongke.areas.catalogue.models import EligibilityRule, Offering
from tongke.areas.catalogue.queries.eligibility import Facts
from tongke.areas.catalogue.services import RuleDraft
from tongke.kernel.actor import NotPermitted, acting, system_actor
from tongke.kernel.errors import NotFound, RulesBroken

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = system_actor("second")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in English."""
    with translation.override("en"):
        yield


def offers(*codes: str, kind: str = "mobile") -> None:
    """Put plain offerings on sale."""
    for code in codes:
        services.publish_offering(
            code=code, kind=kind, name_zh=f"套餐{code}", name_en=f"Plan {code}", monthly_fee=Decimal(10), by=TESTER, at=NOON - 30 * DAY)


def draft(code: str = "R-ONE", kind: str = "requires", **more: Any) -> RuleDraft:
    """Return a draft with both names."""
    facts: dict[str, Any] = {"name_zh": "规则", "name_en": "A rule", **more}
    return RuleDraft(code=code, kind=kind, **facts)


def launched(code: str, kind: str, *, at: datetime = NOON, **more: Any) -> UUID:
    """Draft a rule and put it in force by a second person."""
    rule_id = services.draft_rule(draft=draft(code, kind, **more), by=TESTER, at=at)
    services.put_rule_in_force(rule_id=rule_id, by=SECOND, at=at)
    return rule_id


def needs(code: str, subject: str, *targets: str, at: datetime = NOON, **more: Any) -> UUID:
    """Let one offering require another."""
    return launched(code, "requires", subject_kind="offering", subject_code=subject, parameters={"offerings": list(targets), **more}, at=at)


def refusals(**given: Any) -> dict[str, str]:
    """Return the codes and sentences with which saving is refused."""
    with pytest.raises(RulesBroken) as refused:
        services.draft_rule(draft=draft(**given), by=TESTER, at=NOON)
    return {broken.code: broken.message for broken in refused.value.broken}


def test_a_rule_binds_from_its_begin_and_only_after_a_second_person() -> None:
    """A draft binds nobody; launched it binds from its begin until its end, to the instant."""
    offers("M59", "ADD5")
    rule_id = services.draft_rule(
        draft=draft(subject_kind="offering", subject_code="ADD5", parameters={"offerings": ["M59"]}, valid_from=NOON + DAY), by=TESTER, at=NOON)
    facts = Facts(on=date(2026, 3, 3))
    assert queries.judge(queries.rules_in_force(1, at=NOON + 2 * DAY), facts).verdicts["ADD5"].outcome == "eligible"
    with pytest.raises(RulesBroken, match="CAT-91"):
        services.put_rule_in_force(rule_id=rule_id, by=TESTER, at=NOON)
    services.put_rule_in_force(rule_id=rule_id, by=SECOND, at=NOON)
    for at, outcome in ((NOON, "eligible"), (NOON + DAY - timedelta(microseconds=1), "eligible"), (NOON + DAY, "refused")):
        assert queries.judge(queries.rules_in_force(1, at=at), facts).verdicts["ADD5"].outcome == outcome
    services.end_rule(rule_id=rule_id, valid_until=NOON + 3 * DAY, by=SECOND, at=NOON + DAY)
    assert queries.judge(queries.rules_in_force(1, at=NOON + 3 * DAY), facts).verdicts["ADD5"].outcome == "eligible"


def test_reasons_name_the_concrete_thing_in_both_languages() -> None:
    """The sentence and its mend name the offering in the reader's language."""
    offers("M59", "ADD5")
    needs("R-ADD", "ADD5", "M59")
    (finding,) = queries.judge(queries.rules_in_force(1, at=NOON), Facts(on=NOON.date())).verdicts["ADD5"].findings
    with translation.override("en"):
        assert (finding.code, finding.message, finding.advice) == ("CAT-50", "Plan M59 is neither held nor ordered along", "Add Plan M59 first")
    with translation.override("zh-hans"):
        assert "套餐M59" in finding.advice


def test_the_next_version_ends_the_one_before() -> None:
    """Two versions of one code meet at an instant; the old one stays to be read."""
    offers("M59", "M99", "ADD5")
    first = needs("R-ADD", "ADD5", "M59")
    needs("R-ADD", "ADD5", "M99", at=NOON + DAY)
    rows = queries.rule_versions_of("R-ADD", by=TESTER)
    assert [(r.version, r.valid_from, r.valid_until) for r in rows] == [(2, NOON + DAY, None), (1, NOON, NOON + DAY)]
    assert rows[1].id == first


def test_overlapping_versions_are_refused() -> None:
    """A version that would run into another one with an end or a later begin is refused with its dates."""
    offers("M59", "ADD5")
    subject = {"subject_kind": "offering", "subject_code": "ADD5", "parameters": {"offerings": ["M59"]}}
    launched("R-ADD", "requires", valid_from=NOON + 10 * DAY, valid_until=NOON + 20 * DAY, **subject)
    for starts, ends in ((NOON, None), (NOON + 15 * DAY, None), (NOON + 5 * DAY, NOON + 11 * DAY)):
        with pytest.raises(RulesBroken, match="CAT-85 Version 1"):
            launched("R-ADD", "requires", valid_from=starts, valid_until=ends, **subject)
    launched("R-ADD", "requires", valid_from=NOON, valid_until=NOON + 10 * DAY, **subject)
    launched("R-ADD", "requires", valid_from=NOON + 20 * DAY, **subject)


def test_a_circle_is_refused_with_its_path() -> None:
    """A needs B needs C needs A can never be ordered: the path stands in the refusal."""
    offers("AA", "BB", "CC")
    needs("R-A", "AA", "BB")
    needs("R-B", "BB", "CC")
    told = refusals(code="R-C", subject_kind="offering", subject_code="CC", parameters={"offerings": ["AA"]})
    assert told == {"CAT-82": "The rules would go in a circle: Plan AA (AA) → Plan BB (BB) → Plan CC (CC) → Plan AA (AA)"}
    # With a way out it is none.
    offers("DD")
    needs("R-C", "CC", "AA", "DD")


def test_a_contradiction_is_refused_through_requirements() -> None:
    """A needs B, B needs C: then A cannot exclude C, from whichever side it is said."""
    offers("AA", "BB", "CC")
    needs("R-A", "AA", "BB")
    needs("R-B", "BB", "CC")
    for subject, target in (("AA", "CC"), ("CC", "AA")):
        told = refusals(code="R-X", kind="excludes", subject_kind="offering", subject_code=subject, parameters={"offerings": [target]})
        assert told["CAT-83"] == (
            "The rules would contradict each other: Plan AA (AA) → Plan BB (BB) → Plan CC (CC) × Plan AA (AA) (× = exclude each other)")
    launched("R-X", "excludes", subject_kind="offering", subject_code="AA", parameters={"offerings": ["CC"], "where": "line"})


def test_what_is_never_sold_cannot_be_required() -> None:
    """Unknown codes and offerings that are off sale are told apart."""
    offers("AA", "BB")
    told = refusals(code="R-A", subject_kind="offering", subject_code="AA", parameters={"offerings": ["NOPE"]})
    assert "CAT-89" in told
    assert "NOPE" in told["CAT-89"]


@pytest.mark.parametrize(("kind", "parameters", "told"), [
    ("quantity", {"most": 2, "least": 3}, "the least 3 is above the most 2"),
    ("quantity", {}, "give a most or a least"),
    ("area", {"one_of": []}, "one_of"),
    ("segment", {"one_of": ["martian"]}, "one_of"),
    ("age", {"least": 20, "most": 10}, "the least age 20 is above the most 10"),
    ("requires", {}, "name an offering, a kind or a category"),
    ("requires", {"offerings": ["AA"], "unheard": 1}, "unheard"),
    ("nonsense", {}, "kind: nonsense"),
    ("arrears", {"above": "-1"}, "above"),
])
def test_cat_81_parameters_have_the_shape_of_their_kind(kind: str, parameters: dict[str, Any], told: str) -> None:
    """Each kind refuses what it does not know, and says what."""
    offers("AA")
    assert told in refusals(kind=kind, parameters=parameters)["CAT-81"]


def test_a_deposit_rule_names_its_amount() -> None:
    """Without an amount nobody knows what to ask for."""
    assert "deposit" in refusals(kind="credit", parameters={"class_least": "B"}, effect="deposit")["CAT-81"]


def test_sets_that_leave_nobody_are_refused() -> None:
    """Two rules of which each allows what the other does not leave nobody who may order."""
    offers("AA")
    launched("R-S1", "segment", parameters={"one_of": ["residential"]})
    told = refusals(code="R-S2", kind="segment", subject_kind="offering", subject_code="AA", parameters={"one_of": ["business"]})
    assert "CAT-87" in told
    launched("R-S3", "segment", parameters={"one_of": ["residential", "business"]})


def test_a_least_above_another_rules_most_is_refused() -> None:
    """Nobody can order five at least and three at most."""
    offers("AA")
    launched("R-MOST", "quantity", parameters={"most": 3})
    assert "CAT-88" in refusals(code="R-LEAST", kind="quantity", subject_kind="offering", subject_code="AA", parameters={"least": 5})


def test_what_others_did_wrong_is_not_blamed_on_a_new_rule() -> None:
    """An offering that was taken off sale does not stop rules that have nothing to do with it."""
    offers("AA", "BB", "CC")
    needs("R-A", "AA", "BB")
    with acting(TESTER):
        Offering.objects.filter(code="BB").update(valid_until=NOON + DAY)
    launched("R-S", "segment", subject_kind="offering", subject_code="CC", parameters={"one_of": ["residential"]}, at=NOON + 2 * DAY)
    with pytest.raises(RulesBroken, match="CAT-84"):
        needs("R-C", "CC", "BB", at=NOON + 2 * DAY)


def test_what_was_in_force_stays() -> None:
    """A launched version is not edited, ended twice or ended backwards; a draft is edited and given up."""
    offers("AA", "BB")
    rule_id = needs("R-A", "AA", "BB")
    with pytest.raises(RulesBroken, match="CAT-90"):
        services.change_draft(rule_id=rule_id, draft=draft("R-A", subject_kind="offering", subject_code="AA", parameters={"offerings": ["BB"]}), by=TESTER, at=NOON)
    with pytest.raises(RulesBroken, match="CAT-93"):
        services.end_rule(rule_id=rule_id, valid_until=NOON - DAY, by=SECOND, at=NOON)
    services.end_rule(rule_id=rule_id, by=SECOND, at=NOON + DAY)
    with pytest.raises(RulesBroken, match="CAT-92"):
        services.end_rule(rule_id=rule_id, by=SECOND, at=NOON + 2 * DAY)
    mine = draft("R-B", subject_kind="offering", subject_code="BB", parameters={"offerings": ["AA"]})
    later = NOON + 2 * DAY
    other = services.draft_rule(draft=mine, by=TESTER, at=later)
    services.change_draft(rule_id=other, draft=replace(mine, name_en="Better"), by=TESTER, at=later)
    services.discard_draft(rule_id=other, by=TESTER, at=later)
    assert EligibilityRule.objects.get(id=other).state == "rejected"


def test_rules_bind_their_organisation_and_below() -> None:
    """A rule of one province does not bind the next."""
    staff.tree()
    offers("AA")
    launched("R-33", "segment", org_id=33, parameters={"one_of": ["business"]})
    facts = Facts(on=NOON.date(), segment="residential")
    told = {org: queries.judge(queries.rules_in_force(org, at=NOON), facts).verdicts["AA"].outcome for org in (1, 33, 3301, 32, 3201)}
    assert told == {1: "eligible", 33: "refused", 3301: "refused", 32: "eligible", 3201: "eligible"}


def test_rights_and_sight() -> None:
    """Drafting, launching and reading each need their right; a local network sets no rule for the next."""
    offers("AA")
    mine = draft(kind="segment", parameters={"one_of": ["business"]}, org_id=3302)
    for permissions in ((), ("catalogue.view",), ("catalogue.design",)):
        with pytest.raises(NotPermitted):
            services.draft_rule(draft=mine, by=clerk(permissions=permissions), at=NOON)
    with pytest.raises(RulesBroken, match="CAT-94"):
        services.draft_rule(draft=mine, by=clerk(permissions=("catalogue.rules",)), at=NOON)
    rule_id = services.draft_rule(draft=replace(mine, org_id=3301), by=clerk(permissions=("catalogue.rules",)), at=NOON)
    with pytest.raises(NotPermitted):
        services.put_rule_in_force(rule_id=rule_id, by=clerk("gaofeng", permissions=("catalogue.rules",)), at=NOON)
    with pytest.raises(NotPermitted):
        queries.rule_rows(by=clerk(permissions=()))
    with pytest.raises(NotFound):
        queries.rule_row(UUID(int=1), by=TESTER)


def test_as_if_a_draft_were_in_force() -> None:
    """The what-if book has the draft in place of its present version, and leaves no trace."""
    offers("AA", "BB")
    needs("R-A", "AA", "BB")
    rule_id = services.draft_rule(
        draft=draft("R-A", "segment", subject_kind="offering", subject_code="AA", parameters={"one_of": ["business"]}), by=TESTER, at=NOON)
    facts = Facts(on=NOON.date(), segment="business")
    assert queries.judge(queries.book_as_if(rule_id, 1, by=TESTER, at=NOON), facts).verdicts["AA"].outcome == "eligible"
    assert queries.judge(queries.rules_in_force(1, at=NOON), facts).verdicts["AA"].outcome == "refused"


def test_every_rule_reads_as_a_sentence() -> None:
    """The list shows what a rule asks in words, by the names of the catalogue."""
    offers("M59", "ADD5")
    rule_id = needs("R-ADD", "ADD5", "M59", where="line")
    with translation.override("en"):
        told = queries.sentences_of(queries.rule_versions_of("R-ADD", by=TESTER), at=NOON)[rule_id]
        assert told.sentence == "Plan ADD5: Plan M59 must be held or ordered along, on the same line. Otherwise: Refuse."

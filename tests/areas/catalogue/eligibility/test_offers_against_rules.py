"""What comes on sale is held against the rules in force: by approval, by launch, by a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from tests.areas.catalogue.core import making
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import services
from tongke.areas.catalogue.errors import CatalogueFileRefused
from tongke.areas.catalogue.models import EligibilityRule, Offering
from tongke.areas.catalogue.services import RuleDraft
from tongke.kernel.actor import system_actor
from tongke.kernel.errors import RulesBroken

pytestmark = pytest.mark.django_db
SECOND = system_actor("second")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    people.tree()
    with translation.override("en"):
        yield


def launched(code: str, **more: Any) -> UUID:
    """An offering on sale."""
    return making.launched("offerings", code, making.plan(**more), by=TESTER, second=SECOND, at=NOON)


def waiting(code: str, **more: Any) -> UUID:
    """An offering that waits for its approval."""
    made = services.draft_offering(code=code, content=making.plan(**more), by=TESTER, at=NOON)
    services.test_version(noun="offerings", version_id=made, by=TESTER, at=NOON)
    return made


def in_force(code: str, kind: str, parameters: dict[str, Any], **more: Any) -> UUID:
    """A rule in force."""
    rule_id = services.draft_rule(draft=RuleDraft(code=code, kind=kind, name_zh="规则", name_en="A rule", parameters=parameters, **more), by=TESTER, at=NOON)
    services.put_rule_in_force(rule_id=rule_id, by=SECOND, at=NOON)
    return rule_id


def refused(call: Any, **more: Any) -> dict[str, str]:
    """The codes and sentences of a refusal."""
    with pytest.raises(RulesBroken) as refusal:
        call(noun="offerings", by=SECOND, at=NOON, **more)
    return {broken.code: broken.message for broken in refusal.value.broken}


def test_a_bundle_of_parts_that_exclude_each_other_is_not_approved() -> None:
    launched("AA")
    launched("BB", kind="broadband")
    in_force("R-X", "excludes", {"offerings": ["BB"]}, subject_kind="offering", subject_code="AA")
    both = [{"part_code": code, "quantity_min": 1, "quantity_default": 1} for code in ("AA", "BB")]
    bundle = waiting("H-1", kind="bundle", parts=both)
    told = refused(services.approve_version, version_id=bundle)
    assert told == {"CAT-83": "The rules would contradict each other: Enjoy (H-1) → Enjoy (AA) × Enjoy (H-1) → Enjoy (BB) (× = exclude each other)"}
    assert Offering.objects.get(id=bundle).state == "in_test"
    # Where one of them may be left out, it can be ordered.
    services.edit_version(noun="offerings", version_id=bundle, content=making.plan(kind="bundle", parts=[both[0], {"part_code": "BB"}]), by=TESTER, at=NOON)
    services.approve_version(noun="offerings", version_id=bundle, by=SECOND, at=NOON)
    services.launch_version(noun="offerings", version_id=bundle, by=SECOND, at=NOON)


def test_a_rule_that_began_after_the_approval_stops_the_launch() -> None:
    launched("AA")
    launched("BB", kind="broadband")
    bundle = waiting("H-1", kind="bundle", parts=[{"part_code": code, "quantity_min": 1, "quantity_default": 1} for code in ("AA", "BB")])
    services.approve_version(noun="offerings", version_id=bundle, by=SECOND, at=NOON)
    in_force("R-X", "excludes", {"offerings": ["BB"]}, subject_kind="offering", subject_code="AA")
    assert set(refused(services.launch_version, version_id=bundle)) == {"CAT-83"}
    assert set(refused(services.launch_version, version_id=bundle, effective_at=NOON + 30 * DAY)) == {"CAT-83"}
    assert Offering.objects.get(id=bundle).state == "active"


def test_a_planned_rule_counts_from_its_begin_for_what_is_launched_before() -> None:
    launched("AA")
    launched("BB", kind="broadband")
    in_force("R-X", "excludes", {"offerings": ["BB"]}, subject_kind="offering", subject_code="AA", valid_from=NOON + 10 * DAY)
    bundle = waiting("H-1", kind="bundle", parts=[{"part_code": code, "quantity_min": 1, "quantity_default": 1} for code in ("AA", "BB")])
    assert set(refused(services.approve_version, version_id=bundle)) == {"CAT-83"}


def test_a_version_whose_buyers_no_rule_allows_is_not_approved() -> None:
    launched("AA")
    in_force("R-S", "segment", {"one_of": ["residential"]}, subject_kind="kind", subject_code="mobile")
    assert set(refused(services.approve_version, version_id=waiting("AA", segments=["business"]))) == {"CAT-87"}
    assert set(refused(services.approve_version, version_id=waiting("NEW", segments=["business"]))) == {"CAT-87"}
    services.approve_version(noun="offerings", version_id=waiting("OTHER", segments=["business", "residential"]), by=SECOND, at=NOON)


def test_what_an_offer_requires_is_sold_by_the_time_it_is_launched() -> None:
    addon = launched("ADD")
    launched("AA", kind="broadband")
    in_force("R-A", "requires", {"offerings": ["AA"]}, subject_kind="offering", subject_code="ADD")
    first = Offering.objects.get(code="AA")
    services.retire_version(noun="offerings", version_id=first.id, by=TESTER, at=NOON + DAY)
    services.retire_version(noun="offerings", version_id=addon, by=TESTER, at=NOON + DAY)
    again = waiting("ADD", prices=[making.price("5")])
    services.approve_version(noun="offerings", version_id=again, by=SECOND, at=NOON + DAY)
    with pytest.raises(RulesBroken, match="CAT-84"):
        services.launch_version(noun="offerings", version_id=again, by=SECOND, at=NOON + 2 * DAY)


def test_what_was_wrong_before_does_not_stop_the_next_version() -> None:
    launched("AA")
    launched("BB", kind="broadband")
    in_force("R-X", "excludes", {"offerings": ["BB"]}, subject_kind="offering", subject_code="AA")
    services.approve_version(noun="offerings", version_id=waiting("BB", kind="broadband", prices=[making.price("99")]), by=SECOND, at=NOON)


def file(rules: str = "", offerings: str = "") -> str:
    """A catalogue file with two mobile plans, and what is given beside."""
    plans = "".join(f"""  {code}:
    kind: mobile
    name_zh: 套餐
    name_en: Plan
    prices:
      - code: monthly
        kind: recurring
        name_zh: 月费
        name_en: Monthly fee
        amount: 59
        period: month
""" for code in ("AA", "BB"))
    return f"tongke_catalogue: 1\nofferings:\n{plans}{offerings}{'rules:' if rules else ''}\n{rules}"


def rule(code: str, kind: str, subject: str, target: str) -> str:
    """A rule as a file says it."""
    return f"""  {code}:
    name_zh: 规则
    name_en: A rule
    subject_kind: offering
    subject_code: {subject}
    kind: {kind}
    parameters:
      offerings: [{target}]
"""


@pytest.mark.parametrize("mode", ["draft", "launch", "dry_run"])
def test_a_file_whose_rules_run_in_a_circle_changes_nothing(mode: Any) -> None:
    text = file(rule("R-1", "requires", "AA", "BB") + rule("R-2", "requires", "BB", "AA"))
    with pytest.raises(CatalogueFileRefused) as refusal:
        services.import_catalogue(text=text, mode=mode, by=TESTER, at=NOON)
    (problem,) = refusal.value.problems
    assert (problem.code, problem.message) == ("CAT-82", "The rules would go in a circle: Plan (AA) → Plan (BB) → Plan (AA)")
    assert "R-1" in text.splitlines()[problem.line - 1] or "parameters" in text.splitlines()[problem.line - 1]
    assert not Offering.objects.exists()
    assert not EligibilityRule.objects.exists()


def test_what_a_file_launches_is_held_against_rules_in_force_also_where_it_was_drafted_before() -> None:
    text = file(rule("R-2", "requires", "BB", "AA"))
    services.import_catalogue(text=text, by=TESTER, at=NOON)
    services.import_catalogue(text=file(), mode="launch", by=TESTER, at=NOON)
    in_force("R-1", "requires", {"offerings": ["BB"]}, subject_kind="offering", subject_code="AA")
    with pytest.raises(CatalogueFileRefused) as refusal:
        services.import_catalogue(text=text, mode="launch", by=TESTER, at=NOON)
    assert [problem.code for problem in refusal.value.problems] == ["CAT-82"]


def test_rules_of_a_file_are_judged_by_what_stands_in_the_end() -> None:
    services.import_catalogue(text=file(rule("R-9", "requires", "AA", "BB")), mode="launch", by=TESTER, at=NOON)
    turned = file(rule("R-1", "requires", "BB", "AA") + rule("R-9", "excludes", "AA", "CC"), """  CC:
    kind: mobile
    name_zh: 套餐
    name_en: Plan
    prices:
      - code: monthly
        kind: recurring
        name_zh: 月费
        name_en: Monthly fee
        amount: 9
        period: month
""")
    services.import_catalogue(text=turned, mode="launch", by=TESTER, at=NOON + DAY)
    assert {rule.code for rule in EligibilityRule.objects.filter(state="launched", valid_until=None)} == {"R-1", "R-9"}

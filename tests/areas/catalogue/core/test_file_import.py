"""A catalogue file in and out of the real database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.areas.catalogue.core import making
from tests.areas.catalogue.core.making import SMALL
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import queries, services
from tongke.areas.catalogue.errors import CatalogueFileRefused
from tongke.areas.catalogue.models import EligibilityRule, Offering, Price, Promotion, Specification
from tongke.areas.catalogue.queries.contents import tree
from tongke.areas.catalogue.queries.exporting import compare_with_file, export_catalogue
from tongke.areas.catalogue.services import drafting, shelves
from tongke.areas.staff import services as desk
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.kernel import clock
from tongke.kernel.actor import NotPermitted, acting

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def _tree() -> None:
    people.tree()


def counted() -> dict[str, int]:
    """How many rows every table of the room has."""
    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'catalogue\\_%' AND relname <> 'catalogue_revision'")
        out = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table}")
            out[table] = cursor.fetchone()[0]
    return out


def test_a_file_is_drafted_and_says_the_same_again() -> None:
    report = services.import_catalogue(text=SMALL, by=TESTER, at=NOON)
    outcomes = {(entry.noun, entry.outcome) for entry in report.entries}
    assert outcomes >= {("specifications", "drafted"), ("offerings", "drafted"), ("rules", "drafted"), ("promotions", "drafted"), ("categories", "written")}
    assert ("tax_rates", "unchanged") in outcomes
    assert set(Offering.objects.values_list("state", flat=True)) == {"in_design"}
    before = counted()
    again = services.import_catalogue(text=SMALL, by=TESTER, at=LATER)
    assert again.changed == ()
    assert counted() == before


def test_export_of_an_import_is_the_same_file_from_then_on() -> None:
    services.import_catalogue(text=SMALL, mode="launch", by=TESTER, at=NOON)
    first = export_catalogue(by=TESTER, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE postgres")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT string_agg(format('DELETE FROM %I', relname), '; ') FROM pg_class WHERE relkind = 'r' AND relname LIKE 'catalogue\\_%'"
                       " AND relname NOT IN ('catalogue_revision', 'catalogue_tax_rate')")
        cursor.execute(cursor.fetchone()[0])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET ROLE tongke_app")
    assert not Offering.objects.exists()
    services.import_catalogue(text=first, mode="launch", by=TESTER, at=LATER)
    assert export_catalogue(by=TESTER, at=LATER + timedelta(days=30)) == first
    assert compare_with_file(first, by=TESTER, at=LATER) == []


def test_a_colleagues_unfinished_draft_does_not_spoil_the_file_for_everybody() -> None:
    services.import_catalogue(text=SMALL, mode="launch", by=TESTER, at=NOON)
    bare = {"org_id": 1, "kind": "mobile", "name_zh": "未完", "name_en": "Unfinished"}
    drafting.draft_version(noun="offerings", code="UNDONE", content=bare, unfinished=True, by=TESTER, at=LATER)
    drafting.draft_version(noun="offerings", code="ON-UNDONE", unfinished=True, by=TESTER, at=LATER, content={
        **bare, "kind": "bundle", "parts": [{"part_code": "UNDONE"}], "prices": [{"code": "fee", "kind": "one_off", "name_zh": "费", "name_en": "Fee", "amount": "1"}]})
    finished = {**bare, "prices": [{"code": "fee", "kind": "one_off", "name_zh": "费", "name_en": "Fee", "amount": "1"}]}
    shelves.set_category(code="PLANS", content={**tree()[1]["PLANS"].model_dump(), "offerings": ["UNDONE"]}, by=TESTER, at=LATER)
    text = export_catalogue(by=TESTER, at=LATER)
    assert "UNDONE" not in text
    services.import_catalogue(text=text, by=TESTER, at=LATER)
    drafting.draft_version(noun="offerings", code="WHOLE", content=finished, by=TESTER, at=LATER)
    assert "WHOLE" in export_catalogue(by=TESTER, at=LATER)
    assert "UNDONE" in export_catalogue(["UNDONE"], by=TESTER, at=LATER)


def test_launching_puts_everything_on_sale_what_it_is_made_of_first() -> None:
    report = services.import_catalogue(text=SMALL, mode="launch", by=TESTER, at=NOON)
    assert {entry.outcome for entry in report.entries} == {"launched", "written", "unchanged"}
    for model in (Specification, Offering, EligibilityRule, Promotion):
        assert set(model.objects.values_list("state", flat=True)) == {"launched"}, model
    assert queries.offering_on_sale("H-129", at=NOON).version == 1
    assert services.import_catalogue(text=SMALL, mode="launch", by=TESTER, at=LATER).changed == ()


def test_what_changed_becomes_the_next_version_and_nothing_else_moves() -> None:
    services.import_catalogue(text=SMALL, mode="launch", by=TESTER, at=NOON)
    dearer = SMALL.replace("amount: 59", "amount: 61")
    (changed,) = services.import_catalogue(text=dearer, by=TESTER, at=LATER).changed
    assert (changed.code, changed.outcome, changed.version) == ("M-59", "drafted", 2)
    assert [(d.path, d.before, d.after) for d in changed.differences] == [(("prices", "monthly", "amount"), 59, 61)]
    assert queries.offering_on_sale("M-59", at=LATER).version == 1
    (launched,) = services.import_catalogue(text=dearer, mode="launch", by=TESTER, at=LATER).changed
    assert (launched.code, launched.outcome, launched.version) == ("M-59", "launched", 2)
    assert queries.offering_on_sale("M-59", at=LATER).monthly_fee == 61
    assert queries.offering_on_sale("M-59", at=LATER - timedelta(microseconds=1)).monthly_fee == 59


def test_a_draft_is_written_over_and_the_sold_content_leaves_it_alone() -> None:
    services.import_catalogue(text=SMALL, mode="launch", by=TESTER, at=NOON)
    services.import_catalogue(text=SMALL.replace("amount: 59", "amount: 61"), by=TESTER, at=LATER)
    (changed,) = services.import_catalogue(text=SMALL.replace("amount: 59", "amount: 62"), by=TESTER, at=LATER).changed
    assert (changed.outcome, changed.version) == ("redrafted", 2)
    assert services.import_catalogue(text=SMALL, by=TESTER, at=LATER).changed == ()
    assert Price.objects.get(offering__code="M-59", offering__version=2, code="monthly", segment="").amount == 62


def test_a_dry_run_tells_all_and_leaves_nothing() -> None:
    before = counted()
    report = services.import_catalogue(text=SMALL, mode="dry_launch", by=TESTER, at=NOON)
    assert {entry.outcome for entry in report.entries} == {"launched", "written", "unchanged"}
    assert counted() == before


def test_every_error_is_told_with_its_line_and_nothing_changes() -> None:
    wrong = (
        SMALL.replace("down_mbps: 500", "down_mbps: 5").replace("part_code: B-500\n        quantity_min: 1", "part_code: B-501\n        quantity_min: 1")
        .replace("value_type: integer\n        unit: Mbit/s", "value_type: number\n        unit: Mbit/s").replace("percent: 50\n", "percent: 150\n")
        .replace("most: 5\n", "least: 9\n      most: 5\n").replace("parent: PLANS\n    name_zh: 家庭", "parent: PLANS-HOME\n    name_zh: 家庭")
    )
    before = counted()
    with pytest.raises(CatalogueFileRefused) as refusal:
        services.import_catalogue(text=wrong, mode="launch", by=TESTER, at=NOON)
    lines = wrong.splitlines()
    told = [(problem.code, problem.path, lines[problem.line - 1].strip()) for problem in refusal.value.problems]
    assert ("CAT-12", "specifications.PS-BROADBAND.characteristics[0].value_type", "value_type: number") in told
    assert ("CAT-17", "offerings.H-129.parts[1].part_code", "- part_code: B-501") in told
    assert ("CAT-12", "promotions.P-FIRST-HALF.percent", "percent: 150") in told
    assert ("CAT-81", "rules.R-MOBILE-5.parameters", "parameters:") in told
    assert ("CAT-16", "categories.PLANS-HOME.parent", "parent: PLANS-HOME") in told
    assert not [path for _code, path, _line in told if path.endswith("B-500.specification")], "what only follows is not told"
    assert all(problem.message and problem.advice for problem in refusal.value.problems)
    assert [problem.line for problem in refusal.value.problems] == sorted(problem.line for problem in refusal.value.problems)
    assert counted() == before


def test_errors_that_only_the_launch_finds_are_told_with_their_place_too() -> None:
    services.import_catalogue(text=SMALL, mode="launch", by=TESTER, at=NOON)
    before = counted()
    with pytest.raises(CatalogueFileRefused) as refusal:
        services.import_catalogue(text=SMALL.replace("percent: 13", "percent: 12"), mode="launch", by=TESTER, at=LATER)
    assert [problem.code for problem in refusal.value.problems] == ["CAT-07"]
    assert counted() == before


def test_a_province_cannot_write_what_belongs_to_the_group() -> None:
    by = making.designer(33)
    with pytest.raises(CatalogueFileRefused) as refusal:
        services.import_catalogue(text=SMALL, by=by, at=NOON)
    assert {problem.code for problem in refusal.value.problems} == {"CAT-09"}


def test_a_province_loads_back_the_whole_file_with_a_change_of_its_own() -> None:
    """What belongs to others and is as it stands passes, also where a right to change it is missing; what is changed is told, and nothing moves."""
    services.import_catalogue(text=SMALL, mode="launch", by=TESTER, at=NOON)
    whole = export_catalogue(by=TESTER, at=LATER)
    by = making.designer(33)
    assert services.import_catalogue(text=whole, by=by, at=LATER).changed == ()
    assert services.import_catalogue(text=whole, mode="dry_launch", by=by, at=LATER).changed == ()
    people.role("province_design", "catalogue.view", "catalogue.design")
    assert services.import_catalogue(text=whole, by=people.actor_at(33, "province_design"), at=LATER).changed == ()
    before = counted()
    with pytest.raises(CatalogueFileRefused) as refusal:
        services.import_catalogue(text=whole.replace("amount: 59", "amount: 61"), by=by, at=LATER)
    assert [(problem.code, problem.path) for problem in refusal.value.problems] == [("CAT-09", "offerings.M-59.org_id")]
    assert counted() == before


def test_a_province_leaves_the_drafts_of_the_group_alone_when_it_launches_a_file() -> None:
    services.import_catalogue(text=SMALL, by=TESTER, at=NOON)
    assert services.import_catalogue(text=SMALL, mode="dry_launch", by=making.designer(33), at=LATER).changed == ()


def test_a_person_launches_a_file_only_with_a_second_persons_approval_of_exactly_this_file() -> None:
    by, second = making.designer(), making.head()
    with pytest.raises(ApprovalNeeded):
        services.import_catalogue(text=SMALL, mode="launch", by=by, at=clock.now())
    assert not Offering.objects.exists()
    at = clock.now()
    asked = services.request_import_approval(text=SMALL, org_id=1, reason="秋季资费", by=by, at=at)
    desk.approve(approval_id=asked, by=second, at=at)
    with pytest.raises(ApprovalNeeded):
        services.import_catalogue(text=SMALL + "# other\n", mode="launch", by=by, at=at)
    services.import_catalogue(text=SMALL, mode="launch", by=by, at=at)
    assert queries.offering_on_sale("M-59", at=at).version == 1


def test_who_may_not_change_rules_imports_none() -> None:
    people.role("only_design", "catalogue.view", "catalogue.design")
    with pytest.raises(NotPermitted):
        services.import_catalogue(text=SMALL, by=people.actor_at(1, "only_design"), at=NOON)

"""The life of versions on the real database: drafts, two persons, instants, immutability, scope."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from tests.areas.catalogue.core import making
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import queries, services
from tongke.areas.catalogue.errors import BeyondOwnArea, DraftExists, NotADraft, SecondPersonNeeded, UnknownVersion
from tongke.areas.catalogue.models import Offering, Price, Specification
from tongke.areas.catalogue.queries.contents import version_said
from tongke.areas.catalogue.rules.content import PriceContent
from tongke.areas.staff import services as desk
from tongke.kernel import clock
from tongke.kernel.actor import NotPermitted, acting, system_actor
from tongke.kernel.errors import Conflict, RulesBroken
from tongke.kernel.idempotency import KeyReused
from tongke.kernel.machine import IllegalMove
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
SECOND = system_actor("second")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _tree() -> None:
    people.tree()


def launched(code: str = "M-59", at: Any = NOON, noun: str = "offerings", effective_at: Any = None, **more: Any) -> UUID:
    """A version on sale."""
    content = making.plan(**more) if noun == "offerings" else making.specification(**more)
    return making.launched(noun, code, content, by=TESTER, second=SECOND, at=at, effective_at=effective_at)


def test_a_draft_says_what_was_said_and_is_read_back_the_same() -> None:
    content = making.plan(
        channels=["hall", "web"], sold_in=[33], characteristics={"a": 1.5}, prices=[
            making.price(), {"code": "data", "kind": "usage", "name_zh": "流量", "name_en": "Data", "usage_type": "data_mb",
                             "tiers": [{"from_units": 0, "amount": "0.03"}, {"from_units": 100, "amount": "0.001"}]}],
        allowances=[{"usage_type": "sms", "amount": 10}], terms=[{"code": "Y1", "name_zh": "一", "name_en": "One", "months": 12}],
    )
    made = services.draft_offering(code="M-1", content=content, by=TESTER, at=NOON)
    said = version_said("offerings", made)
    assert said is not None
    assert (said.version, said.state, said.content.monthly_fee) == (1, "in_design", 59)
    assert said.content.prices[1].tiers[1].amount == amount_kept("0.001")
    copy = services.draft_version(noun="offerings", code="M-2", content=said.content, by=TESTER, at=NOON)
    again = version_said("offerings", copy)
    assert again is not None
    assert again.content == said.content


def amount_kept(text: str) -> Any:
    """An amount as it is kept."""
    return PriceContent.model_validate(making.price(text)).amount


def test_every_broken_rule_is_told_with_its_place() -> None:
    launched("PS-1", noun="specifications", characteristics=[
        {"code": "mbps", "name_zh": "速率", "name_en": "Speed", "value_type": "integer", "least": 100, "required": True, "configurable": False}])
    with pytest.raises(RulesBroken) as refusal:
        services.draft_offering(code="bad", content=making.plan(
            specification="PS-1", characteristics={"size": 1}, sold_in=[4711],
            prices=[making.price(period=None), making.price(), making.price(), making.price(tax_category="unheard")],
            terms=[{"code": "A", "name_zh": "a", "name_en": "a", "months": 1, "default": True, "penalty_kind": "fixed"},
                   {"code": "A", "name_zh": "a", "name_en": "a", "months": 1, "default": True}],
        ), by=TESTER, at=NOON)
    told = {(b.code, b.field) for b in refusal.value.broken}
    assert told >= {
        ("CAT-11", "code"), ("CAT-14", "characteristics.size"), ("CAT-15", "characteristics"), ("CAT-25", "prices[0]"), ("CAT-119", "prices"),
        ("CAT-33", "prices[3].tax_category"), ("CAT-28", "terms[0]"), ("CAT-19", "terms[1].code"), ("CAT-19", "terms[1].default"), ("CAT-29", "sold_in[0]"),
    }
    assert all(b.message and b.advice for b in refusal.value.broken)


def test_words_that_have_not_their_shape_are_told_all_at_once() -> None:
    with pytest.raises(RulesBroken) as refusal:
        services.draft_offering(code="M-1", content={"kind": "mobil", "name_zh": "", "prices": [{"amount": "x"}], "prcies": []}, by=TESTER, at=NOON)
    assert {(b.code, b.field) for b in refusal.value.broken} >= {
        ("CAT-12", "kind"), ("CAT-12", "name_zh"), ("CAT-12", "name_en"), ("CAT-12", "prices[0].amount"), ("CAT-12", "prcies")}


def test_a_bundle_never_holds_itself_and_the_circle_is_shown() -> None:
    launched("M-1")
    services.draft_offering(code="H-1", content=making.plan(kind="bundle", parts=[{"part_code": "M-1", "quantity_default": 1}]), by=TESTER, at=NOON)
    second = services.draft_offering(code="H-2", content=making.plan(kind="bundle", parts=[{"part_code": "H-1", "quantity_default": 1}]), by=TESTER, at=NOON)
    first = Offering.objects.get(code="H-1")
    with pytest.raises(RulesBroken) as refusal:
        services.edit_version(noun="offerings", version_id=first.id, content=making.plan(
            kind="bundle", parts=[{"part_code": "H-2", "quantity_default": 1}]), by=TESTER, at=NOON)
    assert [(b.code, str(b.values["circle"])) for b in refusal.value.broken] == [("CAT-16", "畅享 (H-1) → 畅享 (H-2) → 畅享 (H-1)")]
    assert Offering.objects.get(id=second).code == "H-2"


def test_the_next_version_is_a_copy_that_can_be_edited_and_discarded() -> None:
    launched("M-1")
    draft = services.draft_offering(code="M-1", by=TESTER, at=NOON + DAY)
    seen = Offering.objects.get(id=draft)
    assert (seen.version, seen.monthly_fee, seen.state) == (2, Decimal(59), "in_design")
    with pytest.raises(DraftExists):
        services.draft_offering(code="M-1", by=TESTER, at=NOON + DAY)
    services.edit_version(noun="offerings", version_id=draft, content=making.plan(prices=[making.price("66")]), seen_at=seen.changed_at, by=TESTER,
                          at=NOON + 2 * DAY)
    with pytest.raises(Conflict):
        services.edit_version(noun="offerings", version_id=draft, content=making.plan(), seen_at=seen.changed_at, by=TESTER, at=NOON + 3 * DAY)
    assert Offering.objects.get(id=draft).monthly_fee == 66
    services.discard_version(noun="offerings", version_id=draft, by=TESTER, at=NOON + 3 * DAY)
    assert Offering.objects.filter(code="M-1").count() == 1
    assert not Price.objects.filter(offering_id=draft).exists()
    with pytest.raises(UnknownVersion):
        services.test_version(noun="offerings", version_id=draft, by=TESTER, at=NOON)


def test_the_same_key_drafts_once() -> None:
    first = services.draft_offering(code="M-1", content=making.plan(), key="k1", by=TESTER, at=NOON)
    assert services.draft_offering(code="M-1", content=making.plan(), key="k1", by=TESTER, at=NOON) == first
    with pytest.raises(KeyReused):
        services.draft_offering(code="M-2", content=making.plan(), key="k1", by=TESTER, at=NOON)


def test_who_worked_on_a_version_does_not_approve_it() -> None:
    at = clock.now()
    author, helper, second = making.head(), making.head(), making.head()
    draft = services.draft_offering(code="M-1", content=making.plan(), by=author, at=at)
    services.edit_version(noun="offerings", version_id=draft, content=making.plan(prices=[making.price("66")]), by=helper, at=at)
    services.test_version(noun="offerings", version_id=draft, by=second, at=at)
    for worker in (author, helper):
        with pytest.raises(SecondPersonNeeded):
            services.approve_version(noun="offerings", version_id=draft, by=worker, at=at)
    services.approve_version(noun="offerings", version_id=draft, by=second, at=at)
    assert Offering.objects.get(id=draft).state == "active"


def test_a_request_for_approval_is_carried_out_when_the_second_person_agrees() -> None:
    at = clock.now()
    author, second = making.designer(), making.head()
    draft = services.draft_offering(code="M-1", content=making.plan(), by=author, at=at)
    asked = services.request_version_approval(noun="offerings", version_id=draft, reason="秋季", by=author, at=at)
    assert Offering.objects.get(id=draft).state == "in_test"
    desk.approve(approval_id=asked, by=second, at=at)
    assert Offering.objects.get(id=draft).state == "active"


def test_what_was_changed_after_the_request_is_not_approved_by_it() -> None:
    at = clock.now()
    author, second = making.designer(), making.head()
    draft = services.draft_offering(code="M-1", content=making.plan(), by=author, at=at)
    asked = services.request_version_approval(noun="offerings", version_id=draft, reason="秋季", by=author, at=at)
    services.edit_version(noun="offerings", version_id=draft, content=making.plan(prices=[making.price("1")]), by=author, at=at + timedelta(minutes=1))
    with pytest.raises(Conflict):
        desk.approve(approval_id=asked, by=second, at=at + timedelta(minutes=2))
    assert Offering.objects.get(id=draft).state == "in_test"
    again = services.request_version_approval(noun="offerings", version_id=draft, reason="秋季", by=author, at=at + timedelta(minutes=3))
    desk.approve(approval_id=again, by=second, at=at + timedelta(minutes=4))
    assert Offering.objects.get(id=draft).state == "active"


def test_launched_later_the_version_before_ends_at_that_very_instant() -> None:
    first = launched("M-1")
    when = NOON + 10 * DAY
    second = launched("M-1", at=NOON + DAY, effective_at=when, prices=[making.price("69")])
    instants = [NOON + timedelta(hours=h) for h in range(0, 24 * 12, 6)] + [when - timedelta(microseconds=1), when]
    for at in instants:
        on_sale = list(queries.offerings_on_sale(at=at).filter(code="M-1"))
        assert [o.id for o in on_sale] == [first if at < when else second], at
    assert services.settle_versions(by=TESTER, at=when - timedelta(seconds=1)) == 0
    assert services.settle_versions(by=TESTER, at=when) == 1
    assert services.settle_versions(by=TESTER, at=when) == 0
    assert queries.offering_on_sale("M-1", at=NOON + DAY).id == first, "history stays to be read"


def test_a_launch_that_is_still_ahead_is_recalled_and_the_version_before_goes_on() -> None:
    first = launched("M-1")
    second = launched("M-1", at=NOON + DAY, effective_at=NOON + 10 * DAY, prices=[making.price("69")])
    services.recall_launch(noun="offerings", version_id=second, by=TESTER, at=NOON + 2 * DAY)
    assert queries.offering_on_sale("M-1", at=NOON + 20 * DAY).id == first
    services.launch_version(noun="offerings", version_id=second, by=TESTER, at=NOON + 3 * DAY)
    with pytest.raises(RulesBroken, match="CAT-49"):
        services.recall_launch(noun="offerings", version_id=second, by=TESTER, at=NOON + 4 * DAY)


def test_a_recalled_launch_leaves_the_end_of_sale_that_was_set_before() -> None:
    first = launched("M-1")
    ends = NOON + 60 * DAY
    services.retire_version(noun="offerings", version_id=first, effective_at=ends, by=TESTER, at=NOON + DAY)
    second = launched("M-1", at=NOON + 2 * DAY, effective_at=NOON + 10 * DAY, prices=[making.price("69")])
    third = launched("M-1", at=NOON + 3 * DAY, effective_at=NOON + 90 * DAY, prices=[making.price("79")])
    services.recall_launch(noun="offerings", version_id=second, by=TESTER, at=NOON + 4 * DAY)
    assert Offering.objects.get(id=first).valid_until == ends, "the version after the next one begins only later"
    assert Offering.objects.get(id=second).valid_until is None, "nothing follows what is not launched"
    services.recall_launch(noun="offerings", version_id=third, by=TESTER, at=NOON + 5 * DAY)
    assert Offering.objects.get(id=first).valid_until == ends
    services.launch_version(noun="offerings", version_id=second, effective_at=NOON + 20 * DAY, by=TESTER, at=NOON + 6 * DAY)
    assert Offering.objects.get(id=first).valid_until == NOON + 20 * DAY
    services.recall_launch(noun="offerings", version_id=second, by=TESTER, at=NOON + 7 * DAY)
    assert Offering.objects.get(id=first).valid_until == ends
    assert queries.offering_on_sale("M-1", at=ends - DAY).id == first


def test_an_end_of_sale_beyond_a_planned_version_counts_once_that_is_recalled() -> None:
    first = launched("M-1")
    ends = NOON + 30 * DAY
    second = launched("M-1", at=NOON + DAY, effective_at=NOON + 10 * DAY, prices=[making.price("69")])
    services.retire_version(noun="offerings", version_id=first, effective_at=ends, by=TESTER, at=NOON + 2 * DAY)
    assert Offering.objects.get(id=first).valid_until == NOON + 10 * DAY
    services.recall_launch(noun="offerings", version_id=second, by=TESTER, at=NOON + 3 * DAY)
    assert Offering.objects.get(id=first).valid_until == ends


def test_nothing_is_launched_backwards_nor_before_what_it_is_made_of() -> None:
    spec = services.draft_specification(code="PS-1", content=making.specification(), by=TESTER, at=NOON)
    draft = services.draft_offering(code="M-1", content=making.plan(specification="PS-1"), by=TESTER, at=NOON)
    bundle = services.draft_offering(code="H-1", content=making.plan(kind="bundle", parts=[{"part_code": "M-1", "quantity_default": 1}]), by=TESTER, at=NOON)
    for noun, version in (("offerings", draft), ("offerings", bundle), ("specifications", spec)):
        services.test_version(noun=noun, version_id=version, by=TESTER, at=NOON)
        services.approve_version(noun=noun, version_id=version, by=SECOND, at=NOON)
    with pytest.raises(RulesBroken) as refusal:
        services.launch_version(noun="offerings", version_id=draft, effective_at=NOON - DAY, by=TESTER, at=NOON)
    assert [b.code for b in refusal.value.broken] == ["CAT-44", "CAT-46"]
    services.launch_version(noun="specifications", version_id=spec, by=TESTER, at=NOON)
    with pytest.raises(RulesBroken, match="M-1"):
        services.launch_version(noun="offerings", version_id=bundle, by=TESTER, at=NOON)
    services.launch_version(noun="offerings", version_id=draft, by=TESTER, at=NOON)
    services.launch_version(noun="offerings", version_id=bundle, by=TESTER, at=NOON)
    for noun, version in (("offerings", draft), ("specifications", spec)):
        with pytest.raises(RulesBroken, match="CAT-47"):
            services.retire_version(noun=noun, version_id=version, by=TESTER, at=NOON + DAY)
    for noun, version in (("offerings", bundle), ("offerings", draft), ("specifications", spec)):
        services.retire_version(noun=noun, version_id=version, by=TESTER, at=NOON + DAY)
        services.withdraw_version(noun=noun, version_id=version, by=TESTER, at=NOON + DAY)
    assert set(Offering.objects.values_list("state", flat=True)) == {"obsolete"} == set(Specification.objects.values_list("state", flat=True))


def test_a_version_is_told_of_wherever_it_goes() -> None:
    launched("M-1")
    with acting(TESTER):
        names = list(OutboxEvent.objects.filter(name__startswith="catalogue.").order_by("id").values_list("name", flat=True))
    assert names.count("catalogue.version_drafted.v1") == 1
    assert names.count("catalogue.version_moved.v1") == 3
    assert names[-1] == "catalogue.offering_published.v1"


def test_what_stands_is_not_edited_discarded_or_moved_out_of_turn() -> None:
    version = launched("M-1")
    with pytest.raises(NotADraft):
        services.edit_version(noun="offerings", version_id=version, content=making.plan(), by=TESTER, at=NOON)
    with pytest.raises(NotADraft):
        services.discard_version(noun="offerings", version_id=version, by=TESTER, at=NOON)
    for verb in (services.test_version, services.redesign_version, services.launch_version, services.withdraw_version):
        with pytest.raises(IllegalMove):
            verb(noun="offerings", version_id=version, by=TESTER, at=NOON)


INSERTED = (
    "INSERT INTO catalogue_price (id, org_id, offering_id, code, kind, charge_type, name_zh, name_en, amount, currency, tax_category, tax_included,"
    " period, proration, usage_type, unit_size, tier_mode, segment, channel, condition, part_code, position)"
    " SELECT tongke_uuid7(), 1, id, 'x', 'one_off', 'one_off', 'x', 'x', 1, 'CNY', '', true, '', 'daily', '', 1, 'slab', '', '', '{}', '', 9"
    " FROM catalogue_offering"
)


@pytest.mark.parametrize("statement", [
    "UPDATE catalogue_offering SET name_zh = 'x'", "UPDATE catalogue_offering SET monthly_fee = 1", "DELETE FROM catalogue_offering",
    "UPDATE catalogue_price SET amount = 1", "DELETE FROM catalogue_price", "UPDATE catalogue_offering SET valid_from = now()",
    INSERTED, "UPDATE catalogue_offering SET state = 'in_design'", "UPDATE catalogue_specification SET state = 'in_test'",
    "UPDATE catalogue_price SET offering_id = (SELECT id FROM catalogue_offering WHERE code = 'M-2')",
    "UPDATE catalogue_characteristic SET most = 1", "DELETE FROM catalogue_specification",
])
def test_the_database_itself_refuses_to_change_what_stands(statement: str) -> None:
    launched("PS-1", noun="specifications", characteristics=[{"code": "a", "name_zh": "a", "name_en": "a", "value_type": "integer"}])
    launched("M-1")
    services.draft_offering(code="M-2", content=making.plan(), by=TESTER, at=NOON)
    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("tongke_app",)
        with pytest.raises(DatabaseError, match="stands and cannot be"), transaction.atomic():
            cursor.execute(statement)


def test_a_province_designs_its_own_and_only_reads_the_groups() -> None:
    at = clock.now()
    ours = making.designer(33)
    group_draft = services.draft_offering(code="M-1", content=making.plan(), by=TESTER, at=at)
    made = services.draft_offering(code="Z-1", content=making.plan(org_id=33, sold_in=[3301]), by=ours, at=at)
    assert version_said("offerings", made) is not None
    for act in (
        lambda: services.draft_offering(code="Z-2", content=making.plan(), by=ours, at=at),
        lambda: services.edit_version(noun="offerings", version_id=group_draft, content=making.plan(org_id=33), by=ours, at=at),
        lambda: services.discard_version(noun="offerings", version_id=group_draft, by=ours, at=at),
        lambda: services.edit_version(noun="offerings", version_id=made, content=making.plan(), by=ours, at=at),
        lambda: services.edit_version(noun="offerings", version_id=made, content=making.plan(org_id=33), by=making.designer(32), at=at),
    ):
        with pytest.raises(BeyondOwnArea):
            act()
    with pytest.raises(RulesBroken, match="CAT-29"):
        services.draft_offering(code="Z-3", content=making.plan(org_id=33, sold_in=[3201]), by=ours, at=at)


@pytest.mark.parametrize("statement", ["UPDATE catalogue_offering SET name_zh = 'x'", "DELETE FROM catalogue_price", "UPDATE catalogue_category SET code = 'X'"])
def test_row_level_security_keeps_a_province_from_the_groups_rows(statement: str) -> None:
    services.draft_offering(code="M-1", content=making.plan(), by=TESTER, at=NOON)
    services.set_catalogue(code="RETAIL", content={"name_zh": "目录", "name_en": "Catalogue"}, by=TESTER, at=NOON)
    services.set_category(code="PLANS", content={"catalogue": "RETAIL", "name_zh": "类", "name_en": "Plans", "offerings": ["M-1"]}, by=TESTER, at=NOON)
    with acting(people.actor_at(33)), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_offering")
        assert cursor.fetchone() == (1,), "everybody reads it"
        cursor.execute(statement)
        assert cursor.rowcount == 0


def test_each_step_needs_its_right() -> None:
    at = clock.now()
    nobody = people.actor_at(1)
    draft = services.draft_offering(code="M-1", content=making.plan(), by=TESTER, at=at)
    for act in (
        lambda: services.draft_offering(code="M-2", content=making.plan(), by=nobody, at=at),
        lambda: services.test_version(noun="offerings", version_id=draft, by=nobody, at=at),
        lambda: services.approve_version(noun="offerings", version_id=draft, by=making.designer(), at=at),
        lambda: services.launch_version(noun="offerings", version_id=draft, by=nobody, at=at),
        lambda: services.set_tax_rates(category="x", content={}, by=nobody, at=at),
        lambda: services.import_catalogue(text="", by=nobody, at=at),
        lambda: services.settle_versions(by=nobody, at=at),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_published_in_one_step_an_offering_has_its_price_and_stands() -> None:
    made = services.publish_offering(code="Q-1", kind="mobile", name_zh="快", name_en="Quick", monthly_fee=Decimal(19), by=TESTER, at=NOON)
    (price,) = Price.objects.filter(offering_id=made)
    assert (price.code, price.amount, price.kind, price.period) == ("monthly", Decimal(19), "recurring", "month")
    draft = services.draft_offering(code="Q-1", by=TESTER, at=NOON + DAY)
    said = version_said("offerings", draft)
    assert said is not None
    assert said.content.monthly_fee == 19

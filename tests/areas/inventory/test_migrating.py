"""Moving customers' products to other versions by list: previewed, approved by a second person, resumed, reversed."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import translation

from tests.areas.catalogue.core import making
from tests.factories import accounts as make
from tests.factories import staff as people
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue import services as designing
from tongke.areas.catalogue.models import Offering
from tongke.areas.inventory import queries, services
from tongke.areas.inventory.models import Product
from tongke.areas.staff import services as desk
from tongke.areas.staff.errors import ApprovalNeeded
from tongke.areas.staff.models import Approval
from tongke.jobs import migrating
from tongke.kernel import clock
from tongke.kernel.actor import NotPermitted, acting, system_actor
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=40)
SECOND = system_actor("second")


@pytest.fixture(autouse=True)
def _tree() -> None:
    people.tree()


def version(code: str = "M-59", amount: str = "59", at: object = NOON, **more: object) -> UUID:
    """The next version of a plan, on sale."""
    return making.launched("offerings", code, making.plan(prices=[making.price(amount)], **more), by=TESTER, second=SECOND, at=at)


def held(**more: object) -> UUID:
    """A product of the plan on sale that a new customer holds."""
    more.setdefault("org_id", 3301)
    customer = make.bare_customer(org_id=int(str(more.pop("org_id"))))
    return services.install_product(customer_id=customer.id, offering_code="M-59", by=TESTER, at=NOON, **more)  # type: ignore[arg-type]


def told_of_moves() -> list[OutboxEvent]:
    """The events of products that moved."""
    with acting(TESTER):
        return list(OutboxEvent.objects.filter(name="inventory.product_migrated.v1"))


def of(product: UUID) -> Product:
    """The product as it stands."""
    with acting(TESTER):
        return Product.objects.select_related("offering").get(id=product)


def test_a_new_version_leaves_customers_with_theirs() -> None:
    version()
    product = held()
    version(amount="69", at=LATER)
    assert (of(product).offering.version, of(product).monthly_fee) == (1, Decimal(59))


def test_preview_tells_what_changes_for_each_and_why_some_stay() -> None:
    version()
    plain, agreed = held(), held(monthly_fee=Decimal(49))
    bound = held(contract_until=(LATER + timedelta(days=300)).date())
    elsewhere = held(org_id=3201)
    target = version(amount="69", at=LATER, sold_in=[33])
    found = {c.product_id: c for c in queries.migration_preview([plain, agreed, bound, elsewhere], target, by=TESTER, at=LATER)}
    assert (found[plain].fee_before, found[plain].fee_after, found[plain].reasons) == (Decimal(59), Decimal(69), ())
    assert (found[agreed].fee_after, found[agreed].agreed) == (Decimal(49), True)
    assert [b.code for b in found[bound].reasons] == ["INV-42"]
    assert [b.code for b in found[elsewhere].reasons] == ["INV-43"]
    assert of(plain).offering.version == 1, "a preview changes nothing"
    assert [(d.path[-1], d.before, d.after) for d in catalogue.offering_differences(of(plain).offering_id, target)] == [
        ("sold_in", None, [33]), ("amount", 59, 69)]


def test_one_product_moves_with_its_event_and_once() -> None:
    version()
    product = held()
    target = version(amount="69", at=LATER)
    assert services.migrate_product(product_id=product, to_offering_id=target, reason="资费调整", by=TESTER, at=LATER)
    assert not services.migrate_product(product_id=product, to_offering_id=target, reason="资费调整", by=TESTER, at=LATER)
    (told,) = told_of_moves()
    assert (told.payload["from_version"], told.payload["offering_version"], told.payload["fee_after"]) == (1, 2, "69.00")


def test_every_reason_is_told_at_once() -> None:
    version()
    product = held(contract_until=(LATER + timedelta(days=300)).date())
    target = version("B-1", kind="broadband", segments=["business"], sold_in=[32])
    with pytest.raises(RulesBroken) as refusal:
        services.migrate_product(product_id=product, to_offering_id=target, reason="x", by=TESTER, at=LATER)
    assert [b.code for b in refusal.value.broken] == ["INV-40", "INV-42", "INV-43", "INV-44"]
    with translation.override("en"):
        told = {b.code: b.message for b in refusal.value.broken}
    assert told["INV-40"].startswith("The target is of another kind (Broadband for Mobile)")
    assert told["INV-44"].endswith("(B-1) is not for Residential customers")


def test_nobody_is_moved_to_a_draft() -> None:
    version()
    product = held()
    draft = designing.draft_offering(code="M-59", content=making.plan(), by=TESTER, at=LATER)
    with pytest.raises(RulesBroken, match="INV-41"):
        services.migrate_product(product_id=product, to_offering_id=draft, reason="x", by=TESTER, at=LATER)
    with pytest.raises(RulesBroken, match="INV-41"):
        services.plan_migration(product_ids=[product], to_offering_id=draft, reason="x", org_id=1, by=TESTER, at=LATER)


def test_values_that_the_target_does_not_take_keep_the_product_where_it_is() -> None:
    making.launched("specifications", "PS-1", making.specification(characteristics=[
        {"code": "size", "name_zh": "大小", "name_en": "Size", "value_type": "integer", "most": 5}]), by=TESTER, second=SECOND, at=NOON)
    version()
    product = held(characteristics={"size": 9, "other": "x"})
    target = version(at=LATER, specification="PS-1", amount="60")
    with pytest.raises(RulesBroken, match="INV-45"):
        services.migrate_product(product_id=product, to_offering_id=target, reason="x", by=TESTER, at=LATER)


def test_a_list_of_ids_and_numbers_is_read_with_every_line_that_means_nothing() -> None:
    version()
    customer = make.bare_customer()
    line = make.line(customer, make.account(customer), number="13857100001")
    on_line = services.install_product(customer_id=customer.id, offering_code="M-59", subscriber_id=line, by=TESTER, at=NOON)
    loose = held()
    text = f"service_number\n13857100001,王\n\n{loose}\n13900000000\n{uuid4()}\n{loose}\nnothing\n"
    found = queries.products_listed(text, "M-59", by=TESTER)
    assert found.products == (on_line, loose)
    assert [unread.line for unread in found.unread] == [5, 6, 8]


def run(job: UUID, *, size: int = 2, times: int = 99) -> None:
    """Run chunks until nothing is left, or as often as said."""
    for _time in range(times):
        if not services.run_migration_chunk(job_id=job, size=size, by=TESTER, at=LATER):
            return


def test_a_run_goes_on_where_it_was_killed_and_can_be_reversed() -> None:
    first = version()
    products = [held() for _n in range(5)]
    bound = held(contract_until=(LATER + timedelta(days=300)).date())
    target = version(amount="69", at=LATER)
    job = services.plan_migration(product_ids=[*products, bound, products[0]], to_offering_id=target, reason="资费调整", org_id=1, by=TESTER, at=LATER)
    assert not services.run_migration_chunk(job_id=job, by=TESTER, at=LATER), "not started yet"
    services.start_migration(job_id=job, by=TESTER, at=LATER)
    run(job, times=1)
    assert [of(p).offering_id == target for p in products] == [True, True, False, False, False]
    run(job)
    done = queries.migration_job(job, by=TESTER)
    assert (done.state, done.updated, done.rejected, done.read) == ("done", 5, 1, 6)
    (reject,) = queries.migration_rejects(job, by=TESTER)
    assert (reject.code, reject.value) == ("INV-42", str(bound))
    assert str(bound) in queries.rejects_as_csv([reject])
    assert len(told_of_moves()) == 5
    back = services.reverse_migration(job_id=job, reason="撤回", by=TESTER, at=LATER)
    services.start_migration(job_id=back, by=TESTER, at=LATER)
    run(back)
    assert {(of(p).offering_id, of(p).monthly_fee) for p in products} == {(first, Decimal(59))}


def test_a_cancelled_run_stops_where_it_stands() -> None:
    version()
    products = [held() for _n in range(3)]
    target = version(amount="69", at=LATER)
    job = services.plan_migration(product_ids=products, to_offering_id=target, reason="x", org_id=1, by=TESTER, at=LATER)
    services.start_migration(job_id=job, by=TESTER, at=LATER)
    run(job, times=1)
    services.cancel_migration(job_id=job, by=TESTER, at=LATER)
    run(job)
    assert sum(of(p).offering_id == target for p in products) == 2


def test_two_persons_stand_for_a_migration() -> None:
    version()
    product = held()
    target = version(amount="69", at=LATER)
    by, second = making.designer(1, "inventory.migrate", "inventory.view", "inventory.install"), making.head(1)
    at = clock.now()
    job = services.plan_migration(product_ids=[product], to_offering_id=target, reason="资费调整", org_id=1, by=by, at=at)
    with pytest.raises(ApprovalNeeded):
        services.start_migration(job_id=job, by=by, at=at)
    with acting(TESTER):
        asked = Approval.objects.get(kind="inventory.migration")
    with pytest.raises(NotPermitted):
        desk.approve(approval_id=asked.id, by=by, at=at)
    desk.approve(approval_id=asked.id, by=second, at=at)
    services.start_migration(job_id=job, by=by, at=at)
    run(job)
    assert of(product).offering_id == target


def test_who_has_no_right_or_no_sight_moves_nobody() -> None:
    version()
    product = held()
    target = version(amount="69", at=LATER)
    with pytest.raises(NotPermitted):
        services.migrate_product(product_id=product, to_offering_id=target, reason="x", by=people.actor_at(3301), at=LATER)
    stranger = making.designer(3201, "inventory.migrate", "inventory.view")
    with pytest.raises(NotFound):
        services.migrate_product(product_id=product, to_offering_id=target, reason="x", by=stranger, at=LATER)
    assert queries.migration_preview([product], target, by=stranger, at=LATER) == []


def test_the_worker_runs_what_was_started_and_puts_away_what_has_ended() -> None:
    version()
    products = [held() for _n in range(3)]
    target = version(amount="69", at=LATER)
    job = services.plan_migration(product_ids=products, to_offering_id=target, reason="x", org_id=1, by=TESTER, at=LATER)
    migrating.begin_migration(job_id=job, by=TESTER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'tongke.migrate_products'")
        ((asked,),) = cursor.fetchall()
    migrating.migrate_products(**(asked if isinstance(asked, dict) else json.loads(asked)))
    migrating.migrate_products(**(asked if isinstance(asked, dict) else json.loads(asked)))
    assert {of(p).offering_id for p in products} == {target}
    assert len(told_of_moves()) == 3
    assert Offering.objects.get(code="M-59", version=1).state == "launched"
    migrating.settle_versions(timestamp=0)
    assert Offering.objects.get(code="M-59", version=1).state == "retired"

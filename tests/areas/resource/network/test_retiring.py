"""Taking parts of the network away: never under a line that uses them, whoever comes first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils.translation import override

from tests.factories import network as make
from tongke.areas.resource import errors, queries, services
from tongke.areas.resource.models import Access, Equipment, Port
from tongke.kernel.actor import acting
from tongke.kernel.errors import Refused, RulesBroken
from tongke.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)
BY = make.planner()
AT = make.AT
WAITING = "SELECT count(*) FROM pg_locks l WHERE NOT l.granted AND pg_backend_pid() = ANY (pg_blocking_pids(l.pid))"


def in_use(town: make.Town, service: str = "S1") -> Any:
    """A port of the town's box that serves a line."""
    held = services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    services.confirm_reservation(reservation_id=held.id, token=held.token, service_ref=service, by=BY, at=AT)
    return held.port_ids[0]


def beside(act: Callable[[], Any]) -> Any:
    """Run ``act`` on another connection; a refusal is its answer."""
    try:
        return act()
    except Refused as refusal:
        return refusal
    finally:
        connection.close()


def held_up(other: Future[Any]) -> None:
    """Return once the other connection is done, or waits for a lock of ours."""
    while not wait([other], timeout=0.05).done:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return


def test_a_port_is_not_reserved_on_what_is_being_retired() -> None:
    town = make.town(ports=2)
    with ThreadPoolExecutor(1) as pool, acting(BY):
        with transaction.atomic():
            services.change_equipment_state(equipment_id=town.box, move="retire", by=BY, at=AT)
            other = pool.submit(beside, lambda: services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT))
            held_up(other)
        answer = other.result()
    assert isinstance(answer, Refused), answer
    with acting(make.GROUP):
        assert not Port.objects.filter(equipment_id=town.box, state="reserved").exists()


def test_what_is_being_reserved_is_not_retired() -> None:
    town = make.town(ports=2)
    with ThreadPoolExecutor(1) as pool, acting(BY):
        with transaction.atomic():
            services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
            other = pool.submit(beside, lambda: services.change_equipment_state(equipment_id=town.box, move="retire", by=BY, at=AT))
            held_up(other)
        assert isinstance(other.result(), errors.NotEmpty)


@pytest.mark.parametrize("state", ["faulty", "retired"])
def test_nothing_is_reserved_on_what_does_not_work(state: str) -> None:
    town = make.town(ports=2)
    services.change_equipment_state(equipment_id=town.box, move="report_faulty" if state == "faulty" else "retire", by=BY, at=AT)
    with pytest.raises(errors.NothingFree):
        services.reserve_port(order_ref="O1", equipment_id=town.box, by=BY, at=AT)
    with pytest.raises(errors.NotFreeForYou):
        services.reserve_port(order_ref="O2", port_id=town.ports[0], by=BY, at=AT)


def test_a_way_that_does_not_reach_the_address_is_not_taken_for_it() -> None:
    """The address and the very way are named together: the way must lead there, still."""
    town = make.town(ports=2)
    (access,) = queries.coverage_at(place_id=town.places["1-101"], by=BY, at=AT).access
    services.retire_access(access_id=access.id, by=BY, at=AT)
    with pytest.raises(errors.NothingFree):
        services.reserve_port(order_ref="O1", place_id=town.places["1-101"], equipment_id=town.box, by=BY, at=AT)


def test_a_broken_port_that_serves_a_line_keeps_its_equipment() -> None:
    town = make.town(ports=1)
    services.report_port_faulty(port_id=in_use(town), by=BY, at=AT)
    with pytest.raises(errors.NotEmpty):
        services.change_equipment_state(equipment_id=town.box, move="retire", by=BY, at=AT)


def test_what_is_retired_gets_no_ports_and_carries_nothing_new() -> None:
    town = make.town(ports=0)
    services.change_equipment_state(equipment_id=town.box, move="retire", by=BY, at=AT)
    for act in (
        lambda: services.add_ports(equipment_id=town.box, count=2, by=BY, at=AT),
        lambda: services.record_access(place_id=town.places["unit1"], equipment_id=town.box, by=BY, at=AT),
    ):
        with pytest.raises(RulesBroken) as refusal:
            act()
        assert [b.code for b in refusal.value.broken] == ["RES-124"]
    services.change_equipment_state(equipment_id=town.splitter, move="retire", by=BY, at=AT)
    with pytest.raises(RulesBroken) as refusal:
        services.record_equipment(code="N1", kind="box", technology="ftth_gpon", parent_id=town.splitter, by=BY, at=AT)
    assert [b.code for b in refusal.value.broken] == ["RES-124"]


def test_a_branch_is_moved_with_all_that_hangs_on_it() -> None:
    """The lowest element counts, not the one that is moved: light fades on the whole way."""
    town = make.town(ports=0)
    upper = town.splitter
    for n in range(5):
        upper = services.record_equipment(code=f"SP{n}", kind="splitter", technology="ftth_gpon", parent_id=upper, by=BY, at=AT)
    branch = services.record_equipment(code="B0", kind="splitter", technology="ftth_gpon", parent_id=town.olt, by=BY, at=AT)
    services.record_equipment(code="B1", kind="splitter", technology="ftth_gpon", parent_id=branch, by=BY, at=AT)
    with pytest.raises(RulesBroken) as refusal:
        services.move_equipment(equipment_id=branch, parent_id=upper, by=BY, at=AT)
    assert [b.code for b in refusal.value.broken] == ["RES-118"]
    with acting(BY):
        assert Equipment.objects.get(id=branch).parent_id == town.olt


def test_coverage_is_taken_away_once() -> None:
    town = make.town(ports=1)
    (access,) = queries.coverage_at(place_id=town.places["1-101"], by=BY, at=AT).access
    for _again in range(2):
        services.retire_access(access_id=access.id, by=BY, at=AT)
    with acting(make.GROUP):
        assert OutboxEvent.objects.filter(name="resource.coverage_recorded.v1", subject_id=access_place(access.id)).count() == 2


def access_place(access_id: Any) -> Any:
    """The place of a coverage."""
    with acting(make.GROUP):
        return Access.objects.values_list("place_id", flat=True).get(id=access_id)


def test_what_is_gone_takes_with_it_what_lies_in_it() -> None:
    town = make.town(ports=1)
    (access,) = queries.coverage_at(place_id=town.places["1-101"], by=BY, at=AT).access
    with pytest.raises(errors.NotEmpty):
        services.change_place_state(place_id=town.places["community"], state="gone", by=BY, at=AT)
    services.retire_access(access_id=access.id, by=BY, at=AT)
    services.change_place_state(place_id=town.places["building"], state="gone", by=BY, at=AT)
    assert queries.place_brief(town.places["1-101"], by=BY).state == "gone"
    found = queries.coverage_at(place_id=town.places["2-301"], by=BY, at=AT)
    assert "RES-106" in [reason.code for reason in found.reasons]
    assert [p.id for p in queries.find_places("翠苑花园5幢1单元101", by=BY)] != [town.places["1-101"]]


def test_the_new_name_is_the_official_one_even_if_it_is_an_old_one() -> None:
    town = make.town(ports=0)
    home = town.places["community"]
    for name in ("翠苑新村", "翠苑花园"):
        services.rename_place(place_id=home, name=name, name_en="Cuiyuan Garden", by=BY, at=AT)
    kinds = {row.name: row.kind for row in queries.place_names(home, by=BY)}
    assert (kinds["翠苑花园"], kinds["翠苑新村"]) == ("official", "alias")


def test_refusals_say_kinds_levels_and_technologies_in_words() -> None:
    town = make.town(ports=0)
    said = []
    for act in (
        lambda: services.record_access(place_id=town.places["unit1"], equipment_id=town.box, technology="adsl", by=BY, at=AT),
        lambda: services.record_equipment(code="N1", kind="splitter", technology="ftth_gpon", parent_id=town.box, by=BY, at=AT),
        lambda: services.record_place(level="street", name="x路", parent_id=town.places["building"], by=BY, at=AT),
    ):
        with pytest.raises(RulesBroken) as refusal:
            act()
        with override("en"):
            said.append(refusal.value.broken[0].message)
    assert said == [
        "“Copper with DSL” does not run over “Distribution box”", "“Optical splitter” cannot hang on “Distribution box”", "“Street” cannot lie directly in “Building”"]

"""Any order of claims, uses, releases, faults, papers and sweeps, several at once on connections of their own, the clock going on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.areas.resource.network.holding import at_once, breaches
from tests.factories import network as make
from tongke.areas.resource import queries, services
from tongke.areas.resource.services import Reserved
from tongke.kernel.actor import acting

BY = make.planner()
PORTS, ITEMS = 4, 4
ACTS = (
    "reserve_port", "reserve_port", "reserve_item", "confirm", "confirm", "release", "release_order", "extend", "sweep", "break", "mend", "end_service", "send",
    "receive", "hand_out", "take_back", "restock",
)


class Holding(RuleBasedStateMachine):
    """One access point and one warehouse under bursts of acts; the database says what is so, the model only what must stay."""

    def __init__(self) -> None:
        super().__init__()
        self.at = make.AT
        self.held: list[Reserved] = []
        self.services: list[str] = []
        self.count = 0

    @initialize()
    def ground(self) -> None:
        """A new access point and a new store: what other examples left stays."""
        number = next(make._numbers)
        self.town = make.town(ports=PORTS, prefix=f"X{number}", community=f"试验{number}花园")
        self.store = make.store(items=ITEMS)

    @rule(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7)), min_size=1, max_size=4), minutes=st.integers(0, 45))
    def burst(self, acts: list[tuple[str, int]], minutes: int) -> None:
        """Some acts at once, some time after the last."""
        self.at += timedelta(minutes=minutes)
        answers = at_once([self.act(name, pick) for name, pick in acts])
        unexpected = [a for a in answers if isinstance(a, Exception) and not getattr(a, "code", "").startswith(("RES-", "GEN-"))]
        assert unexpected == []
        self.held += [answer for answer in answers if isinstance(answer, Reserved) and not answer.repeated]

    def act(self, name: str, pick: int) -> Callable[[], Any]:
        """One act, over something that was met before where there is any."""
        self.count += 1
        order, facts = f"{self.town.box}-{self.count if pick > 1 else 1}", {"by": BY, "at": self.at}
        held = self.held[-1 - pick % len(self.held)] if self.held else None
        port, item = self.town.ports[pick % PORTS], self.store.items[pick % ITEMS]
        if name == "reserve_port":
            return partial(services.reserve_port, order_ref=order, equipment_id=self.town.box, minutes=30, **facts)
        if name == "reserve_item":
            return partial(services.reserve_item, order_ref=order, model_code=self.store.model, stock_place_id=self.store.warehouse, minutes=30, **facts)
        if name in ("confirm", "release", "extend") and held is not None:
            known = {"reservation_id": held.id, "token": held.token, **facts}
            if name == "confirm":
                self.services.append(f"S-{held.id}")
                return partial(services.confirm_reservation, service_ref=f"S-{held.id}", **known)
            return partial(services.release_reservation if name == "release" else services.extend_reservation, **known)
        others: dict[str, Callable[[], Any]] = {
            "release_order": partial(services.release_order, order_ref=held.order_ref if held else order, **facts),
            "break": partial(services.report_port_faulty, port_id=port, **facts), "mend": partial(services.mend_port, port_id=port, **facts),
            "send": partial(services.send_transfer, from_place_id=self.store.warehouse, to_place_id=self.store.hall, item_ids=[item], **facts),
            "receive": partial(self.receive_all, **facts), "hand_out": partial(services.hand_out_item, item_id=item, service_ref="S", **facts),
            "take_back": partial(services.take_back_item, item_id=item, stock_place_id=self.store.warehouse, **facts),
            "restock": partial(services.restock_item, item_id=item, **facts),
            "end_service": partial(services.free_ports_of_service, service_ref=self.services[pick % len(self.services)] if self.services else "-", reason="x", **facts),
        }
        return others.get(name, partial(services.expire_reservations, by=make.GROUP, at=self.at))

    def receive_all(self, *, by: Any, at: Any) -> None:
        """Take in at the hall whatever is on its way there."""
        with acting(by):
            waiting = list(queries.transfers_visible_to(by).filter(to_place_id=self.store.hall, state="sent").values_list("id", flat=True))
        for ident in waiting:
            services.receive_transfer(transfer_id=ident, serials=[line.serial for line in queries.transfer_lines(ident, by=by)], by=by, at=at)

    @invariant()
    def nothing_has_two_holders(self) -> None:
        """What must hold at any instant."""
        assert breaches() == []

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every port and item is still there, in one state."""
        if not hasattr(self, "town"):
            return
        assert sorted(port.id for port in queries.ports_of(self.town.box, by=BY)) == sorted(self.town.ports)
        seen = queries.items_of_place(self.store.warehouse, by=BY) + queries.items_of_place(self.store.hall, by=BY)
        assert sorted(item.id for item in seen) == sorted(self.store.items)

    def teardown(self) -> None:
        """Long after, nothing that an order forgot is left reserved."""
        if hasattr(self, "town"):
            services.expire_reservations(by=make.GROUP, at=self.at + timedelta(days=400))
            assert [port.state for port in queries.ports_of(self.town.box, by=BY) if port.state == "reserved"] == []
            assert breaches() == []
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_holding_under_any_order_of_acts() -> None:
    run_state_machine_as_test(Holding, settings=settings(
        max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)))

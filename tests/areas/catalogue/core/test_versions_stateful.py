"""Any order of verbs on one code: at each instant at most one version is on sale, and what was approved never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.areas.catalogue.core import making
from tests.factories.accounts import NOON, TESTER
from tongke.areas.catalogue import queries, services
from tongke.areas.catalogue.models import Offering
from tongke.areas.catalogue.queries.contents import version_said
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.errors import Refused

SECOND = system_actor("second")
CODE = "S-1"
places = st.integers(0, 5)


class Versions(RuleBasedStateMachine):
    """One code's versions under every verb, in any state; refusals are answers, not faults."""

    def __init__(self) -> None:
        super().__init__()
        self.at = NOON
        self.approved: dict[UUID, Any] = {}

    @initialize()
    def begin(self) -> None:
        """Start from a code that nobody knows."""
        with acting(TESTER), connection.cursor() as cursor:
            cursor.execute("SET ROLE postgres")
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DELETE FROM catalogue_price; DELETE FROM catalogue_offering")
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("SET ROLE tongke_app")

    def versions(self) -> list[Offering]:
        """The versions, the oldest first."""
        with acting(TESTER):
            return list(Offering.objects.filter(code=CODE).order_by("version"))

    def tried(self, verb: Callable[..., Any], place: int, **more: Any) -> None:
        """Try a verb on one of the versions; a refusal changes nothing."""
        self.at += timedelta(hours=1)
        known = self.versions()
        if not known:
            return
        version = known[place % len(known)]
        before = [(o.id, o.state, o.valid_from, o.valid_until) for o in known]
        try:
            with transaction.atomic():
                verb(noun="offerings", version_id=version.id, at=self.at, **more)
        except Refused:
            assert [(o.id, o.state, o.valid_from, o.valid_until) for o in self.versions()] == before
        self.remember()

    def remember(self) -> None:
        """Keep what every version that stands says."""
        for version in self.versions():
            if version.state not in ("in_study", "in_design", "in_test") and version.id not in self.approved:
                found = version_said("offerings", version.id)
                assert found is not None
                self.approved[version.id] = found.content

    @rule(amount=st.integers(1, 99))
    def draft(self, amount: int) -> None:
        """Draft the next version."""
        self.at += timedelta(hours=1)
        try:
            with transaction.atomic():
                services.draft_offering(code=CODE, content=making.plan(prices=[making.price(str(amount))]), by=TESTER, at=self.at)
        except Refused as refusal:
            assert refusal.code == "CAT-39"  # noqa: PT017 - a refusal is one of the answers

    @rule(place=places, amount=st.integers(1, 99))
    def edit(self, place: int, amount: int) -> None:
        """Edit a version."""
        self.tried(services.edit_version, place, content=making.plan(prices=[making.price(str(amount))]), by=TESTER)

    @rule(place=places)
    def test(self, place: int) -> None:
        """Test a version."""
        self.tried(services.test_version, place, by=TESTER)

    @rule(place=places)
    def redesign(self, place: int) -> None:
        """Take it back into design."""
        self.tried(services.redesign_version, place, by=TESTER)

    @rule(place=places)
    def approve(self, place: int) -> None:
        """Approve a version."""
        self.tried(services.approve_version, place, by=SECOND)

    @rule(place=places, hours=st.integers(-5, 50))
    def launch(self, place: int, hours: int) -> None:
        """Launch a version now, later, or (refused) before."""
        self.tried(services.launch_version, place, effective_at=self.at + timedelta(hours=1 + hours), by=TESTER)

    @rule(place=places)
    def recall(self, place: int) -> None:
        """Recall a launch."""
        self.tried(services.recall_launch, place, by=TESTER)

    @rule(place=places, hours=st.integers(0, 20))
    def retire(self, place: int, hours: int) -> None:
        """Retire a version."""
        self.tried(services.retire_version, place, effective_at=self.at + timedelta(hours=1 + hours), by=TESTER)

    @rule(place=places)
    def withdraw(self, place: int) -> None:
        """Put a version away."""
        self.tried(services.withdraw_version, place, by=TESTER)

    @rule(place=places)
    def discard(self, place: int) -> None:
        """Take a draft away."""
        self.tried(services.discard_version, place, by=TESTER)

    @rule(hours=st.integers(1, 30))
    def time_goes_on(self, hours: int) -> None:
        """Let time pass and put away what has ended."""
        self.at += timedelta(hours=hours)
        services.settle_versions(by=TESTER, at=self.at)

    @rule(place=places, column=st.sampled_from(["name_zh = 'x'", "monthly_fee = 1", "code = 'Y-1'", "version = 99", "characteristics = '{\"a\": 1}'"]))
    def force(self, place: int, column: str) -> None:
        """Change a row by raw SQL as the application's role: refused unless it is a draft, which is put back."""
        known = self.versions()
        if not known:
            return
        version = known[place % len(known)]
        stands = version.id in self.approved
        try:
            with acting(TESTER), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE catalogue_offering SET {column} WHERE id = %s", [version.id])
                assert not stands
                transaction.set_rollback(True)
        except DatabaseError:
            assert stands

    @invariant()
    def what_was_approved_says_what_it_said(self) -> None:
        """Approved content is for ever."""
        for version_id, said in self.approved.items():
            found = version_said("offerings", version_id)
            assert found is not None
            assert found.content == said

    @invariant()
    def at_each_instant_one_version_at_most_is_on_sale(self) -> None:
        """No overlap, whenever one looks."""
        known = self.versions()
        edges = {self.at} | {edge for o in known for edge in (o.valid_from, o.valid_until) if edge is not None}
        for at in {edge + shift for edge in edges for shift in (timedelta(microseconds=-1), timedelta(0))}:
            with acting(TESTER):
                assert queries.offerings_on_sale(at=at).filter(code=CODE).count() <= 1


@pytest.mark.django_db
def test_versions_under_any_order_of_verbs() -> None:
    """Run the machine inside the test's transaction."""
    run_state_machine_as_test(Versions, settings=settings(
        max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)))

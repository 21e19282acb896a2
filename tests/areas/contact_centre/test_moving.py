"""A customer moved to another local network takes everything along (T33)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import accounts as make
from tests.factories import staff
from tests.factories.accounts import NOON, TESTER
from tongke.areas.account import services as accounts
from tongke.areas.contact_centre import services
from tongke.areas.inventory import services as inventory
from tongke.areas.inventory.models import UsageMonth
from tongke.areas.party.models import ContactMedium, Party
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound, RulesBroken

pytestmark = pytest.mark.django_db
# The trails tell what happened where it happened; they stay.
ROOMS = ("party_", "account_", "inventory_", "contact_")
# Trails stay where they were written; figures are everybody's to read.
TRAILS = {"account_points_policy", "kernel_outbox", "staff_look", "kernel_audit_row"}


def seen_by(org_id: int) -> dict[str, int]:
    """How many rows of every table with customers' data an actor of one organisation sees."""
    with acting(Actor(name="x", scope=(org_id,))), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attname = 'org_id' AND c.relrowsecurity"
            " AND NOT c.relispartition ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall() if name not in TRAILS and name.startswith(ROOMS) and not name.endswith("_tally")]
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if count}


def customer() -> object:
    found = make.bare_customer(org_id=3301)
    account_id = make.account(found)
    make.bill(account_id, month=1)
    make.payment(account_id, "20.00")
    accounts.earn_points(customer_id=found.id, points=5, source="bill", key="b1", by=TESTER, at=NOON)
    make.offering()
    line_id = make.line(found, account_id)
    inventory.install_product(customer_id=found.id, offering_code="M-59", subscriber_id=line_id, by=TESTER, at=NOON)
    services.record_interaction(customer_id=found.id, channel="hall", direction="inbound", kind="enquiry", subject="x", by=TESTER, at=NOON)
    with acting(TESTER):
        UsageMonth.objects.create(month_at=NOON.replace(day=1, hour=0), subscriber_id=line_id, org_id=3301)
        ContactMedium.objects.create(org_id=3301, party_id=found.party_id, kind="mobile", value="+8613857100001", given="x", valid_from=NOON)
        Party.objects.create(org_id=3301, kind="individual", name="旧", name_key="旧", merged_into_id=found.party_id, created_at=NOON, changed_at=NOON)
    return found


def test_everything_goes_along_and_the_old_network_sees_nothing() -> None:
    staff.tree()
    found = customer()
    before = seen_by(3301)
    assert len(before) >= 12
    services.move_customer(customer_id=found.id, to_org=3302, reason="moved house", by=TESTER, at=NOON + timedelta(hours=1))
    assert seen_by(3301) == {}
    assert seen_by(3302) == before


@pytest.mark.parametrize(("to_org", "reason", "codes"), [
    (3301, "r", ["PTY-91"]), (330201, "r", ["PTY-90"]), (99, "", ["PTY-90", "PTY-93"]), (3201, "r", ["PTY-92"]),
])
def test_refused_moves_say_why(to_org: int, reason: str, codes: list[str]) -> None:
    staff.tree()
    found = make.bare_customer(org_id=3301)
    province = Actor(name="sun", scope=(33, 3301, 3302, 3303, 330201, 99), permissions=frozenset({"party.move"}))
    with pytest.raises(RulesBroken) as refusal:
        services.move_customer(customer_id=found.id, to_org=to_org, reason=reason, by=province, at=NOON)
    assert [b.code for b in refusal.value.broken] == codes


def test_a_network_can_neither_take_nor_push_customers() -> None:
    staff.tree()
    found = make.bare_customer(org_id=3301)
    for scope, refusal in (((3302,), NotFound), ((3301,), RulesBroken)):
        with pytest.raises(refusal):
            services.move_customer(
                customer_id=found.id, to_org=3302, reason="r", by=Actor(name="x", scope=scope, permissions=frozenset({"party.move"})), at=NOON)

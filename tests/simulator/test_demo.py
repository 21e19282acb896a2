"""The demo operator: made once, mended after a kill, its people there with their stories."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.utils import translation

from tongke.areas.resource import queries as resource
from tongke.areas.resource import services as resource_verbs
from tongke.areas.staff import queries as staff_queries
from tongke.cli.up import demo_log_ins
from tongke.kernel import clock
from tongke.kernel.actor import acting, system_actor
from tongke.simulator.demo import CUSTOMERS, LOG_INS, MONTHS, PASSWORD, SEED, demo_is_unfinished, load_demo
from tongke.simulator.demo_staff import PEOPLE, acting_person
from tongke.simulator.load import begun_until, fill

Owner = psycopg.Connection[Any]


def one(owner: Owner, statement: str, *values: Any) -> Any:
    """Return the one value that ``statement`` gives."""
    row = owner.execute(statement.encode(), values).fetchone()
    assert row is not None
    return row[0]


def counts(owner: Owner) -> dict[str, int]:
    """Return how many rows each table has that the demo writes."""
    tables = ("staff_staff", "staff_post", "staff_approval", "staff_notification", "party_customer", "party_duplicate_pair", "account_bill",
              "account_payment", "inventory_subscriber", "contact_centre_interaction", "kernel_outbox", "kernel_audit_link")
    return {table: one(owner, f"SELECT count(*) FROM {table}") for table in tables}


@pytest.mark.django_db(transaction=True)
def test_the_demo_is_laid_out_once(owner_connection: Owner) -> None:
    """A second call changes nothing; everybody of the stories is there."""
    assert load_demo() is True
    before = counts(owner_connection)
    assert load_demo() is False
    assert counts(owner_connection) == before
    assert before["party_customer"] > CUSTOMERS
    assert before["staff_staff"] == len(LOG_INS) == 15

    def of(name: str, statement: str) -> Any:
        return one(owner_connection, f"SELECT {statement} FROM party_party p JOIN party_customer c ON c.party_id = p.id WHERE p.name = %s AND c.customer_no LIKE 'CU%%'", name)

    assert of("王芳", "(c.level, p.completeness, c.credit_class)::text") == "(gold,100,A)"
    bills = "(SELECT count(*) FROM account_bill b JOIN account_billing_account a ON a.id = b.account_id WHERE a.customer_id = c.id)"
    assert of("王芳", bills) == 6
    usage = "(SELECT count(DISTINCT month_at) FROM inventory_usage_month u JOIN inventory_subscriber s ON s.id = u.subscriber_id WHERE s.customer_id = c.id)"
    assert of("王芳", usage) == 6
    assert of("王芳", "(SELECT count(*) FROM contact_centre_interaction i WHERE i.customer_id = c.id AND i.kind = 'complaint'"
                     " AND i.occurred_at > now() - interval '8 days')") == 1
    assert of("刘洋", "(SELECT cause || state FROM party_blacklist_entry e WHERE e.party_id = p.id)") == "debtactive"
    assert of("John Smith", "(p.nationality, p.language)::text") == "(US,en)"
    tree = "(SELECT count(*) FROM party_relation r WHERE r.parent_id = p.id AND r.tree = 'legal')"
    assert of("浙江蓝海贸易有限公司", tree) == 2
    assert one(owner_connection, "SELECT count(*) FROM party_duplicate_pair d JOIN party_party l ON l.id = d.left_id JOIN party_party r ON r.id = d.right_id"
                                 " WHERE l.name_key = '张伟' AND r.name_key = '张伟' AND d.probability > 0.95") == 1
    assert before["party_duplicate_pair"] >= 8
    assert one(owner_connection, "SELECT count(*) FROM staff_approval WHERE state = 'requested'") == 4
    assert one(owner_connection, "SELECT count(*) FROM party_party WHERE completeness < 80") > 50
    for kind, thing in (("mobile", "sim"), ("broadband", "ont"), ("tv", "set_top")):
        bare = ("SELECT count(*) FROM inventory_subscriber s WHERE s.kind = %s AND s.state <> 'terminated' AND (SELECT count(*) FROM resource_stock_item i"
                " WHERE i.service_ref = s.service_number AND i.service_ref <> '' AND i.kind = %s AND i.org_id = s.org_id) <> 1")
        assert one(owner_connection, bare, kind, thing) == 0, kind
    assert of("王芳", "(SELECT m.code FROM inventory_subscriber s JOIN resource_stock_item i ON i.service_ref = s.service_number JOIN resource_item_model m"
                     " ON m.id = i.model_id WHERE s.customer_id = c.id AND s.kind = 'broadband')") == "ONT-XGPON"
    assert not demo_is_unfinished()
    # Killed after the people had come, before the last of their stories: that is seen, and the next call ends it.
    owner_connection.execute("UPDATE kernel_bulk_job SET state = 'running' WHERE kind = 'demo'")
    assert demo_is_unfinished()
    assert load_demo() is True
    assert {**counts(owner_connection), "kernel_audit_link": 0} == {**before, "kernel_audit_link": 0}
    assert not demo_is_unfinished()


@pytest.mark.django_db(transaction=True)
def test_the_number_desk_can_port_a_number_in(owner_connection: Owner) -> None:
    """As the tour tells: another operator's block is recorded, and 许亮 gives one of its numbers to John Smith's line."""
    load_demo()
    with acting(system_actor("test")):
        desk = next(acting_person(person) for person in PEOPLE if person.username == "xuliang")
    line = one(owner_connection, "SELECT id FROM inventory_subscriber WHERE service_number = '+8613857100088'")
    with acting(desk):
        assert resource.donors_known(by=desk) == ["蓝天移动 BlueSky"]
        resource_verbs.port_in(number="135 5710 0001", org_id=3301, assigned_to=line, by=desk, at=clock.now())
    assert one(owner_connection, "SELECT operator FROM resource_number WHERE assigned_to = %s AND number = '+8613557100001'", line) == "蓝天移动 BlueSky"


@pytest.mark.django_db(transaction=True)
def test_a_killed_lay_out_is_mended(owner_connection: Owner) -> None:
    """The customers are there, the people not yet: the next call makes the rest."""
    from tongke.simulator.calendar_months import UNTIL  # noqa: PLC0415 - Django is set up by then

    fill(customers=CUSTOMERS, months=MONTHS, seed=SEED, workers=1, until=UNTIL)
    assert begun_until(owner_connection, SEED) == UNTIL
    assert load_demo() is True
    assert one(owner_connection, "SELECT count(*) FROM staff_staff") == len(LOG_INS)
    assert one(owner_connection, "SELECT count(*) FROM party_customer WHERE customer_no LIKE 'CS%%'") == CUSTOMERS


@pytest.mark.django_db
def test_only_people_of_this_house_are_told_to_sign_in() -> None:
    """A real operator's house, or a demo older than some of its people, does not promise log-ins that nobody has."""
    assert demo_log_ins() == []


@pytest.mark.django_db(transaction=True)
def test_beside_real_customers_only_the_people_come(owner_connection: Owner) -> None:
    """Where another operator's customers stand, no mass is added: log-ins and stories only."""
    fill(customers=30, months=1, seed=1)
    assert load_demo() is True
    assert one(owner_connection, "SELECT count(*) FROM party_customer WHERE customer_no LIKE 'CS%%'") == 30
    assert one(owner_connection, "SELECT count(*) FROM staff_staff") == len(LOG_INS)


@pytest.mark.django_db(transaction=True)
def test_everybody_of_the_demo_can_sign_in(owner_connection: Owner) -> None:
    """Each has the printed password, one post and at least the right to see something; duties are said in both languages."""
    load_demo()
    assert demo_log_ins() == list(LOG_INS)
    with acting(system_actor("test")):
        for username, password, duty in LOG_INS:
            person = staff_queries.staff_by_username(username)
            assert person is not None
            assert person.check_password(password)
            assert password == PASSWORD
            assert one(owner_connection, "SELECT count(*) FROM staff_post_right WHERE staff_id = %s AND array_length(permissions, 1) > 3", person.id) == 1
            with translation.override("zh-hans"):
                assert translation.gettext(duty) != duty

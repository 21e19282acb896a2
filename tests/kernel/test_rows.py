"""Scope, audit trail, outbox, life cycles and repeatable creates on the real database."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.factories import accounts as make
from tests.factories.accounts import NOON, TESTER
from tongke.areas.party.models import Customer, Party
from tongke.kernel import idempotency, numbering, outbox
from tongke.kernel.actor import NOBODY, Actor, NotPermitted, acting, enter
from tongke.kernel.errors import NotFound
from tongke.kernel.idempotency import KeyReused
from tongke.kernel.models import AuditRow, IdempotencyKey, OutboxEvent, ReactionRun

pytestmark = pytest.mark.django_db
CLERK = Actor(name="limin", scope=(3301,))


class LampLit(outbox.Event):
    """A lamp was lit; for these tests only."""

    watts: int


SEEN: list[int] = []
FAIL = threading.Event()


@outbox.reaction(LampLit)
def note_lamp(*, event: LampLit, by: Actor, at: object) -> None:
    """Remember the lamp, and leave a row that goes with the transaction."""
    del at
    numbering.take_numbers("LAMP", count=event.watts, on=NOON.date())
    SEEN.append(event.watts)
    if FAIL.is_set():
        raise RuntimeError(f"no current for {by.name}")


def lit() -> object:
    SEEN.clear()
    FAIL.clear()
    with acting(TESTER), transaction.atomic():
        return outbox.publish(LampLit(subject_id=uuid4(), org_id=3301, watts=3), by=TESTER, at=NOON)


def lamps() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(last), 0) FROM kernel_number_series WHERE series = 'LAMP'")
        return int(cursor.fetchone()[0])


def test_wire_name_is_derived() -> None:
    assert LampLit.wire == "kernel.lamp_lit.v1"


def test_reaction_runs_once_however_often_it_is_delivered() -> None:
    event_id = lit()
    assert outbox.run_reaction(event_id=event_id, reaction="test_rows.note_lamp") is True
    assert outbox.run_reaction(event_id=event_id, reaction="test_rows.note_lamp") is False
    assert (SEEN, lamps()) == ([3], 3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tongke.react'")
        assert cursor.fetchone() == (1,)


def test_failed_reaction_leaves_nothing_but_its_error_and_may_be_run_again() -> None:
    event_id = lit()
    FAIL.set()
    with pytest.raises(RuntimeError, match="no current"):
        outbox.run_reaction(event_id=event_id, reaction="test_rows.note_lamp")
    with acting(TESTER):
        run = ReactionRun.objects.get(event_id=event_id)
    assert (run.state, lamps()) == ("failed", 0)
    assert "no current" in run.error
    FAIL.clear()
    assert outbox.run_reaction(event_id=event_id, reaction="test_rows.note_lamp") is True
    assert lamps() == 3


def test_event_of_a_transaction_that_failed_was_never_said() -> None:
    def fail() -> None:
        with acting(TESTER), transaction.atomic():
            outbox.publish(LampLit(subject_id=uuid4(), org_id=3301, watts=1), by=TESTER, at=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with acting(TESTER):
        assert not OutboxEvent.objects.filter(name=LampLit.wire).exists()


def test_scope_follows_the_actor_through_rollbacks_and_nesting() -> None:
    make.bare_customer(org_id=3301)
    make.bare_customer(org_id=3302)
    assert Party.objects.count() == 0
    with acting(CLERK):
        assert Party.objects.count() == 1
        with acting(TESTER):
            assert Party.objects.count() == 2
            try:
                with transaction.atomic():
                    Party.objects.create(org_id=1, kind="individual", name="", name_key="", created_at=NOON, changed_at=NOON)
            except Exception:  # noqa: BLE001 - the point is what holds after any failure
                assert Party.objects.count() == 2
        assert Party.objects.count() == 1
    enter(NOBODY)
    assert Party.objects.count() == 0


def test_rows_of_others_can_be_neither_written_nor_moved_there() -> None:
    make.bare_customer(org_id=3301)
    make.bare_customer(org_id=3302)
    with acting(CLERK):
        assert Party.objects.filter(org_id=3302).update(name="x") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Party.objects.update(org_id=3302)


def test_own_rows_only_hides_the_customers_of_others_and_all_that_hangs_on_them() -> None:
    mine, other = make.bare_customer(), make.bare_customer(name="李四")
    account_id = make.account(mine)
    make.account(other)
    manager = uuid4()
    with acting(TESTER):
        Customer.objects.filter(id=mine.id).update(manager_id=manager)
    with acting(Actor(name="chenqiang", scope=(3301,), own_rows_of=manager)), connection.cursor() as cursor:
        for table, expected in (("party_customer", mine.id), ("party_party", mine.party_id), ("account_billing_account", account_id)):
            cursor.execute(f"SELECT id FROM {table}")
            assert cursor.fetchall() == [(expected,)]


def test_audit_tells_before_and_after_and_leaves_unchanged_rows_out() -> None:
    customer = make.bare_customer()
    with acting(CLERK):
        Party.objects.filter(id=customer.party_id).update(name="王小芳")
        Party.objects.filter(id=customer.party_id).update(name="王小芳")
    with acting(TESTER):
        changes = list(AuditRow.objects.filter(row_id=str(customer.party_id), op="U"))
    assert [(c.actor, c.before["name"], c.after["name"], c.org_id) for c in changes] == [("limin", "王芳", "王小芳", 3301)]


@pytest.mark.parametrize("statement", [
    "DELETE FROM kernel_audit_row", "UPDATE kernel_audit_row SET actor = 'x'", "INSERT INTO kernel_audit_link SELECT * FROM kernel_audit_link",
    "UPDATE kernel_audit_head SET seq = 0", "SELECT * FROM kernel_outbox_default", "SELECT * FROM kernel_audit_row_default",
    "DELETE FROM staff_look", "ALTER TABLE party_party DISABLE ROW LEVEL SECURITY", "DROP TRIGGER audit_insert ON party_party",
    "SET session_replication_role = replica",
])
def test_the_application_cannot_touch_the_trail(statement: str) -> None:
    with acting(TESTER), connection.cursor() as cursor, pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        cursor.execute(statement)


def test_same_key_same_request_is_done_once() -> None:
    def create(key: str, request: object) -> tuple[object, bool]:
        return idempotency.once(scope="test", key=key, request=request, at=NOON, do=lambda: {"id": str(uuid4())})

    first, ran = create("k", {"a": 1})
    again, ran_again = create("k", {"a": 1})
    assert (ran, ran_again, first) == (True, False, again)
    with pytest.raises(KeyReused):
        create("k", {"a": 2})


@pytest.mark.django_db(transaction=True)
def test_same_key_from_twelve_clients_at_once_is_done_once() -> None:
    done: list[int] = []
    answers: list[object] = []

    def create() -> None:
        try:
            with transaction.atomic():
                answers.append(idempotency.once(
                    scope="test", key="k", request={}, at=NOON, do=lambda: done.append(1) or len(done))[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=create) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), answers) == (1, [1] * 12)
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_given_to_many_writers_are_all_different() -> None:
    taken: list[str] = []

    def take() -> None:
        try:
            for _ in range(10):
                taken.extend(numbering.take_numbers("T", count=3, on=NOON.date()))
                taken.append(numbering.sequence_number("CU", on=NOON.date()))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 8 * 40


@pytest.mark.django_db(transaction=True)
def test_chains_hold_under_many_writers() -> None:
    """Sixteen writers, each change one link; every chain's links follow one another without a gap."""
    def write() -> None:
        try:
            for _ in range(5):
                make.bare_customer()
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with acting(TESTER), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_audit_row WHERE table_name IN ('party_party', 'party_customer')")
        assert cursor.fetchone() == (160,)
        cursor.execute(
            "SELECT count(*) FROM (SELECT prev, lag(hash) OVER (PARTITION BY chain ORDER BY seq) AS before, seq FROM kernel_audit_link) l"
            " WHERE seq > 1 AND prev <> before")
        assert cursor.fetchone() == (0,)


def test_failed_reaction_is_listed_and_put_back_into_the_queue() -> None:
    event_id = lit()
    FAIL.set()
    with pytest.raises(RuntimeError):
        outbox.run_reaction(event_id=event_id, reaction="test_rows.note_lamp")
    with acting(TESTER):
        run = outbox.open_reactions(TESTER).get(event_id=event_id)
        assert run.state == "failed"
        outbox.retry_reaction(run_id=run.id, by=TESTER, at=NOON)
        assert outbox.open_reactions(TESTER).get(event_id=event_id).state == "waiting"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'tongke.react'")
        assert cursor.fetchone() == (2,)
    FAIL.clear()
    outbox.run_reaction(event_id=event_id, reaction="test_rows.note_lamp")
    with pytest.raises(NotFound):
        outbox.retry_reaction(run_id=run.id, by=TESTER, at=NOON)
    with pytest.raises(NotPermitted):
        outbox.open_reactions(CLERK)

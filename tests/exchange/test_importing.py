"""Importing: every row is either in or explained, and a second run changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tests.exchange.conftest import FAMILIES, HEAD, PEOPLE, Load
from tests.factories.staff import TESTER
from tongke.areas.account.models import BillingAccount
from tongke.areas.inventory.models import Payer, Subscriber, SubscriberRole
from tongke.areas.party.models import ContactMedium, Customer, Party, SourceKey
from tongke.exchange.errors import FilesMismatch, OrgUnknown
from tongke.exchange.rejects import write_rejects
from tongke.kernel.actor import Actor, NotPermitted, acting
from tongke.kernel.models import BulkJob, OutboxEvent

pytestmark = pytest.mark.django_db
People = Callable[..., Path]


def test_rows_become_records_of_every_room(load: Load, people: People) -> None:
    """One row is a person, a customer, a phone, an account and a line with its owner, holder and payer."""
    done = load(people("1,王芳,13857100001,12.50", "2,张伟,,0"))
    assert done.counts == (2, 2, 0, 0, 0)
    assert done.outcome.all_in
    assert done.outcome.sums["balance"] == {"source": "12.50", "loaded": "12.50", "rejected": "0", "difference": "0.00"}
    with acting(TESTER):
        party = Party.objects.get(name="王芳")
        assert (party.org_id, party.pinyin_full, party.pinyin_initials) == (3301, "wangfang", "wf")
        assert party.completeness > Party.objects.get(name="张伟").completeness
        assert ContactMedium.objects.get(party=party).value == "+8613857100001"
        line = Subscriber.objects.get(service_number="+8613857100001")
        assert set(SubscriberRole.objects.filter(subscriber=line).values_list("role", "party_id")) == {
            ("legal_owner", party.id), ("holder", party.id)}
        assert Payer.objects.get(subscriber=line).account_id == BillingAccount.objects.get(account_no="TA-1").id
        assert OutboxEvent.objects.filter(name="exchange.records_imported.v1").count() == 1


def test_a_second_run_changes_nothing(load: Load, people: People) -> None:
    """The same file again is unchanged, row by row, and writes no audit."""
    file = people("1,王芳,13857100001,12.50", "2,张伟,,0")
    load(file)
    with connection.cursor() as cursor, acting(TESTER):
        cursor.execute("SELECT count(*) FROM kernel_audit_row WHERE table_name NOT LIKE 'kernel%%'")
        before = cursor.fetchone()
        assert load(file).counts == (2, 0, 0, 2, 0)
        cursor.execute("SELECT count(*) FROM kernel_audit_row WHERE table_name NOT LIKE 'kernel%%'")
        assert cursor.fetchone() == before


def test_a_changed_row_updates_its_record(load: Load, people: People) -> None:
    """A new name and balance arrive in the records that the first run made."""
    load(people("1,王芳,13857100001,12.50", "2,张伟,,0"))
    assert load(people("1,王芳芳,13857100001,20", "2,张伟,,0")).counts == (2, 0, 1, 1, 0)
    with acting(TESTER):
        assert Party.objects.get(name="王芳芳").pinyin_full == "wangfangfang"
        assert Party.objects.count() == 2
        assert str(BillingAccount.objects.get(account_no="TA-1").balance) == "20.00"


@pytest.mark.parametrize(("line", "column", "code"), [
    ("2,,13857100002,0", "name", "IMP-30"),
    (",张伟,13857100002,0", "no", "IMP-38"),
    ("2,张伟,abc,0", "phone", "PTY-30"),
    ("2,张伟,13857100001,0", "phone", "IMP-80"),
    ("2,张伟,13857100002,ten", "balance", "IMP-31"),
    ("2,张伟,13857100002,1.234", "balance", "IMP-47"),
    ("2,张伟,13857100002,NaN", "balance", "IMP-31"),
    ("2,张伟,13857100002,99999999999999999999", "balance", "IMP-31"),
    ("2,张伟", "", "IMP-39"),
    ("2,张伟,13857100002,0,more", "", "IMP-39"),
    ("2,张\0伟,13857100002,0", "", "IMP-40"),
    (f"2,{'长' * 201},13857100002,0", "name", "IMP-33"),
    ("2,\u202e张伟,13857100002,0", "name", "PTY-01"),
    ("1,王芳芳,13857100003,0", "", "IMP-36"),
    ("1,王芳,13857100001,12.50", "", "IMP-37"),
])
def test_a_faulty_row_is_explained_and_its_neighbours_go_in(load: Load, people: People, line: str, column: str, code: str) -> None:
    """The fault is told with row, column and code; the rows before and after are in; nothing of the row itself is."""
    done = load(people("1,王芳,13857100001,12.50", line, "3,李娜,13857100009,1"))
    assert done.counts == (3, 2, 0, 0, 1)
    assert (3, column, code) in done.rejects
    with acting(TESTER):
        assert set(Party.objects.values_list("name", flat=True)) == {"王芳", "李娜"}
        assert SourceKey.objects.filter(noun="party").count() == 2
        assert BulkJob.objects.get(id=done.outcome.job_id).state == "done"


def test_all_faults_of_a_row_are_told_at_once(load: Load, people: People) -> None:
    """A user mends a row in one go."""
    done = load(people("1,王芳,nonsense,ten"))
    assert {code for _row, _column, code in done.rejects} >= {"IMP-31"}
    done = load(people("1,,13857100001,ten"))
    assert {code for _row, _column, code in done.rejects} == {"IMP-30", "IMP-31"}


def test_a_corrected_reject_file_goes_in(load: Load, people: People, tmp_path: Path) -> None:
    """The reject file carries the row as it came; corrected, it is loaded as it is, its own columns left aside."""
    done = load(people("1,=HYPERLINK(1),+8613857100001,x", "2,张伟,,0"))
    (file,) = write_rejects(job_id=done.outcome.job_id, to=tmp_path / "people.rejects.csv", by=TESTER)
    text = file.read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert file.stat().st_mode & 0o077 == 0
    file.write_text(text.replace(",x,", ",5.00,", 1), encoding="utf-8-sig")
    assert load(file).counts == (1, 1, 0, 0, 0)
    with acting(TESTER):
        assert Party.objects.filter(name="=HYPERLINK(1)").exists()


def test_a_number_held_elsewhere_rejects_the_whole_row(load: Load, people: People) -> None:
    """A customer number that another source brought is refused by its constraint, also where it cannot be seen."""
    load(people("1,王芳,13857100001,0"))
    near = Actor(name="near", scope=(3302,), org_id=3302, permissions=frozenset({"party.import"}))
    done = load(people("1,李娜,13857100002,0", "9,周洁,13857100003,0"), by=near, org_id=3302, source="other")
    assert done.counts == (2, 1, 0, 0, 1)
    assert done.rejects == [(2, "", "IMP-44")]


def test_a_key_of_another_organisation_is_refused_not_shown(load: Load, people: People) -> None:
    """The same source key loaded for another network is told as held, without a word about whose."""
    load(people("1,王芳,13857100001,0"))
    near = Actor(name="near", scope=(3302,), org_id=3302, permissions=frozenset({"party.import"}))
    done = load(people("1,李娜,13857100002,0"), by=near, org_id=3302)
    assert done.counts == (1, 0, 0, 0, 1)
    assert [code for _row, _column, code in done.rejects] == ["IMP-43"]


def test_scope_and_permission_bind(load: Load, people: People) -> None:
    """Nobody loads rows for a network outside their scope, or without the permission."""
    file = people("1,王芳,,0")
    near = Actor(name="near", scope=(3302,), org_id=3302, permissions=frozenset({"party.import"}))
    with pytest.raises(OrgUnknown):
        load(file, by=near, org_id=3301)
    with pytest.raises(OrgUnknown):
        load(file, org_id=330101)
    with pytest.raises(NotPermitted):
        load(file, by=Actor(name="clerk", scope=(3301,), org_id=3301))
    with pytest.raises(FilesMismatch):
        load(file, file)


def test_rows_may_name_their_organisation(load: Load, people: People) -> None:
    """A column places each row; one outside the tree or the scope is a fault of its row; children follow their owner."""
    mapping = PEOPLE.replace('key = "no"', 'key = "no"\norg = "{net}"', 1)
    head = HEAD.replace("balance", "balance,net")
    done = load(people("1,王芳,13857100001,0,3302", "2,张伟,,0,9999", "3,李娜,,0,x", head=head), mapping=mapping, org_id=None)
    assert done.counts == (3, 1, 0, 0, 2)
    assert {code for _row, _column, code in done.rejects} == {"IMP-48"}
    with acting(TESTER):
        assert {Customer.objects.get().org_id, BillingAccount.objects.get().org_id, Subscriber.objects.get().org_id} == {3302}


def test_later_rows_that_refer_to_a_rejected_one_are_rejected_too(load: Load, people: People) -> None:
    """A household's member does not go in without its head, and says so."""
    head = HEAD.replace("balance", "balance,head")
    done = load(people("1,,,0,", "2,张伟,,0,1", "3,李娜,,0,", "4,周洁,,0,3", head=head), mapping=FAMILIES)
    assert done.counts == (4, 2, 0, 0, 2)
    assert (3, "head", "IMP-35") in done.rejects


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_does_everything_and_keeps_nothing(load: Load, people: People) -> None:
    """Counts, sums and rejects are those of the real run; no record, key or event stays."""
    file = people("1,王芳,13857100001,12.50", "2,张伟,13857100001,0", "3,李娜,,x")
    tried = load(file, dry_run=True)
    assert tried.counts == (3, 1, 0, 0, 2)
    assert tried.outcome.sums["balance"]["loaded"] == "12.50"
    with acting(TESTER):
        assert not Party.objects.exists()
        assert not SourceKey.objects.exists()
    real = load(file)
    assert (real.counts, real.rejects) == (tried.counts, tried.rejects)

"""Changing, renaming, verifying and closing customers; documents, media and addresses; two people at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from tests.factories.party import NOON, TESTER, citizen_number, clerk, company_draft, credit_code, customer, draft
from tests.factories.staff import person, tree
from tongke.areas.party import queries, services
from tongke.areas.party.models import IdentityDocument, NameChange, Party
from tongke.areas.party.services import UNCHANGED, AddressDraft, CustomerChange, DocumentDraft, MediumDraft
from tongke.kernel.actor import NotPermitted, acting
from tongke.kernel.errors import Conflict, NotFound, RulesBroken
from tongke.kernel.models import OutboxEvent, StateChange

pytestmark = pytest.mark.usefixtures("orgs")
LATER = NOON + timedelta(hours=1)


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """Expect exactly these broken rules, in this order."""
    with pytest.raises(RulesBroken) as refusal:
        yield
    assert [b.code for b in refusal.value.broken] == list(codes)


def test_a_change_counts_the_version_and_tells_the_fields() -> None:
    """What differs is written, the event names the fields and never their values."""
    made = customer()
    version = services.change_customer(made.customer_id, CustomerChange(occupation="教师", nationality="CN"), version=1, by=clerk(), at=LATER)
    row = queries.customer(made.customer_id, by=clerk())
    assert (version, row.version, row.occupation, row.changed_at) == (2, 2, "教师", LATER)
    with acting(TESTER):
        payload = OutboxEvent.objects.get(name="party.customer_changed.v1").payload
    assert payload["fields"] == ["occupation"]
    assert "教师" not in str(payload)
    with refused("PTY-27"):
        services.change_customer(made.customer_id, CustomerChange(occupation="教师"), by=clerk(), at=LATER)
    with refused("PTY-04", "PTY-05", "PTY-06", "PTY-13", "PTY-12"):
        services.change_customer(
            made.customer_id, CustomerChange(gender="male", language="fr", nationality="c", birth_on=date(2999, 1, 1)), by=clerk(), at=LATER)


def test_sex_and_birth_stay_those_of_the_card() -> None:
    """A change against the recorded identity card is refused."""
    made = customer()
    with refused("PTY-13", "PTY-12"):
        services.change_customer(made.customer_id, CustomerChange(gender="male", birth_on=date(1991, 1, 1)), by=clerk(), at=LATER)


def test_a_stale_version_is_a_conflict_and_writes_nothing() -> None:
    """Every verb on a customer compares the version that was read."""
    made, by = customer(), clerk()
    services.add_medium(made.customer_id, MediumDraft(kind="email", given="a@b.cn"), version=1, by=by, at=LATER)
    for verb, arguments in (
        (services.change_customer, (CustomerChange(occupation="x"),)), (services.add_medium, (MediumDraft(kind="email", given="c@d.cn"),)),
        (services.add_address, (AddressDraft(full="杭州市文三路1号"),)), (services.add_document, (DocumentDraft(kind="passport", number="E1234567"),)),
    ):
        with pytest.raises(Conflict):
            verb(made.customer_id, *arguments, version=1, by=by, at=LATER)
    assert queries.customer(made.customer_id, by=by).version == 2


@pytest.mark.django_db(transaction=True)
def test_two_edits_at_once_give_one_conflict() -> None:
    """Two clerks save the same version at the same instant: one is taken, the other is told."""
    tree()
    made, start = customer(), threading.Barrier(2)
    answers: list[str] = []

    def edit(occupation: str) -> None:
        try:
            start.wait(120)
            services.change_customer(made.customer_id, CustomerChange(occupation=occupation), version=1, by=clerk(), at=LATER)
            answers.append(occupation)
        except Conflict:
            answers.append("conflict")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=edit, args=(word,)) for word in ("teacher", "nurse")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    taken = [a for a in answers if a != "conflict"]
    assert len(answers) == 2
    assert len(taken) == 1
    row = queries.customer(made.customer_id, by=clerk())
    assert (row.occupation, row.version) == (taken[0], 2)


def test_another_network_cannot_change_what_it_cannot_see() -> None:
    """Out of scope is the same as absent."""
    made = customer()
    with pytest.raises(NotFound):
        services.change_customer(made.customer_id, CustomerChange(occupation="x"), by=clerk(org_id=3302), at=LATER)


def test_a_rename_keeps_both_names_and_the_evidence() -> None:
    """改名: reason, document, before and after; the keys of search follow."""
    made, by = customer(), clerk()
    with refused("PTY-22", "PTY-23", "PTY-24"):
        services.rename_customer(made.customer_id, name="王芳", reason=" ", by=by, at=LATER)
    document = queries.documents_of(made.customer_id, by=by)[0]
    services.rename_customer(made.customer_id, name=" 王芳芳 ", reason="registry", evidence_id=document.id, by=by, at=LATER)
    with acting(TESTER):
        kept = NameChange.objects.get(party_id=made.party_id)
        party = Party.objects.get(id=made.party_id)
    assert (kept.name_before, kept.name_after, kept.evidence_id, kept.changed_by) == ("王芳", "王芳芳", document.id, "limin")
    assert (party.name, party.pinyin_full) == ("王芳芳", "wangfangfang")
    other = customer("李娜")
    with refused("PTY-24"):
        services.rename_customer(other.customer_id, name="李静", reason="x", evidence_id=document.id, by=by, at=LATER)


def test_an_organisation_is_renamed_without_a_personal_document() -> None:
    """A company may change its name with a reason alone."""
    made = services.create_customer(company_draft(), by=clerk(), at=NOON)
    services.rename_customer(made.customer_id, name="浙江蓝海集团有限公司", reason="registry", by=clerk(), at=LATER)
    assert queries.customer(made.customer_id, by=clerk()).name == "浙江蓝海集团有限公司"


def test_level_segment_and_manager() -> None:
    """All three are set together; an unknown manager is refused; who keeps only their own cannot give one away."""
    made, by = customer(), clerk()
    chen = person("chenqiang", org_id=330103, roles=("account_manager",))
    services.set_level(made.customer_id, segment="key_account", level="gold", manager_id=chen.id, by=by, at=LATER)
    row = queries.customer(made.customer_id, by=by)
    assert (row.segment, row.level, row.manager_id) == ("key_account", "gold", chen.id)
    with refused("PTY-28"):
        services.set_level(made.customer_id, manager_id=made.party_id, by=by, at=LATER)
    with refused("PTY-28"):
        services.set_level(made.customer_id, manager_id=None, by=clerk("chenqiang", own_rows_of=chen.id), at=LATER)
    with refused("PTY-27"):
        services.set_level(made.customer_id, manager_id=UNCHANGED, by=by, at=LATER)
    with refused("PTY-04"):
        services.set_level(made.customer_id, level="platinum", by=by, at=LATER)


def test_verifying_a_document_verifies_the_identity() -> None:
    """The first verification moves the party; its history row says how; a later one renews the day."""
    made, by = customer(), clerk()
    with refused("PTY-26"):
        services.validate_party(made.customer_id, by=by, at=LATER)
    document = queries.documents_of(made.customer_id, by=by)[0]
    services.verify_document(made.customer_id, document.id, how="card reader", by=by, at=LATER)
    row = queries.customer(made.customer_id, by=by)
    assert (row.party_state, row.verified_on) == ("validated", LATER.date())
    assert "document_verified" not in row.missing
    with acting(TESTER):
        assert StateChange.objects.get(subject_id=made.party_id).verb == "validate"
    services.validate_party(made.customer_id, by=by, at=LATER + timedelta(days=400))
    assert queries.customer(made.customer_id, by=by).verified_on == (LATER + timedelta(days=400)).date()


def test_a_document_verified_at_once_verifies_the_identity() -> None:
    """Recorded with how it was verified, a document does what verifying it later would."""
    made, by = customer(documents=()), clerk()
    services.add_document(made.customer_id, DocumentDraft(kind="passport", number="E1234567", verification="card reader"), by=by, at=LATER)
    row = queries.customer(made.customer_id, by=by)
    assert (row.party_state, row.verified_on) == ("validated", LATER.date())


def test_documents_are_capped_unique_and_end() -> None:
    """The same number once, five in force at most; an ended one no longer counts."""
    made, by = customer(), clerk()
    for n in range(4):
        last = services.add_document(made.customer_id, DocumentDraft(kind="passport", number=f"E1234567{n}"), by=by, at=LATER)
    with refused("PTY-19", "PTY-20"):
        services.add_document(made.customer_id, DocumentDraft(kind="passport", number="e-12345670"), by=by, at=LATER)
    services.end_document(made.customer_id, last, reason="lost", by=by, at=LATER)
    services.add_document(made.customer_id, DocumentDraft(kind="passport", number="E99999999"), by=by, at=LATER)
    with pytest.raises(NotFound):
        services.end_document(made.customer_id, last, reason="again", by=by, at=LATER)


def test_a_card_fills_birth_and_sex() -> None:
    """An identity card recorded later brings what the record does not know yet."""
    made, by = services.create_customer(draft(documents=()), by=clerk(), at=NOON), clerk()
    services.add_document(made.customer_id, DocumentDraft(kind="resident_id", number=citizen_number(born=date(1988, 2, 29), serial=7)), by=by, at=LATER)
    row = queries.customer(made.customer_id, by=by)
    assert (row.birth, row.gender) == ("1988-02-29", "male")
    with refused("PTY-16"):
        services.add_document(made.customer_id, DocumentDraft(kind="business_licence", number=credit_code()), by=by, at=LATER)


def test_numbers_are_stored_sealed_only() -> None:
    """No column of the document holds the number, and the audit trail neither."""
    number = citizen_number(serial=21)
    customer(documents=(DocumentDraft(kind="resident_id", number=number),))
    with acting(TESTER):
        row = IdentityDocument.objects.values().get()
    assert all(number not in str(bytes(value) if isinstance(value, memoryview) else value) for value in row.values())


def test_a_number_is_anothers_after_its_end() -> None:
    """Phones are recycled: each holder has their own time; the same person may take it back."""
    one, two, by = customer(media=()), customer("李娜", media=()), clerk()
    phone = MediumDraft(kind="mobile", given="13857109999", preferred=True)
    medium = services.add_medium(one.customer_id, phone, by=by, at=NOON)
    with refused("PTY-32"):
        services.add_medium(one.customer_id, phone, by=by, at=LATER)
    services.end_medium(one.customer_id, medium, valid_until=LATER, by=by, at=LATER)
    services.add_medium(two.customer_id, phone, by=by, at=LATER)
    first, second = queries.media_of(one.customer_id, by=by)[0], queries.media_of(two.customer_id, by=by)[0]
    assert (first.value, first.valid_until) == (second.value, second.valid_from)
    assert not first.preferred
    with refused("PTY-33"):
        services.end_medium(two.customer_id, second.id, valid_until=NOON, by=by, at=LATER)


def test_one_medium_of_a_kind_is_preferred() -> None:
    """Preferring one takes the preference from the one before."""
    made, by = customer(), clerk()
    second = services.add_medium(made.customer_id, MediumDraft(kind="mobile", given="13857108888", preferred=True), by=by, at=LATER)
    assert [m.id for m in queries.media_of(made.customer_id, by=by) if m.preferred] == [second]
    first = next(m.id for m in queries.media_of(made.customer_id, by=by) if m.id != second)
    services.prefer_medium(made.customer_id, first, by=by, at=LATER)
    assert [m.id for m in queries.media_of(made.customer_id, by=by) if m.preferred] == [first]


def test_an_address_ends_where_the_next_begins() -> None:
    """A change keeps the address before, with its time."""
    made, by = customer(), clerk()
    before = queries.addresses_of(made.customer_id, by=by)[0]
    services.change_address(made.customer_id, before.id, AddressDraft(full="浙江省杭州市拱墅区体育场路100号"), by=by, at=LATER)
    now, ended = queries.addresses_of(made.customer_id, by=by)
    assert (now.district, ended.id, ended.valid_until, now.valid_from) == ("拱墅区", before.id, LATER, LATER)
    with pytest.raises(NotFound):
        services.end_address(made.customer_id, before.id, by=by, at=LATER)


def test_closed_and_deceased_records_stay_as_they_are() -> None:
    """After the end nothing changes any more; organisations do not die."""
    made, firm, by = customer(), services.create_customer(company_draft(), by=clerk(), at=NOON), clerk()
    with refused("PTY-25", "PTY-23"):
        services.record_death(firm.customer_id, reason="", by=by, at=LATER)
    services.record_death(made.customer_id, reason="certificate", by=by, at=LATER)
    services.close_customer(firm.customer_id, reason="bankrupt", by=by, at=LATER)
    row = queries.customer(firm.customer_id, by=by)
    assert (row.party_state, row.state, row.left_on) == ("closed", "left", LATER.date())
    for key in (made.customer_id, firm.customer_id):
        with refused("PTY-09"):
            services.add_medium(key, MediumDraft(kind="email", given="a@b.cn"), by=by, at=LATER)


def test_history_masks_for_whoever_may_not_read() -> None:
    """The trail shows every change, masked by the reader's own rights."""
    made, by = customer(media=(MediumDraft(kind="mobile", given="13857100001"),)), clerk()
    services.change_customer(made.customer_id, CustomerChange(occupation="教师"), by=by, at=LATER)
    far = datetime(9999, 1, 1, tzinfo=UTC)
    plain = str(queries.customer_history(made.customer_id, before=far, by=clerk(permissions=["party.view"])))
    clear = str(queries.customer_history(made.customer_id, before=far, by=clerk()))
    assert "教师" in plain
    assert "王芳" not in plain
    assert "13857100001" not in plain
    assert "文三路" not in plain
    assert "王芳" in clear
    assert "13857100001" in clear
    with pytest.raises(NotFound):
        queries.customer_history(made.customer_id, before=far, by=clerk(org_id=3302))


@pytest.mark.parametrize(("verb", "arguments"), [
    (services.change_customer, {"change": CustomerChange(occupation="x")}), (services.rename_customer, {"name": "x", "reason": "x"}),
    (services.close_customer, {"reason": "x"}), (services.record_death, {"reason": "x"}), (services.validate_party, {}),
    (services.add_document, {"draft": DocumentDraft(kind="passport", number="E1234567")}),
])
def test_each_verb_asks_for_its_permission(verb: Any, arguments: dict[str, Any]) -> None:
    """Seeing a customer is not changing it."""
    with pytest.raises(NotPermitted):
        verb(customer().customer_id, **arguments, by=clerk(permissions=["party.view"]), at=LATER)

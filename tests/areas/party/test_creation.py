"""Creating customers: what is written, what is refused, what a repeated call gives."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.party import NOON, TESTER, citizen_number, clerk, company_draft, customer, draft
from tests.factories.staff import person, tree
from tongke.areas.party import queries, services
from tongke.areas.party.errors import NumberTaken
from tongke.areas.party.models import Consent, ContactMedium, Customer, IdentityDocument, Party, PostalAddress
from tongke.areas.party.policy import policy_at
from tongke.areas.party.services import AddressDraft, ConsentDraft, CustomerDraft, DocumentDraft, MediumDraft, rows
from tongke.kernel.actor import NotPermitted, acting
from tongke.kernel.errors import NotFound, RulesBroken
from tongke.kernel.idempotency import KeyReused
from tongke.kernel.ids import uuid7
from tongke.kernel.models import OutboxEvent
from tongke.kernel.sealing import unseal

pytestmark = pytest.mark.usefixtures("orgs")


def codes(refusal: pytest.ExceptionInfo[RulesBroken]) -> list[str]:
    """The codes of the broken rules, in order."""
    return [b.code for b in refusal.value.broken]


def audit(cursor: Any, row_id: object) -> list[tuple[str, str]]:
    """Table and operation of every audit row about one row."""
    cursor.execute("SELECT table_name, op FROM kernel_audit_row WHERE row_id = %s ORDER BY at, ordinal", [str(row_id)])
    return list(cursor.fetchall())


def test_a_whole_customer_is_written_with_audit_and_event(as_owner: Any) -> None:
    """Every table has its row, every row its audit, and one event tells of it."""
    number = citizen_number(born=date(1990, 5, 17), serial=124)
    by = clerk()
    made = services.create_customer(draft(documents=(DocumentDraft(kind="resident_id", number=number),)), by=by, at=NOON)
    with acting(TESTER):
        party = Party.objects.get(id=made.party_id)
        assert (party.name, party.name_key, party.pinyin_full, party.pinyin_initials) == ("王芳", "王芳", "wangfang", "wf")
        assert (party.birth_on, party.gender) == (date(1990, 5, 17), "female")
        row = Customer.objects.get(id=made.customer_id)
        assert (row.org_id, row.state, row.customer_no, row.credit_class, row.since_on) == (3301, "active", made.customer_no, "C", NOON.date())
        document = IdentityDocument.objects.get(party=party)
        assert unseal(document.number_cipher, field="party.document") == number
        assert number not in document.number_masked
        assert document.number_masked.startswith("3301")
        assert ContactMedium.objects.get(party=party).value.startswith("+861385710")
        assert PostalAddress.objects.get(party=party).street_key.startswith("文三路388号")
        assert Consent.objects.get(party=party).state == "granted"
        event = OutboxEvent.objects.get(name="party.customer_created.v1", customer_id=made.customer_id)
        assert "王芳" not in str(event.payload)
    with as_owner() as cursor:
        assert audit(cursor, made.customer_id) == [("party_customer", "I")]
        assert audit(cursor, made.party_id) == [("party_party", "I")]
        assert audit(cursor, document.id) == [("party_identity_document", "I")]


def test_completeness_is_the_same_as_worked_out_by_the_database() -> None:
    """The score of a new record and the set-based score of the saved one agree."""
    by = clerk()
    made = [
        services.create_customer(d, by=by, at=NOON) for d in (
            draft(), draft(documents=(), media=(), addresses=(), consents=()), company_draft(),
            draft(documents=(DocumentDraft(kind="passport", number="E12345678", verification="reader"),)),
            draft(media=(MediumDraft(kind="email", given="a@b.cn"),)),
        )
    ]
    with acting(by):
        before = {p.id: (p.completeness, p.missing) for p in Party.objects.filter(id__in=[m.party_id for m in made])}
    assert services.settle_completeness(party_ids=[m.party_id for m in made], by=by, at=NOON) == 0
    assert len({score for score, _missing in before.values()}) > 2
    with acting(by):
        Party.objects.filter(id__in=before).update(completeness=0, missing=[])
    assert services.settle_completeness(by=by, at=NOON) == len(made)
    with acting(by):
        assert {p.id: (p.completeness, p.missing) for p in Party.objects.filter(id__in=before)} == before


def test_every_broken_rule_is_returned_at_once() -> None:
    """A form full of mistakes is answered with all of them, and nothing is written."""
    bad = CustomerDraft(
        name=" ", org_id=3302, nationality="cn", birth_on=date(2999, 1, 1), state="left",
        documents=(DocumentDraft(kind="resident_id", number="123"),),
        media=(MediumDraft(kind="mobile", given="1"), MediumDraft(kind="wechat", given="wang_fang01")),
        addresses=(AddressDraft(full=""),),
    )
    with pytest.raises(RulesBroken) as refusal:
        services.create_customer(bad, by=clerk(), at=NOON)
    assert codes(refusal) == ["PTY-01", "PTY-05", "PTY-06", "PTY-08", "PTY-10", "PTY-30", "PTY-31", "PTY-44", "PTY-02"]
    with acting(TESTER):
        assert not Customer.objects.exists()


@pytest.mark.parametrize(("org_id", "broken"), [(330101, ["PTY-03"]), (999, ["PTY-03"])])
def test_pty_03_units_and_unknown_organisations_keep_no_customers(org_id: int, broken: list[str]) -> None:
    """Even who sees the whole operator cannot put a customer into a unit."""
    with pytest.raises(RulesBroken) as refusal:
        services.create_customer(draft(org_id=org_id), by=TESTER, at=NOON)
    assert codes(refusal) == broken


def test_pty_21_the_cap_counts_records_of_other_networks_too() -> None:
    """Five records may stand on one document in the whole operator; the sixth is refused, whoever asks."""
    document = (DocumentDraft(kind="passport", number="E11111111"),)
    for i in range(5):
        customer(by=clerk(org_id=3301 if i % 2 else 3302), documents=document)
    with pytest.raises(RulesBroken) as refusal:
        customer(by=clerk(org_id=3301), documents=document)
    assert codes(refusal) == ["PTY-21"]


@pytest.mark.django_db(transaction=True)
def test_pty_21_holds_against_writers_at_the_same_instant() -> None:
    """Ten clerks at once record the same passport: five records stand, five are refused."""
    tree()
    document = (DocumentDraft(kind="passport", number="E77777777"),)

    def write(_i: int) -> str:
        try:
            customer(documents=document, media=())
        except RulesBroken as refusal:
            return str(refusal.broken[0].code)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(10) as threads:
        answers = sorted(threads.map(write, range(10)))
    assert answers == ["PTY-21"] * 5 + ["done"] * 5


def test_a_verified_document_takes_the_right_to_verify() -> None:
    """Who may not verify cannot bring a document in as verified."""
    by = clerk(permissions=["party.create", "party.change", "party.view"])
    shown = DocumentDraft(kind="passport", number="E12312312", verification="reader")
    with pytest.raises(NotPermitted):
        services.create_customer(draft(documents=(shown,)), by=by, at=NOON)
    made = services.create_customer(draft(), by=by, at=NOON)
    with pytest.raises(NotPermitted):
        services.add_document(made.customer_id, shown, by=by, at=NOON)


hostile = st.text(max_size=50) | st.sampled_from(["\x00", "\ud800", "'; DROP TABLE party_party; --", "=cmd|' /C calc'!A0", "٣٣٠١٠٦", "\u202e", "𠮷" * 70])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_text_whatever_gets_further_than_a_refusal(data: st.DataObject) -> None:
    """Whatever is typed into any field is stored as it is or refused by name; never a fault."""
    text = data.draw(st.lists(hostile, min_size=14, max_size=14))
    request = CustomerDraft(
        name=text[0], occupation=text[1], industry=text[2], nationality=data.draw(st.sampled_from(["CN", text[3]])),
        documents=(DocumentDraft(kind=data.draw(st.sampled_from(["passport", "other", "military_id", text[4]])), number=text[5], issuer=text[6]),),
        media=(MediumDraft(kind=data.draw(st.sampled_from(["email", "web_id", "wechat", "mobile", text[7]])), given=text[8], consent=text[9]),),
        addresses=(AddressDraft(full=text[10], district=text[11]),),
        consents=(ConsentDraft(purpose="survey", state="granted", source=text[12], evidence=text[13]),),
        characteristics={"note": text[1]},
    )
    try:
        with transaction.atomic():
            made = services.create_customer(request, by=clerk(), at=NOON)
    except RulesBroken as refusal:
        assert refusal.broken  # noqa: PT017 - both ways are asserted
    else:
        assert queries.customer(made.customer_id, by=clerk()).name == text[0].strip()


def test_a_number_of_ones_own_is_taken_once() -> None:
    """A customer may come with its printed number; the same number again is refused by name."""
    customer(customer_no="A-1")
    with pytest.raises(NumberTaken), transaction.atomic():
        customer(customer_no="A-1")


def test_permission_comes_first() -> None:
    """Without the permission nothing is looked at."""
    with pytest.raises(NotPermitted):
        services.create_customer(draft(""), by=clerk(permissions=["party.view"]), at=NOON)


def test_a_manager_of_own_customers_keeps_what_they_create() -> None:
    """Who sees only their own customers creates them for themselves, and sees them."""
    manager = person("chenqiang", org_id=330103, roles=("account_manager",))
    by = clerk("chenqiang", own_rows_of=manager.id)
    made = services.create_customer(company_draft(), by=by, at=NOON)
    assert queries.customer(made.customer_id, by=by).manager_id == manager.id


def test_the_same_key_gives_the_same_customer() -> None:
    """A repeated call answers as the first did; another request under the key is refused."""
    by, request = clerk(), draft()
    one = services.create_customer(request, idempotency_key="form-1", by=by, at=NOON)
    assert services.create_customer(request, idempotency_key="form-1", by=by, at=NOON) == one
    with acting(by):
        assert Customer.objects.count() == 1
    with pytest.raises(KeyReused):
        services.create_customer(draft("李娜"), idempotency_key="form-1", by=by, at=NOON)


@pytest.mark.django_db(transaction=True)
def test_eight_threads_with_one_key_make_one_customer() -> None:
    """A form sent eight times at once makes one customer, and every sender is told the same number."""
    tree()
    by, request = clerk(), draft()

    def send(_i: int) -> str:
        try:
            return services.create_customer(request, idempotency_key="burst", by=by, at=NOON).customer_no
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        numbers = set(threads.map(send, range(8)))
    assert len(numbers) == 1
    with acting(by):
        assert Customer.objects.count() == 1


def test_online_identity_comes_with_its_consent() -> None:
    """A WeChat identity is attached with the consent that allows to join it to the record (A13)."""
    made = customer(media=(MediumDraft(kind="wechat", given="wang_fang01", consent="form 12, signed"),))
    found = [c for c in queries.consents_of(made.customer_id, by=clerk()) if c.purpose == "profiling"]
    assert [(c.channel, c.state, c.evidence) for c in found] == [("app", "granted", "form 12, signed")]


def test_what_the_actor_may_not_read_comes_masked() -> None:
    """The reads mask by the actor's own rights; another network's clerk finds nothing."""
    made = customer(media=(MediumDraft(kind="mobile", given="13857100001"),))
    plain = clerk(permissions=["party.view"])
    row = queries.customer(made.customer_id, by=plain)
    assert (row.name, queries.media_of(made.customer_id, by=plain)[0].value) == ("王*", "+86138****0001")
    assert "文三路" not in queries.addresses_of(made.customer_id, by=plain)[0].full
    clear = queries.media_of(made.customer_id, by=clerk())[0].value
    assert clear == "+8613857100001"
    with pytest.raises(NotFound):
        queries.customer(made.customer_id, by=clerk(org_id=3302))


def test_the_statement_writes_every_column() -> None:
    """A column that a migration adds must be thought of in the rows: none may be left to chance."""
    with acting(TESTER):
        policy = policy_at(NOON)
    place: dict[str, Any] = {"party_id": uuid7(), "org_id": 3301, "at": NOON}
    made = draft()
    written = {
        "party_party": rows.party_row(made, policy=policy, on=NOON.date(), **place),
        "party_customer": rows.customer_row(made, customer_id=uuid7(), manager_id=None, policy=policy, on=NOON.date(), **place),
        "party_identity_document": rows.document_row(made.documents[0], policy=policy, **place),
        "party_contact_medium": rows.medium_row(made.media[0], **place),
        "party_postal_address": rows.address_row(made.addresses[0], **place),
        "party_consent": rows.consent_row(made.consents[0], **place),
    }
    for table, row in written.items():
        with connection.cursor() as cursor:
            columns = {c.name for c in connection.introspection.get_table_description(cursor, table)}
        assert set(row) == columns, table

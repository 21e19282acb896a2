"""The reads before Django's handler answer exactly as Django does, and leave to it whatever is unusual."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.factories import accounts, party, staff
from tests.plugins.site import Site
from tongke.areas.contact_centre.services.merging import merge_customers
from tongke.areas.inventory.models import Subscriber
from tongke.areas.party.models import ContactMedium, Customer, Party
from tongke.areas.party.services import MediumDraft
from tongke.areas.staff.models import Look
from tongke.kernel.actor import acting, system_actor
from tongke.web.hot.reads import wanted

SYSTEM = system_actor("test")


def ask(site: Site, path: str, key: str = "", **headers: str) -> tuple[int, dict[str, str], Any]:
    """Return status, headers and JSON of an answer of the real server."""
    request = urllib.request.Request(site.url + path, headers={"Cookie": f"tongke_session={key}", "Accept": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=240) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, json.load(answer)
    except urllib.error.HTTPError as fault:
        return fault.code, {k.lower(): v for k, v in fault.headers.items()}, json.load(fault)


@pytest.mark.django_db(transaction=True)
def test_hot_answers_equal_those_of_django(site: Site) -> None:
    key = staff.session_key(staff.person(roles=("clerk",)))
    made = party.customer("王芳", media=(MediumDraft(kind="mobile", given="13857100001"),))
    for path in (f"/api/customers/{made.customer_id}", f"/api/customers/{made.customer_id}/360"):
        hot = ask(site, path, key)
        cold = ask(site, f"{path}?by=django", key)
        assert hot[0] == cold[0] == 200
        assert hot[2] == cold[2]
        assert hot[1]["cache-control"] == cold[1]["cache-control"] == "no-store"
        for name in ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy", "content-type"):
            assert hot[1][name] == cold[1][name]
    assert ask(site, "/api/customers?phone=13857100001", key)[2]["customer_no"] == made.customer_no


@pytest.mark.django_db(transaction=True)
def test_what_is_no_plain_success_gets_django_s_answer(site: Site) -> None:
    key = staff.session_key(staff.person(roles=("clerk",)))
    ningbo = staff.session_key(staff.person(org_id=330201, roles=("clerk",)))
    auditor = staff.session_key(staff.person(org_id=1, roles=("auditor",)))
    made = party.customer("王芳")
    path = f"/api/customers/{made.customer_id}"
    assert ask(site, path)[0] == 401
    assert ask(site, path, "forged")[0] == 401
    assert ask(site, path, auditor)[0] in {401, 403}
    status, _headers, body = ask(site, path, ningbo)
    assert (status, body["code"]) == (404, "GEN-04")
    assert ask(site, "/api/customers/00000000-0000-0000-0000-000000000000", key)[2] == body
    assert ask(site, "/api/customers/not-a-key", key)[0] == 404
    assert ask(site, "/api/customers?phone=%27%20OR%201", key)[0] == 400


@pytest.mark.parametrize(("path", "query", "kind"), [
    ("/api/customers/01941f29-7c05-7526-b26b-af8b18c6149f", "", "get"), ("/api/customers/01941f29-7c05-7526-b26b-af8b18c6149f/360", "", "360"),
    ("/api/customers", "phone=13857100001", "get"), ("/api/customers", "phone=%2B8613857100001", "get"),
])
def test_three_forms_are_ours(path: str, query: str, kind: str) -> None:
    found = wanted(path, query)
    assert found is not None
    assert found[0] == kind


@pytest.mark.parametrize(("path", "query"), [
    ("/api/customers/01941f29-7c05-7526-b26b-af8b18c6149g", ""), ("/api/customers/x", ""), ("/api/customers", ""), ("/api/customers", "phone="),
    ("/api/customers", "phone=" + "1" * 500), ("/api/customers/01941f29-7c05-7526-b26b-af8b18c6149f/edit", ""),
    ("/api/customers/01941f29-7c05-7526-b26b-af8b18c6149f", "a=b"), ("/api/customers", "&".join(f"phone={n}" for n in range(50))),
])
def test_everything_else_is_left_to_django(path: str, query: str) -> None:
    assert wanted(path, query) is None


def whose(site: Site, number: str, key: str) -> str:
    """Whose number this is, as both ways of answering say."""
    hot = ask(site, f"/api/customers?phone={number}", key)
    assert hot[0] == 200, number
    assert hot == (200, hot[1], ask(site, f"/api/customers?phone={number}&by=django", key)[2])
    return str(hot[2]["id"])


def named(name: str, *numbers: str) -> Customer:
    """A validated customer whom these numbers reach, as ways of contact only."""
    made = party.customer(name, media=tuple(MediumDraft(kind="mobile", given=n, preferred=n == numbers[0]) for n in numbers))
    with acting(SYSTEM):
        Party.objects.filter(id=made.party_id).update(state="validated")
        return Customer.objects.get(id=made.customer_id)


@pytest.mark.django_db(transaction=True)
def test_a_number_leads_to_who_has_it_now(site: Site) -> None:
    """Ways of contact, absorbed records, recycled numbers: whom a line that has ended once served comes last."""
    key = staff.session_key(staff.person(org_id=3301, roles=("steward",)))
    customer = named("王芳", "13857100041")
    assert whose(site, "13857100041", key) == str(customer.id)
    with acting(SYSTEM):
        assert {look.customer_id for look in Look.objects.all()} == {customer.id}

    survivor, absorbed = named("张伟", "13857100042"), named("张玮", "13857100043", "13857100042")
    lines = [accounts.line(absorbed, accounts.account(absorbed), number=f"+861385710004{n}") for n in (4, 5)]
    merge_customers(survivor_id=survivor.party_id, absorbed_id=absorbed.party_id, reason="同一人", by=SYSTEM, at=accounts.NOON)
    with acting(SYSTEM):  # as if one had been forgotten
        Subscriber.objects.filter(id=lines[1]).update(customer=absorbed)
    for number in ("13857100042", "13857100043", "13857100044", "13857100045"):
        assert whose(site, number, key) == str(survivor.id), number
    with acting(SYSTEM):
        assert {look.customer_id for look in Look.objects.all()} == {customer.id, survivor.id}

    present = named("刘洋", "13857100049")
    line_id = accounts.line(customer, accounts.account(customer), number="+8613857100049")
    with acting(SYSTEM):
        Subscriber.objects.filter(id=line_id).update(state="terminated", ended_on=accounts.NOON.date())
    assert whose(site, "13857100049", key) == str(present.id)
    with acting(SYSTEM):
        ContactMedium.objects.filter(party_id=present.party_id).update(valid_until=accounts.NOON, preferred=False)
    assert whose(site, "13857100049", key) == str(customer.id)

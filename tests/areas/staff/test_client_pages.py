"""The pages of machine clients: for whom they open, and that a secret is shown once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import clients
from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.kernel import clock
from tongke.kernel.actor import acting

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/clients"
FORM = {"name": "shop", "purpose": "Web shop", "org_id": "3301", "roles": ["reader"], "scopes": "party:read", "networks": "", "per_minute": "60",
        "valid_until": "", "reason": ""}


def _admin() -> Client:
    make.tree()
    make.role("reader", "party.view", "account.view")
    return make.signed_in_at(1, "administrator", name="何伟", name_en="He Wei")


def _secret_in(answer: Any) -> str:
    found = re.search(r"tks_[\w-]{43}", answer.content.decode())
    return found[0] if found else ""


def _named(name: str) -> Any:
    with acting(make.TESTER):
        return queries.client_by_name(name=name, by=make.TESTER)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_open(language: str) -> None:
    browser = _admin()
    new = clients.client(org_id=3301, name="listed")
    for address in ("", "/new", f"/{new.client.id}", f"/{new.client.id}/limits", f"/{new.client.id}/roles"):
        answer = browser.get(ADDRESS + address, headers={"Accept-Language": language})
        assert answer.status_code == 200, address
        assert not _secret_in(answer)
    assert "listed" in browser.get(ADDRESS).content.decode()


def test_they_stay_closed_without_the_permission() -> None:
    new = clients.client(org_id=3301)
    clerk = make.signed_in_at(330101, "clerk")
    viewer_role = make.role("viewer", "integration.view")
    viewer = make.signed_in_at(3301, viewer_role.code)
    for address in ("", "/new", f"/{new.client.id}", f"/{new.client.id}/limits", f"/{new.client.id}/roles"):
        assert clerk.get(ADDRESS + address).status_code == 403, address
    assert viewer.get(f"{ADDRESS}/{new.client.id}").status_code == 200
    assert viewer.get(f"{ADDRESS}/new").status_code == 403
    for step in ("overlap", "now", "end"):
        assert viewer.post(f"{ADDRESS}/{new.client.id}", {"step": step}).status_code == 403


def test_clients_of_another_branch_are_not_there() -> None:
    new = clients.client(org_id=3301, name="hangzhou-billing")
    make.role("interfaces", "integration.clients", "integration.view")
    nanjing = make.signed_in_at(3201, "interfaces")
    assert "hangzhou-billing" not in nanjing.get(ADDRESS).content.decode()
    for address in ("", "/limits", "/roles"):
        assert nanjing.get(f"{ADDRESS}/{new.client.id}{address}").status_code == 404
    assert nanjing.post(f"{ADDRESS}/{new.client.id}", {"step": "end"}).status_code == 404


def test_registering_shows_the_secret_once() -> None:
    browser = _admin()
    answer = browser.post(f"{ADDRESS}/new", FORM)
    secret = _secret_in(answer)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    client = _named("shop")
    assert services.identify_client(client_id=str(client.id), secret=secret, source=clients.HERE, by=clients.ENDPOINT, at=clock.now()) == client.id
    assert not _secret_in(browser.get(f"{ADDRESS}/{client.id}"))
    again = browser.post(f"{ADDRESS}/new", FORM)
    assert again.status_code == 422
    assert "SEC-51" in again.content.decode()


def test_sensitive_roles_lead_to_a_request_for_approval() -> None:
    browser = _admin()
    answer = browser.post(f"{ADDRESS}/new", {**FORM, "roles": ["integrator"], "reason": "Web shop"})
    assert "/approvals/" in answer.content.decode()
    assert _named("shop").roles == []


def test_what_is_wrong_stands_beside_its_field() -> None:
    answer = _admin().post(f"{ADDRESS}/new", {**FORM, "name": "Web Shop!", "networks": "10.0.0.0/99"})
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "SEC-52" in body
    assert 'value="10.0.0.0/99"' in body


def test_a_new_secret_and_the_end() -> None:
    browser = _admin()
    new = clients.client(org_id=3301, name="renewed")
    token = clients.token_of(new)
    answer = browser.post(f"{ADDRESS}/{new.client.id}", {"step": "overlap"})
    assert _secret_in(answer) not in {"", new.secret}
    assert queries.actor_of_token(token, at=clock.now()) is not None
    answer = browser.post(f"{ADDRESS}/{new.client.id}", {"step": "now"})
    assert _secret_in(answer)
    assert queries.actor_of_token(token, at=clock.now()) is None
    assert browser.post(f"{ADDRESS}/{new.client.id}", {"step": "nonsense"}).status_code == 404
    assert browser.post(f"{ADDRESS}/{new.client.id}", {"step": "end"}).status_code == 302
    assert _named("renewed").valid_until is not None


def test_limits_and_roles_are_changed() -> None:
    browser = _admin()
    new = clients.client("reader", org_id=3301, name="narrowed")
    answer = browser.post(f"{ADDRESS}/{new.client.id}/limits", {"scopes": "party.view", "networks": "10.0.0.0/8, 127.0.0.1", "per_minute": "7", "valid_until": "2099-12-31"})
    assert answer.status_code == 302
    kept = _named("narrowed")
    assert (kept.scopes, kept.networks, kept.per_minute) == (["party.view"], ["10.0.0.0/8", "127.0.0.1/32"], 7)
    make.role("other", "party.view")
    assert browser.post(f"{ADDRESS}/{new.client.id}/roles", {"roles": ["other"], "reason": "less"}).status_code == 302
    assert _named("narrowed").roles == ["other"]

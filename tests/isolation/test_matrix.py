"""Roles x organisations x records x addresses: an actor of Ningbo never finds what stands in Hangzhou or Nanjing.

Once as the house is, and once with every filter of the queries taken away, so that row-level security stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from tests.factories import staff as make
from tests.isolation.addresses import Address, addresses
from tests.isolation.planting import Planted
from tongke.areas.staff import queries
from tongke.areas.staff.services.roles import SEEDS
from tongke.kernel.actor import Actor
from tongke.kernel.ids import uuid7
from tongke.web import session
from tongke.web.session import view_facts

FOREIGN = (3301, 3201)
FIELDS = ("q", "phone", "name", "number", "id_number", "customer", "customer_no", "address", "row_id", "search", "actor", "key")
EXPORTS = ("", "export=csv", "export=xlsx")
# Everything at once takes minutes: every so-manieth address is asked by a test of its own, so that processes share the work.
SHARES = 8
shared = pytest.mark.parametrize("share", range(SHARES))


class Unfiltered(Actor):
    """An actor whom the queries take for one of the whole operator, while the database still enforces the true scope."""

    @property
    def database_settings(self) -> tuple[str, str, str, str]:
        """The settings of the actor as it really is."""
        return (self.extra["true_name"], self.extra["true_scope"], self.extra["true_own"], self.extra["true_clear"])


def unfiltered(actor: Actor) -> Actor:
    """Take the scope out of Python's sight and leave it in the database's."""
    name, scope, own, clear = actor.database_settings
    extra = {**actor.extra, "true_name": name, "true_scope": scope, "true_own": own, "true_clear": clear}
    values = {f: getattr(actor, f) for f in Actor.__dataclass_fields__}
    return Unfiltered(**{**values, "scope": None, "own_rows_of": None, "extra": extra})


def text_of(answer: Any) -> str:
    """Everything that an answer says: headers and body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{dict(answer.headers)}\n{body.decode('utf-8', 'replace')}"


def seen(text: str, one: Planted, *, asked: str = "") -> list[str]:
    """Return the kinds of markers of ``one`` that stand in ``text``, apart from the one that was asked for."""
    return [kind for kind, ways in one.markers.items() if kind != asked and any(way in text or str(escape(way)) in text for way in ways)]


def values_of(one: Planted) -> dict[str, list[Any]]:
    """Parameters that point at a planted record, by the parameter's name or kind."""
    every = [key for table, keys in one.ids.items() if table != "kernel_audit_row" for key in keys[:1]]
    return {
        "customer_id": [one.customer_id], "party_id": [one.party_id], "uuid": every, "int": [one.org_id], "key": one.ids["kernel_audit_row"],
        "str": ["clerk"], "slug": ["x"], "path": ["x"],
    }


def points_at_a_record(address: Address) -> bool:
    """Tell whether an address names one record, so that a stranger's key must look absent."""
    return any(kind == "uuid" or name == "key" for name, kind in address.parameters)


def questions(address: Address, one: Planted, *, thorough: bool) -> Iterator[tuple[str, str, str]]:
    """Yield method, path and the kind of marker asked for, of everything that one may ask an address about ``one``."""
    if address.parameters:
        for path in address.paths(values_of(one)):
            for method in sorted(address.methods):
                yield method, path, ""
        return
    if "get" not in address.methods:
        return
    path = f"/{address.route}"
    for extra in EXPORTS if getattr(address.view_class, "export", None) is not None else EXPORTS[:1]:
        yield "get", f"{path}?{extra}".rstrip("?"), ""
    for kind, words in one.searches.items():
        if thorough or (kind in {"name", "phone"} and "search" in path):
            yield "get", f"{path}?{'&'.join(f'{field}={words}' for field in FIELDS)}", kind


def status_of_nothing(client: Client, address: Address, method: str) -> int:
    """The answer to a key that nobody has: what belongs to others must look the same."""
    values = {"uuid": [uuid7()], "int": [99999], "key": ["2026-01-01T00:00:00+00:00~1~1~1"], "str": ["clerk"], "slug": ["x"], "path": ["x"]}
    (path,) = address.paths(values)
    status: int = getattr(client, method)(path).status_code
    return status


def addresses_of(share: int) -> list[Address]:
    """Every so-manieth address, those of many keys dealt out first; all shares together are all addresses."""
    dealt = sorted(addresses(), key=lambda address: (-len(address.parameters), address.route))
    return dealt[share::SHARES]


def leaks_for(
    client: Client, planted: dict[int, Planted], asked_for: list[Address], *, thorough: bool = True,
) -> tuple[list[Any], list[Any]]:
    """Ask everything about the foreign records; return the leaks and the faults."""
    leaks: list[Any] = []
    faults: list[Any] = []
    for address in asked_for:
        if view_facts(address.view)[0]:
            continue
        nothing = {m: status_of_nothing(client, address, m) for m in address.methods} if points_at_a_record(address) else {}
        for org_id in FOREIGN if thorough else FOREIGN[:1]:
            one = planted[org_id]
            for method, path, asked in questions(address, one, thorough=thorough):
                answer = getattr(client, method)(path, **({"data": {"purpose": "核对身份"}} if method == "post" else {}))
                found = seen(text_of(answer), one, asked=asked)
                if method == "get" and answer.status_code != nothing.get(method, answer.status_code):
                    found.append(f"{answer.status_code} instead of {nothing[method]}")
                if found:
                    leaks.append((method, path, answer.status_code, found))
                if answer.status_code >= 500:
                    faults.append((method, path, answer.status_code))
    return leaks, faults


def client_of(org_id: int, *roles: str, **more: Any) -> Client:
    """A signed-in browser that reports faults as answers, as the real server does."""
    client = make.signed_in_at(org_id, *roles, **more)
    client.raise_request_exception = False
    return client


def few(planted: dict[int, Planted]) -> dict[int, Planted]:
    """The same records with the keys of customer, approval and trail only."""
    kept = {"party_customer", "kernel_audit_row", "staff_approval"}
    return {org_id: replace(one, ids={t: k[:1] for t, k in one.ids.items() if t in kept}) for org_id, one in planted.items()}


@shared
def test_whoever_may_do_everything_in_ningbo_finds_nothing_of_others(planted: dict[int, Planted], quiet: None, share: int) -> None:
    leaks, faults = leaks_for(client_of(3302, "everything", name="赵磊"), planted, addresses_of(share))
    assert leaks == []
    assert faults == []


def test_a_hall_sees_no_further_than_its_local_network(planted: dict[int, Planted], quiet: None) -> None:
    leaks, _faults = leaks_for(client_of(330201, "everything", name="赵磊"), few(planted), addresses(), thorough=False)
    assert leaks == []


@pytest.mark.parametrize("role", [seed[0] for seed in SEEDS])
def test_no_role_of_ningbo_finds_anything_of_others(planted: dict[int, Planted], quiet: None, role: str) -> None:
    client = client_of(3302, role, name="赵磊", own_rows_only=role == "account_manager")
    leaks, _faults = leaks_for(client, few(planted), addresses(), thorough=False)
    assert leaks == []


@shared
def test_row_level_security_alone_suffices(planted: dict[int, Planted], monkeypatch: pytest.MonkeyPatch, quiet: None, share: int) -> None:
    true = queries.actor_of_session

    def blind(key: str, *, at: Any) -> Actor:
        actor = true(key, at=at)
        return unfiltered(actor) if actor.kind == "staff" else actor

    monkeypatch.setattr(session.queries, "actor_of_session", blind)
    leaks, _faults = leaks_for(client_of(3302, "everything", name="赵磊"), planted, addresses_of(share))
    assert leaks == []


def test_the_markers_are_there_for_whom_they_are_meant(planted: dict[int, Planted]) -> None:
    """Without this, an empty page would pass for a safe one."""
    one = planted[3301]
    client = client_of(3301, "everything", name="李敏")
    for path in (
        "/customers", f"/customers/{one.customer_id}", f"/api/customers/{one.customer_id}", f"/api/customers/{one.customer_id}/360",
        f"/search?q={one.phone}", f"/api/search?q={one.phone}", f"/audit/{one.ids['kernel_audit_row'][0]}", "/looks", "/approvals", f"/customers/{one.customer_id}/history", "/customers?export=csv",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        assert seen(text_of(answer), one, asked="phone"), path


@shared
def test_addresses_carry_no_personal_data(planted: dict[int, Planted], quiet: None, share: int) -> None:
    one = planted[3301]
    client = client_of(3301, "everything", name="李敏")
    found = []
    for address in addresses_of(share):
        if view_facts(address.view)[0] or "get" not in address.methods:
            continue
        for path in address.paths(values_of(one)) if address.parameters else [f"/{address.route}"]:
            answer = client.get(path)
            text = text_of(answer)
            links = [*re.findall(r'(?:href|src|action|hx-get|hx-post|data-[a-z-]+)="([^"]*)"', text), answer.headers.get("Location", "")]
            links = [link for link in links if link.startswith(("/", "?", "http"))]
            found.extend((path, link) for link in links for ways in one.markers.values() for way in ways[:1] if way in link and way != one.customer_no)
    assert found == []


def test_logs_carry_no_personal_data(planted: dict[int, Planted], caplog: pytest.LogCaptureFixture) -> None:
    one = planted[3301]
    caplog.set_level("INFO")
    inside, outside = client_of(3301, "everything", name="李敏"), client_of(3302, "everything", name="赵磊")
    for client in (inside, outside):
        for words in one.searches.values():
            client.get("/search", {"q": words})
            client.get("/api/search", {"q": words})
            client.get("/no-such-page", {"q": words})
            client.post("/sign-in", {"username": words, "password": words})
        client.get(f"/customers/{one.customer_id}")
        client.post("/customers/new", {"name": one.name, "number": one.number, "phone": one.phone})
    assert not seen(caplog.text, one)

"""The real server: tokens from its endpoint, reads ahead of the handler and behind it, ended at once, counted, logged."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.factories import clients, party
from tests.factories import staff as make
from tests.plugins.site import Site
from tongke.areas.staff import services
from tongke.kernel import clock

pytestmark = pytest.mark.django_db(transaction=True)
CUSTOMER = "/tmf-api/customerManagement/v4/customer"
PER_MINUTE = 6  # so slow to fill up again that sixty requests are too many on any machine


def _ask(site: Site, path: str, token: str = "", *, form: dict[str, str] | None = None, basic: str = "") -> tuple[int, Any, Any]:
    shown = {"Authorization": f"Bearer {token}"} if token else {"Authorization": f"Basic {b64encode(basic.encode()).decode()}"} if basic else {}
    body = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(site.url + path, data=body, headers=shown)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as fault:
        return fault.code, fault.headers, json.loads(fault.read() or b"null")


def _token(site: Site, new: services.NewClient, **form: str) -> str:
    status, _headers, said = _ask(site, "/oauth2/token", form={"grant_type": "client_credentials", **form}, basic=f"{new.client.id}:{new.secret}")
    assert status == 200, said
    found: str = said["access_token"]
    return found


def test_a_token_works_until_it_is_taken_back_its_client_ended_or_its_secret_replaced(site: Site, owner_connection: psycopg.Connection[Any]) -> None:
    new = clients.client(org_id=3301, name="live")
    key = party.customer().customer_id
    for end in ("revoke", "rotate", "end"):
        token = _token(site, new)
        # The first read is Django's, which lets the process know the token; the next ones are answered ahead of it.
        answers = [_ask(site, f"{CUSTOMER}/{key}", token) for _read in range(3)]
        assert [status for status, _headers, _said in answers] == [200] * 3
        assert len({json.dumps(said, sort_keys=True) for _status, _headers, said in answers}) == 1
        if end == "revoke":
            assert _ask(site, "/oauth2/revoke", form={"token": token}, basic=f"{new.client.id}:{new.secret}")[0] == 200
        elif end == "rotate":
            new = services.rotate_client_secret(client_id=new.client.id, overlap_hours=0, by=make.TESTER, at=clock.now())
        else:
            services.end_client(client_id=new.client.id, by=make.TESTER, at=clock.now())
        status, headers, said = _ask(site, f"{CUSTOMER}/{key}", token)
        assert (status, said["@type"]) == (401, "Error"), end
        assert headers["WWW-Authenticate"] == 'Bearer realm="tongke", error="invalid_token"'
    looks = owner_connection.execute("SELECT DISTINCT actor, staff_id, org_id FROM staff_look WHERE customer_id = %s", [key]).fetchall()
    assert looks == [("client:live", None, 3301)]
    (count,) = owner_connection.execute("SELECT count(*) FROM staff_look WHERE customer_id = %s", [key]).fetchone() or (0,)
    assert count == 9
    assert "tkt_" not in site.log.read_text(errors="replace")
    assert "tks_" not in site.log.read_text(errors="replace")


def test_two_organisations_do_not_see_each_other_and_masks_follow_the_scope(site: Site) -> None:
    make.tree()
    key = party.customer("王芳").customer_id
    ours, theirs = clients.client(org_id=3301), clients.client(org_id=3201)
    clear, masked, stranger = _token(site, ours), _token(site, ours, scope="party.view"), _token(site, theirs)
    for _hot in range(2):
        assert _ask(site, f"{CUSTOMER}/{key}", clear)[2]["name"] == "王芳"
        assert _ask(site, f"{CUSTOMER}/{key}", masked)[2]["name"] != "王芳"
        assert _ask(site, f"{CUSTOMER}/{key}", stranger)[0] == 404
    assert str(key) in {one["id"] for one in _ask(site, CUSTOMER, clear)[2]}
    assert _ask(site, CUSTOMER, stranger)[2] == []


def test_a_rate_holds_for_requests_at_once_ahead_of_the_handler_and_behind_it(site: Site) -> None:
    new = clients.client(org_id=3301, per_minute=PER_MINUTE)
    key = party.customer().customer_id
    token = clients.token_of(new)

    def read(number: int) -> tuple[int, Any, Any]:
        return _ask(site, f"{CUSTOMER}/{key}" if number % 2 else f"{CUSTOMER}?limit=1", token)

    begun = clock.now()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(read, range(60)))
    filled_up = (clock.now() - begun).total_seconds() * PER_MINUTE / 60
    assert {status for status, _headers, _said in answers} <= {200, 206, 429}
    admitted = sum(status != 429 for status, _headers, _said in answers)
    assert PER_MINUTE <= admitted <= PER_MINUTE + 1 + filled_up
    refused = next(headers for status, headers, _said in answers if status == 429)
    assert 1 <= int(refused["Retry-After"]) <= 60 / PER_MINUTE
    assert refused["RateLimit-Limit"] == str(PER_MINUTE)

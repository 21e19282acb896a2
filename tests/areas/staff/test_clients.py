"""Machine clients: who they are, what their tokens carry, and how both end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.factories import clients
from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import ClientHoldsNothing, ClientRefused, ScopeRefused, TooManyTries
from tongke.areas.staff.models import ClientSecret, MachineClient
from tongke.kernel import clock
from tongke.kernel.actor import Actor, NotPermitted, acting
from tongke.kernel.errors import NotFound, RulesBroken

pytestmark = pytest.mark.django_db
Owner = Callable[[], AbstractContextManager[Any]]


def _who(token: str, address: str = "127.0.0.1") -> Actor | None:
    return queries.actor_of_token(token, address=address, at=clock.now())


def _alive(token: str) -> Actor:
    found = _who(token)
    assert found is not None
    return found


def test_a_token_gives_the_clients_actor() -> None:
    new = clients.client(org_id=3301, name="billing")
    found = _who(clients.token_of(new))
    assert found is not None
    assert (found.kind, found.name, found.display) == ("client", "client:billing", "billing")
    assert found.scope == (3301,)
    assert found.staff_id is None
    assert found.base_org_id == 3301
    assert found.extra["client_id"] == str(new.client.id)
    assert "party.view" in found.permissions
    assert "party.see_phone" in found.permissions
    assert "staff.own" not in found.permissions


def test_the_group_sees_everything_and_a_province_its_branch() -> None:
    assert clients.actor(org_id=1).scope is None
    assert set(clients.actor(org_id=33).scope or ()) == {33, 3301, 3302, 3303}


def test_the_actor_stands_on_the_connection() -> None:
    token = clients.token(org_id=3302, name="standing")
    found = _who(token)
    assert found is not None
    with acting(found), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('tongke.actor'), current_setting('tongke.scope'), current_setting('tongke.clear')")
        assert cursor.fetchone() == ("client:standing", "3302", found.clear_setting)
    assert found.clear_setting == "name,phone,id_number,address,email,birth"


@pytest.mark.parametrize(("scope", "held", "missing"), [
    ("party.view", {"party.view"}, {"party.change", "account.view"}),
    ("party.*", {"party.view", "party.change", "party.see_name"}, {"account.view"}),
    ("read", {"party.view", "account.view", "party.see_phone", "party.credit_view"}, {"party.change", "account.open", "party.export"}),
    ("write", {"party.change", "account.open"}, {"party.view", "account.view"}),
    ("party:read account:write", {"party.view", "account.open"}, {"party.change", "account.view"}),
])
def test_a_scope_narrows_what_the_roles_carry(scope: str, held: set[str], missing: set[str]) -> None:
    permissions = clients.actor(scope=scope).permissions
    assert held <= permissions
    assert not missing & permissions


def test_without_clear_sight_in_the_scope_data_is_masked() -> None:
    assert clients.actor(scope="party.view").clear_setting == ""


@pytest.mark.parametrize("scope", ["staff.manage_roles", "party.view staff.*", "nonsense", "party", "party.%", "*", "PARTY.VIEW"])
def test_a_scope_that_names_nothing_held_is_refused(scope: str) -> None:
    with pytest.raises(ScopeRefused):
        clients.token(scope=scope)


def test_the_registered_scopes_bound_every_token() -> None:
    new = clients.client(scopes=["party:read"])
    found = _who(clients.token_of(new))
    assert found is not None
    assert "party.view" in found.permissions
    assert "party.change" not in found.permissions
    with pytest.raises(ScopeRefused):
        clients.token_of(new, scope="account.view")


def test_roles_that_change_change_living_tokens() -> None:
    make.tree()
    make.role("reader", "party.view", "account.view")
    new = clients.client("reader")
    whole, narrow = clients.token_of(new), clients.token_of(new, scope="party.*")
    make.role("reader", "party.change", "inventory.view")
    assert _alive(whole).permissions == {"party.change", "inventory.view"}
    assert _alive(narrow).permissions == {"party.change"}


def test_a_new_local_network_is_seen_at_once() -> None:
    token = clients.token(org_id=33)
    services.create_org(org_id=3304, kind="local_network", parent_id=33, name_zh="嘉兴", name_en="Jiaxing", by=make.TESTER, at=clock.now())
    assert 3304 in (_alive(token).scope or ())


def test_tokens_expire_are_revoked_and_end_with_the_client() -> None:
    new = clients.client()
    at = clock.now()
    token = clients.token_of(new, at=at)
    assert queries.actor_of_token(token, at=at + timedelta(seconds=3599)) is not None
    assert queries.actor_of_token(token, at=at + timedelta(seconds=3600)) is None
    assert services.revoke_token(client_id=clients.client().client.id, token=token, by=clients.ENDPOINT, at=at) is False
    assert queries.actor_of_token(token, at=at) is not None
    assert services.revoke_token(client_id=new.client.id, token=token, by=clients.ENDPOINT, at=at) is True
    assert queries.actor_of_token(token, at=at) is None
    other = clients.token_of(new, at=at)
    services.end_client(client_id=new.client.id, by=make.TESTER, at=at + timedelta(seconds=1))
    assert queries.actor_of_token(other, at=at + timedelta(seconds=1)) is None
    with pytest.raises(ClientHoldsNothing):
        clients.token_of(new, at=at + timedelta(seconds=2))
    with pytest.raises(ClientRefused):
        _identify(new, new.secret, at=at + timedelta(seconds=2))


def test_the_life_of_a_token_is_a_figure_of_policy_and_ends_with_the_client() -> None:
    make.tree()
    at = clock.now()
    services.set_policy_figure(code="token_seconds", value=60, by=make.TESTER, at=at)
    token = clients.token_of(clients.client(at=at), at=at)
    assert queries.actor_of_token(token, at=at + timedelta(seconds=59)) is not None
    assert queries.actor_of_token(token, at=at + timedelta(seconds=60)) is None
    short = clients.client(at=at, valid_until=at + timedelta(seconds=10))
    assert queries.actor_of_token(clients.token_of(short, at=at), at=at + timedelta(seconds=10)) is None


def _identify(new: services.NewClient, secret: str, *, address: str = "127.0.0.1", at: datetime | None = None) -> UUID:
    return services.identify_client(
        client_id=str(new.client.id), secret=secret, source=services.Source(address=address), by=clients.ENDPOINT, at=at or clock.now(),
    )


def test_only_the_secret_opens_the_client() -> None:
    new = clients.client()
    assert _identify(new, new.secret) == new.client.id
    for wrong in ("", "x", new.secret[:-1], new.secret + "x", "geheimnis-密", "\x00"):
        with pytest.raises(ClientRefused):
            _identify(new, wrong, address=f"10.0.0.{len(wrong)}")
    for unknown in ("", "nobody", str(new.client.id)[:-1], "\x00", "密"):
        with pytest.raises(ClientRefused):
            services.identify_client(client_id=unknown, secret=new.secret, source=clients.HERE, by=clients.ENDPOINT, at=clock.now())


def test_failures_slow_down_where_they_come_from_and_nobody_else() -> None:
    new = clients.client()
    for _try in range(5):
        with pytest.raises(ClientRefused):
            _identify(new, "wrong", address="192.0.2.7")
    with pytest.raises(TooManyTries):
        _identify(new, new.secret, address="192.0.2.7")
    assert _identify(new, new.secret, address="192.0.2.8") == new.client.id
    assert _identify(new, new.secret, address="192.0.2.7", at=clock.now() + timedelta(seconds=901)) == new.client.id
    other = clients.client()
    assert _identify(other, other.secret, address="192.0.2.7") == other.client.id


def test_a_rotated_secret_overlaps_with_the_old_one() -> None:
    new = clients.client()
    at = clock.now()
    token = clients.token_of(new, at=at)
    second = services.rotate_client_secret(client_id=new.client.id, overlap_hours=2, by=make.TESTER, at=at)
    for secret in (new.secret, second.secret):
        assert _identify(new, secret, at=at + timedelta(minutes=119)) == new.client.id
    with pytest.raises(ClientRefused):
        _identify(new, new.secret, at=at + timedelta(hours=2))
    assert _identify(new, second.secret, at=at + timedelta(days=400)) == new.client.id
    assert queries.actor_of_token(token, at=at) is not None
    third = services.rotate_client_secret(client_id=new.client.id, overlap_hours=2, by=make.TESTER, at=at + timedelta(minutes=1))
    with pytest.raises(ClientRefused):
        _identify(new, new.secret, address="10.0.0.1", at=at + timedelta(minutes=2))
    assert _identify(new, third.secret, at=at + timedelta(minutes=2)) == new.client.id


def test_a_rotation_without_overlap_ends_secrets_and_tokens_now() -> None:
    new = clients.client()
    token = clients.token_of(new)
    at = clock.now()
    second = services.rotate_client_secret(client_id=new.client.id, overlap_hours=0, by=make.TESTER, at=at)
    assert queries.actor_of_token(token, at=at) is None
    with pytest.raises(ClientRefused):
        _identify(new, new.secret, at=at)
    assert _identify(new, second.secret, at=at) == new.client.id


def test_a_client_with_networks_calls_from_nowhere_else() -> None:
    new = clients.client(networks=["10.1.0.0/16", "2001:db8::/32"])
    token = clients.token_of(new)
    for inside in ("10.1.2.3", "2001:db8::7", "::ffff:10.1.9.9"):
        assert _who(token, inside) is not None
        assert _identify(new, new.secret, address=inside) == new.client.id
    for outside in ("10.2.0.1", "2001:db9::1", "", "unix:", "10.1.2.3.4"):
        assert _who(token, outside) is None
        with pytest.raises(ClientRefused):
            _identify(new, new.secret, address=outside)


@pytest.mark.parametrize(("more", "code"), [
    ({"name": "a"}, "SEC-50"), ({"name": "client:x"}, "SEC-50"), ({"name": "名字"}, "SEC-50"), ({"networks": ["10.0.0.0/33"]}, "SEC-52"),
    ({"per_minute": -1}, "SEC-53"), ({"scopes": ["nothing.*"]}, "SEC-54"), ({"org_id": 330101}, "SEC-56"),
    ({"valid_until": make.LONG_AGO}, "SEC-30"),
])
def test_what_is_registered_must_make_sense(more: dict[str, object], code: str) -> None:
    with pytest.raises(RulesBroken) as broken:
        clients.client(**more)
    assert code in {b.code for b in broken.value.broken}


def test_unknown_roles_and_no_roles_are_refused_and_names_are_taken_once() -> None:
    make.tree()
    facts = {"name": "once", "org_id": 1, "by": make.TESTER, "at": clock.now()}
    for roles, code in ((["nobody"], "SEC-27"), ([], "SEC-57")):
        with pytest.raises(RulesBroken, match=code):
            services.register_client(roles=roles, **facts)
    services.register_client(roles=["clerk"], **facts)
    with pytest.raises(RulesBroken, match="SEC-51"):
        services.register_client(roles=["clerk"], **{**facts, "name": "ONCE "})


def test_sensitive_roles_wait_for_a_second_person() -> None:
    first, second = make.actor_at(1, "administrator"), make.actor_at(1, "administrator", name="马骁")
    at = clock.now()
    new = services.register_client(name="partner", org_id=3301, roles=["integrator"], reason="Web shop", by=first, at=at)
    assert new.approval_id is not None
    assert new.client.roles == []
    with pytest.raises(ClientHoldsNothing):
        clients.token_of(new)
    with pytest.raises(RulesBroken):
        services.approve(approval_id=new.approval_id, by=first, at=at)
    services.approve(approval_id=new.approval_id, by=second, at=at)
    assert "party.view" in _alive(clients.token_of(new)).permissions


def test_harmless_roles_are_given_at_once_and_more_of_them_wait() -> None:
    admin = make.actor_at(1, "administrator")
    make.role("reader", "party.view")
    at = clock.now()
    new = services.register_client(name="reader", org_id=3301, roles=["reader"], by=admin, at=at)
    assert new.approval_id is None
    assert _alive(clients.token_of(new)).permissions == {"party.view"}
    outcome = services.change_client_roles(client_id=new.client.id, roles=["reader", "integrator"], reason="more", by=admin, at=at)
    assert not outcome.done
    assert _alive(clients.token_of(new)).permissions == {"party.view"}


def test_clients_of_other_branches_are_out_of_sight() -> None:
    make.tree()
    make.role("interfaces", "integration.clients", "integration.view")
    hangzhou, nanjing = make.actor_at(3301, "interfaces"), make.actor_at(3201, "interfaces")
    new = clients.client(org_id=3301, name="ours")
    with acting(hangzhou):
        assert list(queries.clients_visible_to(by=hangzhou)) == [new.client]
    with acting(nanjing):
        assert list(queries.clients_visible_to(by=nanjing)) == []
        with pytest.raises(NotFound):
            queries.client_by_id(client_id=new.client.id, by=nanjing)
    for verb in (services.end_client, services.rotate_client_secret):
        with pytest.raises(NotFound):
            verb(client_id=new.client.id, by=nanjing, at=clock.now())
    with pytest.raises(RulesBroken, match="SEC-31"):
        services.register_client(name="theirs", org_id=3301, roles=["interfaces"], by=nanjing, at=clock.now())
    with acting(nanjing), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staff_client")
        assert cursor.fetchone() == (0,)


def test_without_the_permission_no_verb_runs() -> None:
    clerk = make.actor_at(3301, "clerk")
    new = clients.client(org_id=3301)
    with pytest.raises(NotPermitted):
        services.end_client(client_id=new.client.id, by=clerk, at=clock.now())
    with pytest.raises(NotPermitted):
        queries.clients_visible_to(by=clerk)


def test_what_has_ended_does_not_change() -> None:
    new = clients.client()
    at = clock.now()
    services.end_client(client_id=new.client.id, by=make.TESTER, at=at)
    for verb in (services.end_client, services.rotate_client_secret):
        with pytest.raises(RulesBroken, match="SEC-55"):
            verb(client_id=new.client.id, by=make.TESTER, at=at)


def test_limits_change_for_living_tokens() -> None:
    new = clients.client()
    token = clients.token_of(new)
    services.change_client_limits(
        client_id=new.client.id, scopes=["party.view"], networks=["127.0.0.0/8"], per_minute=60, by=make.TESTER, at=clock.now())
    found = _who(token)
    assert found is not None
    assert found.permissions == {"party.view"}
    assert found.extra["per_minute"] == "60"
    assert _who(token, "10.0.0.1") is None


def test_the_last_use_is_noted() -> None:
    new = clients.client()
    token = clients.token_of(new)
    (before,) = queries.with_use([new.client], at=clock.now())
    assert (before.last_used_at, before.tokens) == (None, 1)
    at = clock.now()
    queries.actor_of_token(token, at=at)
    queries.actor_of_token(token, at=at + timedelta(seconds=30))
    (after,) = queries.with_use([new.client], at=at)
    assert after.last_used_at == at
    assert "party.view" in after.permissions


def test_neither_secrets_nor_tokens_reach_the_audit_trail(as_owner: Owner) -> None:
    new = clients.client(name="trailed")
    token = clients.token_of(new)
    second = services.rotate_client_secret(client_id=new.client.id, by=make.TESTER, at=clock.now())
    with as_owner() as cursor:
        cursor.execute("SELECT string_agg(concat(before, after), ' ') FROM kernel_audit_row WHERE table_name = 'staff_client' OR row_id = %s", [str(new.client.id)])
        (trail,) = cursor.fetchone()
        cursor.execute("SELECT DISTINCT table_name FROM kernel_audit_row WHERE table_name ^@ 'staff_client'")
        assert cursor.fetchall() == [("staff_client",)]
        cursor.execute("SELECT string_agg(to_jsonb(t)::text, '') FROM (SELECT hash FROM staff_client_token UNION SELECT digest FROM staff_client_secret) t")
        (kept,) = cursor.fetchone()
    assert "trailed" in trail
    for told in (new.secret, second.secret, token):
        assert told not in trail
        assert told not in kept
        assert queries.token_hash(told) not in trail


def test_the_application_cannot_read_or_write_tokens_by_hand() -> None:
    clients.token()
    with acting(make.actor_at(1, "administrator")):
        assert ClientSecret.objects.count() == 0
        assert MachineClient.objects.count() == 1
    for table in ("staff_client_token", "staff_client_right", "staff_client_use", "staff_client_permit"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('tongke_app', %s, 'SELECT, INSERT, UPDATE, DELETE')", [table])
            assert cursor.fetchone() == (False,)


def test_expired_tokens_are_forgotten(as_owner: Owner) -> None:
    at = clock.now()
    new = clients.client(at=at)
    clients.token_of(new, at=at)
    with as_owner() as cursor:
        services.forget_sign_ins(by=make.TESTER, at=at + timedelta(hours=2))
        cursor.execute("SELECT count(*) FROM staff_client_token")
        assert cursor.fetchone() == (0,)

"""Authenticator codes and recovery codes: each works once, and what rights demand is demanded."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from django.conf import settings
from django.test import Client

from tests.factories import staff as make
from tongke.areas.staff import queries, services
from tongke.areas.staff.errors import CodeRefused, TooManyTries
from tongke.areas.staff.models import Staff, StaffSecret
from tongke.kernel import clock
from tongke.kernel.actor import acting, system_actor
from tongke.kernel.models import AuditRow

pytestmark = pytest.mark.django_db
DOOR = system_actor("sign-in")
HERE = services.Source(address="127.0.0.1")


def enrolled(username: str = "limin") -> tuple[Staff, str, list[str]]:
    """A person with a confirmed authenticator: account, secret, recovery codes."""
    person = make.person(username)
    by, at = make.actor(person), clock.now()
    secret = services.begin_second_factor(by=by, at=at).secret
    before = at - timedelta(minutes=5)
    return person, secret, services.confirm_second_factor(code=pyotp.TOTP(secret).at(before), by=by, at=before)


def codes_around(secret: str, at: datetime) -> set[str]:
    """The codes of the moment, and of some minutes before and after."""
    return {pyotp.TOTP(secret).at(at + timedelta(seconds=30 * step)) for step in range(-10, 11)}


def wrong_code(secret: str, at: datetime) -> str:
    """A code that is surely none of the moment's."""
    return next(code for code in (str(digit) * 6 for digit in range(10)) if code not in codes_around(secret, at))


def test_a_code_works_once() -> None:
    person, secret, _codes = enrolled()
    at = clock.now()
    code = pyotp.TOTP(secret).at(at)
    assert services.show_second_factor(staff_id=person.id, code=code, source=HERE, by=DOOR, at=at).key
    with pytest.raises(CodeRefused):
        services.show_second_factor(staff_id=person.id, code=code, source=HERE, by=DOOR, at=at)


@pytest.mark.parametrize(("seconds_off", "accepted"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_the_telephones_clock_may_be_off_by_a_step(seconds_off: int, accepted: bool) -> None:  # noqa: FBT001
    person, secret, _codes = enrolled()
    at = clock.now()
    code = pyotp.TOTP(secret).at(at + timedelta(seconds=seconds_off))
    if not accepted and code in codes_around(secret, at):
        code = wrong_code(secret, at)  # once in three hundred thousand times two steps have the same code
    if accepted:
        assert services.show_second_factor(staff_id=person.id, code=code, source=HERE, by=DOOR, at=at).key
    else:
        with pytest.raises(CodeRefused):
            services.show_second_factor(staff_id=person.id, code=code, source=HERE, by=DOOR, at=at)


def test_a_recovery_code_works_once() -> None:
    person, _secret, codes = enrolled()
    assert len(set(codes)) == 10
    assert services.show_second_factor(staff_id=person.id, code=codes[3].lower(), source=HERE, by=DOOR, at=clock.now()).key
    with pytest.raises(CodeRefused):
        services.show_second_factor(staff_id=person.id, code=codes[3], source=HERE, by=DOOR, at=clock.now())
    with acting(DOOR):
        assert len(StaffSecret.objects.get(staff=person).recovery_hashes) == 9


def test_codes_cannot_be_guessed_at_speed() -> None:
    person, secret, _codes = enrolled()
    at = clock.now()
    for _n in range(5):
        with pytest.raises(CodeRefused):
            services.show_second_factor(staff_id=person.id, code=wrong_code(secret, at), source=HERE, by=DOOR, at=at)
    with pytest.raises(TooManyTries):
        services.show_second_factor(staff_id=person.id, code=wrong_code(secret, at), source=HERE, by=DOOR, at=at)


def test_the_page_asks_for_the_code_after_the_password() -> None:
    _person, secret, _codes = enrolled()
    client = Client()
    answer = client.post("/sign-in", {"username": "limin", "password": make.PASSWORD, "next": "/account"})
    assert answer["Location"] == "/sign-in/code"
    assert settings.STAFF_COOKIE not in answer.cookies
    assert client.post("/sign-in/code", {"code": wrong_code(secret, clock.now())}).status_code == 401
    answer = client.post("/sign-in/code", {"code": pyotp.TOTP(secret).at(clock.now())})
    assert answer["Location"] == "/account"
    assert queries.actor_of_session(answer.cookies[settings.STAFF_COOKIE].value, at=clock.now()).extra["second_factor"] == "1"
    assert Client().post("/sign-in/code", {"code": "000000"})["Location"] == "/sign-in"


def test_rights_may_demand_a_second_factor() -> None:
    services.set_policy_figure(
        code="second_factor_permissions", value=["staff.manage_roles"], by=make.TESTER, at=clock.now() - timedelta(minutes=1),
    )
    admin = make.person("hewei", org_id=1, roles=("administrator",))
    clerk = make.person("limin")
    key = make.session_key(admin, second_factor=False)
    by = queries.actor_of_session(key, at=clock.now())
    assert (by.permissions, by.scope, by.extra["restricted"]) == (frozenset({"staff.own"}), (), "1")
    at = clock.now()
    secret = services.begin_second_factor(by=by, at=at).secret
    services.confirm_second_factor(code=pyotp.TOTP(secret).at(at), by=by, at=at)
    by = queries.actor_of_session(key, at=clock.now())
    assert by.may("staff.manage_roles")
    assert by.scope is None
    assert not queries.actor_of_session(make.session_key(clerk, second_factor=False), at=clock.now()).extra["restricted"]


def test_secrets_are_sealed_and_never_in_the_trail() -> None:
    person, secret, codes = enrolled()
    services.reset_password(staff_id=make.person("zhoujie").id, by=make.TESTER, at=clock.now())
    key = make.session_key(person)
    with acting(make.TESTER):
        held = StaffSecret.objects.values().get()
        trail = repr(list(AuditRow.objects.values()))
        hashes = list(Staff.objects.values_list("password", flat=True))
    assert secret not in repr(held)
    for hidden in (secret, key, bytes(held["totp_secret"]).hex(), *codes, *held["recovery_hashes"], *hashes, "argon2"):
        assert hidden not in trail

"""Guessing is slow, and nobody can lock a colleague out."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.factories import staff as make
from tongke.areas.staff import services
from tongke.areas.staff.errors import SignInRefused, TooManyTries
from tongke.areas.staff.models import SignInAttempt, StaffSession
from tongke.kernel import clock
from tongke.kernel.actor import acting, system_actor

pytestmark = pytest.mark.django_db
DOOR = system_actor("sign-in")
STRANGER = services.Source(address="203.0.113.9")


@pytest.mark.parametrize(("failures", "wait"), [(0, 0), (4, 0), (5, 5), (6, 10), (7, 20), (12, 640), (13, 900), (500, 900)])
def test_the_wait_doubles_up_to_a_limit(failures: int, wait: int) -> None:
    assert services.wait_seconds(failures, free=5, base=5, most=900) == wait


def fail(username: str, source: services.Source, at: datetime, times: int = 1) -> None:
    for _n in range(times):
        with pytest.raises(SignInRefused):
            services.sign_in(username=username, password="wrong", source=source, by=DOOR, at=at)


def test_a_strangers_guesses_do_not_lock_out_the_owner() -> None:
    make.person("limin")
    at = clock.now()
    fail("limin", STRANGER, at, 5)
    with pytest.raises(TooManyTries) as caught:
        services.sign_in(username="limin", password=make.PASSWORD, source=STRANGER, by=DOOR, at=at)
    assert 0 < caught.value.values["seconds"] <= 5
    # From another address, and from a known browser behind the stranger's own address, the owner comes in.
    for source in (services.Source(address="198.51.100.7"), services.Source(address=STRANGER.address, device="known")):
        assert services.sign_in(username="limin", password=make.PASSWORD, source=source, by=DOOR, at=at).key
    later = at + timedelta(seconds=6)
    assert services.sign_in(username="limin", password=make.PASSWORD, source=STRANGER, by=DOOR, at=later).key
    fail("limin", STRANGER, later, 4)  # a success starts the count anew


def test_a_whole_ipv6_network_is_one_source() -> None:
    make.person("limin")
    at = clock.now()
    for n in range(5):
        fail("limin", services.Source(address=f"2001:db8:1:2::{n + 1:x}"), at)
    with pytest.raises(TooManyTries):
        services.sign_in(username="limin", password="wrong", source=services.Source(address="2001:db8:1:2:ffff::1"), by=DOOR, at=at)
    fail("limin", services.Source(address="2001:db8:1:3::1"), at)


def test_one_address_cannot_try_every_account() -> None:
    make.person("limin")
    at = clock.now()
    with acting(DOOR):
        SignInAttempt.objects.bulk_create(
            SignInAttempt(username_index=f"{n:064x}", source=STRANGER.neighbourhood, succeeded=False, reason="password", at=at)
            for n in range(110)
        )
    with pytest.raises(TooManyTries):
        services.sign_in(username="limin", password=make.PASSWORD, source=STRANGER, by=DOOR, at=at)
    known = services.Source(address=STRANGER.address, device="known")
    assert services.sign_in(username="limin", password=make.PASSWORD, source=known, by=DOOR, at=at).key


def test_unknown_names_look_like_known_ones(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # the house's own, at its full price
    make.person("limin")
    at = clock.now()
    answers, spent = [], []
    for username in ("limin", "nobody-here"):
        best = 99.0
        for n in range(3):
            # What this process works, not what the clock shows: others may keep it waiting.
            begun = time.process_time()
            with pytest.raises(SignInRefused) as caught:
                services.sign_in(username=username, password="wrong", source=services.Source(address=f"192.0.2.{n + 1}"), by=DOOR, at=at)
            best = min(best, time.process_time() - begun)
        answers.append((caught.value.code, caught.value.message, caught.value.advice, caught.value.field))
        spent.append(best)
    assert answers[0] == answers[1]
    # Both pay for the hash, which is nearly all of the time; a skipped hash would be ten times faster.
    assert max(spent) < 4 * min(spent)
    # Unknown names wait as well.
    fail("nobody-here", STRANGER, at, 5)
    with pytest.raises(TooManyTries):
        services.sign_in(username="nobody-here", password="x", source=STRANGER, by=DOOR, at=at)


def test_names_tried_are_kept_only_as_digests() -> None:
    fail("my-password-typed-here", STRANGER, clock.now())
    with acting(DOOR):
        (row,) = SignInAttempt.objects.values()
    assert not any("my-password" in str(value) for value in row.values())


def test_a_closed_account_does_not_open() -> None:
    person = make.person("limin")
    key = make.session_key(person)
    services.deactivate_staff(staff_id=person.id, by=make.TESTER, at=clock.now())
    fail("limin", STRANGER, clock.now())
    with acting(DOOR):
        assert not StaffSession.objects.exists()
    assert key

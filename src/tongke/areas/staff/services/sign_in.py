"""Signing in: password, then the second factor where there is one, then a fresh session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tongke.areas.staff.errors import CodeRefused, IdentityUnknown, SignInRefused
from tongke.areas.staff.models import Staff
from tongke.areas.staff.services.attempts import Source, account_index, begin_attempt, end_attempt
from tongke.areas.staff.services.second_factor import code_accepted
from tongke.areas.staff.services.sessions import open_session
from tongke.areas.staff.sessions import person_id
from tongke.kernel.actor import Actor, acting, system_actor

PASSWORD_LENGTH_MAX = 512


@dataclass(frozen=True, slots=True)
class Welcome:
    """How a sign-in went: ``key`` is the new session's, empty where a second factor is still to be shown."""

    staff_id: UUID
    username: str
    locale: str
    key: str = ""
    account: str = ""


def _proven(username: str, password: str) -> Staff | None:
    """Return the person whose password this is. An unknown name costs the same time as a known one."""
    staff = Staff.objects.filter(username=username.strip().lower()).first()
    if staff is None:
        Staff().set_password(password)  # the work of a real check
        return None
    fits = staff.check_password(password)
    return staff if fits and staff.is_active else None


def sign_in(*, username: str, password: str, source: Source, replaces: str = "", by: Actor, at: datetime) -> Welcome:
    """Sign in by password; ``by`` is the system actor of the sign-in channel, ``replaces`` the browser's old key.

    Raises ``TooManyTries``, ``SignInRefused`` (never telling what was wrong) and ``NoPost``.
    """
    account = account_index(username)
    with acting(by):
        attempt = begin_attempt(account=account, source=source, at=at)
        staff = _proven(username, password[:PASSWORD_LENGTH_MAX])
        end_attempt(attempt, succeeded=staff is not None, reason="" if staff else "password")
        if staff is None:
            raise SignInRefused
        if staff.totp_confirmed_at is not None:
            return Welcome(staff.id, staff.username, staff.locale, account=account)
        key = open_session(staff=staff, second_factor=False, source=source, replaces=replaces, at=at)
        return Welcome(staff.id, staff.username, staff.locale, key=key, account=account)


def show_second_factor(*, staff_id: UUID, code: str, source: Source, replaces: str = "", by: Actor, at: datetime) -> Welcome:
    """Finish a sign-in with a code of the authenticator or a recovery code; the channel vouches that the
    password was right. Raises ``TooManyTries``, ``CodeRefused``, ``NoPost``.
    """
    with acting(by):
        staff = Staff.objects.filter(id=staff_id, is_active=True).first()
        if staff is None:
            raise CodeRefused
        account = account_index(staff.username)
        attempt = begin_attempt(account=account, source=source, at=at, kind="code:")
        accepted = code_accepted(staff=staff, code=code, at=at)
        end_attempt(attempt, succeeded=accepted, reason="" if accepted else "code")
        if not accepted:
            raise CodeRefused
        key = open_session(staff=staff, second_factor=True, source=source, replaces=replaces, at=at)
        return Welcome(staff.id, staff.username, staff.locale, key=key, account=account)


def sign_in_with_identity(*, issuer: str, subject: str, source: Source, replaces: str = "", by: Actor, at: datetime) -> Welcome:
    """Sign in a person whom the identity provider vouches for (single sign-on counts as a second factor).

    Raises ``IdentityUnknown`` where no active account carries the identity, and ``NoPost``.
    """
    with acting(by):
        staff = Staff.objects.filter(oidc_issuer=issuer, oidc_subject=subject, is_active=True).first() if subject else None
        if staff is None:
            raise IdentityUnknown
        key = open_session(staff=staff, second_factor=True, by_password=False, source=source, replaces=replaces, at=at)
        return Welcome(staff.id, staff.username, staff.locale, key=key, account=account_index(staff.username))


def check_own_password(*, password: str, source: Source, by: Actor, at: datetime) -> None:
    """Prove again that the person at the keyboard is the one who signed in; tries are counted like those of a
    sign-in. Raises ``TooManyTries``, ``SignInRefused``.
    """
    with acting(system_actor("staff.password")):
        staff = Staff.objects.filter(id=person_id(by), is_active=True).first()
        if staff is None:
            raise SignInRefused
        attempt = begin_attempt(account=account_index(staff.username), source=source, at=at)
        fits = staff.check_password(password[:PASSWORD_LENGTH_MAX])
        end_attempt(attempt, succeeded=fits, reason="" if fits else "password")
        if not fits:
            raise SignInRefused(field="old")

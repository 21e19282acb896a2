"""The second factor: a time-based code (TOTP) whose secret is sealed, and recovery codes kept as digests."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from django.db import connection

from tongke.areas.staff.errors import CodeRefused
from tongke.areas.staff.models import Staff, StaffSecret, StaffSession
from tongke.areas.staff.services.attempts import Source, account_index, begin_attempt, end_attempt
from tongke.areas.staff.sessions import person_id, session_id
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.errors import NotFound
from tongke.kernel.sealing import blind_index, seal, unseal
from tongke.kernel.verb import verb

ISSUER = "Tongke"
STEP_SECONDS = 30
# One step either way: the telephone's clock may be off by that much.
STEPS_OFF_MAX = 1
RECOVERY_CODES = 10
FIELD = "staff.totp"
RECOVERY_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a person needs to set up the authenticator: shown once, never stored in clear."""

    secret: str
    uri: str
    qr_svg: str


def _recovery_hash(staff_id: object, code: str) -> str:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return blind_index(f"{staff_id}:{plain}", field="staff.recovery").hex()


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """Return the time step whose code this is, among those close to ``at``."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    now = int(at.timestamp()) // STEP_SECONDS
    for step in range(now - STEPS_OFF_MAX, now + STEPS_OFF_MAX + 1):
        if secrets.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def code_accepted(*, staff: Staff, code: str, at: datetime) -> bool:
    """Tell whether ``code`` proves the second factor, and use it up: each step and each recovery code works once."""
    plain = "".join(code.split())
    if plain.isascii() and plain.isdigit() and len(plain) == 6:
        held = StaffSecret.objects.filter(staff=staff, totp_secret__isnull=False).first()
        step = _step_of(unseal(held.totp_secret or b"", field=FIELD), plain, at) if held else None
        if step is None:
            return False
        # One conditional statement: of two tries with the same code only one finds the step unused.
        return StaffSecret.objects.filter(staff=staff, totp_last_step__lt=step).update(totp_last_step=step) == 1
    digest = _recovery_hash(staff.id, plain)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE staff_secret SET recovery_hashes = array_remove(recovery_hashes, %s::varchar)"
            " WHERE staff_id = %s AND %s::varchar = ANY (recovery_hashes)", [digest, staff.id, digest],
        )
        return bool(cursor.rowcount == 1)


@verb("staff.own")
def begin_second_factor(*, by: Actor, at: datetime) -> Enrolment:
    """Make a new secret for the actor and return it with its QR code; it counts only once confirmed.

    Raises ``NotFound`` for actors who are no persons and where a second factor already stands.
    """
    del at
    staff = Staff.objects.filter(id=person_id(by), totp_confirmed_at__isnull=True).first()
    if staff is None:
        raise NotFound
    secret = pyotp.random_base32()
    StaffSecret.objects.update_or_create(staff=staff, defaults={"totp_secret": seal(secret, field=FIELD), "totp_last_step": 0})
    uri = pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=staff.username, issuer_name=ISSUER)
    return Enrolment(secret, uri, segno.make(uri, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff"))


@verb("staff.own")
def confirm_second_factor(*, code: str, by: Actor, at: datetime) -> list[str]:
    """Confirm the new secret with a first code and return the recovery codes, shown this once; raises ``CodeRefused``.

    The session in use counts as proven by the second factor from now on.
    """
    staff = Staff.objects.select_for_update().filter(id=person_id(by), totp_confirmed_at__isnull=True).first()
    if staff is None or not code_accepted(staff=staff, code=code, at=at):
        raise CodeRefused
    staff.totp_confirmed_at = at
    staff.save(update_fields=["totp_confirmed_at"])
    StaffSession.objects.filter(id=session_id(by)).update(second_factor=True, restricted=False)
    return _new_recovery_codes(staff)


@verb("staff.own")
def renew_recovery_codes(*, code: str, by: Actor, at: datetime) -> list[str]:
    """Replace the recovery codes after a fresh code of the authenticator; raises ``CodeRefused``."""
    staff = Staff.objects.filter(id=person_id(by), totp_confirmed_at__isnull=False).first()
    if staff is None or not code_accepted(staff=staff, code=code, at=at):
        raise CodeRefused
    return _new_recovery_codes(staff)


def remove_second_factor(*, code: str, source: Source, by: Actor, at: datetime) -> None:
    """Give the second factor up, proven by a code; tries are counted. Raises ``CodeRefused``, ``TooManyTries``."""
    by.require("staff.own")
    with acting(system_actor("staff.second_factor")):
        staff = Staff.objects.filter(id=person_id(by), totp_confirmed_at__isnull=False).first()
        if staff is None:
            raise CodeRefused
        attempt = begin_attempt(account=account_index(staff.username), source=source, at=at, kind="code:")
        accepted = code_accepted(staff=staff, code=code, at=at)
        end_attempt(attempt, succeeded=accepted, reason="" if accepted else "code")
        if not accepted:
            raise CodeRefused
    with acting(by):
        drop_second_factor(staff)


def drop_second_factor(staff: Staff) -> None:
    """Forget a person's second factor, from inside a verb of this room."""
    staff.totp_confirmed_at = None
    staff.save(update_fields=["totp_confirmed_at"])
    with acting(system_actor("staff.second_factor")):
        StaffSecret.objects.filter(staff=staff).delete()


def _new_recovery_codes(staff: Staff) -> list[str]:
    codes = ["".join(secrets.choice(RECOVERY_ALPHABET) for _letter in range(16)) for _code in range(RECOVERY_CODES)]
    StaffSecret.objects.filter(staff=staff).update(recovery_hashes=[_recovery_hash(staff.id, code) for code in codes])
    return ["-".join(code[i:i + 4] for i in range(0, 16, 4)) for code in codes]

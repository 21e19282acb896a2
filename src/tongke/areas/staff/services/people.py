"""Staff accounts and posts."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from tongke.areas.staff import rules
from tongke.areas.staff.errors import PasswordWeak, SignInRefused
from tongke.areas.staff.events import RightsChanged
from tongke.areas.staff.models import Org, Staff
from tongke.areas.staff.policy import figure
from tongke.areas.staff.queries.orgs import base_org_id, org_of_the_house, within_scope
from tongke.areas.staff.services.second_factor import drop_second_factor
from tongke.areas.staff.services.sessions import end_sessions_of
from tongke.areas.staff.sessions import person_id
from tongke.kernel.actor import Actor, acting, system_actor
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

PASSWORD_LENGTH_MAX = 512
PASSWORD_WORDS = 20
PASSWORD_FIELDS = ("password", "password_changed_at", "password_given")


def _announce(staff: Staff, org: Org, what: str, *, by: Actor, at: datetime) -> None:
    publish(RightsChanged(subject_id=staff.id, org_id=base_org_id(org), what=what, changed_at=at), by=by, at=at)


def _person(staff_id: UUID, by: Actor) -> Staff:
    """Return a locked staff account of the actor's branch; raises ``NotFound``."""
    staff = Staff.objects.select_for_update(of=("self",)).select_related("org").filter(id=staff_id).first()
    if staff is None or not within_scope(staff.org, by=by):
        raise NotFound
    return staff


def _open_org(org_id: int, by: Actor) -> Org:
    """Return an organisation where the actor may give rights; raises ``RulesBroken``."""
    org = org_of_the_house(org_id)
    if org is None:
        raise NotFound(field="org_id")
    require(collect(
        (rules.org_within_scope, {"org_id": org.id, "inside": within_scope(org, by=by)}),
        (rules.org_is_open, {"org_id": org.id, "active": org.active}),
    ))
    return org


def set_checked_password(staff: Staff, password: str, *, given: bool, at: datetime) -> None:
    """Give the person a new password if policy allows it; raises ``PasswordWeak``. The caller saves.

    ``given``: somebody else chose it, so that its owner must choose another at the next sign-in.
    """
    validators: list[Any] = [
        password_validation.MinimumLengthValidator(figure("password_length_min", at=at)),
        password_validation.CommonPasswordValidator(),
        password_validation.UserAttributeSimilarityValidator(("username", "name_zh", "name_en", "email", "phone")),
    ]
    if len(password) > PASSWORD_LENGTH_MAX:
        raise PasswordWeak(reasons=f"> {PASSWORD_LENGTH_MAX}", field="password")
    try:
        password_validation.validate_password(password, staff, validators)
    except ValidationError as weak:
        raise PasswordWeak(reasons=" ".join(weak.messages), field="password") from None
    staff.set_password(password)
    staff.password_changed_at, staff.password_given = at, given


@verb("staff.manage_staff")
def create_staff(
    *, username: str, name_zh: str, org_id: int, password: str, name_en: str = "", email: str = "", phone: str = "",
    locale: str = "zh-hans", password_kept: bool = False, by: Actor, at: datetime,
) -> Staff:
    """Open a staff account. The person chooses another password at the first sign-in, unless it may be kept (a demo
    operator publishes its passwords). Raises ``RulesBroken``, ``PasswordWeak`` and ``Conflict`` for a name that is taken.
    """
    username = username.strip().lower()
    require(collect((rules.username_is_plain, {"username": username})))
    org = _open_org(org_id, by)
    with acting(system_actor("staff.accounts")):  # a user name holds for the whole operator
        taken = Staff.objects.filter(username=username).exists()
    if taken:
        raise Conflict(field="username")
    staff = Staff(
        username=username, name_zh=name_zh.strip(), name_en=name_en.strip(), org=org, email=email, phone=phone, locale=locale, created_at=at,
    )
    set_checked_password(staff, password, given=not password_kept, at=at)
    staff.save(force_insert=True)
    _announce(staff, org, "account_opened", by=by, at=at)
    return staff


@verb("staff.manage_staff")
def change_staff(*, staff_id: UUID, by: Actor, at: datetime, **values: Any) -> Staff:
    """Change names, e-mail, telephone, locale or single sign-on identity of an account; raises ``NotFound``."""
    allowed = {"name_zh", "name_en", "email", "phone", "locale", "oidc_issuer", "oidc_subject"}
    staff = _person(staff_id, by)
    changed = [name for name in values if name in allowed]
    for name in changed:
        setattr(staff, name, values[name])
    staff.save(update_fields=changed)
    _announce(staff, staff.org, "account_changed", by=by, at=at)
    return staff


@verb("staff.manage_staff")
def deactivate_staff(*, staff_id: UUID, by: Actor, at: datetime) -> Staff:
    """Close an account and end its sessions at once; raises ``NotFound``, ``RulesBroken`` for one's own account."""
    staff = _person(staff_id, by)
    require(collect((rules.not_for_oneself, {"staff_id": staff.id, "actor_id": by.staff_id})))
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    end_sessions_of(staff.id)
    _announce(staff, staff.org, "account_closed", by=by, at=at)
    return staff


@verb("staff.manage_staff")
def reactivate_staff(*, staff_id: UUID, by: Actor, at: datetime) -> Staff:
    """Open a closed account again; raises ``NotFound``, ``RulesBroken`` for one's own account."""
    staff = _person(staff_id, by)
    require(collect((rules.not_for_oneself, {"staff_id": staff.id, "actor_id": by.staff_id})))
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    _announce(staff, staff.org, "account_opened", by=by, at=at)
    return staff


@verb("staff.manage_staff")
def reset_password(*, staff_id: UUID, by: Actor, at: datetime) -> str:
    """Give a person a random password, return it for handing over, and end the person's sessions and second factor."""
    staff = _person(staff_id, by)
    require(collect((rules.not_for_oneself, {"staff_id": staff.id, "actor_id": by.staff_id})))
    password = secrets.token_urlsafe(PASSWORD_WORDS)
    set_checked_password(staff, password, given=True, at=at)
    staff.save(update_fields=PASSWORD_FIELDS)
    if staff.totp_confirmed_at is not None:
        drop_second_factor(staff)
    end_sessions_of(staff.id)
    _announce(staff, staff.org, "password_reset", by=by, at=at)
    return password


@verb("staff.own")
def change_own_password(*, old: str, new: str, by: Actor, at: datetime) -> None:
    """Change the actor's own password and end every session, this one too; raises ``SignInRefused``, ``PasswordWeak``."""
    staff = Staff.objects.select_for_update().filter(id=person_id(by)).first()
    if staff is None or not staff.check_password(old):
        raise SignInRefused(field="old")
    if new == old:
        raise PasswordWeak(reasons=gettext("It is the present one."), field="new")
    set_checked_password(staff, new, given=False, at=at)
    staff.save(update_fields=PASSWORD_FIELDS)
    end_sessions_of(staff.id)


@verb("staff.own")
def set_preferences(*, locale: str = "", theme: str = "", by: Actor, at: datetime) -> None:
    """Keep the actor's language and theme; unknown words are refused by the channel's form."""
    del at
    values = {name: value for name, value in (("locale", locale), ("theme", theme)) if value}
    if values:
        Staff.objects.filter(id=person_id(by)).update(**values)


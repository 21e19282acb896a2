"""Rules of contact media and their normal forms."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tongke.areas.party.rules.customers import text_fits, unfit
from tongke.areas.party.rules.drafts import MediumDraft
from tongke.areas.party.states import MediumKind
from tongke.kernel.keys import phone_e164
from tongke.kernel.rules import Broken, collect, rule

KINDS = frozenset(MediumKind.values)
PHONE_KINDS = frozenset({MediumKind.MOBILE, MediumKind.PHONE})
ONLINE_KINDS = frozenset({MediumKind.WECHAT, MediumKind.WEB_ID})
EMAIL = re.compile(r"[^\s@,;<>()\[\]\"\\]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
WECHAT = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]{5,19}")
WEB_ID = re.compile(r"[^\s\x00-\x1f]{2,120}")


def normal_value(kind: str, given: str) -> str | None:
    """Return how a medium is stored and compared: E.164 for phones, lower case for mail; ``None`` where
    it has not the form of its kind.
    """
    if kind in PHONE_KINDS or kind == MediumKind.FAX:
        return phone_e164(given)
    text = unicodedata.normalize("NFKC", given).strip()
    if kind == MediumKind.EMAIL:
        text = text.lower()
        return text if len(text) <= 200 and EMAIL.fullmatch(text) else None
    form = WECHAT if kind == MediumKind.WECHAT else WEB_ID
    return text if form.fullmatch(text) else None


@rule("PTY-30", says=_("This is not a possible value for this way of contact"),
      mend=_("Phone numbers with area or country code; e-mail as name@domain"), field="given")
def medium_has_form(*, kind: str, given: str) -> bool:
    """A known kind, and a value of its form."""
    return kind in KINDS and text_fits(text=given, length=200) and normal_value(kind, given) is not None


@rule("PTY-31", says=_("An online identity is attached only with the customer's consent"),
      mend=_("Ask the customer and write down how they agreed"), field="consent")
def online_identity_has_consent(*, kind: str, consent: str) -> bool:
    """WeChat and web identities come with the party's agreement (A13)."""
    return kind not in ONLINE_KINDS or bool(consent.strip())


@rule("PTY-32", says=_("This way of contact is already recorded and in force"),
      mend=_("Nothing needs to be added"), field="given")
def medium_not_in_force(*, value: str, in_force: frozenset[str]) -> bool:
    """The same value is in force once for a party; ``in_force`` are its present values of this kind."""
    return value not in in_force


@rule("PTY-33", says=_("The end lies before the start"), mend=_("Choose a later end"), field="valid_until")
def ends_after_start(*, valid_from: datetime, valid_until: datetime) -> bool:
    """A period ends no earlier than it starts."""
    return valid_until >= valid_from


@rule("PTY-34", says=_("The start lies in the future"), mend=_("Record it on the day it begins"), field="valid_from")
def starts_by_now(*, valid_from: datetime | None, at: datetime) -> bool:
    """A medium is recorded when it is the party's already."""
    return valid_from is None or valid_from <= at


@rule("PTY-35", says=_("The same way of contact is named twice"), mend=_("Leave one of the two out"), field="given")
def media_named_once(*, values: tuple[str, ...]) -> bool:
    """One request names each value once."""
    return len(set(values)) == len(values)


def broken_in_medium(medium: MediumDraft, *, at: datetime) -> list[Broken]:
    """Return every rule that the medium breaks by itself."""
    return unfit((("consent", medium.consent, 2000),)) + collect(
        (medium_has_form, {"kind": medium.kind, "given": medium.given}),
        (online_identity_has_consent, {"kind": medium.kind, "consent": medium.consent}),
        (starts_by_now, {"valid_from": medium.valid_from, "at": at}),
    )

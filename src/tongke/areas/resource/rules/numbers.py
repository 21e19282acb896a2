"""Rules of blocks, ranges, pools and single numbers; how a number is written and known."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongke.kernel.keys import phone_e164
from tongke.kernel.rules import rule

COUNTRY = "86"
"""The country code of the operator's own numbers: it stands before what people write without one."""
DIGITS_MAX = 15
_ID_HEAD = "00000000000080008"


def number_id(number: str) -> UUID:
    """Return the id of a number (E.164 with ``+``): its digits fill the last fifteen places of a UUID of version 8."""
    return UUID(hex=_ID_HEAD + number[1:].zfill(DIGITS_MAX))


def number_of(ident: UUID) -> str:
    """Return the number whose id this is."""
    return "+" + ident.hex[-DIGITS_MAX:].lstrip("0")


def is_number_id(ident: UUID) -> bool:
    """Tell whether a UUID is a number's id."""
    return ident.hex.startswith(_ID_HEAD) and ident.hex[-DIGITS_MAX:].isdigit() and ident.hex[-DIGITS_MAX:].strip("0") != ""


def national(number: str) -> str:
    """Return the digits of a number without ``+`` and, of one of the own country, without the country code."""
    digits = number.removeprefix("+")
    return digits.removeprefix(COUNTRY) if len(digits) > len(COUNTRY) + 6 else digits


def written(given: str) -> str | None:
    """Return a number as it is kept (E.164), from what people write: ``138 5710 0001``, ``+86138…``, ``0571-8…``, bare
    digits with the country code; ``None`` where it is none. Numbers of things are longer than phones: 13 digits.
    """
    digits = "".join(c for c in given if c.isdigit())
    if given.strip().startswith("+"):
        return "+" + digits if 7 <= len(digits) <= DIGITS_MAX and digits[0] != "0" else None
    if digits.startswith("0"):
        digits = digits.lstrip("0")
        return f"+{COUNTRY}{digits}" if 7 <= len(digits) <= DIGITS_MAX - len(COUNTRY) else None
    if digits.startswith("1") and len(digits) in (11, 13):
        return f"+{COUNTRY}{digits}"
    if digits.startswith(COUNTRY) and len(digits) >= 11:
        return f"+{digits}" if len(digits) <= DIGITS_MAX else None
    return phone_e164(given)


def as_digits(given: str) -> int | None:
    """Return a number as the whole number of its digits, as blocks and ranges keep it."""
    found = written(given)
    return int(found[1:]) if found else None


def within(first: int, last: int, *, of_first: int, of_last: int) -> bool:
    """Tell whether a range lies inside another, ends included."""
    return of_first <= first and last <= of_last


@rule("RES-05", says=_("The last number comes before the first, or has another length"), mend=_("Give first and last of one block, both with the country code"),
      field="last")
def ends_in_order(*, first: int, last: int) -> bool:
    """First and last are numbers of one length, in order."""
    return first <= last and len(str(first)) == len(str(last)) and first >= 1_000_000 and len(str(last)) <= DIGITS_MAX


@rule("RES-06", says=_("A donor's block names the operator it belongs to, one of the regulator none"), mend=_("Name the other operator, or choose another source"),
      field="donor")
def donor_is_named(*, source: str, donor: str) -> bool:
    """What is another operator's says whose it is."""
    return bool(donor.strip()) == (source == "donor")


@rule("RES-07", says=_("Numbers {first} to {last} are not all within {of_first} to {of_last}"), mend=_("Choose numbers within what is given from"), field="first")
def range_is_within(*, first: int, last: int, of_first: int, of_last: int) -> bool:
    """Nobody gives what they do not have."""
    return within(first, last, of_first=of_first, of_last=of_last)


@rule("RES-08", says=_("{receiver} does not stand below {giver}: numbers are given down the operator's tree"),
      mend=_("Choose an organisation directly or further below"), field="org_id")
def goes_downwards(*, receiver: str, giver: str, receiver_path: str, giver_path: str) -> bool:
    """Ranges go from group to province to local network, never across."""
    del receiver, giver
    return bool(giver_path) and receiver_path.startswith(giver_path) and receiver_path != giver_path


@rule("RES-09", says=_("The numbers belong to {owner}, the pool to {pool_owner}"), mend=_("Choose a pool of the organisation that has the numbers"), field="pool_id")
def pool_of_same_org(*, owner_id: int, pool_owner_id: int, owner: str, pool_owner: str) -> bool:
    """A pool sells what its own organisation has."""
    del owner, pool_owner
    return owner_id == pool_owner_id


@rule("RES-20", says=_("The pool is for {pool_kind}, the numbers are {kind}"), mend=_("Choose a pool of the same kind"), field="pool_id")
def pool_of_same_kind(*, kind: str, pool_kind: str) -> bool:
    """A pool holds numbers of one kind."""
    return kind == pool_kind


@rule("RES-23", says=_("{count} of these numbers are in use or on hold"), mend=_("Wait until they are free, or choose a part that is"), field="first")
def none_in_use(*, count: int) -> bool:
    """What is taken back must not be in use."""
    return count == 0


@rule("RES-30", says=_("The organisation is not within your area of responsibility"), mend=_("Ask a colleague of that organisation"), field="org_id")
def org_in_sight(*, seen: bool) -> bool:
    """Nobody writes for organisations outside their scope."""
    return seen


@rule("RES-31", says=_("The reason is missing"), mend=_("Say why"), field="reason")
def why_is_given(*, reason: str) -> bool:
    """Whoever keeps a number from being sold says why."""
    return bool(reason.strip())


@rule("RES-32", says=_("The end {valid_until} lies before the start {valid_from}"), mend=_("Correct one of the two"), field="valid_until")
def period_is_forward(*, valid_from: datetime, valid_until: datetime | None) -> bool:
    """What ends has begun before."""
    return valid_until is None or valid_until > valid_from


@rule("RES-33", says=_("The name is missing"), mend=_("Give a name"), field="name_zh")
def name_is_given(*, name: str) -> bool:
    """Pools and blocks are known by a name."""
    return bool(name.strip())


@rule("RES-34", says=_("The number is in no block that {source} gave"), mend=_("Record the block first"), field="number")
def block_is_known(*, found: bool, source: str) -> bool:
    """Every number is of a block."""
    del source
    return found


@rule("RES-35", says=_("Numbers of a donor's block are only ported in, never sold"), mend=_("Choose a block of the regulator"), field="number")
def block_is_ours(*, source: str) -> bool:
    """What another operator owns is not filled into pools."""
    return source == "regulator"

"""Finding a customer from whatever the clerk typed: which kinds of key it may be, and where each is looked up.

``classify`` turns one typed text into terms; every term is one bounded range of one index. ``CANDIDATES``
says for each kind which table, which column and which rows; higher rooms add their own and the channel
assembles all into one statement. Only comparisons that PostgreSQL holds leakproof (``=``, ``>=``, ``<``)
stand on columns: others would keep row-level security from using the index.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from tongke.kernel.keys import address_key, document_key, name_key, phone_e164
from tongke.kernel.sealing import blind_index

TYPED_CHARACTERS_MAX = 120
LAST = "\U0010ffff"  # sorts after every character under the collation "C"
TAIL_DIGITS = range(4, 9)
# Printed numbers may be typed without their letters.
PRINTED = {"customer_no": "CU", "account_no": "AC", "bill_no": "BL"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Where one kind of key is looked up.

    ``table`` has the alias ``t``; ``where`` speaks of ``t`` and of ``{kind}_lo`` and ``{kind}_hi``;
    ``link`` names the column that leads to the ``party`` or the ``customer``; ``shown`` is the matched value,
    masked. ``reach`` is ``org`` where the index begins with the organisation, ``all`` where the key is nearly unique.
    ``keys`` names the database function that gives the keys of the rows where no plain column can.
    """

    kind: str
    table: str
    where: str
    order: str
    shown: str
    link: str = "party_id"
    to: Literal["party", "customer"] = "party"
    reach: Literal["org", "all"] = "org"
    keys: str = ""


def between(kind: str, column: str, table: str, shown: str, **more: str) -> Candidate:
    """Return the candidate whose ``column`` begins with the term."""
    where = f"t.{column} >= {kind}_lo AND t.{column} < {kind}_hi"
    return Candidate(kind, table, where, f"t.{column}", shown, **more)  # type: ignore[arg-type]  # handed on as they came


def ending(kind: str, column: str, table: str, shown: str, **more: str) -> Candidate:
    """Return the candidate whose ``column`` ends with the term, which is read backwards."""
    tail = f"left(reverse(t.{column}), 8)"
    return Candidate(kind, table, f"{tail} >= {kind}_lo AND {tail} < {kind}_hi", f"t.{column}", shown, **more)  # type: ignore[arg-type]  # handed on as they came


def equal(kind: str, column: str, table: str, shown: str, **more: str) -> Candidate:
    """Return the candidate whose ``column`` equals the term."""
    return Candidate(kind, table, f"t.{column} = {kind}_lo", "t.id DESC", shown, reach="all", **more)  # type: ignore[arg-type]  # handed on as they came


def numbered(kind: str, table: str, **more: str) -> Candidate:
    """Return the candidate whose printed number equals the term, with or without its letters."""
    return Candidate(kind, table, f"t.{kind} IN ({kind}_lo, {kind}_hi)", "t.id DESC", f"t.{kind}", reach="all", **more)  # type: ignore[arg-type]  # handed on as they came


_NAME = "tongke_mask_name(t.name, tongke_clear('name'))"
_PHONE = "tongke_mask_phone(t.value, tongke_clear('phone'))"
_MAIL = "tongke_mask_email(t.value, tongke_clear('email'))"
_ADDRESS = 'tongke_mask_address(t."full", tongke_clear(\'address\'))'

# In the order in which hits are shown.
CANDIDATES: tuple[Candidate, ...] = (
    numbered("customer_no", "party_customer", link="id", to="customer"),
    Candidate(
        "document", "party_identity_document", "t.number_index = decode(document_lo, 'hex')", "t.id DESC", "t.number_masked", reach="all",
    ),
    equal("phone", "value", "party_contact_medium", _PHONE),
    between("name", "name_key", "party_party", _NAME, link="id"),
    between("pinyin", "pinyin_full", "party_party", _NAME, link="id"),
    between("initials", "pinyin_initials", "party_party", _NAME, link="id"),
    between("phone_head", "value", "party_contact_medium", _PHONE),
    ending("phone_tail", "value", "party_contact_medium", _PHONE, keys="party_media_by_tail"),
    between("email", "value", "party_contact_medium", _MAIL),
    between("street", "street_key", "party_postal_address", _ADDRESS),
    between("place", "place_key", "party_postal_address", _ADDRESS),
)

# "Contains": the word's place inside the name of a street or community is looked up in the small register of such
# names, then the addresses under each name found by the same ranges as above.
CONTAINS_NAMES = """
SELECT DISTINCT n.name FROM party_place_name n
WHERE n.org_id = o.org AND n.suffix >= contains_lo AND n.suffix < contains_hi LIMIT 6
"""
CONTAINS_COLUMNS = ("street_key", "place_key")
CONTAINS_SHOWN = _ADDRESS


@dataclass(frozen=True, slots=True)
class Terms:
    """What a typed text may mean: kind → (lowest key, first key beyond). ``kinds`` in the order of likelihood."""

    ranges: dict[str, tuple[str, str]]

    @property
    def kinds(self) -> list[str]:
        """The kinds of key that are looked up."""
        return list(self.ranges)


def _range(key: str) -> tuple[str, str]:
    return key, key + LAST


_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-z]")
_ADMINISTRATION = re.compile(r"^(?:[^\d路街]{2,8}?(?:省|自治区))?(?:[^\d路街]{2,8}?(?:市|自治州|地区))?(?:[^\d路街]{1,8}?(?:区|县|旗))?")
_HEAD_OF_NAME = re.compile(r"^(\D+)(\d.*)$")
_DOCUMENT = re.compile(r"^(?:\d{14}(?:\d|X)|\d{17}(?:\d|X)|[0-9A-Z]{18}|[A-Z]{1,3}\d{6,10})$")
_PRINTED_NUMBER = re.compile(r"^[A-Z]{2}\d{4,}$")


def cleaned(typed: str) -> str:
    """Return what was typed without control and format characters (NUL, direction marks), NFKC, at most 120 characters."""
    text = unicodedata.normalize("NFKC", typed[: TYPED_CHARACTERS_MAX * 2])
    kept = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " * (unicodedata.category(c)[0] == "Z") for c in text)
    return " ".join(kept.split())[:TYPED_CHARACTERS_MAX]


def _digits(text: str, ranges: dict[str, tuple[str, str]]) -> None:
    digits = re.sub(r"[^\d+]", "", text)
    bare = digits.lstrip("+")
    if not 3 <= len(bare) <= 24:
        return
    e164 = phone_e164(digits)
    if e164 is not None and len(bare) >= 7:
        ranges["phone"] = (e164, "")
    ranges["service_number"] = (e164 or bare, bare)
    if len(bare) in TAIL_DIGITS:
        ranges["phone_tail"] = ranges["service_tail"] = _range(bare[::-1])
    if 3 <= len(bare) < 11 and not digits.startswith("+"):
        head = "+86" + (bare.removeprefix("0"))
        ranges["phone_head"] = ranges["service_head"] = _range(head)
    if len(bare) >= 8:
        ranges |= {kind: (bare, series + bare) for kind, series in PRINTED.items()}


def _document(text: str, ranges: dict[str, tuple[str, str]]) -> None:
    key = document_key(text)
    if _DOCUMENT.match(key):
        ranges["document"] = (blind_index(key, field="party.document").hex(), "")
    if _PRINTED_NUMBER.match(key):
        ranges |= dict.fromkeys(PRINTED, (key, key))


def _line_name(text: str, ranges: dict[str, tuple[str, str]]) -> None:
    """Broadband and television lines are known by an account of letters and digits."""
    name = text.replace(" ", "")
    if len(name) >= 4 and any(c.isdigit() for c in name):
        ranges["service_number"] = (name, name.casefold())
        ranges["service_head"] = _range(name.casefold())


def _latin(text: str, ranges: dict[str, tuple[str, str]]) -> None:
    key = name_key(text)
    if "@" in text:
        ranges["email"] = _range(text.casefold().replace(" ", ""))
        return
    if len(key) >= 2 and not any(c.isdigit() for c in key):
        ranges["name"] = _range(key)
        ranges["pinyin"] = _range(key.replace("ü", "v"))
        if len(key) <= 6:
            ranges["initials"] = _range(key)
    if len(key) >= 3:
        ranges["email"] = _range(text.casefold().replace(" ", ""))


def _han(text: str, ranges: dict[str, tuple[str, str]]) -> None:
    if not any(c.isdigit() for c in text):
        ranges["name"] = _range(name_key(text))
    key = address_key(_ADMINISTRATION.sub("", text.replace(" ", ""), count=1) or text)
    if len(key) < 2:
        return
    ranges["street"] = ranges["place"] = _range(key)
    parted = _HEAD_OF_NAME.match(key)
    if parted is None:
        ranges["contains"] = _range(key)
        ranges["contains_rest"] = ("", "")
    elif len(parted[1]) >= 2:
        ranges["contains"] = (parted[1], parted[1] + "\x01")
        ranges["contains_rest"] = (parted[2], "")


def classify(typed: str) -> Terms:
    """Return every kind of key that ``typed`` may be, with the range to look up; empty for what can be none."""
    text = cleaned(typed)
    ranges: dict[str, tuple[str, str]] = {}
    if not text:
        return Terms(ranges)
    if re.fullmatch(r"[\d+\-() ]+", text):
        _digits(text, ranges)
        _document(text, ranges)
    elif _HAN.search(text):
        _han(text, ranges)
    else:
        _document(text, ranges)
        _line_name(text, ranges)
        if _LATIN.search(text):
            _latin(text, ranges)
    return Terms({kind: (low, high) for kind, (low, high) in ranges.items() if low or kind == "contains_rest"})

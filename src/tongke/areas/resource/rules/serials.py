"""Serials of stock items: which number each kind carries, and its check digits (by the library python-stdnum)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum import imei, luhn

from tongke.areas.resource.states.stock import CPE, ItemKind
from tongke.kernel.rules import Broken, collect, rule

ICCID = re.compile(r"89\d{16,18}")
IMSI = re.compile(r"\d{14,15}")
EID = re.compile(r"89\d{30}")
MAC = re.compile(r"[0-9A-F]{12}")
SERIAL = re.compile(r"[0-9A-Z][0-9A-Z./_-]{3,39}")
_CLEAN = re.compile(r"[\s\-]+")
# The kinds of numbers that must not occur twice among each other: a SIM and a profile share the ICCIDs of the world.
SERIAL_KINDS: dict[str, str] = {
    ItemKind.SIM: "iccid", ItemKind.ESIM: "iccid", ItemKind.HANDSET: "imei", **dict.fromkeys(CPE, "serial"),
}
# What a spreadsheet would take for a formula.
HARMFUL = ("=", "+", "-", "@", "\t", "\r")
EID_REMAINDER = 1
EID_MODULUS = 97


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """One item as it is received: its serial, and what else its kind carries."""

    serial: str
    imsi: str = ""
    imei2: str = ""
    mac: str = ""
    eid: str = ""
    activation_code: str = ""


def clean_number(given: str) -> str:
    """Return a number of digits as it is compared: NFKC, without blanks and hyphens."""
    return _CLEAN.sub("", unicodedata.normalize("NFKC", given))


def clean_serial(kind: str, given: str) -> str:
    """Return the serial of an item of ``kind`` as it is compared; an ICCID may come padded with ``F``."""
    if SERIAL_KINDS.get(kind) == "iccid":
        return clean_number(given).upper().removesuffix("F")
    if SERIAL_KINDS.get(kind) == "imei":
        return clean_number(given)
    return unicodedata.normalize("NFKC", given).strip().upper()


def readings(given: str) -> tuple[str, ...]:
    """Return what a scanned text may be as a serial, whatever kind of item it is on; nothing for a blank one."""
    return tuple(dict.fromkeys(found[:40] for kind in (ItemKind.ONT, ItemKind.SIM, ItemKind.HANDSET) if (found := clean_serial(kind, given))))


def clean_mac(given: str) -> str:
    """Return a MAC address as ``AA:BB:CC:DD:EE:FF``, or what was given where it is none."""
    plain = re.sub(r"[\s:.\-]", "", unicodedata.normalize("NFKC", given)).upper()
    return ":".join(plain[at:at + 2] for at in range(0, 12, 2)) if MAC.fullmatch(plain) else given.strip()


def cleaned(kind: str, draft: ItemDraft) -> ItemDraft:
    """Return the draft with every number as it is compared."""
    return ItemDraft(
        serial=clean_serial(kind, draft.serial), imsi=clean_number(draft.imsi), imei2=clean_number(draft.imei2),
        mac=clean_mac(draft.mac) if draft.mac else "", eid=clean_number(draft.eid), activation_code=draft.activation_code.strip(),
    )


@rule("RES-60", says=_("{serial} is no ICCID: 18 to 20 digits that begin with 89 and end in their check digit"),
      mend=_("Scan the card again; the number stands on it"), field="serial")
def is_iccid(*, serial: str) -> bool:
    """An ICCID begins with 89 (telecom), and its last digit is Luhn's (ITU-T E.118)."""
    return bool(ICCID.fullmatch(serial)) and luhn.is_valid(serial)


@rule("RES-61", says=_("{imsi} is no IMSI: 14 or 15 digits"), mend=_("Take it from the supplier's file"), field="imsi")
def is_imsi(*, imsi: str) -> bool:
    """A SIM is known to the network by its IMSI (ITU-T E.212)."""
    return bool(IMSI.fullmatch(imsi))


@rule("RES-62", says=_("{serial} is no IMEI: 15 digits that end in their check digit"), mend=_("Dial *#06# on the handset and read it again"),
      field="serial")
def is_imei(*, serial: str) -> bool:
    """A handset's IMEI has 15 digits, the last is Luhn's (3GPP TS 23.003)."""
    return len(serial) == 15 and imei.is_valid(serial)


@rule("RES-63", says=_("{serial} is no serial number: 4 to 40 letters and digits"), mend=_("Scan the label again"), field="serial")
def is_serial(*, serial: str) -> bool:
    """Customer equipment carries the maker's serial number."""
    return bool(SERIAL.fullmatch(serial))


@rule("RES-64", says=_("{mac} is no MAC address"), mend=_("Scan the label again: twelve digits 0 to 9 and A to F"), field="mac")
def is_mac(*, mac: str) -> bool:
    """Where a MAC address is given, it is one, and of one device (no group address)."""
    return not mac or (bool(re.fullmatch(r"([0-9A-F]{2}:){5}[0-9A-F]{2}", mac)) and int(mac[1], 16) % 2 == 0)


@rule("RES-65", says=_("The EID is none: 32 digits that begin with 89 and end in two check digits"),
      mend=_("Read it again in the device's settings, or leave it empty"), field="eid")
def is_eid(*, eid: str) -> bool:
    """An EID, where one is given, leaves 1 when divided by 97 (GSMA SGP.02)."""
    return not eid or (bool(EID.fullmatch(eid)) and int(eid) % EID_MODULUS == EID_REMAINDER)


@rule("RES-66", says=_("An eSIM profile needs its activation code, which begins with LPA:1$"), mend=_("Take it from the supplier's file"),
      field="activation_code")
def has_activation_code(*, activation_code: str) -> bool:
    """An eSIM profile is downloaded by its activation code (GSMA SGP.22)."""
    return activation_code.startswith("LPA:1$") and activation_code.count("$") >= 2 and len(activation_code) <= 255


def broken_in_item(kind: str, draft: ItemDraft) -> list[Broken]:
    """Return every rule that an item of ``kind`` (its numbers cleaned) breaks."""
    carried = SERIAL_KINDS[kind]
    serial = {"iccid": is_iccid, "imei": is_imei, "serial": is_serial}[carried]
    return collect(
        (serial, {"serial": draft.serial}),
        (is_imsi, {"imsi": draft.imsi}) if kind == ItemKind.SIM or draft.imsi else None,
        (is_imei, {"serial": draft.imei2}) if draft.imei2 else None,
        (is_mac, {"mac": draft.mac}), (is_eid, {"eid": draft.eid}),
        (has_activation_code, {"activation_code": draft.activation_code}) if kind == ItemKind.ESIM else None,
    )

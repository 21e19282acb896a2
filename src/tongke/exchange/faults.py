"""Faults of single rows: each has a code, says what is wrong and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import Broken


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault: its code and sentences."""

    code: str
    says: Any
    mend: Any


EMPTY = Fault("IMP-30", _("{field} must not be empty"), _("Fill the cell"))
TYPE = Fault("IMP-31", _("{field}: {expected}"), _("Correct the cell, or say in the mapping how the value is written"))
CHOICE = Fault("IMP-32", _("{field} takes only: {choices}"), _("Correct the cell, or add the value to the mapping's table (map)"))
LONG = Fault("IMP-33", _("{field} takes at most {most} characters"), _("Shorten the text"))
UNMAPPED = Fault("IMP-34", _("{field}: the mapping's table (map) has no entry for this value"), _("Add the value to the table, or give it an else"))
UNKNOWN = Fault("IMP-35", _("{field} names {noun} {key}, which is not known from this source"),
                _("Load that record first, or correct the key"))
TWICE = Fault("IMP-36", _("The same key stands in row {first} with other values"), _("Keep one of the two rows"))
REPEATED = Fault("IMP-37", _("This row repeats row {first} exactly"), _("Nothing is lost; remove it from the file if you like"))
KEYLESS = Fault("IMP-38", _("The row's key is empty"), _("Fill the key"))
WIDTH = Fault("IMP-39", _("The row has {found} cells instead of {expected}"),
              _("The file may be cut off here, or a cell holds the delimiter without quotation marks"))
NUL = Fault("IMP-40", _("The row holds NUL characters"), _("Get the file again: it was damaged on its way"))
HUGE = Fault("IMP-41", _("The row is longer than {most} bytes"), _("Look whether line ends are missing"))
ORPHAN = Fault("IMP-42", _("No row of {base} has this key"), _("Add the missing row, or remove this one"))
FOREIGN = Fault("IMP-43", _("The key {key} is held by another organisation, or is being loaded by another import"),
                _("Give the source another name (--source), or load it for that organisation"))
REFUSED = Fault("IMP-44", _("The database refuses the row: {why}"), _("Correct the row; the named constraint says what must hold"))
UNJOINED = Fault("IMP-45", _("{source} has no row with this key"), _("Add the row there"))
TWICE_JOINED = Fault("IMP-46", _("{source} has several rows with this key"), _("Keep one of them"))
DECIMALS = Fault("IMP-47", _("{field} takes at most two decimals"), _("Correct the amount, or round it in the mapping (round = 2)"))
OUTSIDE = Fault("IMP-48", _("The organisation {org} is not within your area of responsibility"), _("Correct the number of the organisation"))
LOADED_TWICE = Fault("IMP-49", _("Two records {noun} of this file have the key {key}"), _("Make the record's key differ in the mapping, or correct the row"))
QUOTING = Fault("IMP-50", _("A quotation mark stands where none may be"), _("A quotation mark inside a quoted cell is written twice"))
DAMAGED = Fault("IMP-51", _("The row holds characters that were damaged (�)"), _("Get the file again, or save it as UTF-8"))
AT_READING = {kind.code: kind for kind in (WIDTH, NUL, HUGE, ORPHAN, QUOTING, DAMAGED)}


@dataclass(frozen=True, slots=True)
class RowFault:
    """One fault of one row: the column and value to blame and the filled sentences."""

    code: str
    reason: str
    mend: str
    column: str = ""
    value: str = ""


def fault(kind: Fault, *, column: str = "", value: str | None = "", **words: Any) -> RowFault:
    """Return ``kind`` with its sentences filled, in the active language."""
    return RowFault(kind.code, str(kind.says).format(**words), str(kind.mend).format(**words), column, value or "")


def from_rule(broken: Broken, *, column: str = "", value: str | None = "") -> RowFault:
    """Return a broken business rule as a row's fault."""
    return RowFault(broken.code, broken.message, broken.advice, column or broken.field, value or "")

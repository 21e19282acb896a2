"""Numbers of the real world: telephone numbers, identity numbers and credit codes with valid check digits.

Identity numbers are one-to-one functions of the customer's index, telephone numbers of the block and the line's place
in it, so that no number is given twice however large the operator is; and of the seed, so that two simulated operators
can stand in one database. Telephone numbers lie densely in codes of ten thousand that belong to one local network each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tongke.simulator.draw import Bools, Ints, digits, fixed_text, permuted

CUSTOMERS_MAX = 2_000_000
# The operator's own prefixes and those of others (telecom numbering plan, MIIT). A seed's lines live under one of the eight
# of LINE_PREFIXES; STOCK_PREFIXES hold what is asked for beyond; 138 is left to the named people of the demo.
LINE_PREFIXES = (133, 153, 173, 177, 180, 181, 189, 199)
STOCK_PREFIXES = (190, 191, 193)
OTHER_PREFIXES = np.array([
    130, 131, 132, 134, 135, 136, 137, 139, 150, 151, 152, 155, 156, 157, 158, 159, 166, 175, 176, 178, 182, 183, 185, 186, 187, 188, 195, 196, 198,
], dtype=np.int64)
SEEDS = len(LINE_PREFIXES)
"""So many seeds can stand in one database: those of one remainder share their numbers."""
_OTHER_SEEDS = 500
CODE_NUMBERS = 10_000
"""Numbers of one code: the seven digits before the last four (mobile, 万号段), the exchange code (fixed, 局号)."""


@dataclass(frozen=True, slots=True)
class CodePlan:
    """Which codes one local network's lines have: ``mobile_first`` and ``fixed_first`` are the first four digits' start.

    So many blocks of customers share one code (``mobile_blocks``, ``fixed_blocks``), so that about two numbers in five are given out.
    """

    mobile_first: int
    mobile_blocks: int
    fixed_first: int
    fixed_blocks: int


CODES = (
    CodePlan(5710, 2, 8400, 16), CodePlan(5910, 4, 8400, 25), CodePlan(6010, 4, 8400, 25), CodePlan(5110, 5, 8400, 40),
)
"""One plan for each of ``places.NETWORKS``, in order."""
FIXED_CODES = 25
"""Exchange codes that each seed may use in an area."""
_ID_SLOTS = 168_000
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_ID_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
# GB 32100: digits and letters without I, O, S, V, Z; each place weighs three times the place before.
_CODE_LETTERS = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", dtype=np.uint8)
_CODE_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)], dtype=np.int64)
# GB 11714: the organisation code inside it, over 36 digits and letters.
_ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)


def mobile_numbers(seed: int, block: int, network: Ints, rank: Ints) -> pa.StringArray:
    """Return mobile numbers in E.164 of a block's lines; ``rank`` counts those of one local network from 0.

    Raises ``ValueError`` where a block has more lines in a network than its share of a code holds.
    """
    first, shared = (np.array(column)[network] for column in zip(*((c.mobile_first, c.mobile_blocks) for c in CODES), strict=True))
    number = LINE_PREFIXES[seed % SEEDS] * 100_000_000 + (first + block // shared) * CODE_NUMBERS + _slot(seed, block, rank, shared)
    return _plus("+86", number, 11)


def fixed_numbers(seed: int, block: int, network: Ints, area_code: Ints, rank: Ints) -> pa.StringArray:
    """Return fixed-line numbers in E.164 of a block's lines; ``area_code`` without its zero (571, 25), eight digits after it.

    ``rank`` counts those of one local network from 0. Raises ``ValueError`` as ``mobile_numbers`` does.
    """
    first, shared = (np.array(column)[network] for column in zip(*((c.fixed_first, c.fixed_blocks) for c in CODES), strict=True))
    place = (first + seed % SEEDS * FIXED_CODES + block // shared) * CODE_NUMBERS + _slot(seed, block, rank, shared)
    long = area_code >= 100
    texts_long = _plus("+86", np.where(long, area_code, 0) * 100_000_000 + place, 11)
    texts_short = _plus("+86", np.where(long, 0, area_code) * 100_000_000 + place, 10)
    return pa.compute.if_else(pa.array(long), texts_long, texts_short)


def other_mobiles(seed: int, customer: Ints) -> pa.StringArray:
    """Return a mobile number of another operator for each customer: what those are reached by who have no line here."""
    # One shuffle of the others' whole plan for all seeds: theirs are different numbers of it.
    place = permuted(customer * _OTHER_SEEDS + seed % _OTHER_SEEDS, len(OTHER_PREFIXES) * 10_000, 10_000, 1)
    return _plus("+86", OTHER_PREFIXES[place // 100_000_000] * 100_000_000 + place % 100_000_000, 11)


def _slot(seed: int, block: int, rank: Ints, shared: Ints) -> Ints:
    """Return the last four digits of each: a shuffle of the code in which every sharing block has its own places."""
    if (rank >= CODE_NUMBERS // shared).any():
        raise ValueError(f"block {block} has more lines in one local network than its share of a code")
    return permuted(rank * shared + block % shared, 100, 100, seed)


def _plus(prefix: str, numbers: Ints, width: int) -> pa.StringArray:
    head = np.broadcast_to(np.frombuffer(prefix.encode(), dtype=np.uint8), (len(numbers), len(prefix)))
    return fixed_text(np.concatenate([head, digits(numbers, width)], axis=1))


def _slots(seed: int, customer: Ints) -> tuple[Ints, Ints]:
    """Return (slot below 168,000, remainder below 13): a one-to-one place of each customer, scrambled."""
    place = permuted(customer, 13, _ID_SLOTS, seed)
    return place % _ID_SLOTS, place // _ID_SLOTS


def birthdays(seed: int, customer: Ints, year: Ints) -> tuple[Ints, Ints, Ints]:
    """Return year, month and day of birth near ``year``, such that identity numbers never meet.

    The year is moved by at most six years: two customers who share day and sequence differ in it.
    """
    slot, remainder = _slots(seed, customer)
    moved = year - (year - remainder + 6) % 13 + 6
    day_of_12_times_28 = slot // 500
    return moved, day_of_12_times_28 // 28 + 1, day_of_12_times_28 % 28 + 1


def resident_ids(seed: int, customer: Ints, region: Ints, birth: tuple[Ints, Ints, Ints], male: Bools) -> pa.StringArray:
    """Return resident identity numbers (GB 11643): region, birthday, sequence (odd for men), check digit."""
    slot, _remainder = _slots(seed, customer)
    year, month, day = birth
    sequence = (slot % 500) * 2 + male
    number = ((region * 10_000 + year) * 10_000 + month * 100 + day) * 1000 + sequence
    body = digits(number, 17)
    check = _ID_CHECKS[((body.astype(np.int64) - 48) @ _ID_WEIGHTS) % 11]
    return fixed_text(np.concatenate([body, check[:, None]], axis=1))


def resident_id_is_valid(number: str) -> bool:
    """Tell whether the check digit of an 18-digit resident identity number is right."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(int(c) * int(w) for c, w in zip(number[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17]


def credit_codes(seed: int, customer: Ints, region: Ints) -> pa.StringArray:
    """Return unified social credit codes (GB 32100) of companies: ``91``, region, organisation code, check character."""
    place = permuted(customer, 10_000, 10_000, seed)
    core = digits(place, 8)
    weighed = 11 - (core.astype(np.int64) - 48) @ _ORG_WEIGHTS % 11
    own_check = np.where(weighed == 10, ord("X"), np.where(weighed == 11, ord("0"), weighed + 48)).astype(np.uint8)
    head = np.broadcast_to(np.frombuffer(b"91", dtype=np.uint8), (len(customer), 2))
    body = np.concatenate([head, digits(region, 6), core, own_check[:, None]], axis=1)
    values = _letter_values()[body]
    check = _CODE_LETTERS[(31 - (values @ _CODE_WEIGHTS) % 31) % 31]
    return fixed_text(np.concatenate([body, check[:, None]], axis=1))


def _letter_values() -> NDArray[np.int64]:
    table = np.zeros(256, dtype=np.int64)
    table[_CODE_LETTERS] = np.arange(31)
    return table


def credit_code_is_valid(code: str) -> bool:
    """Tell whether the check character of a unified social credit code is right."""
    letters = _CODE_LETTERS.tobytes().decode()
    if len(code) != 18 or any(c not in letters for c in code):
        return False
    total = sum(letters.index(c) * int(w) for c, w in zip(code[:17], _CODE_WEIGHTS, strict=True))
    return letters[(31 - total % 31) % 31] == code[17]


def passports(seed: int, customer: Ints) -> pa.StringArray:
    """Return passport numbers of foreigners: a letter and eight digits."""
    place = permuted(customer, 10_000, 10_000, seed + 1)
    letters = np.frombuffer(b"ABCEGHKLMNPRT", dtype=np.uint8)[place % 13]
    return fixed_text(np.concatenate([letters[:, None], digits(place, 8)], axis=1))

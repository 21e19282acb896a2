"""How free numbers are looked for: from what somebody wishes to the walk along one index that finds it soonest. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tongke.areas.resource.rules.numbers import COUNTRY
from tongke.areas.resource.states import ORDINARY

ANY = "*?_xX×＊？"
DATE = "((0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)|02(0[1-9]|[12][0-9]))$"
GRAM = 4
TAIL_GOOD, HEAD_GOOD = 3, 6
WHOLE = {"head": 13, "tail": 7, "grade": 0, "gram": 0}
"""From how many signs on (a head's with its country) few numbers are left: no two clerks meet at them by chance."""

Way = Literal["head", "tail", "grade", "gram"]


class NoPattern(ValueError):
    """A part of a wish is no pattern; the text names the part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWish:
    """What somebody wishes of a number. All parts hold together; an empty part asks nothing.

    ``head`` and ``tail`` are digits as people write them (a head may begin with 0 as in 0571); ``contains`` each occurs
    somewhere; ``mask`` is the whole national number with ``*`` for any digit; ``without`` are digits that do not occur among
    the last eight; ``birthday`` is MMDD, YYMMDD or YYYYMMDD at the end, or ``any``; ``plain``: no digit twice in a row.
    ``grades`` are codes; amounts bound the grade's prestore and monthly floor.
    """

    head: str = ""
    tail: str = ""
    contains: tuple[str, ...] = ()
    mask: str = ""
    without: str = ""
    birthday: str = ""
    plain: bool = False
    grades: tuple[str, ...] = ()
    prestore_max: int | None = None
    prestore_min: int | None = None
    floor_max: int | None = None
    kind: str = ""
    org_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Along which index free numbers are walked, from where to where, and what each must fit besides.

    ``lo`` and ``hi`` bound a head's numbers or a tail's reversed ones; ``grams`` are runs of four digits.
    """

    way: Way
    lo: str = ""
    hi: str = ""
    grams: tuple[int, ...] = ()
    shapes: tuple[str, ...] = ()
    also: str = ""


def _digits(part: str, what: str) -> str:
    found = re.sub(r"[\s-]", "", part)
    if not re.fullmatch("[0-9]{0,15}", found):
        raise NoPattern(what)
    return found


def head_of(given: str) -> str:
    """Return what a number begins with as it is kept; empty for none; raises ``NoPattern``."""
    if given.strip().startswith("+"):
        return "+" + _digits(given.strip()[1:], "head")
    found = _digits(given, "head").removeprefix("0")
    return f"+{COUNTRY}{found}" if found else ""


def mask_shape(mask: str) -> str:
    """Return the LIKE shape of a whole national number written with ``*`` for any digit; raises ``NoPattern``."""
    found = re.sub(r"[\s-]", "", mask)
    shape = "".join("_" if c in ANY else c for c in found)
    if not re.fullmatch("[0-9_]{7,13}", shape):
        raise NoPattern("mask")
    return f"+{COUNTRY}{shape.removeprefix('0') if shape[0] == '0' else shape}"


def _after(text: str) -> str:
    """Return the first text behind all that begin with ``text``."""
    return text[:-1] + chr(ord(text[-1]) + 1)


def _grams(runs: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted({int(run[at:at + GRAM]) for run in runs for at in range(len(run) - GRAM + 1)}))


def walk_for(wish: NumberWish, *, grades: Sequence[str] | None = None) -> Walk:
    """Return the walk that finds ``wish`` soonest; ``grades`` are those that its grades and amounts leave (``None``: any).

    A long head or tail is walked itself; else four digits in a row anywhere, a few fine grades, a short head or tail,
    or all free numbers by chance. Raises ``NoPattern``.
    """
    head, tail = head_of(wish.head), _digits(wish.tail, "tail")
    inner = [found for found in (_digits(part, "contains") for part in wish.contains) if found]
    shapes, also = [f"%{run}%" for run in inner], ""
    _digits(wish.without, "without")
    if wish.birthday == "any":
        also = DATE
    elif wish.birthday:
        date_tail = _digits(wish.birthday, "birthday")
        if len(date_tail) not in (4, 6, 8):
            raise NoPattern("birthday")
        shapes.append(f"%{date_tail}")
        tail = max(tail, date_tail, key=len)
    if wish.mask:
        shape = mask_shape(wish.mask)
        shapes.append(shape)
        runs = re.split("_+", shape)
        head, tail = max(head, runs[0], key=len), max(tail, runs[-1], key=len)
        inner += [run for run in runs[1:-1] if run]
    shapes += [f"{head_of(wish.head)}%"] * bool(wish.head) + [f"%{_digits(wish.tail, 'tail')}"] * bool(wish.tail)
    fine = grades is not None and ORDINARY not in grades
    return _chosen(head, tail, _grams(inner), fine=fine, shapes=tuple(dict.fromkeys(shapes)), also=also)


def _chosen(head: str, tail: str, grams: tuple[int, ...], *, fine: bool, shapes: tuple[str, ...], also: str) -> Walk:
    local, back = len(head) - len(COUNTRY) - 1, tail[::-1]
    from_tail = Walk(way="tail", lo=back, hi=_after(back) if back else "", shapes=shapes, also=also)
    from_head = Walk(way="head", lo=head, hi=_after(head) if head else "", shapes=shapes, also=also)
    if len(tail) >= TAIL_GOOD and len(tail) + 2 >= local:
        return from_tail
    if local >= HEAD_GOOD:
        return from_head
    if len(tail) >= TAIL_GOOD:
        return from_tail
    if grams:
        return Walk(way="gram", grams=grams, shapes=shapes, also=also)
    # Without a beginning or an end the free numbers are walked in an order of chance: what fits is spread evenly there,
    # while in the order of numbers whole blocks may have none.
    if fine or not (head or tail):
        return Walk(way="grade", shapes=shapes, also=also)
    return from_tail if tail else from_head


def start_within(walk: Walk, chance: int) -> str:
    """Return a place between the walk's ends by a random number (0 to 2³¹): digits appended to the beginning.

    What so many digits leave is read as a whole: it begins at its beginning, and is walked once instead of in two parts.
    """
    return walk.lo if len(walk.lo) >= WHOLE[walk.way] else f"{walk.lo}{chance % 10_000:04d}"

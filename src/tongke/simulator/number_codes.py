"""Which numbers the simulated operator owns: blocks from the regulator, ranges down its tree, pools by channel, codes of ten thousand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from tongke.kernel.errors import Invalid
from tongke.simulator.draw import BLOCK, ids
from tongke.simulator.number_plan import CODE_NUMBERS, CODES, CUSTOMERS_MAX, FIXED_CODES, LINE_PREFIXES, SEEDS, STOCK_PREFIXES
from tongke.simulator.places import NETWORKS

NUMBERS_MAX = 30_000_000
STOCK_CODES = 3750
"""Codes under the stock prefixes that each seed may open."""
RUN = 2
"""Codes of the stock prefixes go to one local network in runs of so many."""
# Eight runs of twenty go to the first network, five to the second …: the weights of ``places.NETWORKS``.
_RUNS = (0, 1, 2, 3, 0, 1, 0, 2, 0, 3, 0, 1, 2, 0, 1, 0, 3, 2, 0, 1)
_BLOCKS_MAX = CUSTOMERS_MAX // BLOCK
NAMED_MOBILE = ((0, 8_613_857_100_000), (1, 8_613_857_400_000))
NAMED_FIXED = (0, 8_657_187_650_000)
THINGS = (0, 861_064_957_100_000)
THINGS_CODES = 10
"""First numbers (and network) of what does not come from a seed: the demo's named people's codes, and numbers of things."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of each local network: which of a code's last four digits feed it (``first`` included, ``end`` not)."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    channels: tuple[str, ...]
    first: int
    end: int
    dry_below: int


POOLS = (
    Pool("HALL", "mobile", "营业厅号池", "Business halls", ("hall", "field"), 0, 6000, 500),
    Pool("ONLINE", "mobile", "电子渠道号池", "Online channels", ("web", "app", "sms", "hotline"), 6000, 8500, 300),
    Pool("DEALER", "mobile", "代理渠道号池", "Dealers", ("dealer",), 8500, 9500, 200),
    Pool("KEY", "mobile", "政企客户号池", "Key accounts", ("key_account",), 9500, CODE_NUMBERS, 100),
    Pool("FIXED", "fixed", "固定电话号池", "Fixed lines", (), 0, CODE_NUMBERS, 500),
    Pool("THINGS", "iot", "物联网号池", "Numbers of things", ("key_account", "hall"), 0, CODE_NUMBERS, 1000),
)


@dataclass(frozen=True, slots=True)
class Code:
    """Ten thousand numbers from ``first`` on (digits with the country code) of one network, in the range ``in_range`` of ``block``."""

    first: int
    network: int
    kind: str
    block: str
    in_range: tuple[int, int]


def pools_of(kind: str) -> list[tuple[int, Pool]]:
    """Return the pools that a code of a kind feeds, with their places in ``POOLS``."""
    return [(place, pool) for place, pool in enumerate(POOLS) if pool.kind == kind]


def number_ids(noun: str, key: int, ordinal: int = 0) -> UUID:
    """Return the id of a block, range, pool … by a number's code (its digits without the last four) or another key."""
    return UUID(hex=ids(0, f"number/{noun}", np.array([key]), ordinal)[0].as_py())


def block_id(code: Code) -> UUID:
    """Return the id of a code's block."""
    return number_ids("block", block_of(code)[0] // CODE_NUMBERS)


def range_id(code: Code, level: int) -> UUID:
    """Return the id of a code's range at a level: 1 the province's, 2 the local network's."""
    return number_ids("range", code.in_range[0] // CODE_NUMBERS, level)


def pool_id(network: int, place: int) -> UUID:
    """Return the id of a local network's pool, by its place in ``POOLS``."""
    return number_ids("pool", network * 16 + place)


def _mobile(prefix: int, four: int) -> int:
    return 86 * 10**11 + (prefix * 10_000 + four) * CODE_NUMBERS


def line_codes(customers: int, seed: int) -> list[Code]:
    """Return the codes in which the lines of so many customers have their numbers."""
    blocks, prefix, out = -(-customers // BLOCK), LINE_PREFIXES[seed % SEEDS], []
    for network, plan in enumerate(CODES):
        begin, most = _mobile(prefix, plan.mobile_first), -(-_BLOCKS_MAX // plan.mobile_blocks)
        whole = (begin, begin + most * CODE_NUMBERS - 1)
        out += [Code(begin + g * CODE_NUMBERS, network, "mobile", f"MOB-{prefix}", whole) for g in range(-(-blocks // plan.mobile_blocks))]
    for network, plan in enumerate(CODES):
        begin = _fixed(network, plan.fixed_first + seed % SEEDS * FIXED_CODES)
        whole = (begin, begin + FIXED_CODES * CODE_NUMBERS - 1)
        block = f"FIX-0{NETWORKS[network].area_code}-{seed % SEEDS}"
        out += [Code(begin + g * CODE_NUMBERS, network, "fixed", block, whole) for g in range(-(-blocks // plan.fixed_blocks))]
    return out


def _fixed(network: int, exchange: int) -> int:
    area = NETWORKS[network].area_code
    return int(f"86{area}{exchange:04d}0000")


def stock_code(seed: int, place: int) -> Code:
    """Return the ``place``-th code of the stock prefixes: nobody's number yet."""
    index = seed % SEEDS * STOCK_CODES + place
    network, run = _RUNS[place // RUN % len(_RUNS)], index // RUN * RUN
    prefix = STOCK_PREFIXES[index // 10_000]
    begin = _mobile(prefix, run % 10_000)
    return Code(_mobile(prefix, index % 10_000), network, "mobile", f"MOB-{prefix}", (begin, begin + RUN * CODE_NUMBERS - 1))


def codes_of(customers: int, seed: int, numbers: int) -> list[Code]:
    """Return every code of an operator of so many customers with at least ``numbers`` numbers.

    Raises ``Invalid`` for more than ``NUMBERS_MAX``.
    """
    if not 0 <= numbers <= NUMBERS_MAX:
        raise Invalid(field="numbers", what=f"0 … {NUMBERS_MAX}")
    own = line_codes(customers, seed)
    more = max(0, -(-numbers // CODE_NUMBERS) - len(own))
    return own + [stock_code(seed, place) for place in range(more)]


def named_codes() -> list[Code]:
    """Return the codes of the demo's named people, and the numbers of things."""
    out = [Code(first, network, "mobile", "MOB-1385", (first, first + CODE_NUMBERS - 1)) for network, first in NAMED_MOBILE]
    network, first = NAMED_FIXED
    out.append(Code(first, network, "fixed", "FIX-0571-8765", (first, first + CODE_NUMBERS - 1)))
    network, first = THINGS
    return [*out, Code(first, network, "iot", "IOT-10649", (first, first + THINGS_CODES * CODE_NUMBERS - 1))]


def block_of(code: Code) -> tuple[int, int]:
    """Return the first and the last number of a code's block."""
    if code.kind == "mobile":
        width = 10 ** (15 - len(code.block))  # MOB-189 is 100 million numbers, MOB-1385 ten million
        return code.first // width * width, code.first // width * width + width - 1
    return code.in_range

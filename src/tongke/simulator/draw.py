"""Seeded randomness and columns made from it, whole arrays at a time.

Every block of customers has its own stream for each topic, so that neither the number of cores nor the
order in which blocks are made changes a single row, and one topic's draws never move another's.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

BLOCK = 5000
"""Customers in a block: the unit that is made, written and committed at once."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

# 2025-01-01T00:00Z in milliseconds: simulated ids ascend from here with the customer's index, so that
# the indexes on them are filled from left to right.
_FIRST_ID_MS = 1_735_689_600_000
_HEX_PAIRS = np.frombuffer(b"".join(b"%02x" % i for i in range(256)), dtype=np.uint16)


def stream(seed: int, block: int, topic: str) -> np.random.Generator:
    """Return the random stream of ``topic`` in ``block``."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, block, zlib.crc32(topic.encode())])))


def scrambled(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return 64 well-mixed bits for each value (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        mixed = values + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


def permuted(values: Ints, high: int, low: int, key: int) -> Ints:
    """Return a one-to-one shuffle of ``values`` within ``[0, high * low)``: a Feistel network over the two parts.

    ``key`` chooses the shuffle. No digit of the outcome follows from few digits of the value.
    """
    a, b = values // low, values % low
    for turn in range(3):
        salt = np.uint64(zlib.crc32(f"{key}/{turn}".encode()))
        a = (a + (scrambled(b.astype(np.uint64) ^ salt) % np.uint64(high)).astype(np.int64)) % high
        b = (b + (scrambled(a.astype(np.uint64) + salt) % np.uint64(low)).astype(np.int64)) % low
    return a * low + b


def ids(seed: int, noun: str, customer: Ints, ordinal: Ints | int = 0) -> pa.StringArray:
    """Return UUIDv7 texts (32 hexadecimal digits) for the ``ordinal``-th ``noun`` of each customer index.

    ``ordinal`` stays below 65,536. The same arguments give the same ids on any machine.
    """
    index = customer.astype(np.uint64)
    key = (index << np.uint64(16)) | np.asarray(ordinal, dtype=np.uint64)
    salt = np.uint64(zlib.crc32(f"{seed}/{noun}".encode()) | (seed & 0xFFFFFFFF) << 32)
    one = scrambled(scrambled(key) ^ salt)
    two = scrambled(one ^ key)
    high = ((np.uint64(_FIRST_ID_MS) + index) << np.uint64(16)) | np.uint64(0x7000) | (one & np.uint64(0xFFF))
    low = (two >> np.uint64(2)) | np.uint64(1 << 63)
    both = np.stack([np.broadcast_to(high, key.shape), low], axis=1).astype(">u8")
    return fixed_text(_HEX_PAIRS[both.view(np.uint8)].view(np.uint8).reshape(len(key), 32))


def fixed_text(characters: NDArray[np.uint8]) -> pa.StringArray:
    """Return one text per row of a matrix of ASCII codes."""
    count, width = characters.shape
    offsets = pa.py_buffer((np.arange(count + 1, dtype=np.int32) * width).tobytes())
    return pa.StringArray.from_buffers(count, offsets, pa.py_buffer(np.ascontiguousarray(characters).tobytes()))


def digits(values: Ints, width: int) -> NDArray[np.uint8]:
    """Return the last ``width`` decimal digits of each value, as ASCII codes."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return ((values[:, None] // powers) % 10 + 48).astype(np.uint8)


def numbered(prefix: str, values: Ints, width: int) -> pa.StringArray:
    """Return texts of ``prefix`` and each value with leading zeros, e.g. ``CS00700000042``."""
    head = np.broadcast_to(np.frombuffer(prefix.encode("ascii"), dtype=np.uint8), (len(values), len(prefix)))
    return fixed_text(np.concatenate([head, digits(values, width)], axis=1))


def texts(values: Sequence[str | None], index: Any) -> pa.StringArray:
    """Return ``values[i]`` for every ``i`` of ``index``."""
    return pa.array(values, type=pa.string()).take(pa.array(index))


def constant(value: Any, count: int) -> pa.Array:
    """Return ``count`` times the same value; ``None`` is a null text."""
    return pa.nulls(count, pa.string()) if value is None else pa.repeat(pa.scalar(value), count)


def joined(*parts: Any) -> pa.StringArray:
    """Return the parts of each row, one after the other; a part is a column or a text."""
    return pc.binary_join_element_wise(*parts, "")


def picked(random: np.random.Generator, weights: Sequence[float], count: int) -> Ints:
    """Draw ``count`` indexes by ``weights``, which need not sum to one."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(np.searchsorted(edges, random.random(count) * edges[-1], side="right"), dtype=np.int64)


def money(cents: Ints) -> pa.Decimal128Array:
    """Return amounts of 18 digits with 2 decimals from cents."""
    low = np.ascontiguousarray(cents, dtype=np.int64)
    both = np.stack([low, low >> 63], axis=1)
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(low), [None, pa.py_buffer(both.tobytes())])


def days(values: Ints, *, known: Bools | None = None) -> pa.Date32Array:
    """Return dates from days since 1970; unknown ones are null."""
    mask = None if known is None else ~known
    return pa.array(values.astype(np.int32), mask=mask).cast(pa.date32())


def instants(seconds: Ints, *, known: Bools | None = None) -> pa.TimestampArray:
    """Return UTC instants from seconds since 1970; unknown ones are null."""
    mask = None if known is None else ~known
    return pa.array(seconds.astype(np.int64) * 1_000_000, mask=mask).cast(pa.timestamp("us", tz="UTC"))

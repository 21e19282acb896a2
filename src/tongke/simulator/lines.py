"""The lines of a block: who owns and pays them, what they cost, how they are used, when and why they end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tongke.simulator import churn, number_plan, offers, places
from tongke.simulator.calendar_months import Span
from tongke.simulator.draw import Bools, Floats, Ints, ids, joined, picked, stream, texts
from tongke.simulator.people import People

MOBILE, FIXED, BROADBAND, TV, ICT = range(5)
ORDINALS = (0, 4, 8, 9, 10)
"""First ordinal of each kind among a customer's lines."""
TALK_BY_MONTH = (1.06, 1.14, 0.99, 0.98, 0.99, 0.98, 0.98, 0.99, 1.01, 0.99, 0.95, 0.98)
DATA_BY_MONTH = (1.03, 1.09, 0.97, 0.97, 0.99, 0.99, 1.07, 1.08, 0.97, 1.03, 0.95, 0.96)
ROAMING_BY_MONTH = (1.1, 1.5, 0.7, 0.8, 1.1, 0.9, 1.4, 1.5, 0.8, 1.5, 0.6, 0.7)
"""What January to December are to the average month: Spring Festival, the summer holidays and the week of October."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines as parallel columns. ``owner``, ``user`` and ``payer`` are rows of the block; days count from 1970.

    ``ended_day`` and ``contract_day`` are -1 where there is none; ``cause`` is a place in ``churn.CAUSES`` or -1.
    """

    owner: Ints
    user: Ints
    payer: Ints
    kind: Ints
    ordinal: Ints
    offer: Ints
    extra: Ints
    active_day: Ints
    contract_day: Ints
    ended_day: Ints
    cause: Ints
    number: pa.StringArray
    id: pa.StringArray

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self.owner)


@dataclass(frozen=True, slots=True)
class Usage:
    """One row for each line and month in which it worked: ``line`` and ``month`` are places; money in cents."""

    line: Ints
    month: Ints
    voice_seconds: Ints
    voice_calls: Ints
    sms: Ints
    data_bytes: Ints
    roaming_bytes: Ints
    peers: Ints
    faults: Ints
    charged: Ints


@dataclass(frozen=True, slots=True)
class Met:
    """The ground truth of churn: what each line met in each whole month, its hazard, and whether it left."""

    line: Ints
    month: Ints
    met: Floats
    hazard: Floats
    left: Bools
    cause: Ints


def _owned(random: np.random.Generator, people: People) -> tuple[Ints, Ints, Ints]:
    """Draw which lines each customer has: owner row, kind, ordinal."""
    count, company = people.count, people.company
    head = (people.head == np.arange(count)) & ~company
    wide = head & (random.random(count) < 0.62)
    has = [
        (MOBILE, 0, np.where(company, random.random(count) < 0.8, random.random(count) < 0.93)),
        (MOBILE, 1, random.random(count) < np.where(company, 0.5, 0.12)),
        (MOBILE, 2, company & (random.random(count) < 0.3)),
        (FIXED, 0, random.random(count) < np.where(company, 0.85, np.where(head, 0.18, 0.0))),
        (FIXED, 1, company & (random.random(count) < 0.4)),
        (BROADBAND, 0, wide | (company & (random.random(count) < 0.8))),
        (TV, 0, wide & (random.random(count) < 0.55)),
        (ICT, 0, company & (random.random(count) < 0.3)),
    ]
    owner = np.concatenate([np.flatnonzero(mask) for _kind, _place, mask in has])
    kind = np.concatenate([np.full(int(mask.sum()), k) for k, _place, mask in has])
    ordinal = np.concatenate([np.full(int(mask.sum()), ORDINALS[k] + place) for k, place, mask in has])
    order = np.lexsort((ordinal, owner))
    return owner[order], kind[order], ordinal[order]


def _offers_drawn(random: np.random.Generator, kind: Ints) -> Ints:
    """Draw an offering of each line's kind."""
    out = np.zeros(len(kind), dtype=np.int64)
    for place, name in enumerate(offers.KINDS):
        rows, choice = np.flatnonzero(kind == place), offers.of_kind(name)
        out[rows] = np.array(choice)[picked(random, [offers.OFFERS[c].weight for c in choice], len(rows))]
    return out


def _rank(group: Ints, among: Bools) -> Ints:
    """Return for each row how many rows before it are of its group and ``among`` those counted."""
    rank = np.zeros(len(group), dtype=np.int64)
    for value in np.unique(group):
        rows = np.flatnonzero((group == value) & among)
        rank[rows] = np.arange(len(rows))
    return rank


def _numbers(span: Span, block: int, people: People, owner: Ints, kind: Ints) -> pa.StringArray:
    """Return the service numbers: E.164 for phones, log-in names for broadband, television and company lines."""
    index, network = people.index[owner], people.network[owner]
    phone = number_plan.mobile_numbers(span.seed, block, network, _rank(network, kind == MOBILE))
    area = np.array([n.area_code for n in places.NETWORKS])[network]
    fixed = number_plan.fixed_numbers(span.seed, block, network, area, _rank(network, kind == FIXED))
    account = joined(
        texts(["", "", "kd", "itv", "ict"], kind), places.area_texts(network),
        places.zero_led(np.full(len(owner), span.seed % 1000), 3), places.zero_led(index, 7),
    )
    return pa.compute.if_else(pa.array(kind == MOBILE), phone, pa.compute.if_else(pa.array(kind == FIXED), fixed, account))


def lines_of(span: Span, block: int, people: People) -> tuple[Lines, Usage, Met]:
    """Draw the lines of a block and live through the months."""
    random = stream(span.seed, block, "lines")
    owner, kind, ordinal = _owned(random, people)
    count = len(owner)
    delay = (random.random(count) < 0.35) * random.integers(0, 900, count)
    active = np.minimum(people.since_day[owner] + delay, span.until_day - 2)
    term = np.array([365, 730, 730, 730, 1095])[kind]
    bound = random.random(count) < np.array([0.5, 0.3, 0.8, 0.8, 0.95])[kind]
    # Contracts are renewed one after the other: the running one ends within its term from now, some just ended.
    rounds = (span.starts[0] - active) // term + 1
    contract = np.where(bound, active + np.maximum(rounds, 1) * term, -1)
    pays_home = ((people.head != np.arange(people.count)) & (random.random(people.count) < 0.6)[people.head])[owner]
    family = pays_home & ~people.company[owner]
    vas = np.array(offers.of_kind("value_added"))[picked(random, [40, 35, 25], count)]
    extra = np.where((kind == MOBILE) & (random.random(count) < 0.22), vas, -1)
    lines = Lines(
        owner=owner, user=_users(random, people, owner, kind), payer=np.where(family, people.head[owner], owner), kind=kind, ordinal=ordinal,
        offer=_offers_drawn(random, kind), extra=extra, active_day=active, contract_day=contract, ended_day=np.full(count, -1),
        cause=np.full(count, -1), number=_numbers(span, block, people, owner, kind), id=ids(span.seed, "line", people.index[owner], ordinal),
    )
    usage, met = _lived(span, block, people, lines)
    return lines, usage, met


def _users(random: np.random.Generator, people: People, owner: Ints, kind: Ints) -> Ints:
    """Return who uses each line where it is not the owner: a household's next member, for some second mobile lines."""
    other = np.minimum(owner + 1, people.people_count - 1)
    same_home = people.head[other] == people.head[owner]
    lends = (kind == MOBILE) & (random.random(len(owner)) < 0.05) & same_home & ~people.company[owner]
    return np.where(lends, other, owner)


def _lived(span: Span, block: int, people: People, lines: Lines) -> tuple[Usage, Met]:
    """Live through the months: usage, faults, what it cost, and who left. Fills ``ended_day`` and ``cause``."""
    random = stream(span.seed, block, "months")
    habit = random.normal(0.0, 0.6, lines.count)
    town = places.town_map()
    home = people.community[lines.owner]
    used: list[tuple[Ints, ...]] = []
    met: list[tuple[Ints, Ints, Floats, Floats, Bools, Ints]] = []
    for month in range(span.months):
        start, end = int(span.starts[month]), int(span.starts[month + 1])
        rows = np.flatnonzero((lines.active_day < end) & (lines.ended_day < 0))
        amounts = _month_of_use(random, lines, rows, habit[rows], town.rough[home[rows]], calendar_month=span.calendar_month(month))
        used.append((rows, np.full(len(rows), month), *amounts))
        settled = lines.active_day[rows] <= start
        seen, charged, faults = rows[settled], amounts[7][settled], amounts[6][settled]
        columns = churn.covariates(
            paid_cents=offers.FEES[lines.offer[seen]] + charged, market_cents=offers.MARKET_CENTS[lines.kind[seen]], faults=faults,
            month_day=np.full(len(seen), start), next_month_day=np.full(len(seen), end), contract_day=lines.contract_day[seen],
            rival=town.rival[home[seen]].astype(np.int64), active_day=lines.active_day[seen],
        )
        hazard = churn.probability(columns)
        left = random.random(len(seen)) < hazard
        cause = np.where(left, churn.causes(random, columns), -1)
        lines.ended_day[seen] = np.where(left, random.integers(start, end, len(seen)), -1)
        lines.cause[seen] = cause
        met.append((seen, np.full(len(seen), month), columns, hazard, left, cause))
    return Usage(*(np.concatenate(c) for c in zip(*used, strict=True))), Met(*(np.concatenate(c) for c in zip(*met, strict=True)))


def _month_of_use(random: np.random.Generator, lines: Lines, rows: Ints, habit: Floats, rough: Bools, *, calendar_month: int) -> tuple[Ints, ...]:
    """Return one month's seconds, calls, messages, bytes, roaming bytes, peers, faults and charges of ``rows``; ``calendar_month`` 0 is January."""
    kind, offer, count = lines.kind[rows], lines.offer[rows], len(rows)
    talks = np.isin(kind, (MOBILE, FIXED))
    minutes = np.where(talks, 90 * np.exp(habit + random.normal(0, 0.5, count)) + offers.MINUTES[offer] * 0.25, 0)
    giga = np.select([kind == MOBILE, kind == BROADBAND, kind == TV], [
        4 * np.exp(habit + random.normal(0, 0.4, count)) + offers.GIGABYTES[offer] * 0.45,
        160 * np.exp(habit + random.normal(0, 0.4, count)), 60 * np.exp(habit + random.normal(0, 0.4, count)),
    ], 0.0)
    minutes, giga = minutes * TALK_BY_MONTH[calendar_month], giga * DATA_BY_MONTH[calendar_month]
    calls = np.ceil(minutes / 2.4).astype(np.int64)
    rate = np.array([0.03, 0.05, 0.14, 0.10, 0.08])[kind] * np.where(rough, 3.0, 1.0)
    faults = random.poisson(rate)
    over_minutes = np.where(talks, np.maximum(minutes - offers.MINUTES[offer], 0), 0)
    over_giga = np.where(kind == MOBILE, np.maximum(giga - offers.GIGABYTES[offer], 0), 0)
    roams = (kind == MOBILE) & (random.random(count) < 0.02 * ROAMING_BY_MONTH[calendar_month])
    roaming = roams * random.exponential(1.5e9, count)
    charged = over_minutes * 10 + np.minimum(over_giga * 300, 15_000) + roaming / 1e9 * 3000
    return (
        (minutes * 60).astype(np.int64), calls, np.where(kind == MOBILE, random.poisson(6, count), 0), (giga * 1e9).astype(np.int64),
        roaming.astype(np.int64), np.minimum(calls, np.ceil(calls ** 0.75)).astype(np.int64), faults, charged.astype(np.int64),
    )

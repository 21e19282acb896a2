"""Who the customers of a block are: households, foreigners and companies, before any row is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tongke.simulator import names, number_plan, places
from tongke.simulator.calendar_months import Span
from tongke.simulator.draw import Bools, Ints, picked, stream, texts

COMPANY_SHARE = 0.06
FOREIGN_SHARE = 0.01
HOUSEHOLD_SIZES = (25, 30, 28, 12, 5)
TREE_SIZES = (70, 0, 12, 10, 8)
"""Weights of company groups by size: most stand alone, the others are a mother with two to four subsidiaries."""


@dataclass(frozen=True, slots=True)
class People:
    """The customers of one block as parallel columns; companies follow the people.

    ``index`` is the customer's place in the operator, ``head`` the row of its household's head or its
    company's mother (its own row where it is that itself). Days count from 1970.
    """

    index: Ints
    company: Bools
    foreign: Bools
    head: Ints
    male: Bools
    birth_day: Ints
    birth: tuple[Ints, Ints, Ints]
    network: Ints
    org: Ints
    community: Ints
    region: Ints
    since_day: Ints
    credit: Ints
    name: names.Named
    nationality: pa.StringArray
    industry: pa.StringArray

    @property
    def count(self) -> int:
        """How many customers."""
        return len(self.index)

    @property
    def people_count(self) -> int:
        """How many of them are people: the first rows."""
        return int((~self.company).sum())


def _groups(random: np.random.Generator, weights: tuple[int, ...], count: int) -> Ints:
    """Return for each of ``count`` rows the first row of its group; sizes from one upward by ``weights``."""
    sizes = picked(random, weights, count) + 1
    starts = np.cumsum(sizes) - sizes
    starts = starts[starts < count]
    return starts[np.searchsorted(starts, np.arange(count), side="right") - 1]


def _ages(random: np.random.Generator, place: Ints, head_age: Ints) -> Ints:
    """Return ages by the place in the household: head, partner, children, a grandparent."""
    count = len(place)
    child = np.clip(head_age - random.integers(24, 32, count), 10, None)
    return np.select(
        [place == 0, place == 1, place == 4],
        [head_age, np.clip(head_age + random.integers(-4, 4, count), 20, 85), np.clip(head_age + random.integers(22, 30, count), 45, 90)],
        child,
    )


def _joined_days(random: np.random.Generator, span: Span, count: int) -> Ints:
    """Return since when they are customers: four years on average, fifteen at most, some within the simulated months."""
    tenure = np.minimum(random.gamma(1.3, 1150.0, count), 15 * 365).astype(np.int64)
    return span.until_day - 2 - tenure


def people_of(span: Span, block: int, first: int, count: int) -> People:
    """Draw the ``count`` customers of ``block``, whose indexes start at ``first``."""
    random = stream(span.seed, block, "people")
    companies = round(count * COMPANY_SHARE)
    persons = count - companies
    head = np.concatenate([_groups(random, HOUSEHOLD_SIZES, persons), persons + _groups(random, TREE_SIZES, companies)])
    company = np.arange(count) >= persons
    index = first + np.arange(count)
    place = np.arange(count) - head
    foreign = (random.random(count) < FOREIGN_SHARE)[head] & ~company
    male = np.where(place == 0, random.random(count) < 0.6, random.random(count) < 0.5)
    male = np.where(place == 1, ~male[head], male)
    age = _ages(random, place, random.integers(23, 78, count)[head])
    birth = number_plan.birthdays(span.seed, index, span.until.year - age)
    network = places.networks_drawn(random, count)[head]
    community = places.communities_drawn(random, network)
    community = np.where(company, community, community[head])
    local = places.town_map().region[community]
    moved = random.random(count) < 0.35
    region = np.where(moved & ~company, places.ELSEWHERE[random.integers(len(places.ELSEWHERE), size=count)], local)
    since = _joined_days(random, span, count)
    name, nationality, industry = _names(random, head=head, male=male, foreign=foreign, persons=persons, network=network)
    return People(
        index=index, company=company, foreign=foreign, head=head, male=male, birth=birth, birth_day=_day_numbers(birth), network=network,
        org=np.array([n.org_id for n in places.NETWORKS])[network], community=community, region=region,
        since_day=np.maximum(since, since[head] - 400), credit=picked(random, [30, 38, 22, 7, 3], count), name=name,
        nationality=nationality, industry=industry,
    )


def _names(
    random: np.random.Generator, *, head: Ints, male: Bools, foreign: Bools, persons: int, network: Ints,
) -> tuple[names.Named, pa.StringArray, pa.StringArray]:
    """Name everybody: children after the household's father, partners with their own surname, companies by town."""
    count = len(head)
    place = np.arange(count) - head
    surname = names.surname_indexes(random, count)
    surname = np.where((place >= 2) & (place <= 3), surname[head], surname)[:persons]
    chinese = names.chinese_names(random, surname, male[:persons])
    strangers, countries = names.foreign_names(random, persons)
    cities = [places.NETWORKS[n].city for n in network[persons:].tolist()]
    firms, trades = names.company_names(random, cities, head[persons:] - persons)
    is_foreign = pa.array(foreign[:persons])

    def column(field: str) -> pa.StringArray:
        own = pa.compute.if_else(is_foreign, getattr(strangers, field), getattr(chinese, field))
        return pa.concat_arrays([own, getattr(firms, field)])

    home = texts(["CN"], np.zeros(count, dtype=np.int64))
    nationality = pa.concat_arrays([pa.compute.if_else(is_foreign, countries, home[:persons]), home[persons:]])
    industry = pa.concat_arrays([names.no_text(persons), trades])
    return names.Named(column("name"), column("key"), column("pinyin"), column("initials")), nationality, industry


def _day_numbers(birth: tuple[Ints, Ints, Ints]) -> Ints:
    """Return days since 1970 of (year, month, day) columns."""
    year, month, day = birth
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) + day - 1

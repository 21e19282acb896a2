"""What is drawn looks like real life: check digits, uniqueness, readings, frequencies."""

from __future__ import annotations

import numpy as np
import pytest

from tongke.kernel.keys import address_key, name_key, name_pinyin, phone_e164
from tongke.simulator import names, number_plan, places
from tongke.simulator.block import draw_block
from tongke.simulator.calendar_months import Span
from tongke.simulator.draw import BLOCK, permuted, stream
from tongke.simulator.party_records import document_numbers

# Customers from all over the range: neighbours and far apart ones.
CUSTOMERS = np.unique(np.concatenate([np.arange(60_000), np.arange(999_000, 1_000_000), np.arange(0, number_plan.CUSTOMERS_MAX, 37)]))


@pytest.mark.parametrize("seed", [0, 7, 2026, 2**31 - 1])
def test_no_number_is_given_twice(seed: int) -> None:
    """Others' mobiles, identity and company numbers are one-to-one over the whole range of customers."""
    zero = np.zeros_like(CUSTOMERS)
    birth = number_plan.birthdays(seed, CUSTOMERS, zero + 1980)
    for numbers in (
        number_plan.other_mobiles(seed, CUSTOMERS),
        number_plan.resident_ids(seed, CUSTOMERS, zero + 330106, birth, zero == 0),
        number_plan.credit_codes(seed, CUSTOMERS, zero + 330106), number_plan.passports(seed, CUSTOMERS),
    ):
        assert len(numbers.unique()) == len(CUSTOMERS)


BLOCKS_MAX = number_plan.CUSTOMERS_MAX // BLOCK
AREAS = np.array([n.area_code for n in places.NETWORKS])


def phones_of(seed: int, block: int) -> list[str]:
    """Return as many telephone numbers as a block may have at most, in every local network."""
    out: list[str] = []
    for network, plan in enumerate(number_plan.CODES):
        mobile, fixed = (np.arange(number_plan.CODE_NUMBERS // shared) for shared in (plan.mobile_blocks, plan.fixed_blocks))
        out += number_plan.mobile_numbers(seed, block, np.full(len(mobile), network), mobile).to_pylist()
        out += number_plan.fixed_numbers(seed, block, np.full(len(fixed), network), np.full(len(fixed), AREAS[network]), fixed).to_pylist()
    return out


@pytest.mark.parametrize("seed", [0, 7])
def test_no_phone_is_given_twice(seed: int) -> None:
    """Blocks that share a code, and those far apart, have different numbers; another seed's are different altogether."""
    blocks = [*range(81), BLOCKS_MAX - 2, BLOCKS_MAX - 1]
    numbers = [number for block in blocks for number in phones_of(seed, block)]
    numbers += phones_of(seed + 2, 0)
    assert len(set(numbers)) == len(numbers)


def test_numbers_stay_within_their_codes() -> None:
    """The last block's codes are still those of its local network, and below the next seed's."""
    for network, plan in enumerate(number_plan.CODES):
        last = plan.mobile_first + (BLOCKS_MAX - 1) // plan.mobile_blocks
        assert not any(plan.mobile_first < other.mobile_first <= last for other in number_plan.CODES), network
        assert (BLOCKS_MAX - 1) // plan.fixed_blocks < number_plan.FIXED_CODES


def test_a_block_with_too_many_lines_is_refused() -> None:
    """Rather than giving a number twice."""
    with pytest.raises(ValueError, match="its share of a code"):
        number_plan.mobile_numbers(7, 0, np.array([0]), np.array([5000]))


def test_check_digits_are_valid() -> None:
    """Every identity number and credit code of a block passes its own check; a changed digit does not."""
    block = draw_block(Span(seed=3, customers=5000, months=1), 0)
    numbers = document_numbers(block.span, block.people).to_pylist()
    people = [n for n, company, foreign in zip(numbers, block.people.company, block.people.foreign, strict=True) if not company and not foreign]
    firms = [n for n, company in zip(numbers, block.people.company, strict=True) if company]
    assert len(people) > 4000
    assert len(firms) == 300
    assert all(map(number_plan.resident_id_is_valid, people))
    assert all(map(number_plan.credit_code_is_valid, firms))
    assert not any(number_plan.resident_id_is_valid(n[:16] + str((int(n[16]) + 1) % 10) + n[17]) for n in people)


def test_identity_numbers_say_birth_and_sex() -> None:
    """The birthday and the parity of the sequence agree with the record."""
    block = draw_block(Span(seed=3, customers=2000, months=1), 0)
    people = block.people
    for row, number in enumerate(document_numbers(block.span, people).to_pylist()):
        if people.company[row] or people.foreign[row]:
            continue
        year, month, day = (column[row] for column in people.birth)
        assert number[6:14] == f"{year:04d}{month:02d}{day:02d}"
        assert int(number[16]) % 2 == int(people.male[row])


def test_permutation_is_one_to_one() -> None:
    """The shuffle visits every place once."""
    assert sorted(permuted(np.arange(130 * 70), 130, 70, 5).tolist()) == list(range(130 * 70))


def test_phones_are_possible_numbers() -> None:
    """What is drawn is what the phone library takes for the same number."""
    for number in [*phones_of(9, 3)[::97], *number_plan.other_mobiles(9, np.arange(100)).to_pylist()]:
        national = number[3:]
        assert phone_e164(national if len(national) == 11 and national[0] == "1" else "0" + national) == number


def test_names_are_read_as_search_reads_them() -> None:
    """Keys made column-wise equal those of the kernel, name by name; companies and foreigners too."""
    people = draw_block(Span(seed=5, customers=5000, months=1), 0).people
    for name, key, pinyin, initials in zip(*(c.to_pylist() for c in (
        people.name.name, people.name.key, people.name.pinyin, people.name.initials)), strict=True):
        assert name_key(name) == key
        assert name_pinyin(name) == (pinyin, initials)


def test_addresses_are_keyed_as_search_keys_them() -> None:
    """Both address keys equal those made from the parts."""
    random = stream(1, 0, "address")
    drawn = places.addresses(random, places.communities_drawn(random, places.networks_drawn(random, 500)))
    for street, place, detail, street_key, place_key in zip(*(c.to_pylist() for c in (
        drawn.street, drawn.place, drawn.detail, drawn.street_key, drawn.place_key)), strict=True):
        assert address_key(street + place + detail) == street_key
        assert address_key(place + detail) == place_key


def test_surnames_are_as_frequent_as_in_life() -> None:
    """The five great surnames have their share, within four standard errors."""
    drawn = names.surname_indexes(stream(1, 0, "surnames"), 100_000)
    total = sum(names.SURNAMES.values())
    for place, share in enumerate(list(names.SURNAMES.values())[:5]):
        expected = share / total
        assert abs((drawn == place).mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / 100_000)


def test_children_carry_the_fathers_surname() -> None:
    """In households the third and fourth member bear the head's surname; partners rarely do."""
    people = draw_block(Span(seed=5, customers=5000, months=1), 0).people
    place = np.arange(people.count) - people.head
    surname = np.array([name[:1] for name in people.name.name.to_pylist()])
    chinese = ~people.company & ~people.foreign
    children, partners = chinese & ((place == 2) | (place == 3)), chinese & (place == 1)
    assert (surname[children] == surname[people.head[children]]).all()
    assert (surname[partners] == surname[people.head[partners]]).mean() < 0.15

"""The law of churn can be found again in what was simulated; blocks are the same however they are made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tongke.simulator import ground_truth
from tongke.simulator.block import block_tables, draw_block
from tongke.simulator.calendar_months import Span
from tongke.simulator.churn import BASE, CAUSES, EFFECTS

SEALED = ("number_cipher", "number_index")


@pytest.fixture(scope="module")
def truth() -> pa.Table:
    """Give the ground truth of 30,000 customers over a year."""
    return pa.concat_tables(ground_truth(customers=30_000, months=12, seed=11))


def fitted(columns: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients and standard errors of a logistic regression, intercept first (Newton's method)."""
    facts = np.column_stack([np.ones(len(left)), columns])
    found = np.zeros(facts.shape[1])
    for _turn in range(25):
        chance = 1 / (1 + np.exp(-facts @ found))
        information = facts.T @ (facts * (chance * (1 - chance))[:, None])
        found = found + np.linalg.solve(information, facts.T @ (left - chance))
    return found, np.sqrt(np.diag(np.linalg.inv(information)))


def test_a_simple_fit_finds_the_law(truth: pa.Table) -> None:
    """Every effect is recovered within four standard errors and is told from zero."""
    columns = np.column_stack([truth[name].to_numpy() for name in EFFECTS])
    found, error = fitted(columns, truth["left"].to_numpy().astype(float))
    law = np.array([BASE, *EFFECTS.values()])
    assert (np.abs(found - law) < 4 * error).all(), dict(zip(["base", *EFFECTS], zip(found, law, error, strict=True), strict=True))
    assert (np.abs(found) > 5 * error).all()


def test_hazards_are_calibrated(truth: pa.Table) -> None:
    """In each tenth of the hazard as many leave as it says."""
    hazard, left = truth["hazard"].to_numpy(), truth["left"].to_numpy()
    for part in np.array_split(np.argsort(hazard), 10):
        expected = hazard[part].mean()
        assert abs(left[part].mean() - expected) < 4 * np.sqrt(expected / len(part))


def test_the_year_has_seasons_and_lines_come_and_go() -> None:
    """People call most in the month of Spring Festival and roam most in holidays; each month about one line in a hundred leaves, more new ones come in a year."""
    span = Span(seed=11, customers=5000, months=12)
    block = draw_block(span, 0)
    usage, lines = block.usage, block.lines
    mobile = lines.kind[usage.line] == 0
    talked, roamed = (
        np.array([amount[mobile & (usage.month == month)].mean() for month in range(12)]) for amount in (usage.voice_seconds, usage.roaming_bytes > 0))
    year = [span.calendar_month(month) + 1 for month in range(12)]
    assert year == [11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert year[int(talked.argmax())] == 2
    assert roamed[[year.index(month) for month in (2, 7, 8, 10)]].mean() > 1.3 * roamed[[year.index(month) for month in (3, 4, 11, 12)]].mean()
    assert 0.005 < block.met.left.mean() < 0.02
    fresh = lines.active_day > span.starts[0]
    assert (lines.ended_day >= 0).mean() < fresh.mean() < 0.35


def test_causes_are_those_that_pushed(truth: pa.Table) -> None:
    """Leavers have a cause, others none; nobody leaves for a contract, a fault or a rival that was not there."""
    left, cause = truth["left"].to_numpy(), np.array(truth["cause"].to_pylist(), dtype=object)
    assert all(c in CAUSES for c in cause[left])
    assert all(c is None for c in cause[~left])
    for name in ("fault", "contract_end", "competitor", "price"):
        assert (truth[name].to_numpy()[cause == name] > 0).all()
        assert (cause == name).sum() > 100


def digest_of(number: int) -> dict[str, pa.Table]:
    """Return every table of one block without the columns that the installation's keys make."""
    tables = dict(block_tables(draw_block(Span(seed=21, customers=12_000, months=2), number)))
    return {name: rows.drop_columns([c for c in SEALED if c in rows.column_names]) for name, rows in tables.items()}


def test_a_block_is_the_same_however_it_is_made() -> None:
    """Made alone, again, or after others: the same rows, keys included."""
    alone = digest_of(2)
    digest_of(0)
    again = digest_of(2)
    assert alone.keys() == again.keys()
    assert all(alone[name].equals(again[name]) for name in alone)


def test_another_process_makes_the_same(tmp_path: Path) -> None:
    """A fresh process with another hash seed writes the same files, byte for byte."""
    command = [sys.executable, "-m", "tongke.cli.main", "simulate", "--customers", "6000", "--months", "2", "--seed", "5", "--dirt", "--to"]
    for run, hash_seed in (("one", "1"), ("two", "2")):
        subprocess.run([*command, str(tmp_path / run)], check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": hash_seed})
    files = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert len(files) == 9
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_another_seed_is_another_operator() -> None:
    """Seeds differ in people and in keys."""
    one, other = (dict(block_tables(draw_block(Span(seed=seed, customers=500, months=1), 0)))["party_party"] for seed in (1, 2))
    assert one["name"].to_pylist() != other["name"].to_pylist()
    assert not set(one["id"].to_pylist()) & set(other["id"].to_pylist())


MEASURE = """
import resource, sys
from tongke.simulator.block import block_tables, draw_block
from tongke.simulator.calendar_months import Span
span = Span(seed=1, customers=50_000, months=1)
for number in range(10):
    rows = sum(table.num_rows for _name, table in block_tables(draw_block(span, number)))
    print(number, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_stays_flat() -> None:
    """50,000 customers need no more memory than 10,000 do (within 40 MB)."""
    done = subprocess.run([sys.executable, "-c", MEASURE], check=True, capture_output=True, text=True)
    lines = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(lines) == 10
    assert min(rows for _n, rows, _mb in lines) > 50_000
    assert lines[-1][2] - lines[1][2] < 40

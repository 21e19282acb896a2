"""What importing tests stand on: the demo tree, a folder of their own, and one call that imports files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.factories.staff import TESTER, tree
from tongke.exchange.mapping import load_mapping
from tongke.exchange.services import Outcome, run_import, start_import
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting
from tongke.kernel.models import BulkReject


def record(noun: str, *, when: str = "", **fields: str) -> str:
    """Return the lines of a mapping that make a record of every row, or of those where the template ``when`` is filled."""
    lines = ["[[flow.record]]", f'noun = "{noun}"', 'key = "{no}"']
    if when:
        lines.append(f'when = {{ value = "{when}", filled = true }}')
    if fields:
        lines += ["[flow.record.set]", *(f'{name} = "{template}"' for name, template in fields.items())]
    return "\n".join(lines) + "\n"


PEOPLE_SOURCE = """
[mapping]
name = "people"
title = "People of a test"
source = "test"
[sources.people]
files = ["people*"]
[sources.people.columns]
no = "text!"
name = "text"
[[flow]]
from = "people"
key = "no"
"""
PEOPLE_RECORDS = (
    record("party", name="{name}") + record("customer", customer_no="T-{no}") + record("medium", when="{phone}", value="{phone}")
    + record("account", account_no="TA-{no}", balance="{balance}")
    + record("subscriber", when="{phone}", account="{no}", kind="mobile", service_number="{phone}")
)
BALANCE = """
[sums.balance]
column = "balance"
loaded = "account.balance"
"""
HOUSEHOLD = record("relation", when="{head}", tree="household", parent="{head}", child="{no}")
PEOPLE = PEOPLE_SOURCE + PEOPLE_RECORDS + BALANCE
FAMILIES = PEOPLE_SOURCE + PEOPLE_RECORDS + HOUSEHOLD + BALANCE
HEAD = "no,name,phone,balance\n"


@dataclass(frozen=True)
class Loaded:
    """An outcome with its rejects as (row, column, code)."""

    outcome: Outcome
    rejects: list[tuple[int, str, str]]

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """Read, created, updated, unchanged, rejected."""
        o = self.outcome
        return o.read, o.created, o.updated, o.unchanged, o.rejected


Load = Callable[..., Loaded]


@pytest.fixture
def exchange_folder(tmp_path: Path, settings: Any) -> Path:
    """Keep uploads and spools of the test in a folder of its own."""
    settings.EXCHANGE_FOLDER = tmp_path / "exchange"
    return Path(settings.EXCHANGE_FOLDER)


@pytest.fixture
def load(exchange_folder: Path) -> Load:
    """Return a call that imports files over a mapping text (or the name of a shipped mapping)."""
    del exchange_folder
    tree()

    def run(*files: Path | str, mapping: str = PEOPLE, by: Actor = TESTER, org_id: int | None = 3301, **options: Any) -> Loaded:
        loaded = load_mapping("test.toml", text=mapping) if "\n" in mapping else load_mapping(mapping)
        job = start_import(files=files, mapping=loaded, org_id=org_id, by=by, at=clock.now(), **options)
        outcome = run_import(job_id=job, by=by, clock=clock.now)
        with acting(TESTER):
            rejects = list(BulkReject.objects.filter(job_id=job).order_by("id").values_list("row_number", "column", "code"))
        return Loaded(outcome, rejects)

    return run


@pytest.fixture
def people(tmp_path: Path) -> Callable[..., Path]:
    """Return a call that writes ``people.csv`` with the given lines under the usual header."""

    def write(*lines: str, head: str = HEAD, name: str = "people.csv", encoding: str = "utf-8") -> Path:
        file = tmp_path / name
        file.write_bytes((head + "\n".join(lines) + "\n").encode(encoding))
        return file

    return write

"""The export: columns as documented, sums that agree, dirt that is listed."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.conftest import ROOT
from tongke.cli.main import run
from tongke.simulator.files import FAULTS, FilesExist, write_files
from tongke.simulator.number_plan import resident_id_is_valid


def rows_of(file: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an export of 5,300 customers with dirt."""
    made = tmp_path_factory.mktemp("export") / "files"
    write_files(made, customers=5300, months=2, seed=5, dirt=True)
    return made


def test_columns_are_as_documented(folder: Path) -> None:
    """docs/simulator.md names every file and every column, in order."""
    said = (ROOT / "docs" / "simulator.md").read_text(encoding="utf-8")
    for file in folder.glob("*.csv"):
        line = next(line for line in said.splitlines() if line.startswith(f"| `{file.stem}` |"))
        places = [line.find(f"`{column}`", len(file.stem) + 4) for column in rows_of(file)[0]]
        assert all(place > 0 for place in places), (file.name, list(rows_of(file)[0]), places)
        assert places == sorted(places), file.name


def test_keys_lead_somewhere(folder: Path) -> None:
    """Accounts, lines, bills, payments and contacts name customers and accounts of the same export."""
    customers = {row["customer_no"] for row in rows_of(folder / "customers.csv")}
    accounts = {row["account_no"] for row in rows_of(folder / "accounts.csv")}
    assert len(customers) == len(accounts) == 5300
    for name, key, known in (("accounts", "customer_no", customers), ("lines", "customer_no", customers), ("lines", "account_no", accounts),
                             ("bills", "account_no", accounts), ("payments", "account_no", accounts), ("contacts", "customer_no", customers)):
        assert {row[key] for row in rows_of(folder / f"{name}.csv")} <= known, name
    groups = {row["household_or_group"] for row in rows_of(folder / "customers.csv")} - {""}
    assert groups <= customers


def test_every_faulty_row_is_listed(folder: Path) -> None:
    """The faults that are listed are there, and no others."""
    rows = rows_of(folder / "customers.csv")
    faults = {row["customer_no"]: row["fault"] for row in rows_of(folder / "dirt.csv")}
    assert set(faults.values()) == set(FAULTS)
    seen: dict[str, int] = {}
    for row in rows:
        seen[row["customer_no"]] = seen.get(row["customer_no"], 0) + 1
        fault = faults.get(row["customer_no"])
        assert (row["name"] == "") == (fault == "name_missing")
        assert (row["phone"] == "无") == (fault == "phone_unreadable")
        assert (row["birth_on"] == "1990-02-31") == (fault == "birth_impossible")
        assert (row["local_network"] == "9999") == (fault == "network_unknown")
        if row["document_kind"] == "resident_id":
            assert resident_id_is_valid(row["document_number"]) == (fault != "document_checksum")
    assert {key for key, count in seen.items() if count > 1} == {key for key, fault in faults.items() if fault == "duplicate_row"}


def test_parquet_holds_the_same(folder: Path, tmp_path: Path) -> None:
    """The same rows, typed; the truth says by which law lines ended."""
    counts = write_files(tmp_path / "typed", customers=5300, months=2, seed=5, file_format="parquet")
    bills = parquet.read_table(tmp_path / "typed" / "bills.parquet")
    assert bills.num_rows == counts["bills.parquet"] == len(rows_of(folder / "bills.csv"))
    assert sum(bills["total"].to_pylist()) == sum(Decimal(row["total"]) for row in rows_of(folder / "bills.csv"))
    law = json.loads((tmp_path / "typed" / "truth.json").read_text(encoding="utf-8"))
    assert law["effects"]["price"] > 0
    assert law["seed"] == 5


def test_nothing_is_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with anything in it is refused, in words."""
    with pytest.raises(FilesExist):
        write_files(folder, customers=10)
    assert run(["simulate", "--customers", "10", "--to", str(folder)]) == 1
    assert "OPS-63" in capsys.readouterr().err

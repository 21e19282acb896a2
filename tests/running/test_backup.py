"""Backup and restore: a round trip to an empty machine, and files that are no backup."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.running.installation import OWN_CODE, START_SECONDS_MAX, Installation
from tongke.config import tables

pytestmark = pytest.mark.fault

SEED = """
INSERT INTO kernel_number_series (series, period, last) SELECT '号' || n || E'\\t\\n\\\\', '26', n FROM generate_series(1, 500) n;
INSERT INTO kernel_idempotency_key (id, scope, key, request_hash, answer, created_at)
SELECT tongke_uuid7(), 'test', n::text, 'x', '{"a": "b,\\"c\\" 张三"}', now() FROM generate_series(1, 50) n;
INSERT INTO kernel_outbox (occurred_at, id, name, actor, payload)
SELECT '2019-03-04 05:06:07+08'::timestamptz + n * interval '9 days', tongke_uuid7(), 'test.done.v1', 'test', '{"n": 1}'
FROM generate_series(1, 60) n;
SELECT tongke_ensure_month('kernel_outbox', '2019-05-01');
INSERT INTO staff_org (id, kind, path, name_zh, name_en, area_code, zone, active)
VALUES (1, 'group', '/1/', '集团', 'Group', '', 'Asia/Shanghai', true);
UPDATE staff_org SET name_en = 'The Group';
SELECT nextval('number_cu') FROM generate_series(1, 41);
"""
Held = dict[str, tuple[int, str]]


def contents(owner: psycopg.Connection[Any]) -> Held:
    """Return rows and a checksum of every table, whatever the order of the rows."""
    owner.execute("SET timezone = 'UTC'")
    out = {}
    for table in tables.all_tables(owner):
        columns = ", ".join(f'"{c}"' for c in table.columns)
        rows = f"SELECT md5(ROW({columns})::text) AS h FROM {table.name}"
        row = owner.execute(f"SELECT count(*), coalesce(md5(string_agg(h, '' ORDER BY h)), '') FROM ({rows}) s").fetchone()
        assert row is not None
        out[table.name] = (row[0], row[1])
    return out


def on_server(installation: Installation, program: str, data: Path | None = None) -> Any:
    """Run a few lines on the installation's own database as ``owner`` and return the JSON they print."""
    lines = [
        "import json, sys, psycopg", "from tongke.config import embedded", "from tests.running.test_backup import SEED, contents",
        "with embedded.in_use() as server, psycopg.connect(server.owner_url, autocommit=True) as owner:",
        *(f"    {line}" for line in program.splitlines()),
    ]
    environment = installation.environment | {"PYTHONPATH": OWN_CODE, "DJANGO_SETTINGS_MODULE": "tongke.config.settings"}
    environment |= {"TONGKE_DATA": str(data)} if data else {}
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], env=environment, capture_output=True, text=True, timeout=START_SECONDS_MAX, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def origin(install: Callable[..., Installation], shared_place: Path) -> Installation:
    """Give an installation with rows that have everything awkward in them, and a file beside the tables."""
    installation = install(shared_place / "from")
    (installation.data / "files").mkdir(exist_ok=True)
    (installation.data / "files" / "note.txt").write_text("kept beside the tables")
    on_server(installation, "for part in SEED.split(';'):\n    part.strip() and owner.execute(part)\nprint(json.dumps(1))")
    return installation


@pytest.fixture(scope="module")
def file(origin: Installation) -> Path:
    """Give a backup of that installation."""
    path = origin.data.parent / "backup.tongke"
    made = origin.command("backup", str(path))
    assert made.returncode == 0, made.stderr
    return path


CONTENTS = "print(json.dumps(contents(owner)))"


def test_everything_comes_back_on_an_empty_machine(origin: Installation, file: Path, place: Path) -> None:
    """Rows, sequences, months, keys, files and a whole audit trail: the same as before."""
    target = place / "to"
    restored = origin.command("restore", str(file), data=target)
    assert restored.returncode == 0, restored.stderr
    before, after = on_server(origin, CONTENTS), on_server(origin, CONTENTS, target)
    assert {name for name in before if before[name] != after.get(name)} == set()
    assert before["kernel_outbox"][0] == 60
    number = "print(json.dumps(list(owner.execute(\"SELECT nextval('number_cu'), (SELECT count(*) FROM kernel_outbox_201905)\").fetchone())))"
    assert on_server(origin, number, target) == [42, 3]
    assert (target / "secrets.toml").read_text() == (origin.data / "secrets.toml").read_text()
    assert (target / "files" / "note.txt").read_text() == "kept beside the tables"
    assert origin.command("verify-audit", data=target).returncode == 0


def test_what_is_there_is_never_overwritten(origin: Installation, file: Path) -> None:
    """A backup keeps its hands off an existing file."""
    assert "OPS-24" in origin.command("backup", str(file)).stderr


def truncated(path: Path) -> None:
    """Cut the second half off."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(path: Path) -> None:
    """Turn bytes over in the middle of the largest member: between two members they might mean nothing."""
    with zipfile.ZipFile(path) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
    content = bytearray(path.read_bytes())
    middle = largest.header_offset + largest.compress_size // 2
    content[middle:middle + 8] = bytes(255 - b for b in content[middle:middle + 8])
    path.write_bytes(bytes(content))


def rewritten(path: Path) -> None:
    """Pack it anew with one table's rows changed: every checksum of the ZIP itself is right."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["tables/kernel_number_series.copy"] = members["tables/kernel_number_series.copy"].replace(b"26", b"27")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def emptied(path: Path) -> None:
    """Leave nothing of it."""
    path.write_bytes(b"")


def another_file(path: Path) -> None:
    """Put some other file in its place."""
    path.write_text("id,name\n1,Zhang San\n")


@pytest.mark.parametrize("spoil", [truncated, flipped, rewritten, emptied, another_file])
def test_a_damaged_backup_is_refused_and_changes_nothing(
    spoil: Callable[[Path], None], origin: Installation, file: Path, place: Path,
) -> None:
    """Whatever happened to the file: it is told, and nothing is made of it."""
    copy = place / "copy.tongke"
    copy.write_bytes(file.read_bytes())
    spoil(copy)
    refused = origin.command("restore", str(copy), data=place / "to")
    assert refused.returncode == 1
    assert "OPS-20" in refused.stderr
    assert not (place / "to" / "pg").exists()


@pytest.mark.postgres_server
def test_a_backup_of_the_embedded_server_restores_into_the_systems(origin: Installation, file: Path, postgres_server: str) -> None:
    """PostgreSQL 18 to Debian's 15: the backup is text, not a server's own dump."""
    environment = origin.environment | {"TONGKE_DATABASE_URL": postgres_server, "TONGKE_DATA": str(file.parent / "external")}
    words = [sys.executable, "-m", "tongke.cli.main"]
    restored = subprocess.run([*words, "restore", str(file)], env=environment, capture_output=True, text=True, timeout=START_SECONDS_MAX, check=False)
    assert restored.returncode == 0, restored.stderr
    with psycopg.connect(postgres_server) as owner:
        after = {name: list(found) for name, found in contents(owner).items()}
        assert owner.info.server_version < 180000
    before = on_server(origin, CONTENTS)
    assert {name for name in before if before[name] != after.get(name)} == set()
    checked = subprocess.run([*words, "doctor", "--json"], env=environment, capture_output=True, text=True, timeout=START_SECONDS_MAX, check=False)
    found = {check["name"]: check for check in json.loads(checked.stdout)["checks"]}
    assert found["rights"]["state"] == "ok"
    assert found["tables"]["state"] == "ok"

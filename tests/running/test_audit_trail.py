"""The audit verifier finds whatever is done to the trail behind the database's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tongke.kernel.actor import acting, system_actor
from tongke.kernel.audit import Anchors, Report, verify

Owner = psycopg.Connection[Any]
KEY = b"k" * 32
CHAIN = "(SELECT chain FROM kernel_audit_link WHERE table_name = 'scratch' AND op = 'U' LIMIT 1)"

TAMPERINGS: dict[str, tuple[str, set[str]]] = {
    "a value in a row is edited": (
        "UPDATE kernel_audit_row SET after = after || '{\"home\": \"forged\"}' WHERE table_name = 'scratch' AND op = 'U' AND ordinal = 1",
        {"rows_edited"},
    ),
    "the actor of a row is edited": (
        "UPDATE kernel_audit_row SET actor = 'somebody else' WHERE table_name = 'scratch' AND op = 'D'", {"rows_edited"},
    ),
    "one row of a statement is deleted": (
        "DELETE FROM kernel_audit_row WHERE table_name = 'scratch' AND op = 'I' AND ordinal = 2", {"rows_missing"},
    ),
    "all rows of a statement are deleted": ("DELETE FROM kernel_audit_row WHERE table_name = 'scratch' AND op = 'D'", {"rows_missing"}),
    "a row is added": (
        ("INSERT INTO kernel_audit_row SELECT at, chain, seq, 99, actor, table_name, op, row_id, org_id, before, after FROM kernel_audit_row"
        " WHERE table_name = 'scratch' AND op = 'U' LIMIT 1"), {"rows_added"},
    ),
    "a statement's rows are added without a link": (
        ("INSERT INTO kernel_audit_row SELECT at + interval '1 microsecond', chain, seq + 1000, 1, actor, table_name, op, row_id, org_id, before,"
        " after FROM kernel_audit_row WHERE table_name = 'scratch' AND op = 'U' LIMIT 1"), {"row_without_link"},
    ),
    "two rows change places": (
        ("UPDATE kernel_audit_row SET ordinal = 3 - ordinal + 100 WHERE table_name = 'scratch' AND op = 'I' AND ordinal IN (1, 2);"
        "UPDATE kernel_audit_row SET ordinal = ordinal - 100 WHERE ordinal > 100"), {"rows_edited"},
    ),
    "a link is edited": ("UPDATE kernel_audit_link SET op = 'D' WHERE table_name = 'scratch' AND op = 'U'", {"link_edited", "rows_edited"}),
    "a link and its rows are deleted from the middle": (
        (f"DELETE FROM kernel_audit_row WHERE chain = {CHAIN} AND op = 'U'; DELETE FROM kernel_audit_link WHERE table_name = 'scratch'"
        " AND op = 'U'"), {"link_missing"},
    ),
    "two links change places in time": (
        ("UPDATE kernel_audit_link l SET at = l.at + CASE op WHEN 'U' THEN interval '1 hour' ELSE interval '0' END WHERE table_name = 'scratch';"
        "UPDATE kernel_audit_row l SET at = l.at + CASE op WHEN 'U' THEN interval '1 hour' ELSE interval '0' END WHERE table_name = 'scratch'"),
        {"link_edited", "link_missing", "rows_edited"},
    ),
    "a link's digest is made to fit edited rows": (
        ("UPDATE kernel_audit_row SET actor = 'x' WHERE table_name = 'scratch' AND op = 'U';"
        "UPDATE kernel_audit_link l SET digest = (SELECT sha256(convert_to(string_agg(tongke_audit_text(at, actor, table_name, op, row_id, org_id,"
        " before, after), E'\\x1e' ORDER BY ordinal), 'UTF8')) FROM kernel_audit_row r WHERE (r.at, r.chain, r.seq) = (l.at, l.chain, l.seq))"
        " WHERE table_name = 'scratch' AND op = 'U'"), {"link_edited"},
    ),
    "the tail is cut": (
        ("DELETE FROM kernel_audit_row WHERE table_name = 'scratch' AND op = 'D'; DELETE FROM kernel_audit_link WHERE table_name = 'scratch'"
        " AND op = 'D'"), {"tail_cut"},
    ),
    "the tail is cut and the head rewound": (
        ("UPDATE kernel_audit_head h SET (seq, hash, at) = (SELECT seq, hash, at FROM kernel_audit_link l WHERE l.chain = h.chain AND op = 'U'"
        f" AND table_name = 'scratch') WHERE chain = {CHAIN};"
        "DELETE FROM kernel_audit_row WHERE table_name = 'scratch' AND op = 'D'; DELETE FROM kernel_audit_link WHERE table_name = 'scratch'"
        " AND op = 'D'"), {"tail_cut"},
    ),
    "a head is edited": (f"UPDATE kernel_audit_head SET hash = sha256('x') WHERE chain = {CHAIN}", {"head_differs"}),
    "a head is deleted": (f"DELETE FROM kernel_audit_head WHERE chain = {CHAIN}", {"head_missing"}),
    "everything is deleted and every head set back": (
        ("TRUNCATE kernel_audit_row, kernel_audit_link;"
        "UPDATE kernel_audit_head SET seq = 0, hash = sha256(convert_to('tongke chain ' || chain, 'UTF8'))"), {"tail_cut"},
    ),
}


def write_some(owner: Owner) -> None:
    """Write three audited statements on one chain, of several rows each, in a table of the test's own."""
    owner.execute("CREATE TABLE scratch (id int PRIMARY KEY, home text)")
    owner.execute("SELECT tongke_audit_table('scratch')")
    owner.execute("SET tongke.chain = '7'")
    owner.execute("INSERT INTO scratch VALUES (1, '甲'), (2, '乙'), (3, '丙')")
    owner.execute("UPDATE scratch SET home = 'manager' WHERE id <= 3")
    owner.execute("DELETE FROM scratch WHERE id = 1")


def examine(anchors: Anchors | None = None) -> Report:
    """Verify as one who sees every row."""
    with acting(system_actor("test")):
        return verify(anchors)


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    """Give an empty anchor file."""
    return Anchors(tmp_path / "anchors.jsonl", KEY)


@pytest.fixture
def anchored(owner_connection: Owner, anchors: Anchors) -> Anchors:
    """Give a trail of three statements whose ends are signed."""
    write_some(owner_connection)
    with acting(system_actor("test")):
        assert anchors.write(at=datetime(2026, 5, 1, tzinfo=UTC))
    return anchors


@pytest.mark.django_db(transaction=True)
def test_an_untouched_trail_is_whole(owner_connection: Owner, anchored: Anchors) -> None:
    """Nothing is found where nothing was done, with later statements and a second note too."""
    report = examine(anchored)
    assert report.ok, report.findings
    assert report.anchors == 1
    assert report.rows >= 7
    owner_connection.execute("UPDATE scratch SET home = 'clerk' WHERE id = 2")
    assert examine(anchored).ok
    with acting(system_actor("test")):
        assert anchored.write(at=datetime(2026, 5, 2, tzinfo=UTC))
        assert not anchored.write(at=datetime(2026, 5, 3, tzinfo=UTC)), "nothing moved, nothing to sign"
    report = examine(anchored)
    assert report.ok, report.findings
    assert report.anchors == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", TAMPERINGS)
def test_every_tampering_is_found(name: str, owner_connection: Owner, anchored: Anchors) -> None:
    """Each way to touch rows, links, heads or the tail is found, and told as what it is."""
    statement, kinds = TAMPERINGS[name]
    with owner_connection.transaction():
        owner_connection.execute("SET LOCAL session_replication_role = replica")
        for part in statement.split(";"):
            owner_connection.execute(part)
    report = examine(anchored)
    assert not report.ok
    assert kinds & {finding.kind for finding in report.findings}, report.findings


def cut_line(path: Path) -> None:
    """Take the first note away."""
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))


def forge(path: Path) -> None:
    """Change what a note says."""
    path.write_text(path.read_text().replace('"number":1', '"number":7'))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("touch", "kind"), [(cut_line, "anchor_missing"), (forge, "anchor_forged")])
def test_a_touched_anchor_file_is_found(touch: Callable[[Path], None], kind: str, owner_connection: Owner, anchored: Anchors) -> None:
    """The anchor file proves itself: lines that are taken away or changed are found."""
    owner_connection.execute("UPDATE scratch SET home = 'clerk' WHERE id = 2")
    with acting(system_actor("test")):
        assert anchored.write(at=datetime(2026, 5, 2, tzinfo=UTC))
    touch(anchored.path)
    assert kind in {finding.kind for finding in examine(anchored).findings}


@pytest.mark.django_db(transaction=True)
def test_a_note_cut_short_by_a_crash_is_no_finding(owner_connection: Owner, anchored: Anchors) -> None:
    """Half a line at the end is what a power cut leaves; the next note stands on its own line."""
    with anchored.path.open("a") as file:
        file.write('{"number": 2, "he')
    owner_connection.execute("UPDATE scratch SET home = 'clerk' WHERE id = 2")
    with acting(system_actor("test")):
        assert anchored.write(at=datetime(2026, 5, 2, tzinfo=UTC))
    report = examine(anchored)
    assert report.ok, report.findings
    assert report.anchors == 2

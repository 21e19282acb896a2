"""Verifies the audit trail that the database writes: rows, links, heads, and anchors kept outside it.

The database chains every audited statement (kernel/sql/0001_audit.sql). Whoever owns the database could
still rewrite a chain's tail together with its head; anchors are signed copies of all heads, written to a
file outside the database, and bring that to light.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

SEPARATOR = "\x1f"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FINDINGS_MAX = 200

LINKS = """
SELECT at, chain, seq, table_name, op, rows, digest, prev, hash FROM kernel_audit_link ORDER BY at, chain, seq
"""
# The very function that the trigger hashed with, aggregated per statement in the order of the primary key.
STATEMENTS = """
SELECT at, chain, seq, count(*), min(ordinal), max(ordinal), min(table_name), max(table_name), min(op), max(op),
       sha256(convert_to(string_agg(tongke_audit_text(at, actor, table_name, op, row_id, org_id, before, after), E'\\x1e'
              ORDER BY ordinal), 'UTF8'))
FROM kernel_audit_row GROUP BY at, chain, seq ORDER BY at, chain, seq
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as the database wrote it; ``kind`` is a word for programs, ``says`` for people."""

    kind: str
    chain: int
    seq: int
    says: str


@dataclass(slots=True)
class Report:
    """What the verifier saw. ``ok`` only where nothing at all was found."""

    rows: int = 0
    links: int = 0
    chains: int = 0
    anchors: int = 0
    findings: list[Finding] = field(default_factory=list)
    more: int = 0

    @property
    def ok(self) -> bool:
        """Tell whether the trail is whole."""
        return not self.findings

    def add(self, kind: str, chain: int, seq: int, says: str) -> None:
        """Note a finding; beyond the first two hundred only their number is kept."""
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(Finding(kind, chain, seq, says))
        else:
            self.more += 1

    def as_document(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        found = [{"kind": f.kind, "chain": f.chain, "seq": f.seq, "says": f.says} for f in self.findings]
        return {
            "ok": self.ok, "rows": self.rows, "links": self.links, "chains": self.chains, "anchors": self.anchors,
            "findings": found, "findings_not_listed": self.more,
        }


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one chain: its last number and the hash of its last link."""

    seq: int
    hash: bytes


def genesis(chain: int) -> bytes:
    """Return the hash that the first link of ``chain`` stands on."""
    return hashlib.sha256(f"tongke chain {chain}".encode()).digest()


def micros(at: datetime) -> int:
    """Return the instant in microseconds since 1970, as the database hashes it."""
    passed = at - EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def link_hash(prev: bytes, *, chain: int, seq: int, at: datetime, table_name: str, op: str, rows: int, digest: bytes) -> bytes:
    """Return the hash of a link, as the database computes it."""
    words = SEPARATOR.join(map(str, (chain, seq, micros(at), table_name, op, rows)))
    return hashlib.sha256(prev + words.encode() + digest).digest()


def _stream(name: str, statement: str) -> Iterator[tuple[Any, ...]]:
    """Read ``statement`` in pieces: memory stays flat however long the trail is."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"/* {name} */ {statement}")
        while batch := cursor.fetchmany(5_000):
            yield from batch


def current_heads() -> dict[int, Head]:
    """Return every chain's head as the database holds it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, seq, hash FROM kernel_audit_head ORDER BY chain")
        return {chain: Head(seq, bytes(hash_)) for chain, seq, hash_ in cursor.fetchall()}


def _check_links(report: Report, wanted: dict[tuple[int, int], bytes]) -> tuple[dict[int, Head], set[tuple[int, int]]]:
    """Walk links and statements side by side; returns the computed ends and the anchored links that were met."""
    ends = {chain: Head(0, genesis(chain)) for chain in range(64)}
    met: set[tuple[int, int]] = set()
    statements = _stream("rows", STATEMENTS)
    waiting = next(statements, None)
    for at, chain, seq, table_name, op, rows, digest, prev, hash_ in _stream("links", LINKS):
        report.links += 1
        key = (at, chain, seq)
        while waiting is not None and waiting[:3] < key:
            report.rows += waiting[3]
            report.add("row_without_link", waiting[1], waiting[2], "Rows of the trail stand there without a link")
            waiting = next(statements, None)
        if waiting is None or waiting[:3] != key:
            report.add("rows_missing", chain, seq, f"{rows} row(s) of this statement are gone")
        else:
            report.rows += waiting[3]
            _check_statement(report, waiting, table_name=table_name, op=op, rows=rows, digest=bytes(digest))
            waiting = next(statements, None)
        end = ends.get(chain, Head(0, genesis(chain)))
        if seq != end.seq + 1:
            report.add("link_missing", chain, end.seq + 1, f"Link {end.seq + 1} is missing: {seq} follows")
        elif bytes(prev) != end.hash:
            report.add("link_broken", chain, seq, "The link does not stand on the one before it")
        made = link_hash(bytes(prev), chain=chain, seq=seq, at=at, table_name=table_name, op=op, rows=rows, digest=bytes(digest))
        if made != bytes(hash_):
            report.add("link_edited", chain, seq, "The link's own hash does not follow from what it says")
        if (chain, seq) in wanted:
            met.add((chain, seq))
            if wanted[chain, seq] != bytes(hash_):
                report.add("anchor_differs", chain, seq, "A signed anchor knows another link at this place: the chain was rewritten")
        ends[chain] = Head(seq, bytes(hash_))
    while waiting is not None:
        report.rows += waiting[3]
        report.add("row_without_link", waiting[1], waiting[2], "Rows of the trail stand there without a link")
        waiting = next(statements, None)
    return ends, met


def _check_statement(report: Report, statement: tuple[Any, ...], *, table_name: str, op: str, rows: int, digest: bytes) -> None:
    """Compare the rows of one statement with what its link says of them."""
    _at, chain, seq, count, first, last, table_min, table_max, op_min, op_max, computed = statement
    if count != rows or (first, last) != (1, rows):
        report.add("rows_missing" if count < rows else "rows_added", chain, seq, f"The link tells of {rows} row(s), {count} are there")
    elif bytes(computed) != digest or {table_min, table_max} != {table_name} or {op_min, op_max} != {op}:
        report.add("rows_edited", chain, seq, "The rows do not give the digest that their link holds")


def _check_heads(report: Report, ends: dict[int, Head], heads: dict[int, Head]) -> None:
    report.chains = sum(1 for end in ends.values() if end.seq)
    for chain, end in ends.items():
        head = heads.get(chain)
        if head is None:
            report.add("head_missing", chain, end.seq, "The chain's head row is gone")
        elif head != end:
            kind = "tail_cut" if head.seq > end.seq else "head_differs"
            report.add(kind, chain, end.seq, f"The head stands at {head.seq}, the chain ends at {end.seq}")


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchor file: one signed JSON line a note, each standing on the one before it."""

    path: Path
    key: bytes

    def _sign(self, body: dict[str, Any]) -> str:
        words = json.dumps(body, sort_keys=True, separators=(",", ":"))
        return hmac.new(self.key, words.encode(), hashlib.sha256).hexdigest()

    def last(self) -> dict[str, Any] | None:
        """Return the newest complete note, or ``None``."""
        found = None
        for note in self.notes():
            found = note
        return found

    def notes(self) -> Iterator[dict[str, Any]]:
        """Yield every readable line; a line cut by a crash yields ``{}``."""
        if not self.path.exists():
            return
        with self.path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    note = json.loads(line)
                except ValueError:
                    note = {}
                yield note if isinstance(note, dict) else {}

    def write(self, *, at: datetime) -> bool:
        """Append the present heads where they moved since the last note; returns whether a line was written.

        Only chains that moved are named, so that the file grows with the work done.
        """
        heads = current_heads()
        known: dict[int, list[Any]] = {}
        number, mac, torn = 0, "", False
        for note in self.notes():
            torn = not note
            if note:
                known.update({int(chain): value for chain, value in note["heads"].items()})
                number, mac = note["number"], note["mac"]
        moved = {str(c): [h.seq, h.hash.hex()] for c, h in heads.items() if h.seq and known.get(c) != [h.seq, h.hash.hex()]}
        if not moved:
            return False
        body = {"number": number + 1, "at": at.isoformat(), "heads": moved, "prev": mac}
        line = json.dumps(body | {"mac": self._sign(body)}, sort_keys=True, separators=(",", ":")) + "\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
            file.write(("\n" if torn else "") + line)
            file.flush()
            os.fsync(file.fileno())
        return True

    def check(self, report: Report) -> dict[tuple[int, int], bytes]:
        """Verify signatures and order of the notes; returns the anchored links: (chain, number) to hash."""
        wanted: dict[tuple[int, int], bytes] = {}
        number, mac = 0, ""
        for note in self.notes():
            if not note:  # a write that a crash cut short; the next note continues the numbers
                continue
            body = {name: value for name, value in note.items() if name != "mac"}
            if not hmac.compare_digest(str(note.get("mac", "")), self._sign(body)):
                report.add("anchor_forged", -1, number + 1, f"Note {number + 1} of the anchor file is not signed with this installation's key")
                continue
            if body["number"] != number + 1 or body["prev"] != mac:
                report.add("anchor_missing", -1, number + 1, f"The anchor file lacks note {number + 1}")
            number, mac = body["number"], note["mac"]
            report.anchors += 1
            wanted.update({(int(chain), seq): bytes.fromhex(hash_) for chain, (seq, hash_) in body["heads"].items()})
        return wanted


def verify(anchors: Anchors | None = None) -> Report:
    """Verify the whole trail in one snapshot and streaming; the caller acts as one who sees every row."""
    report = Report()
    # Anchors first: what they know was committed before, so the snapshot below must hold it.
    wanted = anchors.check(report) if anchors else {}
    connection.apply_scope()  # type: ignore[attr-defined]  # before the transaction: its first statement must set the level
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        heads = current_heads()
        ends, met = _check_links(report, wanted)
        _check_heads(report, ends, heads)
        _check_anchored(report, sorted(wanted.keys() - met), ends)
    return report


def _check_anchored(report: Report, missing: Iterable[tuple[int, int]], ends: dict[int, Head]) -> None:
    """Tell of anchored links that the trail no longer holds."""
    for chain, seq in missing:
        end = ends.get(chain, Head(0, b"")).seq
        report.add("tail_cut", chain, seq, f"A signed anchor knows link {seq}; the chain ends at {end}: its tail was cut off")

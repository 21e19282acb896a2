"""Creating a customer through its verb (rules, audit, outbox): against pgbench inserting the same rows in one transaction.

Audit is written by the tables' own triggers, so the reference pays for it too; it has no rules, scope or permission.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from bench.figures import Figure, Timing, median_rate
from bench.ground import Ground
from bench.load import Call, sides
from tongke.config import embedded
from tongke.config.runtime import embedded_url, socket_dir

NAME = "customer-create"
REACH = 0.3
ROUNDS, SECONDS = 5, 2.0
ORG = 3301
TABLES = ("party_customer", "party_party", "party_identity_document", "party_contact_medium", "party_postal_address", "party_consent", "kernel_outbox")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _resident_id(draw: random.Random) -> str:
    body = f"330106{draw.randint(1950, 2005)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}{draw.randint(0, 999):03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def _draft(draw: random.Random) -> Any:
    from tongke.areas.party.services import AddressDraft, ConsentDraft, CustomerDraft, DocumentDraft, MediumDraft  # noqa: PLC0415

    name = draw.choice("王李张刘陈杨黄赵吴周") + "".join(draw.choice("伟芳娜敏静丽强磊军洋勇艳杰娟涛明") for _ in range(2))
    return CustomerDraft(
        name=name, org_id=ORG,
        documents=(DocumentDraft(kind="resident_id", number=_resident_id(draw), issuer="杭州市公安局"),),
        media=(MediumDraft(kind="mobile", given=f"138{draw.randint(0, 99_999_999):08d}", preferred=True),),
        addresses=(AddressDraft(full=f"浙江省杭州市西湖区文三路{draw.randint(1, 900)}号万塘公寓{draw.randint(1, 40)}幢{draw.randint(101, 2802)}室"),),
        consents=(ConsentDraft(purpose="service", state="granted", source="hall", evidence="signed form"),),
    )


def _actor() -> Any:
    from tongke.kernel.actor import Actor  # noqa: PLC0415

    permissions = frozenset({"party.create", "party.view", "party.see_name"})
    return Actor(name="bench-clerk", kind="staff", org_id=ORG, scope=(ORG,), permissions=permissions)


def verb_calls(name: str) -> Any:
    """Return the maker of clients that each call the verb, on a connection of their own as the application's role."""
    guard = threading.Lock()

    def make(_number: int) -> Call:
        from django.db import connections  # noqa: PLC0415

        from tongke.areas.party.services import create_customer  # noqa: PLC0415
        from tongke.kernel import clock  # noqa: PLC0415

        with guard:
            connections.settings["default"].update(NAME=name, USER="tongke_app", HOST=str(socket_dir()))
        draw, by = random.Random(), _actor()

        def call() -> None:
            create_customer(_draft(draw), by=by, at=clock.now())

        return call

    return make


class Pgbench:
    """The reference: the rows that one create leaves, as plain inserts with new keys."""

    tables: tuple[str, ...] = TABLES
    # Where a table's rows of the newest customer stand, if not under its party.
    places: dict[str, str] = {}

    def __init__(self, ground: Ground, folder: Path, clients: int) -> None:
        self.ground, self.clients = ground, clients
        self.script = folder / "create.sql"
        self.script.write_text(self._script(), encoding="utf-8")

    def _script(self) -> str:
        self._sample()
        with self.ground.owner() as owner:
            lines = ["SELECT tongke_uuid7() AS cid, tongke_uuid7() AS pid, nextval('number_cu') AS no \\gset", "BEGIN;"]
            for table in self.tables:
                lines += [self._insert(table, row) for row in self._rows(owner, table)]
        return "\n".join([*lines, "COMMIT;"]) + "\n"

    def _sample(self) -> None:
        call = verb_calls(self.ground.name)(0)
        call()
        from django.db import connections  # noqa: PLC0415

        connections.close_all()  # the clients fork later and must not share it

    def _rows(self, owner: psycopg.Connection[Any], table: str) -> list[dict[str, str | None]]:
        newest = "(SELECT id FROM party_customer WHERE org_id = 3301 ORDER BY created_at DESC LIMIT 1)"
        party = f"(SELECT party_id FROM party_customer WHERE id = {newest})"
        where = {"party_customer": f"id = {newest}", "party_party": f"id = {party}", "kernel_outbox": f"customer_id = {newest}"}
        where |= {table: place.format(customer=newest, party=party) for table, place in self.places.items()}
        columns = [r[0] for r in owner.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", [table])]
        texts = ", ".join(f'"{column}"::text' for column in columns)
        found = owner.execute(f"SELECT {texts} FROM {table} WHERE {where.get(table, f'party_id = {party}')}").fetchall()
        return [dict(zip(columns, row, strict=True)) for row in found]

    @staticmethod
    def _insert(table: str, row: dict[str, str | None]) -> str:
        fresh = {"id": "tongke_uuid7()", "customer_id": ":cid", "party_id": ":pid", "subject_id": ":cid", "customer_no": "'PB' || :no::text",
                 "occurred_at": "clock_timestamp()", "record_id": ":cid"}
        own = {"party_customer": {"id": ":cid"}, "party_party": {"id": ":pid"},
               "party_source_key": {"subject_id": ":pid", "key": "'PB' || :no::text"}}.get(table, {})
        written = {c: (fresh | own).get(c) or _literal(v) for c, v in row.items()}
        return f"INSERT INTO {table} ({', '.join(chr(34) + c + chr(34) for c in written)}) VALUES ({', '.join(written.values())});"

    def round(self, seconds: float) -> Timing:
        """Run pgbench for so many whole seconds."""
        words = [
            str(embedded.programs() / "pgbench"), "-n", "-M", "prepared", "-c", str(self.clients), "-j", str(min(self.clients, 4)),
            "-T", str(max(1, round(seconds))), "-f", str(self.script), embedded_url("postgres", self.ground.name),
        ]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        count = int(re.search(r"actually processed: (\d+)", done.stdout)[1])  # type: ignore[index]  # the pattern is there, or the test fails
        rate = float(re.search(r"tps = ([\d.]+)", done.stdout)[1])  # type: ignore[index]  # the pattern is there, or the test fails
        return Timing([1 / rate] * count, count / rate)


def _literal(text: str | None) -> str:
    """Write a value's text so that pgbench finds neither a variable (a colon) nor an end (a semicolon) in it."""
    if text is None:
        return "NULL"
    hidden = text.replace("\\", "\\\\").replace("'", "\\x27").replace(":", "\\x3a").replace(";", "\\x3b")
    return f"E'{hidden}'"


def run(ground: Ground, clients: Sequence[int]) -> list[Figure]:
    """Measure for every number of clients; what was created is deleted by nobody: the next run has a few customers more."""
    out = []
    with tempfile.TemporaryDirectory(prefix="tongke-bench-") as folder:
        for count in clients:
            reference = Pgbench(ground, Path(folder), count)
            ours: list[Timing] = []
            theirs: list[Timing] = []
            with sides(verb_calls(ground.name), clients=count) as (side,):
                side.round(1)
                for _round in range(ROUNDS):
                    ours.append(side.round(SECONDS))
                    theirs.append(reference.round(SECONDS))
            a, b = median_rate(ours), median_rate(theirs)
            out.append(Figure(name=NAME, size=ground.size, clients=count, figure=round(a, 1), unit="1/s", reference=round(b, 1),
                              ratio=round(a / b, 3), reach=REACH))
    return out

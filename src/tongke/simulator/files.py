"""An operator's export as files: what `tongke import` is tried with, clean or with the dirt of real exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from django.utils.translation import gettext_lazy as _

from tongke.kernel.errors import Invalid, Refused
from tongke.simulator import offers
from tongke.simulator.block import Block, block_count, block_tables, block_truth, draw_block
from tongke.simulator.calendar_months import UNTIL
from tongke.simulator.churn import BASE, CAUSES, EFFECTS, OTHER_WEIGHT
from tongke.simulator.draw import BLOCK, numbered, stream, texts
from tongke.simulator.load import Progress, checked_span
from tongke.simulator.party_records import document_numbers

FORMATS = ("csv", "parquet")
DIRT_SHARE = 0.01


class FilesExist(Refused):
    """The folder holds an export already; files are never overwritten."""

    code = "OPS-63"
    says = _("{folder} is not empty")
    mend = _("Name a new or empty folder")


def write_files(
    folder: Path, *, customers: int, months: int = 1, seed: int = 7, until: datetime = UNTIL, file_format: str = "csv", dirt: bool = False,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write the operator's export into ``folder`` and return the rows of each file.

    The files are described in docs/simulator.md; ``churn_truth`` and ``truth.json`` hold the known causes of churn.
    With ``dirt`` about one customer row in a hundred is faulty in a known way: ``dirt.csv`` lists them. Raises
    ``FilesExist`` or ``Invalid``.
    """
    span = checked_span(customers, months, seed, until)
    if file_format not in FORMATS:
        raise Invalid(field="format", what=_("Format (csv or parquet)"))
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FilesExist(folder=folder)
    counts: dict[str, int] = {}
    writers: dict[str, Any] = {}
    with ExitStack() as open_files:
        for number in range(block_count(span)):
            for name, rows in _exported(draw_block(span, number), dirt=dirt):
                file = f"{name}.{'csv' if name == 'dirt' else file_format}"
                if file not in writers:
                    make: Callable[..., Any] = pa.csv.CSVWriter if file.endswith("csv") else pa.parquet.ParquetWriter
                    writers[file] = open_files.enter_context(make(str(folder / file), rows.schema))
                writers[file].write_table(rows)
                counts[file] = counts.get(file, 0) + rows.num_rows
            if progress is not None:
                progress(min((number + 1) * BLOCK, customers), customers, sum(counts.values()))
    truth = {"law": "1 / (1 + exp(-z))", "base": BASE, "effects": EFFECTS, "causes": CAUSES, "weight_of_other_causes": OTHER_WEIGHT,
             "customers": customers, "months": months, "seed": seed, "until": until.isoformat()}
    (folder / "truth.json").write_text(json.dumps(truth, indent=2), encoding="utf-8")
    return counts


def _exported(block: Block, *, dirt: bool) -> list[tuple[str, pa.Table]]:
    """Return the export's tables of one block."""
    tables = dict(block_tables(block))
    people, seed = block.people, block.span.seed
    customer_no = numbered(f"CS{seed % 1000:03d}", people.index, 8)
    clean = _customers(block, tables, customer_no)
    out = [
        ("accounts", _accounts(tables, customer_no)), ("lines", _lines(block, tables, customer_no)), ("bills", _bills(tables)),
        ("payments", _payments(tables)), ("contacts", _contacts(tables, customer_no)), ("churn_truth", block_truth(block).drop_columns(["line_id"])),
    ]
    if not dirt:
        return [("customers", clean), *out]
    soiled, notes = _soiled(block, clean)
    return [("customers", soiled), *out, ("dirt", notes)]


def _at(source: pa.Table, key: str, wanted: pa.Array, column: str) -> pa.Array:
    """Return ``column`` of the row of ``source`` whose ``key`` is wanted; null where there is none."""
    place = pa.compute.index_in(wanted, value_set=source[key].combine_chunks())
    return source[column].combine_chunks().take(place)


def _customers(block: Block, tables: dict[str, pa.Table], customer_no: pa.Array) -> pa.Table:
    """Return ``customers``: one row for a person or company with document, phone, mail and address."""
    party, customer = tables["party_party"], tables["party_customer"]
    media, documents, addresses = tables["party_contact_medium"], tables["party_identity_document"], tables["party_postal_address"]
    phones = media.filter(pa.compute.not_equal(media["kind"], "email"))
    mails = media.filter(pa.compute.equal(media["kind"], "email"))
    key = party["id"].combine_chunks()
    has_document = pa.compute.is_valid(_at(documents, "party_id", key, "kind"))
    home = {name: _at(addresses, "party_id", key, name) for name in ("province", "city", "district", "street", "place", "detail", "postcode")}
    consents = tables["party_consent"]
    marketing = consents.filter(pa.compute.and_(pa.compute.equal(consents["purpose"], "marketing"), pa.compute.equal(consents["channel"], "sms")))
    head = customer_no.take(pa.array(block.people.head))
    return pa.table({
        "customer_no": customer_no, "local_network": party["org_id"], "kind": party["kind"], "name": party["name"], "gender": party["gender"],
        "birth_on": party["birth_on"], "nationality": party["nationality"], "occupation": party["occupation"], "industry": party["industry"],
        "language": party["language"], "document_kind": _at(documents, "party_id", key, "kind"),
        "document_number": pa.compute.if_else(has_document, document_numbers(block.span, block.people), None),
        "document_issuer": _at(documents, "party_id", key, "issuer"), "document_issued_on": _at(documents, "party_id", key, "issued_on"),
        "document_expires_on": _at(documents, "party_id", key, "expires_on"), "phone": _at(phones, "party_id", key, "given"),
        "phone_kind": _at(phones, "party_id", key, "kind"), "email": _at(mails, "party_id", key, "given"), **home,
        "household_or_group": pa.compute.if_else(pa.array(block.people.head != np.arange(block.people.count)), head, None),
        "segment": customer["segment"], "level": customer["level"], "state": customer["state"], "since_on": customer["since_on"],
        "left_on": customer["left_on"], "credit_class": customer["credit_class"], "credit_limit": customer["credit_limit"],
        "marketing_sms": _at(marketing, "party_id", key, "state"),
    })


def _accounts(tables: dict[str, pa.Table], customer_no: pa.Array) -> pa.Table:
    """Return ``accounts``."""
    rows = tables["account_billing_account"]
    kept = ("account_no", "name", "state", "payment_kind", "payment_method", "cycle_day", "balance", "owed", "currency", "paperless",
            "opened_on", "closed_on")
    return pa.table({"customer_no": customer_no, **{name: rows[name] for name in kept}})


def _lines(block: Block, tables: dict[str, pa.Table], customer_no: pa.Array) -> pa.Table:
    """Return ``lines``: each with its plan, the account that pays it and last month's usage."""
    rows, lines, products = tables["inventory_subscriber"], block.lines, tables["inventory_product"]
    own = products.slice(0, lines.count)
    account = tables["account_billing_account"]["account_no"].combine_chunks()
    usage = tables["inventory_usage_month"].slice(0)
    last = usage.filter(pa.compute.equal(usage["month_at"], pa.compute.max(usage["month_at"])))
    key = rows["id"].combine_chunks()
    return pa.table({
        "service_number": rows["service_number"], "kind": rows["kind"], "customer_no": customer_no.take(pa.array(lines.owner)),
        "account_no": account.take(pa.array(lines.payer)), "state": rows["state"], "activated_on": rows["activated_on"], "ended_on": rows["ended_on"],
        "end_reason": rows["end_reason"], "offering": texts([o.code for o in offers.OFFERS], lines.offer),
        "offering_name": offers.offer_names(lines.offer), "monthly_fee": own["monthly_fee"], "contract_until": own["contract_until"],
        "value_added": texts([*[o.code for o in offers.OFFERS], None], np.where(lines.extra >= 0, lines.extra, len(offers.OFFERS))),
        **{f"last_month_{name}": _at(last, "subscriber_id", key, name) for name in ("voice_seconds", "sms_count", "data_bytes", "faults")},
    })


def _bills(tables: dict[str, pa.Table]) -> pa.Table:
    """Return ``bills``."""
    rows = tables["account_bill"]
    account = _at(tables["account_billing_account"], "id", rows["account_id"].combine_chunks(), "account_no")
    kept = ("bill_no", "state", "period_from", "period_until", "issued_on", "due_on", "total", "paid", "currency")
    return pa.table({"account_no": account, **{name: rows[name] for name in kept}})


def _payments(tables: dict[str, pa.Table]) -> pa.Table:
    """Return ``payments``."""
    rows = tables["account_payment"]
    account = _at(tables["account_billing_account"], "id", rows["account_id"].combine_chunks(), "account_no")
    kept = ("payment_no", "method", "channel", "amount", "currency", "paid_at")
    return pa.table({"account_no": account, **{name: rows[name] for name in kept}})


def _contacts(tables: dict[str, pa.Table], customer_no: pa.Array) -> pa.Table:
    """Return ``contacts``."""
    rows, customers, lines = tables["contact_centre_interaction"], tables["party_customer"], tables["inventory_subscriber"]
    place = pa.compute.index_in(rows["customer_id"].combine_chunks(), value_set=customers["id"].combine_chunks())
    line = rows["subscriber_id"].combine_chunks()
    return pa.table({
        "customer_no": customer_no.take(place), "service_number": _at(lines, "id", line, "service_number"),
        **{name: rows[name] for name in ("occurred_at", "channel", "direction", "kind", "subject", "staff_name", "duration_seconds")},
    })


FAULTS = ("document_checksum", "name_missing", "duplicate_row", "phone_unreadable", "birth_impossible", "network_unknown")


def _soiled(block: Block, clean: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return the customers with faulty rows among them, and the list of which is faulty how."""
    random = stream(block.span.seed, block.number, "dirt")
    rows = clean.cast(pa.schema([(f.name, pa.string()) for f in clean.schema])).to_pylist()
    chosen = np.sort(random.choice(len(rows), max(1, int(len(rows) * DIRT_SHARE)), replace=False)).tolist()
    notes = []
    for place, row in enumerate(chosen):
        fault = FAULTS[place % len(FAULTS)]
        record = rows[row]
        if fault == "document_checksum" and (record["document_number"] or "")[-1:].isdigit():
            record["document_number"] = f"{record['document_number'][:-1]}{(int(record['document_number'][-1]) + 1) % 10}"
        elif fault == "duplicate_row":
            rows.append(dict(record))
        elif fault == "phone_unreadable":
            record["phone"], record["phone_kind"] = "无", "mobile"
        elif fault == "birth_impossible":
            record["birth_on"] = "1990-02-31"
        elif fault == "network_unknown":
            record["local_network"] = "9999"
        else:
            fault, record["name"] = "name_missing", ""
        notes.append({"customer_no": record["customer_no"], "fault": fault})
    return pa.Table.from_pylist(rows, schema=pa.schema([(f.name, pa.string()) for f in clean.schema])), pa.Table.from_pylist(notes)



"""One block of the operator: every table's rows of its customers, made without looking at any other block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from tongke.simulator import billing, line_records, party_records
from tongke.simulator.calendar_months import UNTIL, Span, by_day
from tongke.simulator.churn import CAUSES, EFFECTS
from tongke.simulator.draw import BLOCK, Ints, stream, texts
from tongke.simulator.lines import Lines, Met, Usage, lines_of
from tongke.simulator.offers import KINDS
from tongke.simulator.party_records import Rows
from tongke.simulator.people import People, people_of
from tongke.simulator.tables import CUSTOMER_COLUMNS


@dataclass(frozen=True, slots=True)
class Block:
    """What is drawn of a block before its rows are written."""

    span: Span
    number: int
    people: People
    since: Ints
    lines: Lines
    usage: Usage
    met: Met
    bills: billing.Bills
    presence: party_records.Presence
    standing: party_records.Standing


def block_count(span: Span) -> int:
    """Return into how many blocks the operator falls."""
    return -(-span.customers // BLOCK)


def draw_block(span: Span, number: int) -> Block:
    """Draw block ``number``: the same in every process, whatever was drawn before."""
    first = number * BLOCK
    people = people_of(span, number, first, min(BLOCK, span.customers - first))
    lines, usage, met = lines_of(span, number, people)
    return Block(
        span=span, number=number, people=people, since=by_day(people.since_day, stream(span.seed, number, "since")), lines=lines, usage=usage,
        met=met, bills=billing.bills_of(span, number, people, lines, usage), presence=party_records.presence_of(span, number, people),
        standing=party_records.standing_of(span, number, people, lines),
    )


def block_tables(block: Block, managers: tuple[str, ...] = ()) -> Iterator[tuple[str, pa.Table]]:
    """Yield every table's rows, a table at a time; raises ``ValueError`` where a column was forgotten."""
    span, number, people, since = block.span, block.number, block.people, block.since
    lines, usage, bills, present, standing = block.lines, block.usage, block.bills, block.presence, block.standing
    suspended = billing.suspended_lines(span, people, lines, bills)
    account = billing.account_ids(span, people)
    yield _table("party_party", party_records.party_rows(span, number, people, present, since))
    yield _table("party_identity_document", party_records.document_rows(span, people, present, since))
    yield _table("party_contact_medium", party_records.medium_rows(span, people, present, lines, since))
    yield _table("party_postal_address", party_records.address_rows(span, number, people, present, since))
    yield _table("party_consent", party_records.consent_rows(span, number, people, present, since))
    yield _table("party_relation", party_records.relation_rows(span, number, people, present, since))
    yield _table("party_customer", party_records.customer_rows(span, people, standing, since, managers))
    yield _table("party_credit_rating", party_records.rating_rows(span, people, standing))
    yield _table("account_billing_account", billing.account_rows(span, number, people, bills, since=since, left_day=standing.left_day))
    yield _table("inventory_subscriber", line_records.line_rows(span, people, lines, since, suspended))
    yield _table("inventory_subscriber_role", line_records.role_rows(span, people, lines, since))
    yield _table("inventory_payer", line_records.payer_rows(span, people, lines, since, account))
    yield _table("inventory_product", line_records.product_rows(span, people, lines, since, suspended))
    yield _table("inventory_usage_month", line_records.usage_rows(span, people, lines, usage))
    yield _table("account_bill", billing.bill_rows(span, people, bills))
    yield _table("account_bill_item", billing.item_rows(span, people, lines, bills))
    yield _table("account_payment", billing.payment_rows(span, number, people, bills))
    yield _table("account_payment_allocation", billing.allocation_rows(span, people, bills))
    yield _table("contact_centre_interaction", line_records.contact_rows(span, number, people, lines, usage))


def _table(name: str, rows: Rows) -> tuple[str, pa.Table]:
    if set(rows) != set(CUSTOMER_COLUMNS[name]):
        raise ValueError(f"{name}: {sorted(set(rows) ^ set(CUSTOMER_COLUMNS[name]))}")
    return name, pa.table({column: rows[column] for column in CUSTOMER_COLUMNS[name]})


def ground_truth(*, customers: int, months: int, seed: int, until: datetime = UNTIL) -> Iterator[pa.Table]:
    """Yield, block by block, what every line met in every month, its hazard and whether it left: see docs/simulator.md."""
    span = Span(seed=seed, customers=customers, months=months, until=until)
    for number in range(block_count(span)):
        yield block_truth(draw_block(span, number))


def block_truth(block: Block) -> pa.Table:
    """Return the ground truth of churn: for every line and whole month what it met, its hazard, whether it left and why."""
    met, lines = block.met, block.lines
    left = met.cause >= 0
    return pa.table({
        "line_id": lines.id.take(pa.array(met.line)), "service_number": lines.number.take(pa.array(met.line)),
        "kind": texts(KINDS, lines.kind[met.line]), "customer": pa.array(block.people.index[lines.owner[met.line]]), "month": pa.array(met.month),
        **{name: pa.array(met.met[:, place]) for place, name in enumerate(EFFECTS)},
        "hazard": pa.array(met.hazard), "left": pa.array(met.left), "cause": texts([*CAUSES, None], np.where(left, met.cause, len(CAUSES))),
    })

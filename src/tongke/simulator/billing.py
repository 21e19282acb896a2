"""The account room's rows of a block: accounts, bills with items, payments, and who is suspended for debt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from tongke.simulator import offers
from tongke.simulator.calendar_months import DAY, Span
from tongke.simulator.draw import (
    Bools,
    Ints,
    constant,
    days,
    digits,
    fixed_text,
    ids,
    instants,
    joined,
    money,
    numbered,
    picked,
    stream,
    texts,
)
from tongke.simulator.lines import Lines, Usage
from tongke.simulator.party_records import Rows, customer_ids
from tongke.simulator.people import People

METHODS = ("wechat", "alipay", "bank_debit", "cash", "card", "transfer")
CHANNELS = ("app", "app", "bank", "hall", "hall", "bank")
DUE_DAYS = 20
_NEVER = np.array([0.0, 0.002, 0.01, 0.08, 0.55])
_PARTLY = np.array([0.0, 0.0, 0.01, 0.05, 0.12])
_DELAY_DAYS = np.array([4.0, 6.0, 9.0, 15.0, 25.0])


@dataclass(frozen=True, slots=True)
class Bills:
    """Bills as parallel columns, in the order of (month, payer). Money in cents; ``payer`` is a row of the block.

    ``paid_second`` is when the payment came (seconds since 1970), -1 where none came.
    """

    payer: Ints
    month: Ints
    total: Ints
    paid: Ints
    paid_second: Ints
    item_bill: Ints
    item_ordinal: Ints
    item_line: Ints
    item_type: Ints
    item_cents: Ints


def _items(lines: Lines, usage: Usage) -> tuple[Ints, Ints, Ints, Ints]:
    """Return line, month, type (0 plan, 1 usage, 2 value-added service) and cents of everything charged."""
    plan = np.arange(len(usage.line))
    over = np.flatnonzero(usage.charged > 0)
    extra = np.flatnonzero(lines.extra[usage.line] >= 0)
    rows = np.concatenate([plan, over, extra])
    kind = np.repeat([0, 1, 2], [len(plan), len(over), len(extra)])
    cents = np.concatenate([offers.FEES[lines.offer[usage.line]], usage.charged[over], offers.FEES[lines.extra[usage.line[extra]]]])
    return usage.line[rows], usage.month[rows], kind, cents


def bills_of(span: Span, block: int, people: People, lines: Lines, usage: Usage) -> Bills:
    """Bill every month's charges to whoever pays, and draw how each bill is paid."""
    line, month, kind, cents = _items(lines, usage)
    payer = lines.payer[line]
    order = np.lexsort((kind, lines.ordinal[line], line, payer, month))
    line, month, kind, cents, payer = (column[order] for column in (line, month, kind, cents, payer))
    key = month * people.count + payer
    found, starts, inverse = np.unique(key, return_index=True, return_inverse=True)
    total = np.add.reduceat(cents, starts) if len(cents) else cents
    bill_month, bill_payer = found // people.count, found % people.count
    paid, paid_second = _payments(span, block, people.credit[bill_payer], bill_month, total)
    return Bills(
        payer=bill_payer, month=bill_month, total=total, paid=paid, paid_second=paid_second, item_bill=inverse,
        item_ordinal=np.arange(len(key)) - starts[inverse] + 1, item_line=line, item_type=kind, item_cents=cents,
    )


def _payments(span: Span, block: int, credit: Ints, month: Ints, total: Ints) -> tuple[Ints, Ints]:
    """Draw what was paid of each bill and when, by the payer's conduct; later than ``until`` is not yet."""
    random, count = stream(span.seed, block, "payments"), len(total)
    issued = span.starts[month + 1]
    second = (issued + 1) * DAY + (random.exponential(1.0, count) * _DELAY_DAYS[credit] * DAY).astype(np.int64)
    comes = (random.random(count) >= _NEVER[credit]) & (second < span.until_second)
    partly = random.random(count) < _PARTLY[credit]
    paid = np.where(comes, np.where(partly, total // 2 // 100 * 100, total), 0)
    return paid, np.where(paid > 0, second, -1)


def account_ids(span: Span, people: People) -> pa.StringArray:
    """Return the id of each customer's account."""
    return ids(span.seed, "account", people.index)


def account_rows(span: Span, block: int, people: People, bills: Bills, *, since: Ints, left_day: Ints) -> Rows:
    """Return the rows of ``account_billing_account``; what is owed follows from the bills."""
    random, count = stream(span.seed, block, "accounts"), people.count
    owed = np.bincount(bills.payer, weights=bills.total - bills.paid, minlength=count).astype(np.int64)
    prepaid = ~people.company & (random.random(count) < 0.3)
    balance = np.where(prepaid, random.integers(0, 20_000, count), 0)
    closed = (left_day >= 0) & (owed == 0)
    created = instants(since)
    return {
        "id": account_ids(span, people), "org_id": pa.array(people.org), "customer_id": customer_ids(span, people),
        "account_no": numbered(f"AS{span.seed % 1000:03d}", people.index, 8), "name": people.name.name,
        "state": texts(["active", "closed"], closed.astype(np.int64)), "payment_kind": texts(["postpaid", "prepaid"], prepaid.astype(np.int64)),
        "payment_method": texts(METHODS, _method(people)), "cycle_day": constant(1, count), "balance": money(np.where(closed, 0, balance)),
        "owed": money(owed), "currency": constant("CNY", count), "paperless": pa.array(random.random(count) < 0.85),
        "opened_on": days(since // DAY), "closed_on": days(left_day, known=closed), "created_at": created, "changed_at": created,
    }


def _method(people: People) -> Ints:
    """Return how each customer usually pays, a place in ``METHODS``; companies by transfer."""
    habit = np.array([0, 0, 0, 1, 1, 2, 3, 4])[(people.index * 2_654_435_761 >> 7) % 8]
    return np.where(people.company, 5, habit)


def _bill_numbers(span: Span, people: People, bills: Bills) -> pa.StringArray:
    """Return the digits of each bill's number: customer, then year and month of the period."""
    dates = [datetime.fromtimestamp(int(d) * DAY, tz=UTC) for d in span.starts[:-1]]
    period = np.array([d.year % 100 * 100 + d.month for d in dates])[bills.month]
    return fixed_text(np.concatenate([digits(people.index[bills.payer], 8), digits(period, 4)], axis=1))


def bill_ids(span: Span, people: People, bills: Bills) -> pa.StringArray:
    """Return the bills' ids."""
    return ids(span.seed, "bill", people.index[bills.payer], bills.month)


def bill_rows(span: Span, people: People, bills: Bills) -> Rows:
    """Return the rows of ``account_bill``."""
    start, end = span.starts[bills.month], span.starts[bills.month + 1]
    settled = bills.paid >= bills.total
    state = np.where(settled, 2, (bills.paid > 0).astype(np.int64))
    return {
        "id": bill_ids(span, people, bills), "org_id": pa.array(people.org[bills.payer]),
        "account_id": account_ids(span, people).take(pa.array(bills.payer)),
        "bill_no": joined(f"BS{span.seed % 1000:03d}", _bill_numbers(span, people, bills)), "state": texts(["sent", "partiallyPaid", "settled"], state),
        "period_from": days(start), "period_until": days(end), "issued_on": days(end), "due_on": days(end + DUE_DAYS),
        "total": money(bills.total), "paid": money(bills.paid), "currency": constant("CNY", len(bills.payer)),
    }


def item_rows(span: Span, people: People, lines: Lines, bills: Bills) -> Rows:
    """Return the rows of ``account_bill_item``; 6 % of each amount is tax."""
    payer, count = bills.payer[bills.item_bill], len(bills.item_bill)
    plan, extra = offers.offer_names(lines.offer[bills.item_line]), offers.offer_names(np.maximum(lines.extra[bills.item_line], 0))
    return {
        "id": ids(span.seed, "item", people.index[payer], bills.month[bills.item_bill] * 64 + bills.item_ordinal),
        "org_id": pa.array(people.org[payer]), "bill_id": bill_ids(span, people, bills).take(pa.array(bills.item_bill)),
        "ordinal": pa.array(bills.item_ordinal), "charge_type": texts(["rental", "usage", "value_added"], bills.item_type),
        "name": pa.compute.choose(pa.array(bills.item_type), plan, constant("套餐外用量费", count), extra),
        "subscriber_id": lines.id.take(pa.array(bills.item_line)), "amount": money(bills.item_cents),
        "tax": money(np.rint(bills.item_cents * 6 / 106).astype(np.int64)),
    }


def payment_rows(span: Span, block: int, people: People, bills: Bills) -> Rows:
    """Return the rows of ``account_payment``."""
    rows = np.flatnonzero(bills.paid_second >= 0)
    random, payer = stream(span.seed, block, "methods"), bills.payer[rows]
    usual = _method(people)[payer]
    method = np.where((random.random(len(rows)) < 0.12) & ~people.company[payer], picked(random, [4, 3, 1, 2, 1], len(rows)), usual)
    numbers = _bill_numbers(span, people, bills).take(pa.array(rows))
    return {
        "id": ids(span.seed, "payment", people.index[payer], bills.month[rows]), "org_id": pa.array(people.org[payer]),
        "account_id": account_ids(span, people).take(pa.array(payer)), "payment_no": joined(f"PS{span.seed % 1000:03d}", numbers),
        "state": constant("done", len(rows)), "method": texts(METHODS, method), "channel": texts(CHANNELS, method),
        "amount": money(bills.paid[rows]), "currency": constant("CNY", len(rows)), "paid_at": instants(bills.paid_second[rows]),
        "reference": constant("", len(rows)),
    }


def allocation_rows(span: Span, people: People, bills: Bills) -> Rows:
    """Return the rows of ``account_payment_allocation``: which bill each payment settled."""
    rows = np.flatnonzero(bills.paid_second >= 0)
    payer = people.index[bills.payer[rows]]
    return {
        "id": ids(span.seed, "allocation", payer, bills.month[rows]), "org_id": pa.array(people.org[bills.payer[rows]]),
        "payment_id": ids(span.seed, "payment", payer, bills.month[rows]), "bill_id": bill_ids(span, people, bills).take(pa.array(rows)),
        "amount": money(bills.paid[rows]),
    }


def suspended_lines(span: Span, people: People, lines: Lines, bills: Bills) -> Bools:
    """Tell which lines are suspended: two bills of their payer are past due and unpaid."""
    late = (bills.paid < bills.total) & (span.starts[bills.month + 1] + DUE_DAYS < span.until_day)
    count = np.bincount(bills.payer, weights=late, minlength=people.count)
    return np.asarray((count[lines.payer] >= 2) & (lines.ended_day < 0))

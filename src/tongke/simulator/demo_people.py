"""The demo operator's named customers, recorded through the rooms' own verbs as their lives went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tongke.areas.account import services as accounts
from tongke.areas.contact_centre import services as contacts
from tongke.areas.inventory import services as inventory
from tongke.areas.inventory.services import bulk as inventory_bulk
from tongke.areas.party import services as parties
from tongke.kernel.actor import Actor
from tongke.simulator import number_plan

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Known:
    """A named customer's ids."""

    customer_id: UUID
    party_id: UUID
    account_id: UUID
    org_id: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line to install: ``offering`` by code; ``usage`` is (call seconds, data bytes) of an ordinary month."""

    kind: str
    number: str
    offering: str
    fee: Decimal
    usage: tuple[int, int]
    contract_months: int = 24


def checked_id(first_17: str) -> str:
    """Return the resident identity number that begins with these 17 digits."""
    return next(first_17 + sign for sign in "0123456789X" if number_plan.resident_id_is_valid(first_17 + sign))


def checked_code(first_17: str) -> str:
    """Return the unified social credit code that begins with these 17 signs."""
    return next(first_17 + sign for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY" if number_plan.credit_code_is_valid(first_17 + sign))


def resident(
    name: str, first_17: str, *, phone: str, address: str, issuer: str, email: str = "", agreed: bool = True, **more: Any,
) -> parties.CustomerDraft:
    """Return the draft of a person with a verified identity card."""
    media = [parties.MediumDraft(kind="mobile", given=phone, preferred=True)]
    media += [parties.MediumDraft(kind="email", given=email)] if email else []
    return parties.CustomerDraft(
        name=name, media=tuple(media), addresses=(parties.AddressDraft(full=address),),
        documents=(parties.DocumentDraft(kind="resident_id", number=checked_id(first_17), issuer=issuer, verification="card_reader"),),
        consents=(
            parties.ConsentDraft(purpose="service", state="granted", source="hall", evidence="入网登记表"),
            parties.ConsentDraft(purpose="marketing", channel="sms", state="granted" if agreed else "denied", source="hall", evidence="入网登记表"),
        ), **more,
    )


def record_customer(
    draft: parties.CustomerDraft, *, lines: tuple[Line, ...] = (), method: str = "wechat", by: Actor, joined: datetime, at: datetime,
) -> tuple[Known, list[UUID]]:
    """Record a customer with an account and lines on the day they ``joined``; returns the ids and those of the lines.

    Contracts were renewed one after the other since: the running ones end after ``at``.
    """
    new = parties.create_customer(draft, by=by, at=joined)
    account_id = accounts.open_account(customer_id=new.customer_id, name=draft.name, payment_method=method, by=by, at=joined)
    made = []
    for line in lines:
        line_id = inventory.install_line(
            customer_id=new.customer_id, kind=line.kind, service_number=line.number, account_id=account_id, by=by, at=joined)
        inventory.install_product(
            customer_id=new.customer_id, offering_code=line.offering, subscriber_id=line_id, by=by, at=joined,
            contract_until=_contract_end(joined, line, at))
        made.append(line_id)
    return Known(new.customer_id, new.party_id, account_id, draft.org_id or 0), made


def _contract_end(joined: datetime, line: Line, at: datetime) -> date:
    term = timedelta(days=round(30.44 * line.contract_months))
    return (joined + term * ((at - joined) // term + 1)).date()


def month_starts(at: datetime) -> list[date]:
    """Return the first days of the last whole months before ``at``, and of the month of ``at``."""
    last = at.year * 12 + at.month - 1
    return [date(m // 12, m % 12 + 1, 1) for m in range(last - MONTHS, last + 1)]


def bill_months(
    known: Known, lines: tuple[Line, ...], line_ids: list[UUID], *, unpaid: int = 0, extra: dict[int, Decimal] | None = None,
    by: Actor, at: datetime,
) -> None:
    """Record six months of usage and bills; all but the last ``unpaid`` are paid. ``extra`` adds usage charges by month."""
    starts = month_starts(at)
    _record_usage(known, lines, line_ids, starts, by=by, at=at)
    for month in range(MONTHS):
        start, until = starts[month], starts[month + 1]
        issued = datetime(until.year, until.month, until.day, 1, tzinfo=at.tzinfo)
        items = [
            accounts.BillLine(charge_type="rental", name=line.offering, amount=line.fee, tax=(line.fee * 6 / 106).quantize(Decimal("0.01")),
                              subscriber_id=line_id)
            for line, line_id in zip(lines, line_ids, strict=True)
        ]
        over = (extra or {}).get(month)
        if over:
            items.append(accounts.BillLine(charge_type="usage", name="套餐外流量费", amount=over, subscriber_id=line_ids[0]))
        total = sum((item.amount for item in items), Decimal(0))
        bill_no = f"B{start:%y%m}{lines[0].number[-8:]}"
        accounts.record_bill(
            account_id=known.account_id, bill_no=bill_no, period_from=start, period_until=until, issued_on=until,
            due_on=until + timedelta(days=25), total=total, lines=items, by=by, at=issued)
        if month < MONTHS - unpaid:
            paid_at = min(issued + timedelta(days=4 + month, hours=month), at)
            accounts.record_payment(
                account_id=known.account_id, payment_no=f"P{bill_no[1:]}", amount=total, method="wechat", channel="app", paid_at=paid_at,
                by=by, at=paid_at)


def _record_usage(
    known: Known, lines: tuple[Line, ...], line_ids: list[UUID], starts: list[date], *, by: Actor, at: datetime,
) -> None:
    inventory_bulk.load_usage(fresh=[
        {"subscriber": line_id, "month_on": start, "org_id": known.org_id, "voice_seconds": line.usage[0] * (90 + 7 * month) // 100,
         "voice_calls": line.usage[0] * (90 + 7 * month) // 15_000, "sms_count": 4 + month if line.kind == "mobile" else 0,
         "data_bytes": line.usage[1] * (85 + 9 * month) // 100, "roaming_bytes": 0, "peers": line.usage[0] // 900,
         "faults": int(line.kind == "broadband" and month == MONTHS - 1), "charged": Decimal(0)}
        for line, line_id in zip(lines, line_ids, strict=True) for month, start in enumerate(starts[:MONTHS])
    ], changed=[], by=by, at=at)


def tell(known: Known, moments: tuple[tuple[int, str, str, str, str, str], ...], *, people: dict[str, Actor], at: datetime) -> None:
    """Record contacts: (days ago, who served, channel, kind, subject, text)."""
    for days_ago, who, channel, kind, subject, body in moments:
        happened = at - timedelta(days=days_ago, hours=days_ago % 5)
        contacts.record_interaction(
            customer_id=known.customer_id, channel=channel, direction="outbound" if kind in {"care", "marketing"} else "inbound", kind=kind,
            subject=subject, body=body, occurred_at=happened, duration_seconds=180 + 13 * days_ago if channel == "hotline" else None,
            by=people[who], at=happened)

"""The inventory and contact rooms' rows of a block: lines, roles, payers, products, usage, contacts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tongke.simulator import churn, offers
from tongke.simulator.calendar_months import DAY, Span, by_day
from tongke.simulator.draw import Bools, Ints, constant, days, ids, instants, money, picked, stream, texts
from tongke.simulator.lines import Lines, Usage
from tongke.simulator.party_records import Rows, customer_ids, homes_with_broadband, party_ids
from tongke.simulator.people import People

STATES = ("active", "suspended", "terminated")
_CHARACTERISTICS = [f'{{"network": "{name}"}}' for name in ("5G", "copper", "FTTH", "IPTV", "OTN")]


def _began(lines: Lines, since: Ints) -> Ints:
    """Return when each line began to work, never before its owner became a customer."""
    return np.maximum(lines.active_day * DAY + 36_000, since[lines.owner])


def line_rows(span: Span, people: People, lines: Lines, since: Ints, suspended: Bools) -> Rows:
    """Return the rows of ``inventory_subscriber``."""
    count, ended = lines.count, lines.ended_day >= 0
    began = _began(lines, since)
    return {
        "id": lines.id, "org_id": pa.array(people.org[lines.owner]), "customer_id": customer_ids(span, people).take(pa.array(lines.owner)),
        "kind": texts(offers.KINDS, lines.kind), "service_number": lines.number,
        "state": texts(STATES, np.where(ended, 2, suspended.astype(np.int64))), "activated_on": days(began // DAY),
        "ended_on": days(lines.ended_day, known=ended), "end_reason": texts([*churn.CAUSES, ""], np.where(ended, lines.cause, len(churn.CAUSES))),
        "characteristics": texts(_CHARACTERISTICS, lines.kind), "version": constant(1, count), "created_at": instants(began),
        "changed_at": instants(np.where(ended, lines.ended_day * DAY + 43_200, began)),
    }


def role_rows(span: Span, people: People, lines: Lines, since: Ints) -> Rows:
    """Return the rows of ``inventory_subscriber_role``: a legal owner of each line, a holder where another person uses it."""
    lent = np.flatnonzero(lines.user != lines.owner)
    rows = np.concatenate([np.arange(lines.count), lent])
    who = np.concatenate([lines.owner, lines.user[lent]])
    holder = (np.arange(len(rows)) >= lines.count).astype(np.int64)
    return {
        "id": ids(span.seed, "role", people.index[lines.owner[rows]], lines.ordinal[rows] * 2 + holder),
        "org_id": pa.array(people.org[lines.owner[rows]]), "subscriber_id": lines.id.take(pa.array(rows)),
        "party_id": party_ids(span, people).take(pa.array(who)), "role": texts(["legal_owner", "holder"], holder),
        "valid_from": instants(_began(lines, since)[rows]), "valid_until": constant(None, len(rows)),
    }


def payer_rows(span: Span, people: People, lines: Lines, since: Ints, account: pa.StringArray) -> Rows:
    """Return the rows of ``inventory_payer``; ``account`` is the account of each customer of the block."""
    count = lines.count
    return {
        "id": ids(span.seed, "payer", people.index[lines.owner], lines.ordinal), "org_id": pa.array(people.org[lines.owner]),
        "subscriber_id": lines.id, "account_id": account.take(pa.array(lines.payer)), "charge_type": constant("*", count),
        "limit_amount": constant(None, count), "priority": constant(1, count), "valid_from": instants(_began(lines, since)),
        "valid_until": constant(None, count),
    }


def product_rows(span: Span, people: People, lines: Lines, since: Ints, suspended: Bools) -> Rows:
    """Return the rows of ``inventory_product``: each line's plan, value-added services, family bundles."""
    extra, homes = np.flatnonzero(lines.extra >= 0), homes_with_broadband(people, lines)
    line = np.concatenate([np.arange(lines.count), extra, np.full(len(homes), -1)])
    owner = np.concatenate([lines.owner, lines.owner[extra], homes])
    offer = np.concatenate([lines.offer, lines.extra[extra], np.full(len(homes), offers.BUNDLE)])
    ordinal = np.concatenate([lines.ordinal, lines.ordinal[extra] + 32, np.full(len(homes), 63)])
    ended, count = (lines.ended_day[line] >= 0) & (line >= 0), len(line)
    began = np.where(line >= 0, _began(lines, since)[line], since[owner])
    contract = np.where((line >= 0) & (ordinal < 32), lines.contract_day[line], -1)
    state = np.where(ended, 2, suspended[line] & (line >= 0))
    return {
        "id": ids(span.seed, "product", people.index[owner], ordinal), "org_id": pa.array(people.org[owner]),
        "customer_id": customer_ids(span, people).take(pa.array(owner)), "subscriber_id": lines.id.take(pa.array(line, mask=line < 0)),
        "offering_id": offers.offer_ids(offer), "state": texts(STATES, state), "monthly_fee": money(offers.FEES[offer]),
        "currency": constant("CNY", count), "characteristics": constant("{}", count), "contract_until": days(contract, known=contract >= 0),
        "started_on": days(began // DAY), "ended_on": days(lines.ended_day[line], known=ended), "created_at": instants(began),
        "changed_at": instants(np.where(ended, lines.ended_day[line] * DAY + 43_200, began)),
    }


def usage_rows(span: Span, people: People, lines: Lines, usage: Usage) -> Rows:
    """Return the rows of ``inventory_usage_month``."""
    return {
        "month_at": instants(span.starts[usage.month] * DAY), "subscriber_id": lines.id.take(pa.array(usage.line)),
        "org_id": pa.array(people.org[lines.owner[usage.line]]), "voice_seconds": pa.array(usage.voice_seconds),
        "voice_calls": pa.array(usage.voice_calls), "sms_count": pa.array(usage.sms), "data_bytes": pa.array(usage.data_bytes),
        "roaming_bytes": pa.array(usage.roaming_bytes), "peers": pa.array(usage.peers), "faults": pa.array(usage.faults),
        "charged": money(usage.charged),
    }


CHANNELS = ("hall", "hotline", "web", "app", "sms", "email", "chat")
KINDS = ("enquiry", "complaint", "fault", "order", "payment", "marketing", "care")
SUBJECTS = (
    ("查询本月话费和流量", "咨询套餐变更", "咨询国际漫游资费", "查询合约到期时间", "咨询携号转网"),
    ("投诉话费多收", "投诉网速慢", "投诉营销电话打扰", "投诉装机超时"),
    ("宽带无法上网", "手机信号差", "电视卡顿", "固话无拨号音"),
    ("办理套餐升级", "新装宽带", "补换卡", "办理停机保号"),
    ("充值缴费", "开具电子发票", "咨询欠费停机"),
    ("推荐5G升级套餐", "推荐千兆宽带", "推荐融合套餐"),
    ("服务满意度回访", "合约到期提醒", "装机后回访"),
)
_CHANNEL_WEIGHTS = np.array([[20, 40, 5, 25, 0, 2, 8], [10, 75, 2, 8, 0, 5, 0], [2, 80, 2, 12, 0, 0, 4], [55, 15, 8, 22, 0, 0, 0],
                             [25, 10, 10, 50, 5, 0, 0], [0, 40, 0, 20, 40, 0, 0], [0, 60, 0, 0, 40, 0, 0]], dtype=np.float64)
_AGENTS = ("周洁", "李敏", "王倩", "张蕾", "刘强", "陈晨", "赵敏", "黄婷")


def contact_rows(span: Span, block: int, people: People, lines: Lines, usage: Usage) -> Rows:
    """Return the rows of ``contact_centre_interaction``: faults reported, complaints after faults, and daily matters."""
    random = stream(span.seed, block, "contacts")
    reported = np.repeat(np.arange(len(usage.line)), random.binomial(usage.faults, 0.55))
    complained = np.flatnonzero(random.random(len(usage.line)) < 0.004 + 0.05 * usage.faults)
    event = np.concatenate([reported, complained])
    month_length = span.starts[usage.month[event] + 1] - span.starts[usage.month[event]]
    event_day = span.starts[usage.month[event]] + (random.random(len(event)) * month_length).astype(np.int64)
    event_kind = np.repeat([KINDS.index("fault"), KINDS.index("complaint")], [len(reported), len(complained)])
    first, last = int(span.starts[0]), span.until_day
    often = random.poisson(0.22 * (last - first) / 30.4, people.count)
    caller = np.repeat(np.arange(people.count), often)
    daily_kind = np.array([0, 3, 4, 5, 6])[picked(random, [34, 16, 22, 16, 12], len(caller))]
    owner = np.concatenate([lines.owner[usage.line[event]], caller])
    day = np.concatenate([event_day, random.integers(first, last, len(caller))])
    day = np.minimum(np.maximum(day, people.since_day[owner] + 1), last - 1)
    line = np.concatenate([usage.line[event], np.full(len(caller), -1)])
    return _contacts(random, span, people, lines, owner=owner, line=line, kind=np.concatenate([event_kind, daily_kind]), day=day)


def _contacts(
    random: np.random.Generator, span: Span, people: People, lines: Lines, *, owner: Ints, line: Ints, kind: Ints, day: Ints,
) -> Rows:
    """Write out contacts: ``line`` is -1 where none is concerned."""
    count = len(owner)
    order = np.lexsort((day, owner))
    owner, line, kind, day = owner[order], line[order], kind[order], day[order]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if count else np.zeros(0, dtype=np.int64)
    ordinal = np.arange(count) - np.repeat(starts, np.diff(np.r_[starts, count]))
    edges = np.cumsum(_CHANNEL_WEIGHTS / _CHANNEL_WEIGHTS.sum(axis=1, keepdims=True), axis=1)[kind]
    channel = np.minimum((random.random(count)[:, None] >= edges).sum(axis=1), len(CHANNELS) - 1)
    flat = [subject for group in SUBJECTS for subject in group]
    offset = np.cumsum([0, *map(len, SUBJECTS)])[:-1]
    subject = offset[kind] + random.integers(0, 1 << 30, count) % np.array([len(g) for g in SUBJECTS])[kind]
    served = np.isin(channel, (0, 1, 6))
    staff = np.where(served, random.integers(len(_AGENTS), size=count), len(_AGENTS))
    length = np.where(np.isin(channel, (1,)), 30 + random.exponential(180, count), 0).astype(np.int64)
    return {
        "id": ids(span.seed, "contact", people.index[owner], ordinal), "occurred_at": instants(by_day(day, random)),
        "org_id": pa.array(people.org[owner]), "customer_id": customer_ids(span, people).take(pa.array(owner)),
        "subscriber_id": lines.id.take(pa.array(line, mask=line < 0)), "channel": texts(CHANNELS, channel),
        "direction": texts(["inbound", "outbound"], (kind >= KINDS.index("marketing")).astype(np.int64)), "kind": texts(KINDS, kind),
        "subject": texts(flat, subject), "body": constant("", count), "staff_id": constant(None, count),
        "staff_name": texts([*_AGENTS, ""], staff), "reference": constant("", count),
        "duration_seconds": pa.array(length, mask=length == 0),
    }



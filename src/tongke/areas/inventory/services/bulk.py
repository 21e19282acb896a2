"""Lines, products and usage in bulk, held to the same rules as the single verbs.

Two rules of the single verbs are not asked of files: that the owner is verified and that the customer is in
force. A file tells what is so in the old system; what is missing then stands on the repair worklist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from tongke.areas.inventory import rules
from tongke.areas.inventory.models import Subscriber
from tongke.areas.inventory.services.lines import PHONE_KINDS
from tongke.areas.inventory.services.numbers import ENDED, KindOfNumber, numbers_not_free, take_numbers
from tongke.areas.inventory.states import ProductState, SubscriberKind
from tongke.kernel.actor import Actor
from tongke.kernel.bulk import Field, Noun, Unique, Values, as_columns, declare_noun, insert_rows, no_rules, write_table
from tongke.kernel.keys import phone_e164
from tongke.kernel.rules import Broken, collect, rule
from tongke.kernel.verb import verb

IMPORT = "party.import"

ROLES = """
INSERT INTO inventory_subscriber_role (id, org_id, subscriber_id, party_id, role, valid_from, valid_until)
SELECT tongke_uuid7(), s.org_id, s.id, CASE r.role WHEN 'holder' THEN coalesce(h.holder, c.party_id) ELSE c.party_id END, r.role,
       coalesce(s.activated_on::timestamptz, %(at)s), CASE WHEN s.state = ANY(%(ended)s) THEN coalesce(s.ended_on::timestamptz, %(at)s) END
FROM unnest(%(lines)s::uuid[], %(holders)s::uuid[]) h(line, holder)
JOIN inventory_subscriber s ON s.id = h.line JOIN party_customer c ON c.id = s.customer_id
CROSS JOIN (VALUES ('legal_owner'), ('holder')) r(role)
"""
# A line that has ended has nobody and no payer in force; a line with another account is paid by it from now on.
PAYERS_OVER = """
UPDATE inventory_payer p SET valid_until = CASE WHEN s.state = ANY(%(ended)s) THEN coalesce(s.ended_on::timestamptz, %(at)s) ELSE %(at)s END
FROM unnest(%(lines)s::uuid[], %(accounts)s::uuid[]) w(line, account) JOIN inventory_subscriber s ON s.id = w.line
WHERE p.subscriber_id = s.id AND p.charge_type = '*' AND p.priority = 1 AND p.valid_until IS NULL
  AND (s.state = ANY(%(ended)s) OR p.account_id <> w.account)
"""
PAYERS = """
INSERT INTO inventory_payer (id, org_id, subscriber_id, account_id, charge_type, priority, valid_from, valid_until)
SELECT tongke_uuid7(), s.org_id, s.id, w.account, '*', 1, coalesce(s.activated_on::timestamptz, %(at)s),
       CASE WHEN s.state = ANY(%(ended)s) THEN coalesce(s.ended_on::timestamptz, %(at)s) END
FROM unnest(%(lines)s::uuid[], %(accounts)s::uuid[]) w(line, account) JOIN inventory_subscriber s ON s.id = w.line
WHERE w.account IS NOT NULL
"""
# Counted line by line, over the payers' index: a join would be planned by statistics that a table filled just now has not got yet.
PAYERS_AFRESH = """
INSERT INTO inventory_payer (id, org_id, subscriber_id, account_id, charge_type, priority, valid_from)
SELECT tongke_uuid7(), s.org_id, s.id, w.account, '*', 1, %(at)s
FROM unnest(%(lines)s::uuid[], %(accounts)s::uuid[]) w(line, account) JOIN inventory_subscriber s ON s.id = w.line
WHERE w.account IS NOT NULL AND s.state <> ALL(%(ended)s) AND (
  SELECT count(*) FROM inventory_payer p WHERE p.subscriber_id = s.id AND p.charge_type = '*' AND p.priority = 1 AND p.valid_until IS NULL) = 0
"""
ROLES_OVER = """
UPDATE inventory_subscriber_role r SET valid_until = coalesce(s.ended_on::timestamptz, %(at)s)
FROM inventory_subscriber s WHERE s.id = ANY(%(lines)s) AND r.subscriber_id = s.id AND r.valid_until IS NULL AND s.state = ANY(%(ended)s)
"""


@rule("IMP-80", says=_("The number is held by another line in force"), mend=_("End the other line first, or correct the number"),
      field="service_number")
def service_number_is_free(*, held: bool = False) -> bool:
    """A number serves one line at a time."""
    return not held


@rule("IMP-82", says=_("The number {number} is one of ours and not free: it is kept, on hold, cooling or somebody else's"),
      mend=_("Look at the number's page; let it go there first, or correct the number"), field="service_number")
def number_is_to_be_had(*, number: str, taken: bool) -> bool:
    """What our blocks have is given once, whoever brings it."""
    del number
    return not taken


@rule("IMP-81", says=_("The end {ended_on} lies before the start {started_on}"), mend=_("Correct one of the two dates"), field="ended_on")
def ends_after_start(*, started_on: Any, ended_on: Any) -> bool:
    """What ends has begun before."""
    return started_on is None or ended_on is None or ended_on >= started_on


def _number(values: Values) -> str:
    given = str(values["service_number"])
    return (phone_e164(given) or given) if values["kind"] in PHONE_KINDS else given


def _number_in_force(values: Values) -> KindOfNumber | None:
    """Return the number that a line uses, with its kind; ``None`` where it has ended, or nothing is said of its number."""
    return (_number(values), str(values["kind"])) if "service_number" in values and values.get("state") not in ENDED else None


def _number_of_line(values: Values) -> tuple[str, str, UUID] | None:
    number = _number_in_force(values)
    return None if number is None else (*number, values["id"])


def _check_line(values: Values, around: Mapping[str, Values], *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    return collect(
        (rules.has_service_number, {"kind": values["kind"], "service_number": values["service_number"]}),
        (ends_after_start, {"started_on": values.get("activated_on"), "ended_on": values.get("ended_on")}),
    )


def _check_product(values: Values, around: Mapping[str, Values], *, at: datetime) -> Iterable[Broken]:  # noqa: ARG001 - the shape of all bulk verbs
    started, until = values.get("started_on"), values.get("contract_until")
    return collect(
        (rules.contract_is_forward, {"started_on": started, "contract_until": until}) if started and until else None,
        (ends_after_start, {"started_on": started, "ended_on": values.get("ended_on")}),
    )


def _line_columns(values: Values) -> dict[str, Any]:
    out = as_columns(values, ("kind", "state", "activated_on", "ended_on", "end_reason"), {"customer": "customer_id"}, ("characteristics",))
    if "service_number" in values:
        out["service_number"] = _number(values)
    return out


@verb(IMPORT)
def load_lines(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:
    """Create and change lines with their owners, holders and payers, dated from the line's start.

    Their numbers leave the pools. Raises ``IntegrityError`` where one was held or sold at this moment.
    """
    write_table("inventory_subscriber", fresh=fresh, changed=changed, columns=_line_columns, changed_at=at, also="version = t.version + 1",
                fixed={"version": 1, "created_at": at, "changed_at": at})
    with connection.cursor() as cursor:
        if fresh:
            facts = _line_facts(fresh, at)
            cursor.execute(ROLES, {**facts, "holders": [v.get("holder") for v in fresh]})
            cursor.execute(PAYERS, facts)
        if changed:
            facts = _line_facts(changed, at)
            for statement in (ROLES_OVER, PAYERS_OVER, PAYERS_AFRESH):
                cursor.execute(statement, facts)
    take_numbers(((number, v["id"]) for v in (*fresh, *changed) if (number := _number_in_force(v))), by=by, at=at)


def _line_facts(lines: Sequence[Values], at: datetime) -> dict[str, Any]:
    return {"lines": [v["id"] for v in lines], "accounts": [v.get("account") for v in lines], "at": at, "ended": list(ENDED)}


@verb(IMPORT)
def load_products(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:
    """Create and change installed products."""
    for values in fresh:
        values["started_on"] = values.get("started_on") or by.day(at)
    write_table(
        "inventory_product", fresh=fresh, changed=changed, changed_at=at, fixed={"created_at": at, "changed_at": at},
        columns=lambda v: as_columns(
            v, ("state", "monthly_fee", "currency", "contract_until", "started_on", "ended_on"),
            {"customer": "customer_id", "subscriber": "subscriber_id", "offering": "offering_id"}, ("characteristics",)))


USAGE = ("voice_seconds", "voice_calls", "sms_count", "data_bytes", "roaming_bytes", "peers", "faults", "charged")


@verb(IMPORT)
def load_usage(*, fresh: Sequence[Values], changed: Sequence[Values], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of all bulk verbs
    """Record monthly usage; a month that is sent again is replaced by what came last."""
    for values in (*fresh, *changed):
        if "month_on" in values:
            values["month_at"] = datetime(values["month_on"].year, values["month_on"].month, 1, tzinfo=at.tzinfo)
    columns = ("subscriber_id", "month_at", "org_id", *USAGE)
    both = [v for v in (*fresh, *changed) if "subscriber" in v and "month_at" in v]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM inventory_usage_month u USING unnest(%s::uuid[], %s::timestamptz[]) g(line, month)"
            " WHERE u.subscriber_id = g.line AND u.month_at = g.month", [[v["subscriber"] for v in both], [v["month_at"] for v in both]])
    insert_rows("inventory_usage_month", columns, [
        (v["subscriber"], v["month_at"], v["org_id"], *(v.get(name) or 0 for name in USAGE)) for v in both])


def _held_numbers(wanted: Sequence[Any]) -> dict[Any, UUID]:
    rows = Subscriber.objects.filter(service_number__in={n for n, _k in wanted}).exclude(state__in=ENDED)
    return {(number, kind): line for number, kind, line in rows.values_list("service_number", "kind", "id")}


CUSTOMER = Field(name="customer", about="key of the customer", type="reference", noun="customer", required=True)
CHARACTERISTICS = Field(name="characteristics", about="anything else, by name", type="object")
STATE = Field(name="state", about="life cycle", choices=tuple(ProductState.values), default="active")

declare_noun(Noun(
    name="subscriber", about="a line: one service number of a customer", table="inventory_subscriber", rank=50, check=_check_line,
    write=load_lines, unique=(
        Unique(key=_number_in_force, taken=_held_numbers, broken=lambda _v: service_number_is_free.broken()),
        # By the line as well: that two rows of a file name one number is the rule above, said once.
        Unique(key=_number_of_line, taken=numbers_not_free, broken=lambda v: number_is_to_be_had.broken(number=_number(v), taken=True)),
    ),
    fields=(
        CUSTOMER, Field(name="kind", about="what the line is", required=True, choices=tuple(SubscriberKind.values)),
        Field(name="service_number", about="number or account of the line", required=True, length_max=40, personal="phone"), STATE,
        Field(name="activated_on", about="first day", type="date"), Field(name="ended_on", about="day of the end", type="date"),
        Field(name="end_reason", about="why it ended", length_max=60, default=""), CHARACTERISTICS,
        Field(name="account", about="key of the account that pays everything", type="reference", noun="account"),
        Field(name="holder", about="key of the party that uses it; else the owner", type="reference", noun="party"),
    )))
declare_noun(Noun(
    name="product", about="an installed product, on a line or by itself", table="inventory_product", rank=52, check=_check_product,
    write=load_products, fields=(
        CUSTOMER, Field(name="subscriber", about="key of the line it is on", type="reference", noun="subscriber"),
        Field(name="offering", about="code of the offering", type="reference", noun="offering", required=True), STATE,
        Field(name="monthly_fee", about="agreed fee a month", type="decimal", default=0),
        Field(name="currency", about="ISO 4217", length_max=3, default="CNY"), CHARACTERISTICS,
        Field(name="contract_until", about="end of the contract", type="date"),
        Field(name="started_on", about="first day; else the day of the import", type="date"),
        Field(name="ended_on", about="day of the end", type="date"),
    )))
declare_noun(Noun(
    name="usage", about="a line's usage in one month", table="inventory_usage_month", rank=70, check=no_rules, write=load_usage,
    fields=(
        Field(name="subscriber", about="key of the line", type="reference", noun="subscriber", required=True),
        Field(name="month_on", about="a day of the month", type="date", required=True),
        *(Field(name=name, about=name.replace("_", " "), type="integer", default=0) for name in USAGE[:-1]),
        Field(name="charged", about="amount charged", type="decimal", default=0),
    )))

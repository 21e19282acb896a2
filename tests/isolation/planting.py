"""Records with markers in three local networks, and everything that can be known about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.factories import accounts, party
from tests.factories import staff as make
from tongke.areas.account import services as account_services
from tongke.areas.contact_centre import services as contacts
from tongke.areas.party import services as parties
from tongke.areas.party.models import Customer, Party
from tongke.areas.party.services import AddressDraft, BlacklistDraft, DocumentDraft, MediumDraft
from tongke.areas.staff import services
from tongke.kernel import clock
from tongke.kernel.actor import Actor, acting
from tongke.kernel.permissions import all_permissions

# Syllables that occur nowhere else in the house, so that a find is a leak and nothing else.
NAMES = {3301: "鄢翀黔", 3302: "亓翾甬", 3201: "逄翯苏"}
PHONES = {3301: "13977001133", 3302: "13977002244", 3201: "13977003355"}
STREETS = {3301: "鼟鼟路一百零一号", 3302: "驫驫路二百零二号", 3201: "龘龘路三百零三号"}
SERIALS = {3301: 511, 3302: 522, 3201: 533}
COLLEAGUES = {3301: "邝麤犇", 3302: "邝羴羴", 3201: "邝飍飍"}
COMPANIES = {3301: "鱻鱻贸易有限公司", 3302: "猋猋贸易有限公司", 3201: "灥灥贸易有限公司"}


@dataclass
class Planted:
    """What stands in one local network. ``ids`` are the keys of all its rows by table."""

    org_id: int
    customer_id: UUID
    party_id: UUID
    customer_no: str
    number: str
    ids: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The person's name."""
        return NAMES[self.org_id]

    @property
    def phone(self) -> str:
        """The person's telephone number."""
        return PHONES[self.org_id]

    @property
    def markers(self) -> dict[str, tuple[str, ...]]:
        """What must not be seen, by kind: each in every way in which it may be written."""
        phone = self.phone
        return {
            "name": (self.name, self.name.encode("unicode_escape").decode()), "company": (COMPANIES[self.org_id],),
            "phone": (phone, f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"****{phone[-4:]}", f"**** {phone[-4:]}"),
            "number": (self.number, self.number[:14]), "address": (STREETS[self.org_id][:2],), "customer_no": (self.customer_no,),
            "email": (f"{phone}@marker.test",), "colleague": (COLLEAGUES[self.org_id],),
        }

    @property
    def searches(self) -> dict[str, str]:
        """What a curious colleague types into the search box."""
        return {"name": self.name, "phone": self.phone, "number": self.number, "customer_no": self.customer_no, "address": f"浙江省{STREETS[self.org_id]}"}


def plant(org_id: int) -> Planted:
    """Plant a customer with everything around it in one local network."""
    by, at = make.TESTER, clock.now()
    clerk = Actor(name="planter", kind="system", org_id=org_id, scope=(org_id,), permissions=frozenset({"*"}))
    number = party.citizen_number(serial=SERIALS[org_id])
    phone = PHONES[org_id]
    made = party.customer(
        NAMES[org_id], by=clerk, at=at,
        documents=(DocumentDraft(kind="resident_id", number=number),),
        media=(MediumDraft(kind="mobile", given=phone, preferred=True), MediumDraft(kind="email", given=f"{phone}@marker.test")),
        addresses=(AddressDraft(full=f"浙江省{STREETS[org_id]}"),),
    )
    parties.create_customer(party.company_draft(COMPANIES[org_id]), by=clerk, at=at)
    with acting(by):
        Party.objects.filter(id=made.party_id).update(state="validated")
        row = Customer.objects.get(id=made.customer_id)
    account_id = accounts.account(row)
    account_services.record_bill(
        account_id=account_id, bill_no=f"B{org_id}", period_from=at.date().replace(day=1), period_until=at.date().replace(day=28),
        issued_on=at.date(), due_on=at.date(), total=Decimal(9),
        lines=[account_services.BillLine(charge_type="recurring", name="套餐", amount=Decimal(9))], by=by, at=at,
    )
    accounts.payment(account_id, "5.00")
    accounts.line(row, account_id, number=phone)
    contacts.record_interaction(
        customer_id=made.customer_id, channel="hotline", direction="inbound", kind="enquiry", subject=f"{NAMES[org_id]}来电", body=STREETS[org_id], by=by, at=at,
    )
    parties.enter_blacklist(
        BlacklistDraft(match="phone", cause="fraud", effect="review", value=phone, note=NAMES[org_id], org_id=org_id), by=clerk, at=at,
    )
    asker = make.actor_at(org_id, "supervisor", name=COLLEAGUES[org_id])
    services.request_approval(kind="bulk_export", subject=f"{made.customer_no}", org_id=org_id, reason=NAMES[org_id], by=asker, at=at)
    services.record_look(kind="view", customer_id=made.customer_id, org_id=org_id, purpose=NAMES[org_id], clear=["name"], by=by, at=at)
    return Planted(org_id, made.customer_id, made.party_id, made.customer_no, number)


def collect_ids(planted: Planted, cursor: Any) -> None:
    """Note the keys of every row of the local network, table by table, as the owner sees them."""
    cursor.execute(
        "SELECT o.table_name FROM information_schema.columns o JOIN information_schema.columns i USING (table_schema, table_name)"
        " JOIN pg_class c ON c.relname = o.table_name AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " WHERE o.table_schema = 'public' AND o.column_name = 'org_id' AND i.column_name = 'id' AND i.data_type = 'uuid' ORDER BY 1",
    )
    for (table,) in cursor.fetchall():
        cursor.execute(f"SELECT id FROM {table} WHERE org_id = %s ORDER BY id LIMIT 3", [planted.org_id])
        found = [row[0] for row in cursor.fetchall()]
        if found:
            planted.ids[table] = found
    cursor.execute("SELECT at, chain, seq, ordinal FROM kernel_audit_row WHERE org_id = %s ORDER BY at DESC LIMIT 3", [planted.org_id])
    planted.ids["kernel_audit_row"] = [f"{at.isoformat()}~{chain}~{seq}~{ordinal}" for at, chain, seq, ordinal in cursor.fetchall()]


def everything_role() -> None:
    """A role that may do everything: only the scope stands between its holder and others' records."""
    make.tree()
    make.role("everything", *all_permissions())

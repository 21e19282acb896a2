"""Made-up customers for tests, through the room's own verbs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from tongke.areas.party import services
from tongke.areas.party.rules.documents import code_check_sign, id_check_sign
from tongke.areas.party.services import AddressDraft, ConsentDraft, CustomerDraft, DocumentDraft, MediumDraft, NewCustomer
from tongke.kernel.actor import Actor, system_actor
from tongke.kernel.ids import uuid7

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TESTER = system_actor("test")
EVERYTHING = frozenset({
    "party.view", "party.create", "party.change", "party.rename", "party.validate", "party.close", "party.repair", "party.consent",
    "party.blacklist_view", "party.blacklist_enter", "party.blacklist_decide", "party.see_blacklist_reason", "party.credit_view",
    "party.credit_rate", "party.credit_override", "party.policy", "party.see_name", "party.see_phone", "party.see_address",
    "party.see_email", "party.see_birth", "party.see_id_number",
})
_numbers = count(1)


def clerk(name: str = "limin", *, org_id: int = 3301, permissions: Iterable[str] = EVERYTHING, **more: Any) -> Actor:
    """An actor at a post of one local network."""
    return Actor(name=name, staff_id=uuid7(), org_id=org_id, scope=(org_id,), permissions=frozenset(permissions), **more)


def citizen_number(*, born: date = date(1990, 1, 1), serial: int | None = None, area: str = "330106") -> str:
    """A valid citizen's number; the serial's parity is the sex."""
    first = f"{area}{born:%Y%m%d}{(next(_numbers) if serial is None else serial) % 1000:03d}"
    return first + id_check_sign(first)


def credit_code(serial: int | None = None) -> str:
    """A valid unified social credit code of a company in Hangzhou."""
    first = f"91330106{(next(_numbers) if serial is None else serial):09d}"
    return first + code_check_sign(first)


def draft(name: str = "王芳", **more: Any) -> CustomerDraft:
    """A whole person: card, phone, address, consent."""
    n = next(_numbers)
    facts: dict[str, Any] = {
        "documents": (DocumentDraft(kind="resident_id", number=citizen_number(serial=2 * n), expires_on=date(2035, 1, 1)),),
        "media": (MediumDraft(kind="mobile", given=f"1385710{n:04d}", preferred=True),),
        "addresses": (AddressDraft(full="浙江省杭州市西湖区文三路388号钱江科技大厦15楼"),),
        "consents": (ConsentDraft(purpose="marketing", channel="sms", state="granted", source="hall"),),
    }
    return CustomerDraft(name=name, **{**facts, **more})


def company_draft(name: str = "浙江蓝海贸易有限公司", **more: Any) -> CustomerDraft:
    """An organisation with its licence."""
    facts: dict[str, Any] = {
        "kind": "organization", "segment": "business", "industry": "trade",
        "documents": (DocumentDraft(kind="business_licence", number=credit_code()),),
    }
    return CustomerDraft(name=name, **{**facts, **more})


def customer(name: str = "王芳", *, by: Actor | None = None, at: datetime = NOON, **more: Any) -> NewCustomer:
    """A recorded person."""
    return services.create_customer(draft(name, **more), by=by or clerk(), at=at)

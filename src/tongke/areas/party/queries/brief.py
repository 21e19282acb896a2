"""What higher rooms need to know of a customer before they write: one row, locked against its end."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tongke.areas.party.models import Customer
from tongke.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class CustomerBrief:
    """A customer in the words that other rooms decide by."""

    id: UUID
    org_id: int
    party_id: UUID
    party_kind: str
    party_state: str
    state: str
    segment: str
    level: str
    manager_id: UUID | None


def customer_brief(customer_id: UUID, *, lock: bool = False) -> CustomerBrief:
    """Return the customer within the actor's scope; raises ``NotFound``.

    With ``lock`` (inside a transaction) nobody can change its state until the caller commits, while
    others may still read and write what hangs on it.
    """
    rows = Customer.objects.filter(id=customer_id)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    row = rows.values_list(
        "id", "org_id", "party_id", "party__kind", "party__state", "state", "segment", "level", "manager_id"
    ).first()
    if row is None:
        raise NotFound
    return CustomerBrief(*row)

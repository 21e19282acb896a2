"""What every verb on an existing customer does: find and lock it, see that it is open, and leave a newer version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.party.models import Customer
from tongke.areas.party.policy import PartyPolicy, policy_at
from tongke.areas.party.rules.completeness import completeness
from tongke.areas.party.rules.customers import record_is_open
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.rules import collect, require


def locked_customer(customer_id: UUID, *, version: int | None) -> Customer:
    """Return the customer with its party, both locked until the verb ends.

    ``version`` is what the user had read; ``None`` asks for no comparison. Raises ``NotFound`` outside the
    actor's scope and ``Conflict`` where the record moved on.
    """
    customer = (
        Customer.objects.select_for_update(no_key=True).select_related("party").filter(id=customer_id).first()
    )
    if customer is None:
        raise NotFound
    if version is not None and customer.version != version:
        raise Conflict
    return customer


def open_customer(customer_id: UUID, *, version: int | None) -> Customer:
    """Return the locked customer; raises ``RulesBroken`` (PTY-09) where its record is closed or merged."""
    customer = locked_customer(customer_id, version=version)
    party = customer.party
    require(collect((record_is_open, {"state": party.state, "merged": party.merged_into_id is not None or customer.state == "merged"})))
    return customer


def leave_newer(
    customer: Customer, *, party_fields: Iterable[str] = (), customer_fields: Iterable[str] = (),
    policy: PartyPolicy | None = None, rescore: bool = True, at: datetime,
) -> None:
    """Save the named fields, count the version up and work the party's completeness out again."""
    party, fields = customer.party, list(party_fields)
    if rescore:
        figures = policy or policy_at(at, party.org_id)
        with connection.cursor() as cursor:
            if fields:
                _update(party, fields)  # the score below looks at the saved row
            cursor.execute("SELECT party_present_fields(%s, %s)", [party.id, at])
            (present,) = cursor.fetchone()
        score, missing = completeness(present, figures.completeness_weights[party.kind])  # type: ignore[index] # a value of the enum
        if (score, missing) != (party.completeness, party.missing):
            party.completeness, party.missing = score, missing
            fields += ["completeness", "missing"]
    if fields:
        party.version, party.changed_at = party.version + 1, at
        _update(party, [*fields, "version", "changed_at"])
    customer.version, customer.changed_at = customer.version + 1, at
    _update(customer, [*customer_fields, "version", "changed_at"])


def _update(row: Any, fields: Iterable[str]) -> None:
    row.save(update_fields=list(dict.fromkeys(fields)))

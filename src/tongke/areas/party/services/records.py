"""What every verb on an existing customer does: find and lock it, see that it is open, and leave a newer version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongke.areas.party.models import Customer, Party
from tongke.areas.party.policy import PartyPolicy, policy_at
from tongke.areas.party.rules.completeness import completeness
from tongke.areas.party.rules.customers import others_are_read_only, record_is_open
from tongke.kernel.actor import current_actor
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.rules import collect, require


def locked_customer(customer_id: UUID, *, version: int | None) -> Customer:
    """Return the customer with its party, both locked until the verb ends.

    ``version`` is what the user had read; ``None`` asks for no comparison. Raises ``NotFound`` outside the
    actor's scope and ``Conflict`` where the record moved on.
    """
    customer = _find(id=customer_id)
    if customer is None:
        raise NotFound
    _check_version(customer, version)
    return customer


def _find(**key: UUID) -> Customer | None:
    return Customer.objects.select_for_update(no_key=True).select_related("party").filter(**key).first()


def _check_version(customer: Customer, version: int | None) -> None:
    if version is not None and customer.version != version:
        raise Conflict


def _check_open(customer: Customer, *, version: int | None) -> None:
    _check_version(customer, version)
    party = customer.party
    require(collect((record_is_open, {"state": party.state, "merged": party.merged_into_id is not None or customer.state == "merged"})))


def open_customer(customer_id: UUID, *, version: int | None) -> Customer:
    """Return the locked customer; raises ``RulesBroken`` (PTY-09) where its record is closed or merged."""
    customer = locked_customer(customer_id, version=version)
    _check_open(customer, version=None)
    return customer


@dataclass(slots=True)
class Record:
    """A party under a verb's lock, with its customer where it is one: what verbs on a person or an organisation work on."""

    party: Party
    customer: Customer | None

    @property
    def id(self) -> UUID | None:
        """The customer's id; ``None`` where the party is no customer."""
        return self.customer.id if self.customer else None

    @property
    def subject_id(self) -> UUID:
        """What events are about: the customer, or the party where it is none."""
        return self.customer.id if self.customer else self.party.id

    @property
    def party_id(self) -> UUID:
        """The party's id."""
        return self.party.id

    @property
    def org_id(self) -> int:
        """The organisation that keeps the record."""
        return self.customer.org_id if self.customer else self.party.org_id

    @property
    def version(self) -> int:
        """The version that the next change compares with."""
        return self.customer.version if self.customer else self.party.version


def open_record(record_id: UUID, *, version: int | None) -> Record:
    """Return the locked record of a customer's id, or of a party's that is no customer.

    A party that is a customer is found by its own id, too. Raises ``NotFound``, ``Conflict`` and ``RulesBroken`` (PTY-09).
    """
    customer = _find(id=record_id) or _find(party_id=record_id)
    if customer is not None:
        _check_open(customer, version=version)
        return Record(customer.party, customer)
    party = Party.objects.select_for_update(no_key=True).filter(id=record_id).first()
    if party is None:
        raise NotFound
    if version is not None and party.version != version:
        raise Conflict
    require(collect(
        (record_is_open, {"state": party.state, "merged": party.merged_into_id is not None}),
        (others_are_read_only, {"own_rows_only": current_actor().own_rows_of is not None}),
    ))
    return Record(party, None)


def leave_newer(
    record: Customer | Record, *, party_fields: Iterable[str] = (), customer_fields: Iterable[str] = (),
    policy: PartyPolicy | None = None, rescore: bool = True, at: datetime,
) -> None:
    """Save the named fields, count the version up and work the party's completeness out again."""
    party, fields = record.party, list(party_fields)
    customer = record.customer if isinstance(record, Record) else record
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
    if fields or customer is None:
        party.version, party.changed_at = party.version + 1, at
        _update(party, [*fields, "version", "changed_at"])
    if customer is None:
        return
    customer.version, customer.changed_at = customer.version + 1, at
    _update(customer, [*customer_fields, "version", "changed_at"])


def _update(row: Any, fields: Iterable[str]) -> None:
    row.save(update_fields=list(dict.fromkeys(fields)))

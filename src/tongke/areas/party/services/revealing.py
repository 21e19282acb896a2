"""Shows one masked value as it is: for a stated purpose, with the trace on disk before the value leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from tongke.areas.party.models import ContactMedium, Customer, IdentityDocument, Party, PostalAddress
from tongke.areas.staff.services.looks import record_reveal
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, NotFound
from tongke.kernel.sealing import unseal
from tongke.kernel.verb import verb

DOCUMENT_FIELD = "party.document"


def _medium(party_id: UUID, row_id: UUID) -> str | None:
    return ContactMedium.objects.filter(party_id=party_id, id=row_id).values_list("value", flat=True).first()


def _address(party_id: UUID, row_id: UUID) -> str | None:
    return PostalAddress.objects.filter(party_id=party_id, id=row_id).values_list("full", flat=True).first()


def _document(party_id: UUID, row_id: UUID) -> str | None:
    cipher = IdentityDocument.objects.filter(party_id=party_id, id=row_id).values_list("number_cipher", flat=True).first()
    return None if cipher is None else unseal(cipher, field=DOCUMENT_FIELD)


def _name(party_id: UUID, _row_id: UUID) -> str | None:
    return Party.objects.filter(id=party_id).values_list("name", flat=True).first()


def _birth(party_id: UUID, _row_id: UUID) -> str | None:
    born = Party.objects.filter(id=party_id).values_list("birth_on", flat=True).first()
    return None if born is None else born.isoformat()


READERS: dict[str, Callable[[UUID, UUID], str | None]] = {
    "name": _name, "phone": _medium, "email": _medium, "address": _address, "id_number": _document, "birth": _birth,
}


@verb("party.reveal")
def reveal_value(*, customer_id: UUID, kind: str, row_id: UUID, purpose: str, by: Actor, at: datetime) -> str:
    """Return one value of a customer unmasked. ``kind`` is a kind of personal data, ``row_id`` the medium, address or document
    (the customer itself for name and birth). Raises ``NotFound``, ``Invalid``, ``PurposeNeeded`` and ``NotPermitted``.
    """
    reader = READERS.get(kind)
    if reader is None:
        raise Invalid(field="kind", what=kind[:20])
    found = Customer.objects.filter(id=customer_id).values("party_id", "org_id").first()
    if found is None:
        raise NotFound
    record_reveal(customer_id=customer_id, org_id=found["org_id"], purpose=purpose, clear=[kind], by=by, at=at)
    value = reader(found["party_id"], row_id)
    if value is None:
        raise NotFound
    return value

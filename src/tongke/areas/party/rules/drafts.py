"""What is asked to be written, before any rule saw it: plain facts in the words of the channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDraft:
    """An identity document as it was shown. ``image`` is the file's content, checked by what it is, not by its name."""

    kind: str
    number: str
    issuer: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    verification: str = ""
    image: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumDraft:
    """A way to reach a party. ``valid_from`` is when it became theirs, if not now; ``consent`` is the
    party's agreement to be known under an online identity.
    """

    kind: str
    given: str
    preferred: bool = False
    valid_from: datetime | None = None
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressDraft:
    """An address: ``full`` as written, and any part that is already known; unknown parts are read from ``full``."""

    full: str
    kind: str = "home"
    country: str = "CN"
    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    place: str = ""
    detail: str = ""
    postcode: str = ""
    valid_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDraft:
    """An answer to one purpose on one channel; ``evidence`` says how it was given."""

    purpose: str
    state: str
    channel: str = "any"
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDraft:
    """A new customer, or a party alone: then what concerns the customer counts for nothing. ``org_id`` ``None`` is the actor's own local network; ``manager_id`` ``None`` leaves it
    unkept, or kept by the actor where they see only their own customers. ``gender`` and ``birth_on`` are read
    from a resident identity card where they are not given. ``characteristics`` are the party's, ``traits`` the
    customer's; ``family_name`` and ``given_name`` are the name's parts where the sender tells them apart.
    """

    name: str
    kind: str = "individual"
    org_id: int | None = None
    gender: str = ""
    birth_on: date | None = None
    nationality: str = "CN"
    occupation: str = ""
    industry: str = ""
    language: str = "zh-hans"
    customer_no: str = ""
    state: str = "active"
    segment: str = "residential"
    level: str = "standard"
    manager_id: UUID | None = None
    since_on: date | None = None
    documents: tuple[DocumentDraft, ...] = ()
    media: tuple[MediumDraft, ...] = ()
    addresses: tuple[AddressDraft, ...] = ()
    consents: tuple[ConsentDraft, ...] = ()
    characteristics: dict[str, Any] = field(default_factory=dict)
    traits: dict[str, Any] = field(default_factory=dict)
    family_name: str = ""
    given_name: str = ""
    trading_name: str = ""

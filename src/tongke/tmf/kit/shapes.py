"""Shapes that official documents share. Names are the specification's; values leave in one form each.

Every shape keeps attributes that it does not know: an integrator's own survive a round trip.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext_noop
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic.alias_generators import to_camel

TEXT_LENGTH_MAX = 10_000
OWN_LENGTH = len("2026-01-31T08:00:00.000Z")


def instant_text(value: datetime) -> str:
    """Return an instant in the one form in which all leave: UTC, milliseconds, Z."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _instant(value: Any) -> Any:
    """Read an instant: ISO 8601; a bare day is its midnight, and what names no zone is UTC."""
    if isinstance(value, bool | int | float):
        raise ValueError("this is no instant")  # noqa: TRY004 - pydantic's own word
    if isinstance(value, str):
        value = datetime.fromisoformat(value.strip())
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime):
        # A year at the very edge leaves the range when it is turned into UTC.
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    return value


def _checked(value: Any) -> Any:
    # Our own form, as nearly all come and all leave, is read at once.
    if type(value) is str and len(value) == OWN_LENGTH and value[-1] == "Z":
        try:
            return datetime.fromisoformat(value)
        except ValueError as fault:
            raise ValueError("this is no instant; write it as 2026-01-31T08:00:00.000Z") from fault
    try:
        return _instant(value)
    except (OverflowError, ValueError) as fault:
        raise ValueError(gettext_noop("this is no instant; write it as 2026-01-31T08:00:00.000Z")) from fault


Instant = Annotated[datetime, BeforeValidator(_checked), PlainSerializer(instant_text, return_type=str)]
Text = Annotated[str, StringConstraints(max_length=TEXT_LENGTH_MAX, strict=True)]
Uri = Annotated[str, StringConstraints(max_length=2_000, strict=True), Field(json_schema_extra={"format": "uri"})]
Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]
Whole = Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]
Yes = Annotated[bool, Field(strict=True)]


class Shape(BaseModel):
    """The base of every document and part of one."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel, ser_json_inf_nan="null")

    at_type: Text | None = Field(None, alias="@type", description="The class of this object, where it is a subclass or an extension")
    at_base_type: Text | None = Field(None, alias="@baseType", description="The class that @type extends")
    at_schema_location: Uri | None = Field(None, alias="@schemaLocation", description="Where the extension's schema stands; never fetched by the server")

    def document(self) -> dict[str, Any]:
        """Return the shape as JSON says it: official names, absent where nothing is known."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class Entity(Shape):
    """A document with an address of its own."""

    id: Text | None = Field(None, description="Unique identifier, given by the server")
    href: Text | None = Field(None, description="Where the document stands, given by the server")


class Ref(Shape):
    """A reference to a document elsewhere, by id and href."""

    id: Text
    href: Text | None = None
    name: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType", description="The class of what is referred to")


class TimePeriod(Shape):
    """A half-open period: the start belongs to it, the end does not."""

    start_date_time: Instant | None = None
    end_date_time: Instant | None = None


class RelatedParty(Ref):
    """A party in a role."""

    role: Text | None = None


class CharacteristicRelationship(Shape):
    """How a named value hangs together with another."""

    id: Text | None = None
    href: Text | None = None
    relationship_type: Text | None = None


class Characteristic(Shape):
    """A named value beyond the typed attributes."""

    id: Text | None = None
    name: Text
    value_type: Text | None = None
    value: Any = None
    characteristic_relationship: list[CharacteristicRelationship] | None = None


class Money(Shape):
    """An amount with its currency (ISO 4217)."""

    unit: Text | None = None
    value: Number | Decimal | None = None


class Quantity(Shape):
    """An amount with its unit."""

    amount: Number | None = None
    units: Text | None = None


class MediumCharacteristic(Shape):
    """What a contact medium holds, by its type."""

    city: Text | None = None
    contact_type: Text | None = None
    country: Text | None = None
    email_address: Text | None = None
    fax_number: Text | None = None
    phone_number: Text | None = None
    post_code: Text | None = None
    social_network_id: Text | None = None
    state_or_province: Text | None = None
    street1: Text | None = Field(None, alias="street1")
    street2: Text | None = Field(None, alias="street2")


class ContactMedium(Shape):
    """A way to reach a party, in force for a period."""

    medium_type: Text | None = None
    preferred: Yes | None = None
    characteristic: MediumCharacteristic | None = None
    valid_for: TimePeriod | None = None


class Attachment(Shape):
    """A file beside the document, by reference or by value."""

    id: Text | None = None
    href: Text | None = None
    attachment_type: Text | None = None
    content: Text | None = None
    description: Text | None = None
    mime_type: Text | None = None
    name: Text | None = None
    url: Uri | None = None
    size: Quantity | None = None
    valid_for: TimePeriod | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class Note(Shape):
    """A remark with its author and date."""

    id: Text | None = None
    author: Text | None = None
    date: Instant | None = None
    text: Text | None = None

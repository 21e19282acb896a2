"""The fields of the party room's nouns as files may fill them."""

from __future__ import annotations

from tongke.areas.party.models import Customer
from tongke.areas.party.services.bulk_checks import customer_number_is_free
from tongke.areas.party.states import (
    AddressKind,
    ConsentPurpose,
    ConsentState,
    ContactChannel,
    CreditClass,
    CustomerState,
    DocumentKind,
    Level,
    MediumKind,
    PartyKind,
    PartyState,
    Segment,
    TreeKind,
)
from tongke.kernel.bulk import Field, Unique

PARTY = Field(name="party", about="key of the party", type="reference", noun="party", required=True)
VALID_FROM = Field(name="valid_from", about="in force from; else the time of the import", type="datetime")
VALID_UNTIL = Field(name="valid_until", about="in force until", type="datetime")
CHARACTERISTICS = Field(name="characteristics", about="anything else, by name", type="object")

PARTY_FIELDS = (
    Field(name="kind", about="person or organisation", choices=tuple(PartyKind.values), default="individual"),
    Field(name="name", about="full name", required=True, length_max=200, personal="name"),
    Field(name="state", about="verified or not", choices=tuple(PartyState.values), default="initialized"),
    Field(name="gender", about="male, female or empty", length_max=10, default=""),
    Field(name="birth_on", about="date of birth", type="date", personal="birth"),
    Field(name="nationality", about="ISO 3166, two letters", length_max=2, default="CN"),
    Field(name="occupation", about="free text", length_max=60, default=""),
    Field(name="industry", about="of an organisation", length_max=60, default=""),
    Field(name="language", about="language of letters", length_max=10, default="zh-hans"),
    Field(name="verified_on", about="day of the identity check", type="date"),
    CHARACTERISTICS,
)
CUSTOMER_FIELDS = (
    PARTY,
    Field(name="customer_no", about="printed number; else the next of the series", length_max=40),
    Field(name="state", about="life cycle", choices=tuple(CustomerState.values), default="active"),
    Field(name="segment", about="market segment", choices=tuple(Segment.values), default="residential"),
    Field(name="level", about="service level", choices=tuple(Level.values), default="standard"),
    Field(name="since_on", about="customer since; else the day of the import", type="date"),
    Field(name="left_on", about="day of leaving", type="date"),
    Field(name="credit_class", about="A to E; else as the policy starts", choices=tuple(CreditClass.values)),
    Field(name="credit_limit", about="amount; else as the policy starts", type="decimal"),
    Field(name="currency", about="ISO 4217", length_max=3, default="CNY"),
    CHARACTERISTICS,
)
DOCUMENT_FIELDS = (
    PARTY,
    Field(name="kind", about="kind of document", choices=tuple(DocumentKind.values), default="resident_id"),
    Field(name="number", about="the document's number", required=True, length_max=40, personal="id_number"),
    Field(name="issuer", about="who issued it", length_max=100, default=""),
    Field(name="issued_on", about="day of issue", type="date"),
    Field(name="expires_on", about="last day of validity", type="date"),
    Field(name="verified_at", about="when it was checked", type="datetime"),
    Field(name="verification", about="how it was checked", length_max=40, default=""),
)
MEDIUM_FIELDS = (
    PARTY,
    Field(name="kind", about="kind of medium", choices=tuple(MediumKind.values), default="mobile"),
    Field(name="value", about="the number or address as given", required=True, length_max=200, personal="phone"),
    Field(name="consent", about="for WeChat and web identities: how the party agreed", default=""),
    Field(name="preferred", about="use this one first", type="boolean", default=False),
    Field(name="verified_at", about="when it was checked", type="datetime"),
    VALID_FROM, VALID_UNTIL,
)
ADDRESS_FIELDS = (
    PARTY,
    Field(name="kind", about="what it is for", choices=tuple(AddressKind.values), default="home"),
    Field(name="country", about="ISO 3166, two letters", length_max=2, default="CN"),
    Field(name="province", about="province", length_max=40, default=""),
    Field(name="city", about="city", length_max=40, default=""),
    Field(name="district", about="district", length_max=40, default=""),
    Field(name="street", about="street and number", length_max=100, default="", personal="address"),
    Field(name="place", about="building or community", length_max=100, default="", personal="address"),
    Field(name="detail", about="door, floor", length_max=100, default="", personal="address"),
    Field(name="postcode", about="postcode", length_max=12, default=""),
    Field(name="full", about="the whole as one text; else made from the parts", length_max=400, personal="address"),
    VALID_FROM, VALID_UNTIL,
)
CONSENT_FIELDS = (
    PARTY,
    Field(name="purpose", about="what personal data is used for", required=True, choices=tuple(ConsentPurpose.values)),
    Field(name="channel", about="on which channel", choices=tuple(ContactChannel.values), default="any"),
    Field(name="state", about="the answer", required=True, choices=tuple(ConsentState.values)),
    Field(name="source", about="where the answer was given", length_max=60, default=""),
    Field(name="evidence", about="what shows it", default=""),
    VALID_FROM, VALID_UNTIL,
)
RELATION_FIELDS = (
    Field(name="tree", about="which tree", required=True, choices=tuple(TreeKind.values)),
    Field(name="parent", about="key of the party above", type="reference", noun="party", required=True),
    Field(name="child", about="key of the party below", type="reference", noun="party", required=True),
    Field(name="role", about="what the child is to the parent", length_max=60, default=""),
    Field(name="share_percent", about="share held", type="decimal"),
    VALID_FROM, VALID_UNTIL,
)

numbers_taken = Unique(
    key=lambda v: v.get("customer_no"),
    taken=lambda numbers: dict(Customer.objects.filter(customer_no__in=numbers).values_list("customer_no", "id")),
    broken=lambda v: customer_number_is_free.broken(customer_no=v["customer_no"]),
)

"""TMF644 Privacy Management, v4: profiles are parties' consents; agreements and specifications are kept."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from tongke.areas.party import events
from tongke.areas.party.queries.records import CONSENTS, PROFILES
from tongke.tmf.kit.declared import Api, Resource, Told
from tongke.tmf.kit.kept import kept_resource
from tongke.tmf.kit.mapping import Col, Const, Href, Many, Node, Obj, Said
from tongke.tmf.kit.shapes import Characteristic, Entity, Instant, Ref, RelatedParty, Shape, Text, TimePeriod, Whole, Yes
from tongke.tmf.party import privacy
from tongke.tmf.party.reading import PARTY_PATHS, PARTY_TYPES


class Period(TimePeriod):
    """A period; this API's file lets it have an id."""

    id: Text | None = None
    href: Text | None = None


class RelatedCharacteristic(Characteristic):
    """A named value that may belong to others."""


class ProfileCharacteristic(RelatedCharacteristic):
    """One answer. ``name`` is the purpose, or purpose/channel; ``value`` is granted, denied or withdrawn."""

    privacy_usage_purpose: Text | None = None
    related_party: list[RelatedParty] | None = None


class PartyPrivacyProfile(Entity):
    """What a party allows its data to be used for."""

    creation_date: Instant | None = None
    description: Text | None = None
    name: Text | None = None
    status: Text | None = Field(None, description="created or terminated")
    agreed_by_party: RelatedParty | None = None
    agreement: Ref | None = None
    applicable_for_party: RelatedParty | None = None
    party_privacy_profile_characteristic: list[ProfileCharacteristic] | None = None
    party_privacy_profile_specification: Ref | None = None
    valid_for: Period | None = None


class Described(Entity):
    """A thing with a name and what it is about."""

    description: Text | None = None
    name: Text | None = None


class DescribedRef(Ref):
    """A reference that says what it is about."""

    description: Text | None = None


class PrivacyRoleSpecification(Described):
    """A role to which a specification applies."""

    agreement_specification: list[DescribedRef] | None = None


class SpecificationValue(Entity):
    """A value that a characteristic may take."""

    is_default: Yes | None = None
    range_interval: Text | None = None
    regex: Text | None = None
    unit_of_measure: Text | None = None
    value_from: Whole | None = None
    value_to: Whole | None = None
    value_type: Text | None = None
    valid_for: Period | None = None
    value: Any = None


class SpecificationCharacteristic(Shape):
    """A purpose that may be asked about, and the answers that may be given."""

    id: Text | None = None
    criticality_level: Text | None = None
    description: Text | None = None
    name: Text | None = None
    privacy_type: Text | None = None
    privacy_usage_purpose: Text | None = None
    allowed_role: list[Described] | None = None
    party_privacy_profile_spec_characteristic_value: list[SpecificationValue] | None = None
    valid_for: Period | None = None


class PartyPrivacyProfileSpecification(Described):
    """What parties are asked about."""

    last_update: Instant | None = None
    status: Text | None = Field(None, description="inDesign, active, rejected or retired")
    version: Text | None = None
    applicable_role: list[PrivacyRoleSpecification] | None = None
    party_privacy_profile_spec_characteristic: list[SpecificationCharacteristic] | None = None
    product_offering: list[Ref] | None = None
    related_party: list[RelatedParty] | None = None
    valid_for: Period | None = None


class AgreementAuthorization(Entity):
    """Who signed, and when."""

    date: Instant | None = None
    signature_representation: Text | None = None
    state: Text | None = None


class AgreementTermOrCondition(Entity):
    """A condition of an agreement."""

    description: Text | None = None
    valid_for: Period | None = None


class AgreementItem(Entity):
    """What an agreement covers."""

    product: list[Ref] | None = None
    product_offering: list[Ref] | None = None
    term_or_condition: list[AgreementTermOrCondition] | None = None


class PartyPrivacyAgreement(Described):
    """An agreement about the use of personal data."""

    agreement_type: Text | None = None
    document_number: Whole | None = None
    initial_date: Instant | None = None
    statement_of_intent: Text | None = None
    status: Text | None = Field(None, description="initialized, inProgress, pendingUpdate, validated or rejected")
    version: Text | None = None
    agreement_authorization: list[AgreementAuthorization] | None = None
    agreement_item: list[AgreementItem] | None = None
    agreement_period: Period | None = None
    agreement_specification: DescribedRef | None = None
    associated_agreement: list[Ref] | None = None
    characteristic: list[RelatedCharacteristic] | None = None
    completion_date: Period | None = None
    engaged_party: list[RelatedParty] | None = None
    party_privacy_profile: list[Ref] | None = None
    party_privacy_profile_characteristic: list[ProfileCharacteristic] | None = None


STORE = "partyPrivacyProfile"
PARTY: dict[str, Node] = {
    "id": Col("id", loose=True), "href": Href(PARTY_PATHS, "id", by="kind"), "name": Col("name", loose=True),
    "@referredType": Col("kind", values=PARTY_TYPES),
}
ANSWER: dict[str, Node] = {
    "id": Col("id", loose=True), "name": Col("topic"), "privacyUsagePurpose": Col("purpose"), "value": Col("state"), "source": Col("source"),
    "evidence": Col("evidence"),
}
ATTRIBUTES: dict[str, Node] = {
    "id": Col("id"), "status": Col("standing"), "creationDate": Said(STORE, "creationDate", Col("first_answer_at")),
    "agreedByParty": Obj(PARTY), "applicableForParty": Obj(PARTY),
    "partyPrivacyProfileCharacteristic": Many(CONSENTS, on=("party_id", "id"), parts=ANSWER, only="s.valid_until IS NULL"),
    "partyPrivacyProfileSpecification": Obj({
        "id": Said(STORE, "partyPrivacyProfileSpecification.id", Const("consents")),
        "name": Said(STORE, "partyPrivacyProfileSpecification.name", Const("Consents by purpose and channel")),
    }),
}
CHANGED = "PartyPrivacyProfileAttributeValueChangeEvent"

PROFILE = Resource(
    name="partyPrivacyProfile", type="PartyPrivacyProfile", document=PartyPrivacyProfile, rows=PROFILES, attributes=ATTRIBUTES, view="party.view",
    customer="customer_id", about="What parties allow their data to be used for, by purpose and channel",
    required=("agreedByParty", "partyPrivacyProfileCharacteristic", "partyPrivacyProfileSpecification"),
    create=privacy.create, change=privacy.change, remove=privacy.remove, may_create="party.consent", may_change="party.consent",
    may_remove="party.consent", fixed=frozenset({"agreedByParty", "applicableForParty", "creationDate"}),
    example={
        "agreedByParty": {"id": "0190b6c0-0000-7000-8000-000000000001", "@referredType": "Individual"},
        "partyPrivacyProfileSpecification": {"id": "consents"}, "agreement": {"id": "web-terms-7"},
        "partyPrivacyProfileCharacteristic": [{"name": "marketing/sms", "value": "granted", "evidence": "ticked in the web shop"},
                                              {"name": "profiling", "value": "denied"}],
    },
    told=(
        Told(event=events.CustomerCreated, type="PartyPrivacyProfileCreateEvent", key="party_id", when=lambda fact: not fact.get("party_known")),
        Told(event=events.ConsentRecorded, type="PartyPrivacyProfileCreateEvent", key="party_id", when=lambda fact: bool(fact.get("first"))),
        Told(event=events.ConsentRecorded, type=CHANGED, key="party_id", when=lambda fact: not fact.get("first")),
        Told(event=events.ConsentsWithdrawn, type="PartyPrivacyProfileStatusChangeEvent", key="party_id"),
        Told(event=events.ConsentsWithdrawn, type="PartyPrivacyProfileDeleteEvent", key="party_id", removes=True),
    ),
)
SPECIFICATION = kept_resource(
    "partyPrivacyProfileSpecification", PartyPrivacyProfileSpecification, about="What parties are asked about",
    required=("partyPrivacyProfileSpecCharacteristic",), state_word="Status",
)
AGREEMENT = kept_resource(
    "partyPrivacyAgreement", PartyPrivacyAgreement, about="Agreements about the use of personal data",
    required=("agreementType", "name", "agreementItem", "engagedParty"), state_word="Status", start_state="initialized",
    moves={"initialized": ("inProgress",), "inProgress": ("validated", "rejected", "pendingUpdate"), "pendingUpdate": ("inProgress",),
           "validated": ("inProgress",), "rejected": ()},
)

APIS = [
    Api(number="644", version="v4", base="privacyManagement", title="Privacy Management", resources=(PROFILE, SPECIFICATION, AGREEMENT),
        about="What parties allow their personal data to be used for, and the agreements about it"),
]

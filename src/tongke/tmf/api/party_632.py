"""TMF632 Party Management, v4: people and organisations, whether they are customers or not."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from tongke.areas.party.queries.records import (
    CONTACTS,
    DOCUMENTS,
    INDIVIDUALS,
    MEMBERSHIPS,
    ORGANIZATIONS,
    RATINGS,
    of_document,
    of_email,
    of_name,
    of_phone,
)
from tongke.tmf.kit.declared import Api, Resource, Seek
from tongke.tmf.kit.mapping import Col, Const, Href, Many, Node, Obj, One, Pairs
from tongke.tmf.kit.shapes import (
    Attachment,
    Characteristic,
    ContactMedium,
    Entity,
    Instant,
    Ref,
    RelatedParty,
    Shape,
    Text,
    TimePeriod,
    Whole,
    Yes,
)
from tongke.tmf.party import people
from tongke.tmf.party.media import V4
from tongke.tmf.party.reading import PARTY_PATHS, PARTY_TYPES
from tongke.tmf.party.telling import of_parties

# The fourth version's file says "deceaded"; what the fifth says is taken, too.
PersonState = Annotated[Literal["initialized", "validated", "deceaded"], BeforeValidator(lambda word: "deceaded" if word == "deceased" else word)]


class Disability(Shape):
    """What hinders a person."""

    disability_code: Text | None = None
    disability_name: Text | None = None
    valid_for: TimePeriod | None = None


class ExternalReference(Shape):
    """Under which name another system knows the party."""

    external_reference_type: Text | None = None
    name: Text | None = None


class Identification(Shape):
    """An identity document. The number is taken in full and given out masked."""

    id: Text | None = None
    identification_id: Text | None = None
    identification_type: Text | None = Field(None, description="resident_id, passport, business_licence and others, or the sender's word for it")
    issuing_authority: Text | None = None
    issuing_date: Instant | None = None
    attachment: Attachment | None = None
    valid_for: TimePeriod | None = None


class LanguageAbility(Shape):
    """How well a person knows a language."""

    is_favourite_language: Yes | None = None
    language_code: Text | None = None
    language_name: Text | None = None
    listening_proficiency: Text | None = None
    reading_proficiency: Text | None = None
    speaking_proficiency: Text | None = None
    writing_proficiency: Text | None = None
    valid_for: TimePeriod | None = None


class PersonName(Shape):
    """The parts of a person's name."""

    aristocratic_title: Text | None = None
    family_name: Text | None = None
    family_name_prefix: Text | None = None
    formatted_name: Text | None = None
    full_name: Text | None = None
    generation: Text | None = None
    given_name: Text | None = None
    legal_name: Text | None = None
    middle_name: Text | None = None
    preferred_given_name: Text | None = None
    title: Text | None = None


class OtherNameIndividual(PersonName):
    """A name that a person has besides, or had before."""

    valid_for: TimePeriod | None = None


class OtherNameOrganization(Shape):
    """A name that an organisation has besides, or had before."""

    name: Text | None = None
    name_type: Text | None = None
    trading_name: Text | None = None
    valid_for: TimePeriod | None = None


class PartyCreditProfile(Shape):
    """A credit rating: ours, with class and score, or one that the sender keeps of another agency."""

    id: Text | None = None
    credit_agency_name: Text | None = None
    credit_agency_type: Text | None = None
    rating_reference: Text | None = None
    rating_score: Whole | None = None
    valid_for: TimePeriod | None = None


class Skill(Shape):
    """What a person is able to do."""

    comment: Text | None = None
    evaluated_level: Text | None = None
    skill_code: Text | None = None
    skill_name: Text | None = None
    valid_for: TimePeriod | None = None


class TaxDefinition(Shape):
    """A tax."""

    id: Text | None = None
    name: Text | None = None
    tax_type: Text | None = None
    at_referred_type: Text | None = Field(None, alias="@referredType")


class Paper(Attachment):
    """A file by reference or by value."""


class TaxExemptionCertificate(Shape):
    """A paper that frees from a tax."""

    id: Text | None = None
    attachment: Paper | None = None
    tax_definition: list[TaxDefinition] | None = None
    valid_for: TimePeriod | None = None


class PartyDocument(Entity):
    """What people and organisations have in common."""

    contact_medium: list[ContactMedium] | None = None
    credit_rating: list[PartyCreditProfile] | None = None
    external_reference: list[ExternalReference] | None = None
    party_characteristic: list[Characteristic] | None = None
    related_party: list[RelatedParty] | None = None
    tax_exemption_certificate: list[TaxExemptionCertificate] | None = None


class Individual(PersonName, PartyDocument):
    """A person."""

    birth_date: Instant | None = None
    country_of_birth: Text | None = None
    death_date: Instant | None = None
    gender: Text | None = Field(None, description="male, female or other")
    location: Text | None = None
    marital_status: Text | None = None
    nationality: Text | None = Field(None, description="ISO 3166, two letters")
    place_of_birth: Text | None = None
    disability: list[Disability] | None = None
    individual_identification: list[Identification] | None = None
    language_ability: list[LanguageAbility] | None = None
    other_name: list[OtherNameIndividual] | None = None
    skill: list[Skill] | None = None
    status: PersonState | None = None


class OrganizationRelationship(Shape):
    """Another organisation, above or below this one."""

    relationship_type: Text | None = None
    organization: Ref | None = None


class Organization(PartyDocument):
    """An organisation."""

    is_head_office: Yes | None = None
    is_legal_entity: Yes | None = None
    name: Text | None = None
    name_type: Text | None = None
    organization_type: Text | None = None
    trading_name: Text | None = None
    exists_during: TimePeriod | None = None
    organization_child_relationship: list[OrganizationRelationship] | None = None
    organization_identification: list[Identification] | None = None
    organization_parent_relationship: OrganizationRelationship | None = None
    other_name: list[OtherNameOrganization] | None = None
    status: Literal["initialized", "validated", "closed"] | None = None


DOCUMENT: dict[str, Node] = {
    "id": Col("id", loose=True), "identificationId": Col("number", loose=True), "identificationType": Col("known_kind", loose=True, spare=True),
    "issuingAuthority": Col("issuer"), "issuingDate": Col("issued_on", loose=True), "validFor": Obj({"endDateTime": Col("expires_on", loose=True)}),
}
RATING: dict[str, Node] = {
    "id": Col("id"), "creditAgencyName": Const("Tongke"), "ratingReference": Col("credit_class"), "ratingScore": Col("score"),
    "validFor": Obj({"startDateTime": Col("valid_from"), "endDateTime": Col("valid_until")}),
}
OTHER: dict[str, Node] = {
    "id": Col("other_id"), "href": Href(PARTY_PATHS, "other_id", by="other_kind"), "name": Col("other_name", loose=True), "role": Col("role"),
    "@referredType": Col("other_kind", values=PARTY_TYPES),
}
KIN: dict[str, Node] = {
    "organization": Obj({"id": Col("other_id", loose=True), "href": Href("party/v4/organization", "other_id"), "name": Col("other_name", loose=True)}),
}
SHARED: dict[str, Node] = {
    "id": Col("id"), "contactMedium": Many(CONTACTS, on=("party_id", "id"), parts=V4),
    "creditRating": Many(RATINGS, on=("customer_id", "customer_id"), parts=RATING, order="r.valid_from DESC", open=True),
    "partyCharacteristic": Pairs("characteristics"),
}
INDIVIDUAL: dict[str, Node] = {
    **SHARED, "fullName": Col("name"), "familyName": Col("family_name"), "givenName": Col("given_name"), "birthDate": Col("birth_on", loose=True),
    "gender": Col("gender", loose=True), "nationality": Col("nationality"), "status": Col("state", values={"deceased": "deceaded"}),
    "individualIdentification": Many(DOCUMENTS, on=("party_id", "id"), parts=DOCUMENT),
    "relatedParty": Many(MEMBERSHIPS, on=("party_id", "id"), parts=OTHER, open=True),
}
ORGANIZATION: dict[str, Node] = {
    **SHARED, "name": Col("name"), "tradingName": Col("trading_name"), "status": Col("state"),
    "organizationIdentification": Many(DOCUMENTS, on=("party_id", "id"), parts=DOCUMENT),
    "relatedParty": Many(MEMBERSHIPS, on=("party_id", "id"), parts=OTHER, only="l.tree <> 'legal'", open=True),
    "organizationParentRelationship": One(MEMBERSHIPS, on=("party_id", "id"), parts=KIN, only="l.tree = 'legal' AND l.side = 'above'"),
    "organizationChildRelationship": Many(MEMBERSHIPS, on=("party_id", "id"), parts=KIN, only="l.tree = 'legal' AND l.side = 'below'"),
}
PERSONAL = {"contactMedium": "address", "relatedParty": "name", "externalReference": "name"}
SEEKS: dict[str, Seek] = {
    "contactMedium.characteristic.phoneNumber": partial(of_phone, "p.id"), "contactMedium.characteristic.emailAddress": partial(of_email, "p.id"),
}

PEOPLE = Resource(
    name="individual", type="Individual", document=Individual, rows=INDIVIDUALS, attributes=INDIVIDUAL, view="party.view", customer="customer_id",
    about="People, whether they are customers or not", required=("givenName", "familyName"), create=people.create_person, change=people.change_person,
    remove=people.remove, may_create="party.create", may_change="party.change", may_remove="party.close", told=of_parties("Individual", "individual"),
    personal=PERSONAL | {
        "individualIdentification": "id_number", "deathDate": "birth", "placeOfBirth": "birth", "countryOfBirth": "birth", "location": "address",
        **dict.fromkeys(("aristocraticTitle", "familyNamePrefix", "formattedName", "legalName", "middleName", "preferredGivenName", "otherName"), "name"),
    },
    example={
        "givenName": "芳", "familyName": "王", "gender": "female", "nationality": "CN",
        "contactMedium": [{"mediumType": "email", "characteristic": {"emailAddress": "fang@example.com"}}],
        "individualIdentification": [{"identificationType": "passport", "identificationId": "E12345678", "validFor": {"endDateTime": "2035-01-01T00:00:00.000Z"}}],
    },
    seeks=SEEKS | {"individualIdentification.identificationId": partial(of_document, "p.id"), "fullName": partial(of_name, "p")},
)
ORGANIZATIONS_SERVED = Resource(
    name="organization", type="Organization", document=Organization, rows=ORGANIZATIONS, attributes=ORGANIZATION, view="party.view",
    customer="customer_id", about="Organisations, whether they are customers or not", required=("tradingName",),
    create=people.create_organization, change=people.change_organization, remove=people.remove, may_create="party.create", may_change="party.change", may_remove="party.close",
    server_set=frozenset({"id", "href", "organizationChildRelationship"}), told=of_parties("Organization", "organization"),
    personal=PERSONAL | {"organizationIdentification": "id_number"},
    example={
        "tradingName": "Blue Sea", "name": "浙江蓝海贸易有限公司", "isLegalEntity": True,
        "contactMedium": [{"mediumType": "phone", "characteristic": {"phoneNumber": "0571-87654321"}}],
    },
    seeks=SEEKS | {"organizationIdentification.identificationId": partial(of_document, "p.id"), "name": partial(of_name, "p")},
)

APIS = [
    Api(number="632", version="v4", base="party", title="Party Management", resources=(PEOPLE, ORGANIZATIONS_SERVED),
        about="People and organisations: names, identity documents, ways to reach them, and how they belong together"),
]

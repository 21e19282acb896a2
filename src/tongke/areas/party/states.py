"""Enums and life cycles of the party room. Values follow TM Forum SID where it has them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.machine import Machine


class PartyKind(models.TextChoices):
    """A human being or an organisation."""

    INDIVIDUAL = "individual", _("Person")
    ORGANIZATION = "organization", _("Organisation")


class PartyState(models.TextChoices):
    """States of a party (TMF632)."""

    INITIALIZED = "initialized", _("Not verified")
    VALIDATED = "validated", _("Verified")
    DECEASED = "deceased", _("Deceased")
    CLOSED = "closed", _("Closed")


P = PartyState
PARTY = Machine("party", PartyState, initial=P.INITIALIZED, moves={
    "validate": ([P.INITIALIZED], P.VALIDATED),
    "record_death": ([P.INITIALIZED, P.VALIDATED], P.DECEASED),
    "close": ([P.INITIALIZED, P.VALIDATED], P.CLOSED),
}, words={"validate": _("Confirm the identity"), "record_death": _("Record the death"), "close": _("Close the record")})


class CustomerState(models.TextChoices):
    """States of a customer."""

    PROSPECT = "prospect", _("Prospect")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left")
    MERGED = "merged", _("Merged into another")


C = CustomerState
CUSTOMER = Machine("customer", CustomerState, initial=C.PROSPECT, moves={
    "activate": ([C.PROSPECT, C.SUSPENDED, C.LEFT], C.ACTIVE),
    "suspend": ([C.ACTIVE], C.SUSPENDED),
    "leave": ([C.PROSPECT, C.ACTIVE, C.SUSPENDED], C.LEFT),
    "merge": ([C.PROSPECT, C.ACTIVE, C.SUSPENDED, C.LEFT], C.MERGED),
    "unmerge_to_prospect": ([C.MERGED], C.PROSPECT),
    "unmerge_to_active": ([C.MERGED], C.ACTIVE),
    "unmerge_to_suspended": ([C.MERGED], C.SUSPENDED),
    "unmerge_to_left": ([C.MERGED], C.LEFT),
}, words={
    "activate": _("Take the customer on"), "suspend": _("Suspend the customer"), "leave": _("Note that the customer left"),
    "merge": _("Merge into another"), "unmerge_to_prospect": _("Separate again"), "unmerge_to_active": _("Separate again"),
    "unmerge_to_suspended": _("Separate again"), "unmerge_to_left": _("Separate again"),
})


class PartyRoleState(models.TextChoices):
    """States of a party in a role other than customer."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    TERMINATED = "terminated", _("Terminated")


R = PartyRoleState
PARTY_ROLE = Machine("party_role", PartyRoleState, initial=R.ACTIVE, moves={
    "suspend": ([R.ACTIVE], R.SUSPENDED),
    "activate": ([R.SUSPENDED], R.ACTIVE),
    "terminate": ([R.ACTIVE, R.SUSPENDED], R.TERMINATED),
}, words={"suspend": _("Suspend the role"), "activate": _("Take the role up again"), "terminate": _("End the role")})


class Segment(models.TextChoices):
    """Market segment of a customer."""

    RESIDENTIAL = "residential", _("Residential")
    BUSINESS = "business", _("Business")
    KEY_ACCOUNT = "key_account", _("Key account")


class Level(models.TextChoices):
    """Service level of a customer."""

    STANDARD = "standard", _("Standard")
    SILVER = "silver", _("Silver")
    GOLD = "gold", _("Gold")
    DIAMOND = "diamond", _("Diamond")


class DocumentKind(models.TextChoices):
    """Kinds of identity documents that real-name registration takes."""

    RESIDENT_ID = "resident_id", _("Resident identity card")
    PASSPORT = "passport", _("Passport")
    HK_MACAO_PERMIT = "hk_macao_permit", _("Hong Kong and Macao permit")
    TAIWAN_PERMIT = "taiwan_permit", _("Taiwan permit")
    FOREIGNER_PERMIT = "foreigner_permit", _("Foreigner's residence permit")
    MILITARY_ID = "military_id", _("Military identity card")
    HOUSEHOLD_REGISTER = "household_register", _("Household register")
    BUSINESS_LICENCE = "business_licence", _("Business licence (unified social credit code)")
    OTHER = "other", _("Other document")


class MediumKind(models.TextChoices):
    """Kinds of contact media."""

    MOBILE = "mobile", _("Mobile phone")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")
    WEB_ID = "web_id", _("Online identity")
    FAX = "fax", _("Fax")


class AddressKind(models.TextChoices):
    """What an address is for."""

    HOME = "home", _("Home address")
    WORK = "work", _("Work address")
    BILLING = "billing", _("Billing")
    INSTALLATION = "installation", _("Installation")
    REGISTERED = "registered", _("Registered seat")


class TreeKind(models.TextChoices):
    """Trees in which organisations stand; each is dated and free of cycles."""

    LEGAL = "legal", _("Legal")
    BILLING = "billing", _("Billing")
    VPN = "vpn", _("Closed user group")
    SALES = "sales", _("Sales")
    HOUSEHOLD = "household", _("Household")
    KEY_PERSON = "key_person", _("Key person")


class ConsentState(models.TextChoices):
    """Answer of a party to one purpose on one channel."""

    GRANTED = "granted", _("Granted")
    DENIED = "denied", _("Denied")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentPurpose(models.TextChoices):
    """What personal data is used for."""

    SERVICE = "service", _("Service notices")
    MARKETING = "marketing", _("Marketing")
    PROFILING = "profiling", _("Usage analysis")
    THIRD_PARTY = "third_party", _("Passing on to partners")
    SURVEY = "survey", _("Surveys")


class ContactChannel(models.TextChoices):
    """Channels that a party may allow or forbid."""

    ANY = "any", _("Any channel")
    SMS = "sms", _("SMS")
    CALL = "call", _("Phone call")
    EMAIL = "email", _("E-mail")
    APP = "app", _("App")
    VISIT = "visit", _("Visit")


class BlacklistMatch(models.TextChoices):
    """What a blacklist entry is about."""

    PARTY = "party", _("Person")
    ID_NUMBER = "id_number", _("Identity number")
    PHONE = "phone", _("Phone number")
    DEVICE = "device", _("Device")
    ADDRESS = "address", _("Address")


class BlacklistEffect(models.TextChoices):
    """What a blacklist entry does."""

    REFUSE = "refuse", _("Refuse")
    DEPOSIT = "deposit", _("Ask for a deposit")
    REVIEW = "review", _("Manual review")
    NO_MARKETING = "no_marketing", _("No marketing")


# What a channel does where several entries meet: the strictest.
EFFECTS_BY_WEIGHT = (BlacklistEffect.REFUSE, BlacklistEffect.REVIEW, BlacklistEffect.DEPOSIT, BlacklistEffect.NO_MARKETING)


class BlacklistCause(models.TextChoices):
    """Why somebody was entered."""

    DEBT = "debt", _("Debt")
    FRAUD = "fraud", _("Fraud")
    SPAM = "spam", _("Nuisance calls or messages")
    IDENTITY_ABUSE = "identity_abuse", _("Abuse of identity")
    AUTHORITY = "authority", _("Order of an authority")
    OWN_WISH = "own_wish", _("Own wish (do not contact)")


class BlacklistState(models.TextChoices):
    """States of a blacklist entry."""

    ACTIVE = "active", _("In force")
    APPEALED = "appealed", _("Appealed")
    LIFTED = "lifted", _("Lifted")
    EXPIRED = "expired", _("Expired")


B = BlacklistState
BLACKLIST = Machine("blacklist", BlacklistState, initial=B.ACTIVE, moves={
    "appeal": ([B.ACTIVE], B.APPEALED),
    "reject_appeal": ([B.APPEALED], B.ACTIVE),
    "lift": ([B.ACTIVE, B.APPEALED], B.LIFTED),
    "expire": ([B.ACTIVE, B.APPEALED], B.EXPIRED),
}, words={
    "appeal": _("File an appeal"), "reject_appeal": _("Reject the appeal"), "lift": _("Lift the entry"), "expire": _("Let the entry lapse"),
})


class DuplicateState(models.TextChoices):
    """States of a pair that may be one party."""

    OPEN = "open", _("To review")
    MERGED = "merged", _("Merged")
    DISTINCT = "distinct", _("Two different parties")


class CreditClass(models.TextChoices):
    """Credit classes, best first."""

    A = "A", _("A excellent")
    B = "B", _("B good")
    C = "C", _("C fair")
    D = "D", _("D weak")
    E = "E", _("E bad")

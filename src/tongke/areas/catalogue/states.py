"""Words and life cycles of the catalogue room."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongke.kernel.machine import Machine


class OfferingKind(models.TextChoices):
    """What an offering provides."""

    MOBILE = "mobile", _("Mobile")
    FIXED = "fixed", _("Fixed line")
    BROADBAND = "broadband", _("Broadband")
    TV = "tv", _("Television")
    BUNDLE = "bundle", _("Bundle")
    VALUE_ADDED = "value_added", _("Value-added service")
    ICT = "ict", _("Company service")
    DEVICE = "device", _("Device")


class LifeCycle(models.TextChoices):
    """States of every version of the catalogue (lifecycleStatus of TMF620)."""

    IN_STUDY = "in_study", _("In study")
    IN_DESIGN = "in_design", _("In design")
    IN_TEST = "in_test", _("In test")
    ACTIVE = "active", _("Approved")
    LAUNCHED = "launched", _("On sale")
    RETIRED = "retired", _("Retired from sale")
    OBSOLETE = "obsolete", _("Obsolete")
    REJECTED = "rejected", _("Rejected")


L = LifeCycle
DRAFTS = (L.IN_STUDY, L.IN_DESIGN, L.IN_TEST)
"""States in which a version may still be edited; from approval on the database refuses any change of its content."""
SOLD = (L.LAUNCHED, L.RETIRED, L.OBSOLETE)
"""States of a version that is or was on sale, or will be from its begin on."""
_MOVES = {
    "design": ([L.IN_STUDY], L.IN_DESIGN),
    "test": ([L.IN_DESIGN], L.IN_TEST),
    "redesign": ([L.IN_TEST], L.IN_DESIGN),
    "approve": ([L.IN_TEST], L.ACTIVE),
    "launch": ([L.ACTIVE], L.LAUNCHED),
    "recall": ([L.LAUNCHED], L.ACTIVE),
    "retire": ([L.LAUNCHED], L.RETIRED),
    "relaunch": ([L.RETIRED], L.LAUNCHED),
    "withdraw": ([L.RETIRED, L.ACTIVE], L.OBSOLETE),
    "reject": ([L.IN_STUDY, L.IN_DESIGN, L.IN_TEST], L.REJECTED),
}
_WORDS = {
    "design": _("Begin the design"), "test": _("Give to test"), "redesign": _("Back to design"), "approve": _("Approve"), "launch": _("Launch"),
    "recall": _("Recall the launch"), "retire": _("Retire from sale"), "relaunch": _("Put on sale again"), "withdraw": _("Put away for good"),
    "reject": _("Give it up"),
}
SPECIFICATION = Machine("specification", LifeCycle, initial=L.IN_DESIGN, moves=_MOVES, words=_WORDS)
OFFERING = Machine("offering", LifeCycle, initial=L.IN_DESIGN, moves=_MOVES, words=_WORDS)
PRICE_LIST = Machine("price_list", LifeCycle, initial=L.IN_DESIGN, moves=_MOVES, words=_WORDS)
PROMOTION = Machine("promotion", LifeCycle, initial=L.IN_DESIGN, moves=_MOVES, words=_WORDS)
_IN_PLACE = {"retire": ([L.LAUNCHED], L.RETIRED), "relaunch": ([L.RETIRED], L.LAUNCHED), "withdraw": ([L.RETIRED], L.OBSOLETE)}
CATALOGUE = Machine("catalogue", LifeCycle, initial=L.LAUNCHED, moves=_IN_PLACE, words=_WORDS)
CATEGORY = Machine("category", LifeCycle, initial=L.LAUNCHED, moves=_IN_PLACE, words=_WORDS)
RULE = Machine("eligibility_rule", LifeCycle, initial=L.IN_DESIGN, moves=_MOVES, words=_WORDS)


class SpecificationLevel(models.TextChoices):
    """Which layer a specification describes: what is sold, what is delivered, what it is made of (SID)."""

    PRODUCT = "product", _("Product")
    SERVICE = "service", _("Service")
    RESOURCE = "resource", _("Resource")


class ValueType(models.TextChoices):
    """Type of a characteristic's value."""

    TEXT = "text", _("Text")
    INTEGER = "integer", _("Whole number")
    DECIMAL = "decimal", _("Decimal number")
    BOOLEAN = "boolean", _("Yes or no")
    DATE = "date", _("Date")
    CHOICE = "choice", _("Choice")


class RelationKind(models.TextChoices):
    """How one specification relates to another."""

    DECOMPOSES = "decomposes", _("Consists of")
    REQUIRES = "requires", _("Requires")
    EXCLUDES = "excludes", _("Excludes")
    DEPENDS_ON = "depends_on", _("Is delivered after")


class PriceKind(models.TextChoices):
    """When a price is due and whether it comes back."""

    ONE_OFF = "one_off", _("One-off")
    RECURRING = "recurring", _("Recurring")
    USAGE = "usage", _("By usage")
    DEPOSIT = "deposit", _("Deposit")
    PRESTORE = "prestore", _("Prestore")


class Period(models.TextChoices):
    """What a recurring price is charged for."""

    MONTH = "month", _("Month")
    YEAR = "year", _("Year")
    DAY = "day", _("Day")


class Proration(models.TextChoices):
    """How a recurring price or allowance is charged for part of a period (X8)."""

    DAILY = "daily", _("By day")
    HALF_MONTH = "half_month", _("By half month")
    FULL = "full", _("Whole period")
    AFTER_15TH = "after_15th", _("After the 15th: choice of this or the next month")
    NEXT_CYCLE = "next_cycle", _("From the next period on")
    NONE = "none", _("Not charged for part of a period")


class UsageType(models.TextChoices):
    """What usage is counted in."""

    DATA_MB = "data_mb", _("Data (MB)")
    VOICE_MINUTE = "voice_minute", _("Calls (minutes)")
    SMS = "sms", _("Text messages")
    DATA_ROAMING_MB = "data_roaming_mb", _("Data abroad (MB)")
    VOICE_ROAMING_MINUTE = "voice_roaming_minute", _("Calls abroad (minutes)")


class TierMode(models.TextChoices):
    """How tiers of a price are read."""

    SLAB = "slab", _("Each part at its own tier's price")
    VOLUME = "volume", _("All at the price of the tier reached")


class PenaltyKind(models.TextChoices):
    """What leaving before the end of a term costs (X7)."""

    NONE = "none", _("Nothing")
    REMAINING_MONTHS = "remaining_months", _("A percentage of the fees of the remaining months")
    FIXED = "fixed", _("A fixed amount")
    GIVE_BACK = "give_back", _("The benefits received are given back in part")


class SalesChannel(models.TextChoices):
    """Where something is sold."""

    HALL = "hall", _("Business hall")
    HOTLINE = "hotline", _("Hotline")
    WEB = "web", _("Web")
    APP = "app", _("App")
    SMS = "sms", _("Text message")
    KEY_ACCOUNT = "key_account", _("Key-account manager")
    DEALER = "dealer", _("Dealer")
    FIELD = "field", _("Field sales")


class RuleSubject(models.TextChoices):
    """What an eligibility rule is about."""

    OFFERING = "offering", _("One offering")
    CATEGORY = "category", _("A category")
    KIND = "kind", _("All offerings of a kind")
    ALL = "all", _("Every offering")


class RuleKind(models.TextChoices):
    """What an eligibility rule asks for (B2, T5)."""

    REQUIRES = "requires", _("Requires another offering")
    EXCLUDES = "excludes", _("Excludes another offering")
    QUANTITY = "quantity", _("How many at most")
    SEGMENT = "segment", _("Customer segment")
    LEVEL = "level", _("Customer level")
    AREA = "area", _("Area")
    CHANNEL = "channel", _("Sales channel")
    CONTRACT = "contract", _("Running contract")
    CREDIT = "credit", _("Credit")
    BLACKLIST = "blacklist", _("Blacklist")
    REAL_NAME = "real_name", _("Real-name registration")
    ARREARS = "arrears", _("Arrears")
    COVERAGE = "coverage", _("Coverage at the address")
    AGE = "age", _("Age")
    TENURE = "tenure", _("Time as a customer")
    DEVICE = "device", _("Device")


class RuleEffect(models.TextChoices):
    """What follows where a rule does not hold."""

    REFUSE = "refuse", _("Refuse")
    DEPOSIT = "deposit", _("Ask for a deposit")
    REVIEW = "review", _("Let a person decide")
    AGREE = "agree", _("Ask the customer to agree")


class PromotionKind(models.TextChoices):
    """What a promotion gives (E11, E14)."""

    PERCENT_OFF = "percent_off", _("A percentage off")
    AMOUNT_OFF = "amount_off", _("An amount off")
    MONTHS_FREE = "months_free", _("Months free")
    PRESTORE_RETURN = "prestore_return", _("Prestore, returned month by month")
    HANDSET_CONTRACT = "handset_contract", _("Handset with a contract")
    GIFT_POINTS = "gift_points", _("Points")


class GrantState(models.TextChoices):
    """States of one share of a promotion's quota."""

    HELD = "held", _("Held")
    USED = "used", _("Used")
    RELEASED = "released", _("Released")


G = GrantState
PROMOTION_GRANT = Machine("promotion_grant", GrantState, initial=G.HELD, moves={
    "use": ([G.HELD], G.USED), "release": ([G.HELD], G.RELEASED), "take_back": ([G.USED], G.RELEASED),
}, words={"use": _("Use"), "release": _("Give back"), "take_back": _("Take back")})

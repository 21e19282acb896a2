"""Labels, choices and tones of the rules' pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.states import LifeCycle, OfferingKind, RuleEffect, RuleKind, SalesChannel
from tongke.areas.ordering.states import Outcome
from tongke.areas.party.states import BlacklistEffect, CreditClass, DocumentKind, Level, Segment
from tongke.areas.resource.states.network import Technology

KIND_SIGNS: dict[str, str] = {
    RuleKind.REQUIRES: "link", RuleKind.EXCLUDES: "ban", RuleKind.QUANTITY: "list-numbers", RuleKind.SEGMENT: "users", RuleKind.LEVEL: "crown",
    RuleKind.AREA: "map-pin", RuleKind.CHANNEL: "building-store", RuleKind.CONTRACT: "writing", RuleKind.CREDIT: "scale",
    RuleKind.BLACKLIST: "shield-check", RuleKind.REAL_NAME: "id", RuleKind.ARREARS: "cash", RuleKind.COVERAGE: "router", RuleKind.AGE: "user",
    RuleKind.TENURE: "calendar", RuleKind.DEVICE: "device-mobile",
}
KINDS: dict[str, Any] = dict(RuleKind.choices)
KIND_ASKS: dict[str, Any] = {
    RuleKind.REQUIRES: _("An add-on only with its plan"), RuleKind.EXCLUDES: _("Not together with another offer"), RuleKind.QUANTITY: _("How many a customer, account or line may have"),
    RuleKind.SEGMENT: _("For some groups of customers only"), RuleKind.LEVEL: _("For some levels of customers only"), RuleKind.AREA: _("In some areas only"),
    RuleKind.CHANNEL: _("By some channels only"), RuleKind.CONTRACT: _("Not while another contract runs"), RuleKind.CREDIT: _("Credit class and limit"),
    RuleKind.BLACKLIST: _("Not for whom the blacklist names"), RuleKind.REAL_NAME: _("Verified identity, lines under one document"), RuleKind.ARREARS: _("Not with unpaid bills"),
    RuleKind.COVERAGE: _("Technology and speed at the address"), RuleKind.AGE: _("From or up to an age"), RuleKind.TENURE: _("Only after some months as a customer"),
    RuleKind.DEVICE: _("What the device must be able to do"),
}
EFFECTS: dict[str, Any] = {**dict(RuleEffect.choices), "check": _("To be checked once it is known")}
EFFECT_TONES = {"refuse": "bad", "deposit": "warn", "review": "warn", "agree": "info", "check": "neutral"}
STANDING: dict[str, tuple[Any, str]] = {
    "draft": (_("Draft"), "info"), "planned": (_("Planned"), "info"), "in_force": (_("In force"), "good"), "ended": (_("Ended"), "off"),
    "given_up": (_("Not pursued"), "off"),
}
STANDING_LABELS: dict[str, Any] = {key: words for key, (words, _tone) in STANDING.items()}
STANDING_TONES: dict[str, str] = {key: tone for key, (_words, tone) in STANDING.items()}
STATES = [(LifeCycle.IN_DESIGN, _("Draft")), (LifeCycle.LAUNCHED, _("Put in force")), (LifeCycle.REJECTED, _("Not pursued"))]
OUTCOMES: dict[str, Any] = dict(Outcome.choices)
OUTCOME_TONES = {"eligible": "good", "conditional": "warn", "refused": "bad"}
OUTCOME_SIGNS = {"eligible": "circle-check", "conditional": "alert-circle", "refused": "circle-x"}
LABELS: dict[str, Any] = {
    "offerings": _("Offerings"), "kinds": _("Kinds"), "categories": _("Categories"), "where": _("Counted"), "mutual": _("The other way round too"),
    "most": _("At most"), "least": _("At least"), "per": _("Counted for"), "one_of": _("One of"), "free_days": _("Last days that do not count"),
    "class_least": _("Credit class at least"), "within_limit": _("Owed and committed stay in the credit limit"), "effects": _("Entries with the effect"),
    "level_least": _("From severity"), "verified": _("Identity must be verified"), "documents": _("One of these documents"),
    "lines_most": _("Lines under one document, at most"), "line_kinds": _("Kinds of lines counted"), "above": _("Overlooked up to"),
    "overdue_only": _("Only what is past its due date"), "technologies": _("One of these technologies"), "mbps": _("Mbit/s down at least"),
    "months_least": _("Months as a customer, at least"), "features": _("The device can do"), "deposit": _("Deposit"),
}
HINTS: dict[str, Any] = {
    "technologies": _("None chosen: any"), "documents": _("None chosen: any"), "features": _("Words with commas between, for example: 5g, volte, esim"),
    "deposit": _("Asked for where the effect is a deposit"), "categories": _("With everything below them"),
}
WHERE = [("customer", _("with the customer")), ("line", _("on the same line"))]
PER = [("customer", _("per customer")), ("account", _("per account")), ("line", _("per line")), ("document", _("per identity document"))]
CHOICES: dict[tuple[str, str], Any] = {
    ("segment", "one_of"): Segment.choices, ("level", "one_of"): Level.choices, ("channel", "one_of"): SalesChannel.choices,
    ("blacklist", "effects"): [c for c in BlacklistEffect.choices if c[0] != "no_marketing"], ("credit", "class_least"): [c for c in CreditClass.choices if c[0] != "E"],
    ("coverage", "technologies"): Technology.choices, ("real_name", "documents"): DocumentKind.choices,
    ("real_name", "line_kinds"): [c for c in OfferingKind.choices if c[0] in {"mobile", "fixed", "broadband", "tv", "ict"}],
}

"""Tones, icons, choices and names of fields, as the catalogue's pages show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.states import (
    LifeCycle,
    OfferingKind,
    Period,
    PriceKind,
    PromotionKind,
    Proration,
    RelationKind,
    SalesChannel,
    SpecificationLevel,
    UsageType,
    ValueType,
)
from tongke.areas.party.states import Level, Segment
from tongke.web.kit import formatting

Choices = list[tuple[str, Any]]

STATE_TONES: dict[str, str] = {
    LifeCycle.IN_STUDY: "neutral", LifeCycle.IN_DESIGN: "neutral", LifeCycle.IN_TEST: "info", LifeCycle.ACTIVE: "warn", LifeCycle.LAUNCHED: "good",
    LifeCycle.RETIRED: "off", LifeCycle.OBSOLETE: "off", LifeCycle.REJECTED: "bad",
}
KIND_ICONS: dict[str, str] = {
    OfferingKind.MOBILE: "device-mobile", OfferingKind.FIXED: "phone", OfferingKind.BROADBAND: "router", OfferingKind.TV: "device-tv",
    OfferingKind.BUNDLE: "packages", OfferingKind.VALUE_ADDED: "sparkles", OfferingKind.ICT: "building", OfferingKind.DEVICE: "devices",
}
LEVEL_ICONS: dict[str, str] = {
    SpecificationLevel.PRODUCT: "package", SpecificationLevel.SERVICE: "settings", SpecificationLevel.RESOURCE: "server-2",
}

EVERYBODY = ("", _("Everybody"))
SEGMENTS: Choices = list(Segment.choices)
LEVELS: Choices = list(Level.choices)
CHANNELS: Choices = list(SalesChannel.choices)
LABELS: dict[str, Any] = {
    **dict(OfferingKind.choices), **dict(LifeCycle.choices), **dict(PriceKind.choices), **dict(Proration.choices), **dict(RelationKind.choices),
    **dict(UsageType.choices), **dict(ValueType.choices), **dict(PromotionKind.choices), **dict(Period.choices),
}
# Charge types are the accounts room's own words; these are the usual ones, more may be typed.
CHARGE_TYPES = ("monthly_fee", "one_off", "usage", "device", "deposit", "prestore", "penalty")
PERIOD_BEHIND: dict[str, Any] = {Period.MONTH: _("a month"), Period.YEAR: _("a year"), Period.DAY: _("a day")}
FIELDS: dict[str, Any] = {
    "code": _("Code"), "version": _("Version"), "kind": _("Kind"), "name_zh": _("Chinese name"), "name_en": _("English name"),
    "monthly_fee": _("A month"), "currency": _("Currency"), "characteristics": _("Characteristics"), "valid_from": _("On sale from"),
    "valid_until": _("On sale until"), "org_id": _("Belongs to"), "state": _("State"), "specification": _("Specification"),
    "description_zh": _("Chinese description"), "description_en": _("English description"), "sellable": _("Sold by itself"),
    "segments": _("Segments"), "channels": _("Channels"), "sold_in": _("Sold in"), "note": _("Note"), "created_by": _("Begun by"),
    "amount": _("Amount"), "charge_type": _("Charge type"), "tax_category": _("Tax category"), "tax_included": _("Tax included"),
    "period": _("Charged for"), "proration": _("Part of a period"), "usage_type": _("Usage"), "unit_size": _("Units in a step"),
    "tier_mode": _("How tiers are read"), "segment": _("Segment"), "channel": _("Channel"), "area_id": _("Area"), "condition": _("Only if"),
    "part_code": _("Part"), "percent_of_part": _("Percent of the part's price"), "tiers": _("Tiers"), "position": _("Sequence"),
    "rollover_months": _("Carried over (months)"), "shared": _("Shared"), "months": _("Months"), "default": _("Usual"),
    "penalty_kind": _("Leaving early costs"), "penalty_percent": _("Penalty in percent"), "penalty_amount": _("Penalty amount"),
    "floor_amount": _("Least spend a month"), "prestore_amount": _("Prestored"), "return_months": _("Returned over (months)"),
    "notice_days": _("Notice (days)"), "group_code": _("Group of parts"), "group_min": _("Group at least"), "group_max": _("Group at most"),
    "quantity_min": _("At least"), "quantity_max": _("At most"), "quantity_default": _("Usually"), "other_code": _("Other specification"),
    "characteristic_map": _("Values handed on"), "value_type": _("Type"), "unit": _("Unit"), "required": _("Required"),
    "configurable": _("Chosen at the sale"), "least": _("Least"), "most": _("Most"), "pattern": _("Pattern"), "values": _("Values"),
    "cardinality_min": _("Values at least"), "cardinality_max": _("Values at most"), "level": _("Layer"),
}
# Specifications of services and resources name their kind freely; these are the usual ones.
SPECIFICATION_KINDS: dict[str, Any] = {
    "access": _("Access"), "address": _("Network address"), "circuit": _("Circuit"), "cloud": _("Cloud"), "content": _("Content"), "data": _("Data service"),
    "group": _("Group network"), "handset": _("Handset"), "internet": _("Internet"), "messaging": _("Messages"), "number": _("Number"), "ont": _("Optical terminal"),
    "port": _("Port"), "router": _("Router"), "set_top": _("Set-top box"), "sim": _("SIM card"), "television": _("Television"),
    "transmission": _("Transmission"), "voice": _("Voice"), "wifi": _("Wireless network"), **dict(OfferingKind.choices),
}
UNITS: dict[str, Any] = {"min": _("minutes")}


def kind_words(kind: str) -> str:
    """Return what a specification's kind is called; its own word where it has no other name."""
    return str(SPECIFICATION_KINDS.get(kind, kind))


def unit_words(unit: str) -> str:
    """Return a unit as the reader writes it; signs of units are the same in every language."""
    return str(UNITS.get(unit, unit))


def shown_state(version: Any, at: datetime) -> tuple[Any, str]:
    """Return a version's state in words with its tone; what is launched ahead of its day says from when it is sold."""
    state = LifeCycle(version.state)
    if state == LifeCycle.LAUNCHED and version.valid_from is not None and version.valid_from > at:
        return _("On sale from %(day)s") % {"day": formatting.day(version.valid_from)}, STATE_TONES[LifeCycle.ACTIVE]
    return state.label, STATE_TONES[state]

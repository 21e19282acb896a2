"""The content of a version in words and figures: prices, allowances, terms, parts, characteristics, decomposition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongke.areas.catalogue.queries import contents
from tongke.areas.catalogue.states import (
    PenaltyKind,
    Period,
    PriceKind,
    Proration,
    RelationKind,
    SalesChannel,
    SpecificationLevel,
    TierMode,
    UsageType,
)
from tongke.areas.staff import queries as staff
from tongke.web.catalogue.drawing import Drawing, Edge, Node, draw
from tongke.web.catalogue.words import PERIOD_BEHIND, SEGMENTS, unit_words
from tongke.web.kit import formatting

MEGABYTES = Decimal(1024)
SEGMENT_WORDS = dict(SEGMENTS)
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """A price as pages show it."""

    place: int
    code: str
    name: str
    kind: str
    amount: str
    behind: str
    usage: str
    part: str
    tiers: list[tuple[str, str]]
    tier_words: str
    narrows: list[str]
    proration: str
    tax: str
    tax_words: str


def amount_words(amount: Decimal, currency: str = "CNY") -> str:
    """Write an amount with as many decimals as it has, two at least."""
    whole = formatting.money(amount, currency)
    if amount == round(amount, 2):
        return whole
    sign = formatting.SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{amount.normalize():f}"


def condition_words(condition: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> list[str]:
    """Write what a price asks of characteristics: Speed = 300/500, Speed ≥ 300; by their codes where ``known`` holds no such characteristic."""
    out = []
    for code, wanted in condition.items():
        one = (known or {}).get(code)
        name = code if one is None else formatting.name(one)
        if isinstance(wanted, Mapping):
            out += [f"{name} ≥ {wanted['least']}"] if wanted.get("least") is not None else []
            out += [f"{name} ≤ {wanted['most']}"] if wanted.get("most") is not None else []
        else:
            values = wanted if isinstance(wanted, list | tuple) else [wanted]
            out.append(f"{name} = {'/'.join(str(v) if one is None else value_words(one, v) for v in values)}")
    return out


def narrowing(row: Any, known: Mapping[str, Any] | None = None) -> list[str]:
    """Return for whom alone a row holds: segment, channel, area, values of characteristics (``known`` by code)."""
    out = [str(SEGMENT_WORDS.get(row.segment, row.segment))] if row.segment else []
    out += [str(SalesChannel(row.channel).label)] if row.channel else []
    out += [staff.org_name(row.area_id)] if row.area_id else []
    return out + condition_words(getattr(row, "condition", {}) or {}, known)


def _usage_words(price: Any) -> str:
    if not price.usage_type:
        return ""
    step = f"{price.unit_size.normalize():f}"
    usage = str(UsageType(price.usage_type).label)
    return usage if step == "1" else _("%(usage)s, in steps of %(step)s") % {"usage": usage, "step": step}


def price_lines(content: Any, names: Names) -> list[PriceLine]:
    """Return the prices of an offering's content in words; ``names`` are those of its parts by code."""
    out = []
    standing = contents.newest("specifications", [content.specification]) if content.specification else {}
    known = {one.code: one for found in standing.values() for one in found.content.characteristics}
    taxes = {code: formatting.name(tax) for code, tax in contents.tax_rates().items()} | {"none": _("Not taxed")}
    for place, price in enumerate(content.prices):
        percent = price.percent_of_part
        kind = PriceKind(price.kind)
        out.append(PriceLine(
            place=place, code=price.code, name=formatting.name(price), kind=str(kind.label),
            amount=f"{percent.normalize():f}%" if percent is not None else amount_words(price.amount, content.currency),
            behind=_("of the part's own price") if percent is not None else str(PERIOD_BEHIND.get(price.period or "", "")) if kind == PriceKind.RECURRING else "",
            usage=_usage_words(price), part=names.get(price.part_code, price.part_code),
            tiers=[(f"{t.from_units.normalize():f}", amount_words(t.amount, content.currency)) for t in price.tiers],
            tier_words=str(TierMode(price.tier_mode).label) if price.tiers else "", narrows=narrowing(price, known),
            proration=str(Proration(price.proration).label) if kind == PriceKind.RECURRING else "",
            tax=taxes.get(price.tax_category, price.tax_category), tax_words=_("in the amount") if price.tax_included else _("on top"),
        ))
    return out


def quantity_words(usage_type: str, amount: Decimal) -> str:
    """Write an included quantity: 30 GB, 500 minutes, 100 messages."""
    if usage_type in {UsageType.DATA_MB, UsageType.DATA_ROAMING_MB}:
        return f"{formatting.number(round(amount / MEGABYTES, 2).normalize(), 1).removesuffix('.0')} GB" if amount >= MEGABYTES else f"{amount.normalize():f} MB"
    count = int(amount)
    if usage_type == UsageType.SMS:
        return ngettext("%(n)d message", "%(n)d messages", count) % {"n": count}
    return ngettext("%(n)d minute", "%(n)d minutes", count) % {"n": count}


def allowance_lines(content: Any) -> list[tuple[str, str, list[str]]]:
    """Return what each month includes: (usage, how much, remarks)."""
    out = []
    for one in content.allowances:
        remarks = [_("shared by all lines")] if one.shared else []
        if one.rollover_months:
            remarks.append(ngettext("carried over for %(n)d month", "carried over for %(n)d months", one.rollover_months) % {"n": one.rollover_months})
        remarks.append(str(Proration(one.proration).label))
        out.append((str(UsageType(one.usage_type).label), quantity_words(one.usage_type, one.amount), remarks))
    return out


def penalty_words(term: Any) -> str:
    """Say what leaving a term early costs."""
    kind = PenaltyKind(term.penalty_kind)
    if kind == PenaltyKind.FIXED:
        return str(formatting.money(term.penalty_amount))
    if kind == PenaltyKind.REMAINING_MONTHS:
        return _("%(percent)s%% of the fees of the remaining months") % {"percent": f"{term.penalty_percent.normalize():f}"}
    if kind == PenaltyKind.GIVE_BACK:
        return _("%(percent)s%% of the benefits received, in proportion") % {"percent": f"{term.penalty_percent.normalize():f}"}
    return str(kind.label)


def characteristic_lines(content: Any, specification: Any) -> list[tuple[str, str, str]]:
    """Return (name, value or what may be chosen, how it is set) of the characteristics of an offering."""
    out = []
    for one in specification.characteristics if specification is not None else ():
        fixed = content.characteristics.get(one.code)
        if fixed is not None:
            out.append((formatting.name(one), value_words(one, fixed), _("fixed by the offer")))
        else:
            how = _("chosen at the sale") if one.configurable else _("not given")
            out.append((formatting.name(one), bounds_words(one), how))
    known = {one.code for one in specification.characteristics} if specification is not None else set()
    out += [(code, str(value), "") for code, value in content.characteristics.items() if code not in known]
    return out


def value_words(one: Any, value: Any) -> str:
    """Write a value of a characteristic with its unit, a choice by its name."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return formatting.listed(value_words(one, v) for v in value)
    named = {choice.value: choice for choice in one.values}
    text = (choice_name(named[str(value)]) if str(value) in named else str(value)).strip()
    return f"{text} {unit_words(one.unit)}".strip()


def choice_name(choice: Any) -> str:
    """Return the name of a choice's value in the reader's language."""
    return str(choice.en if (get_language() or "").startswith("en") else choice.zh)


def bounds_words(one: Any) -> str:
    """Write what values a characteristic may take."""
    if one.values:
        return formatting.listed(choice_name(choice) for choice in one.values)
    if one.least is not None or one.most is not None:
        ends = ["…" if end is None else f"{end.normalize():f}" for end in (one.least, one.most)]
        return f"{ends[0]} – {ends[1]} {unit_words(one.unit)}".strip()
    return _("of the form %(pattern)s") % {"pattern": one.pattern} if one.pattern else formatting.NOTHING


LEVEL_HEADS = {SpecificationLevel.PRODUCT: 0, SpecificationLevel.SERVICE: 1, SpecificationLevel.RESOURCE: 2}


def decomposition(code: str, specifications: Mapping[str, Any], address_of: Any) -> Drawing | None:
    """Draw what a specification consists of, all the way down; ``None`` where it consists of nothing.

    ``specifications`` are contents by code; ``address_of(code)`` returns where a box leads.
    """
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    waiting = [code]
    while waiting:
        current = waiting.pop()
        if current in nodes:
            continue
        found = specifications.get(current)
        nodes[current] = _node(current, found, address_of)
        for relation in found.relations if found is not None else ():
            edges.append(Edge(begin=current, end=relation.other_code, kind=relation.kind, label=_quantity(relation)))
            if relation.kind == RelationKind.DECOMPOSES or relation.other_code in specifications:
                waiting.append(relation.other_code)
    if len(nodes) < 2:
        return None
    return draw(list(nodes.values()), edges, roots=[code])


def _node(code: str, found: Any, address_of: Any) -> Node:
    if found is None:
        return Node(code=code, name=code, sub=_("not in the catalogue"))
    level = SpecificationLevel(found.level)
    return Node(code=code, name=formatting.name(found), sub=f"{level.label} · {code}", tone=level.value, address=address_of(code))


def _quantity(relation: Any) -> str:
    if relation.kind != RelationKind.DECOMPOSES:
        return ""
    if relation.quantity_min == relation.quantity_max:
        return "" if relation.quantity_max == 1 else f"× {relation.quantity_max}"
    return f"{relation.quantity_min}–{relation.quantity_max}"


def part_lines(content: Any, names: Names) -> list[tuple[str, str, str, str]]:
    """Return (code, name, how many, group) of the parts of a bundle."""
    out = []
    for part in content.parts:
        count = str(part.quantity_max) if part.quantity_min == part.quantity_max else f"{part.quantity_min}–{part.quantity_max}"
        usual = _("usually %(n)d") % {"n": part.quantity_default} if part.quantity_default else _("usually none")
        group = ""
        if part.group_code:
            most = "…" if part.group_max is None else part.group_max
            group = _("%(group)s: %(least)s to %(most)s of it") % {"group": part.group_code, "least": part.group_min, "most": most}
        out.append((part.part_code, names.get(part.part_code, part.part_code), f"{count} ({usual})", group))
    return out


def sold_words(codes: Sequence[str], words: Mapping[str, Any]) -> str:
    """Write a list of choices; none means all."""
    return formatting.listed(str(words.get(code, code)) for code in codes) or _("all")


def period_words(period: str | None) -> str:
    """Write what a recurring price is charged for."""
    return str(Period(period).label) if period else ""

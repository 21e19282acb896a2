"""Quotes and what the rules say of them, in words and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongke.areas.catalogue.states import PriceKind, Proration, UsageType
from tongke.web.catalogue.reading import amount_words, quantity_words
from tongke.web.catalogue.words import PERIOD_BEHIND
from tongke.web.kit import formatting
from tongke.web.kit.chart import Chart, Series

Data = dict[str, Any]
ONCE = {PriceKind.ONE_OFF, PriceKind.DEPOSIT, PriceKind.PRESTORE}
LYING_FROM = 6  # more names than that do not fit below standing bars
OUTCOMES = {"eligible": "good", "conditional": "warn", "refused": "bad"}


def read_quote(quote: Mapping[str, Any], content: Any) -> Data:
    """Return a quote with each line's amounts in words, grouped by when it is due."""
    currency = quote["currency"]
    prorations = {price.code: Proration(price.proration).label for price in content.prices if price.kind == PriceKind.RECURRING}
    lines = [_line(line, currency, prorations) for line in quote["lines"]]
    groups = [(_("Right now"), [line for line in lines if line["kind_code"] in ONCE]), (_("With every bill"), [line for line in lines if line["kind_code"] == PriceKind.RECURRING]),
              (_("By usage"), [line for line in lines if line["kind_code"] == PriceKind.USAGE])]
    return {
        **quote, "groups": [(words, found) for words, found in groups if found], "proration": proration_words(quote),
        "allowances": [(UsageType(a["usage_type"]).label, quantity_words(a["usage_type"], a["amount"]), quantity_words(a["usage_type"], a["first"]))
                       for a in quote["allowances"]],
        "dues": dues(quote),
        "whole": whole(quote), "whole_months": len(quote["months"]),
    }


def dues(quote: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    """Return what is due when: words, total, tax in words. Where something is taken off for a while, the next bill stands beside the plain month."""
    def one(words: str, due: Mapping[str, Any]) -> tuple[str, Any, str]:
        return words, due["total"], _("tax in it: %(tax)s") % {"tax": formatting.money(due["tax"], quote["currency"])}

    out = [one(_("Right now"), quote["now"]), one(_("First bill"), quote["first_bill"])]
    if quote["months"][1] != quote["monthly"]["total"]:
        out += [(_("Second bill"), quote["months"][1], ""), one(_("Later, once reductions end"), quote["monthly"])]
    else:
        out.append(one(_("Every later month"), quote["monthly"]))
    return [*out, *([one(_("Given back at the end"), quote["at_end"])] if quote["at_end"]["total"] else [])]


def whole(quote: Mapping[str, Any]) -> Decimal:
    """Return what all bills shown, with what is due now and what is given back, come to."""
    total: Decimal = quote["now"]["total"] + sum(quote["months"], Decimal(0)) + quote["at_end"]["total"]
    return total


def _line(line: Mapping[str, Any], currency: str, prorations: Mapping[str, Any]) -> Data:
    recurring, usage = line["kind"] == PriceKind.RECURRING, line["kind"] == PriceKind.USAGE
    return {
        **line, "kind_code": line["kind"], "kind": PriceKind(line["kind"]).label, "unit_words": amount_words(line["unit_amount"], currency),
        "behind": behind(line), "usage": usage, "recurring": recurring,
        "first_words": prorations.get(line["code"], ""),
        "tiers": [(f"{Decimal(units).normalize():f}", amount_words(amount, currency)) for units, amount in line["tiers"]],
        "reductions": [{**cut, "lasts": lasting(cut["since"], cut["months"])} for cut in line["reductions"]],
    }


def behind(line: Mapping[str, Any]) -> str:
    """Say what an amount is for: a period, or a quantity of usage."""
    if line["kind"] == PriceKind.USAGE:
        return _("for %(quantity)s") % {"quantity": quantity_words(line["unit"], Decimal(line["unit_size"]))}
    return str(PERIOD_BEHIND.get(line["period"], "")) if line["kind"] == PriceKind.RECURRING else ""


def lasting(since: int, months: int | None) -> str:
    """Say in which months of the bills something is taken off; nothing for all of them."""
    if since > 1:
        return _("from month %(n)s on") % {"n": since} if months is None else _("months %(first)s to %(last)s") % {"first": since, "last": months}
    return _("%(n)s months") % {"n": months} if months else ""


def proration_words(quote: Mapping[str, Any]) -> str:
    """Say which part of the first period is charged."""
    start, first, end = quote["starts_on"], quote["period_start"], quote["period_end"]
    days, left = (end - first).days, (end - start).days
    if left >= days:
        return _("It starts with the billing period of %(first)s to %(last)s: the first bill is whole.") % {"first": formatting.day(first), "last": formatting.day(last_of(end))}
    return _("It starts on %(start)s; the billing period runs from %(first)s to %(last)s: %(left)s of %(days)s days are left.") % {
        "start": formatting.day(start), "first": formatting.day(first), "last": formatting.day(last_of(end)), "left": left, "days": days}


def last_of(end: date) -> date:
    """Return the last day of a period that ends before ``end``."""
    return date.fromordinal(end.toordinal() - 1)


def charts(quote: Mapping[str, Any]) -> list[Chart]:
    """Draw what is due when, line by line, and the bills of the term one by one."""
    lines = [line for line in quote["lines"] if line["kind"] != PriceKind.USAGE]
    due = Chart(
        kind="stacked", title=_("What is due when"), label=_("Due"), unit=quote["currency"], digits=2, height="middle",
        categories=[_("Right now"), _("First bill"), _("A month without reductions that end")],
        series=[Series(f"{line['name']}{' · ' + line['part_code'] if line['part_code'] else ''}", _due_of(line)) for line in lines],
        mend=_("This offer costs nothing but what is used"),
    )
    months = quote["months"]
    bills = Chart(
        kind="bar", title=ngettext("The first %(n)d bill", "The first %(n)d bills", len(months)) % {"n": len(months)}, label=_("Bill"), unit=quote["currency"], digits=2, height="low",
        categories=[str(n) for n in range(1, len(months) + 1)], series=[Series(_("Bill"), months)], mend=_("This offer costs nothing but what is used"),
    )
    return [due, bills]


def _due_of(line: Mapping[str, Any]) -> list[Decimal]:
    if line["kind"] in ONCE:
        return [line["total"], Decimal(0), Decimal(0)]
    return [Decimal(0), line["first"], line["total"]]


def read_judgement(judged: Any) -> Data:
    """Return what the rules say of an offer with every reason."""
    outcomes = {"eligible": _("May be ordered"), "conditional": _("May be ordered on conditions"), "refused": _("May not be ordered")}
    effects = {"refuse": (_("stands against it"), "bad"), "deposit": (_("a deposit"), "warn"), "review": (_("a person decides"), "warn"), "agree": (_("if the customer agrees"), "info"),
               "check": (_("to be answered"), "info")}
    return {
        "words": outcomes.get(judged.outcome, judged.outcome), "tone": OUTCOMES.get(judged.outcome, "neutral"), "deposit": judged.deposit, "penalty": judged.penalty,
        "findings": [{"says": f.message, "mend": f.advice, "code": f.code, "rule": f.rule, "effect": effects.get(str(f.effect), (str(f.effect), "neutral"))} for f in judged.findings],
    }


def advice_charts(plans: Sequence[Any], present: Any, months: int) -> list[Chart]:
    """Draw the cost of every plan on the line's own usage: what is included in the fee and what went beyond it."""
    rows = ([present] if present else []) + list(plans)
    names = [f"{formatting.name(p)}{' · ' + _('present plan') if present is p else ''}" for p in rows]
    fees = [sum((m.fee for m in p.months), Decimal(0)) if p.months else p.fee for p in rows]
    beyond = [sum((m.overage for m in p.months), Decimal(0)) for p in rows]
    title = ngettext("Cost in %(n)d month of own usage", "Cost in %(n)d months of own usage", months) % {"n": months}
    return [Chart(kind="stacked_lying" if len(rows) > LYING_FROM else "stacked", title=title, label=_("Plan"), unit="CNY", digits=2, height="high", categories=names,
                  series=[Series(_("Fee"), fees), Series(_("Beyond what is included"), beyond)],
                  links=[f"/catalogue/offers/{p.code}" for p in rows], mend=_("No plan fits this line"))]

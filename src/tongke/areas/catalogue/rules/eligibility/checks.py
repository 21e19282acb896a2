"""How each kind of rule looks at the facts: every reason that it finds, none of them only the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.rules.eligibility import parameters as p
from tongke.areas.catalogue.rules.eligibility import sentences as say
from tongke.areas.catalogue.rules.eligibility.facts import Facts, Held
from tongke.areas.catalogue.rules.eligibility.words import Amount, Aside, Several, WayOut
from tongke.areas.catalogue.states import RuleEffect, RuleKind, SalesChannel
from tongke.kernel.rules import Broken

CHECK = "check"
"""The effect of a fact that is not known: ordered once it is known and the rule holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One reason that a check found. ``effect`` is empty where the rule's own follows; ``about`` tells reasons of one rule apart."""

    broken: Broken
    effect: str = ""
    about: str = ""
    penalty: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Offerings that a rule means. ``codes`` are all of those on sale; ``named`` those meant by code or category.

    A product is of the kind that its own version is of, whatever its code is sold as today.
    """

    codes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    all: bool = False

    def has(self, held: Held) -> bool:
        """Tell whether a product is meant."""
        return self.all or held.code in self.named or held.kind in self.kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a check looks at: the facts, the products with those ordered along, and the one offering where it matters.

    ``fee`` is what the offering costs a month; ``own`` its code, so that it does not count as ordered along with itself.
    """

    facts: Facts
    products: tuple[Held, ...]
    fee: Decimal = Decimal(0)
    own: str = ""

    def of(self, meaning: Meaning, *, where: str = "customer", replaced: bool = False) -> list[Held]:
        """Return the products that are meant, only the line's where it matters; those that the order ends where they are asked for."""
        line = self.facts.line
        return [
            h for h in self.products
            if meaning.has(h) and (h.phase != "along" or h.code != self.own) and (where != "line" or h.line == line or h.phase == "along")
            and (replaced or h.phase != "replaced")
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A rule made ready: its parameters, what it is about, what it means, and the words of that."""

    kind: str
    given: Any
    subject: Meaning
    targets: Meaning = field(default_factory=Meaning)
    wanted: Any = ""


def _unknown(what: Any, how: Any) -> list[Breach]:
    return [Breach(broken=say.fact_is_known.broken(what=what, how=how), effect=CHECK)]


def _whoever() -> list[Breach]:
    return _unknown(_("Who the customer is"), _("Identify the customer, then judge again"))


def requires(plan: Plan, case: Case) -> list[Breach]:
    """One of the targets is there; what is on its way out does not count."""
    # Without a line chosen, any line will do: the clerk chooses the one that has it.
    where = plan.given.where if case.facts.line else "customer"
    found = sum(h.phase != "ending" for h in case.of(plan.targets, where=where))
    return [] if say.has_what_it_needs(found=found) else [Breach(broken=say.has_what_it_needs.broken(needed=plan.wanted))]


_EXCLUDED_BY = {
    "held": say.nothing_held_excludes_it, "coming": say.nothing_on_order_excludes_it,
    "ending": say.nothing_on_its_way_out_excludes_it, "along": say.nothing_ordered_along_excludes_it,
}


def excludes(plan: Plan, case: Case) -> list[Breach]:
    """Each product that is in the way, by its phase: what is on its way out is still there."""
    if plan.given.where == "line" and not case.facts.line:
        found = [h for h in case.of(plan.targets) if h.phase == "along"]  # a new line holds nothing else yet
    else:
        found = case.of(plan.targets, where=plan.given.where)
    return [Breach(broken=_EXCLUDED_BY[h.phase].broken(other=h.name), about=h.id) for h in found]


_PER = {
    "customer": _("per customer"), "account": _("per account"), "line": _("per line"), "document": _("per identity document"),
}


def _counted(plan: Plan, case: Case) -> int:
    per: str = plan.given.per
    along = sum(h.phase == "along" for h in case.of(plan.subject))
    if per == "document":
        return along + sum(n for kind, n in case.facts.lines_on_document if plan.subject.all or kind in plan.subject.kinds)
    standing = [h for h in case.of(plan.subject) if h.phase != "along"]
    if per == "customer":
        return along + len(standing)
    mine: str = getattr(case.facts, per)
    return along + len([h for h in standing if mine and getattr(h, per) == mine])


def quantity(plan: Plan, case: Case) -> list[Breach]:
    """Neither more than the most nor fewer than the least."""
    given: p.Quantity = plan.given
    count, ordered, out = _counted(plan, case), case.facts.quantity, []
    if given.most is not None and not say.quantity_is_left(count=count, ordered=ordered, most=given.most):
        out.append(Breach(broken=say.quantity_is_left.broken(
            count=count, most=given.most, per=_PER[given.per], over=count + ordered - given.most)))
    if given.least is not None and not say.quantity_is_enough(total=count + ordered, least=given.least):
        out.append(Breach(broken=say.quantity_is_enough.broken(
            total=count + ordered, least=given.least, short=given.least - count - ordered)))
    return out


def segment(plan: Plan, case: Case) -> list[Breach]:
    """The customer's segment is among those allowed."""
    actual = case.facts.segment
    if actual is None:
        return _whoever()
    if say.segment_is_allowed(segment=actual, one_of=plan.given.one_of):
        return []
    return [Breach(broken=say.segment_is_allowed.broken(allowed=plan.wanted, actual=SEGMENTS.get(actual, actual)))]


def level(plan: Plan, case: Case) -> list[Breach]:
    """The customer's level is among those allowed."""
    actual = case.facts.level
    if actual is None:
        return _whoever()
    if say.level_is_allowed(level=actual, one_of=plan.given.one_of):
        return []
    return [Breach(broken=say.level_is_allowed.broken(allowed=plan.wanted, actual=LEVELS.get(actual, actual)))]


def area(plan: Plan, case: Case) -> list[Breach]:
    """The place of use lies in one of the areas."""
    if case.facts.orgs is None:
        return _unknown(_("The place of use"), _("Give the place, then judge again"))
    held = say.area_is_allowed(orgs=case.facts.orgs, one_of=plan.given.one_of)
    return [] if held else [Breach(broken=say.area_is_allowed.broken(allowed=plan.wanted))]


def channel(plan: Plan, case: Case) -> list[Breach]:
    """The order comes through one of the channels; where none is named, no channel is judged."""
    actual = case.facts.channel
    if actual is None or say.channel_is_allowed(channel=actual, one_of=plan.given.one_of):
        return []
    return [Breach(broken=say.channel_is_allowed.broken(allowed=plan.wanted, actual=CHANNELS.get(actual, actual)))]


def contract(plan: Plan, case: Case) -> list[Breach]:
    """Each contract that still runs, with what ending it today costs."""
    if plan.given.where == "line" and not case.facts.line:
        return []  # a new line has no contract
    out = []
    for h in case.of(plan.targets, where=plan.given.where, replaced=True):
        if h.contract_until is None:
            continue
        if not say.contract_has_run_out(days_left=(h.contract_until - case.facts.on).days, free_days=plan.given.free_days):
            broken = say.contract_has_run_out.broken(product=h.name, until=h.contract_until, way=WayOut(Amount(h.penalty, h.currency)))
            out.append(Breach(broken=broken, about=h.id, penalty=h.penalty))
    return out


def credit(plan: Plan, case: Case) -> list[Breach]:
    """The class suffices, and the limit holds what is owed, committed and ordered."""
    facts, given, out = case.facts, plan.given, []
    if facts.credit_class is None or facts.credit_limit is None:
        return _whoever()
    if given.class_least and not say.credit_class_suffices(credit_class=facts.credit_class, least=given.class_least):
        out.append(Breach(broken=say.credit_class_suffices.broken(actual=facts.credit_class, least=given.class_least), about="class"))
    fee = case.fee * facts.quantity
    if given.within_limit and not say.exposure_stays_in_limit(exposure=facts.exposure, fee=fee, credit_limit=facts.credit_limit):
        total = facts.exposure + fee
        out.append(Breach(about="limit", broken=say.exposure_stays_in_limit.broken(
            total=Amount(total, facts.currency), limit=Amount(facts.credit_limit, facts.currency),
            over=Amount(total - facts.credit_limit, facts.currency))))
    return out


_CLEARED = _("Have the debt paid: the entry ends with it")
_DECIDED = _("Have the entry decided by who keeps the blacklist")


def blacklist(plan: Plan, case: Case) -> list[Breach]:
    """Every entry that counts; what follows is the entry's own effect."""
    out = []
    for place, entry in enumerate(case.facts.listed):
        if entry.effect in plan.given.effects and entry.level >= plan.given.level_least:
            broken = say.blacklist_is_silent.broken(cause=Aside(entry.cause), how=_CLEARED if entry.debt else _DECIDED)
            out.append(Breach(broken=broken, effect=entry.effect, about=str(place)))
    return out


def real_name(plan: Plan, case: Case) -> list[Breach]:
    """Verified, by a document that is taken, with lines left under it."""
    facts, given = case.facts, plan.given
    if facts.verified is None:
        return _whoever()
    out = []
    if given.verified and not say.identity_is_verified(verified=facts.verified):
        out.append(Breach(broken=say.identity_is_verified.broken(), about="verified"))
    if given.documents and not say.document_is_accepted(documents=facts.documents, allowed_kinds=given.documents):
        out.append(Breach(broken=say.document_is_accepted.broken(allowed=plan.wanted), about="document"))
    if given.lines_most is not None:
        count = sum(n for kind, n in facts.lines_on_document if kind in given.line_kinds)
        count += sum(h.phase == "along" and h.kind in given.line_kinds and h.code != case.own for h in case.products)
        if not say.document_has_lines_left(count=count, ordered=facts.quantity, most=given.lines_most):
            out.append(Breach(about="lines", broken=say.document_has_lines_left.broken(
                count=count, most=given.lines_most, over=count + facts.quantity - given.lines_most)))
    return out


def arrears(plan: Plan, case: Case) -> list[Breach]:
    """Every account that owes more than what is overlooked."""
    out = []
    for debt in case.facts.debts:
        owed = debt.overdue if plan.given.overdue_only else debt.owed
        if not say.account_owes_no_more(owed=owed, above=plan.given.above):
            out.append(Breach(about=debt.account_no, broken=say.account_owes_no_more.broken(
                account=debt.account_no, owed=Amount(owed, debt.currency))))
    return out


def coverage(plan: Plan, case: Case) -> list[Breach]:
    """The network reaches the place, fast enough."""
    reach, given = case.facts.reach, plan.given
    if reach is None:
        return _unknown(_("What reaches the address"), _("Give the address, then judge again"))
    usable = [(t, speed) for t, speed in reach.lines if not given.technologies or t in given.technologies]
    if not say.place_is_reached(technologies=given.technologies, found=[t for t, _speed in reach.lines]):
        broken = say.place_is_reached.broken(place=reach.place, wanted=plan.wanted, why=Aside(reach.why_not))
        return [Breach(broken=broken)]
    best = max(speed for _t, speed in usable)
    if not say.place_is_fast_enough(actual=best, wanted=given.mbps):
        return [Breach(broken=say.place_is_fast_enough.broken(place=reach.place, actual=best, wanted=given.mbps))]
    return []


def age(plan: Plan, case: Case) -> list[Breach]:
    """A person's age is within its bounds; organisations have none."""
    facts, given = case.facts, plan.given
    if facts.party_kind != "individual":
        return []
    if facts.age is None:
        return _unknown(_("The date of birth"), _("Record the date of birth")) if facts.known else _whoever()
    if given.least is not None and not say.is_old_enough(age=facts.age, least=given.least):
        return [Breach(broken=say.is_old_enough.broken(actual=facts.age, least=given.least))]
    if given.most is not None and not say.is_young_enough(age=facts.age, most=given.most):
        return [Breach(broken=say.is_young_enough.broken(actual=facts.age, most=given.most))]
    return []


def tenure(plan: Plan, case: Case) -> list[Breach]:
    """The customer has been one for long enough; a prospect has not begun."""
    months, least = case.facts.tenure_months or 0, plan.given.months_least
    if say.is_long_enough_a_customer(months=months, least=least):
        return []
    return [Breach(broken=say.is_long_enough_a_customer.broken(least=least, actual=months, short=least - months))]


def device(plan: Plan, case: Case) -> list[Breach]:
    """The device on the line can do what is asked."""
    able = case.facts.features
    if able is None:
        return _unknown(_("What the device can do"), _("Record the device of the line"))
    missing = tuple(f for f in plan.given.features if f not in able)
    return [] if say.device_is_able(missing=missing) else [Breach(broken=say.device_is_able.broken(missing=Several(missing)))]


CHECKS: dict[str, Callable[[Plan, Case], Iterable[Breach]]] = {
    RuleKind.REQUIRES: requires, RuleKind.EXCLUDES: excludes, RuleKind.QUANTITY: quantity, RuleKind.SEGMENT: segment,
    RuleKind.LEVEL: level, RuleKind.AREA: area, RuleKind.CHANNEL: channel, RuleKind.CONTRACT: contract, RuleKind.CREDIT: credit,
    RuleKind.BLACKLIST: blacklist, RuleKind.REAL_NAME: real_name, RuleKind.ARREARS: arrears, RuleKind.COVERAGE: coverage,
    RuleKind.AGE: age, RuleKind.TENURE: tenure, RuleKind.DEVICE: device,
}
SEGMENTS: dict[str, Any] = {"residential": _("Residential"), "business": _("Business"), "key_account": _("Key account")}
LEVELS: dict[str, Any] = {"standard": _("Standard"), "silver": _("Silver"), "gold": _("Gold"), "diamond": _("Diamond")}
CHANNELS: dict[str, Any] = dict(SalesChannel.choices)
EFFECTS: dict[str, Any] = {**dict(RuleEffect.choices), CHECK: _("To be checked once it is known")}

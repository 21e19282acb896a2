"""A rule as a sentence that a product manager reads, in the active language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongke.areas.catalogue.rules.eligibility import parameters as p
from tongke.areas.catalogue.rules.eligibility.book import RuleVersion
from tongke.areas.catalogue.rules.eligibility.checks import CHANNELS, LEVELS, SEGMENTS
from tongke.areas.catalogue.rules.eligibility.words import DOCUMENTS, TECHNOLOGIES, Amount, Named, Several
from tongke.areas.catalogue.states import OfferingKind, RuleEffect, RuleKind, RuleSubject

_KINDS: dict[str, Any] = dict(OfferingKind.choices)
PER: dict[str, Any] = {
    "customer": gettext_lazy("per customer"), "account": gettext_lazy("per account"), "line": gettext_lazy("per line"),
    "document": gettext_lazy("per identity document"),
}
ENTRY_EFFECTS: dict[str, Any] = {
    "refuse": gettext_lazy("Refuse"), "review": gettext_lazy("Let a person decide"), "deposit": gettext_lazy("Ask for a deposit"),
}


@dataclass(frozen=True, slots=True)
class Described:
    """A rule in words: what it is about, what it asks for, what follows where that does not hold."""

    subject: str
    asks: str
    follows: str

    @property
    def sentence(self) -> str:
        """All of it as one sentence."""
        return _("{subject}: {asks}. Otherwise: {follows}.").format(subject=self.subject, asks=self.asks, follows=self.follows)


@dataclass(frozen=True, slots=True)
class _Words:
    """The names that a rule's codes stand for."""

    offers: Mapping[str, Named]
    orgs: Mapping[int, Named]
    categories: Mapping[str, Named]

    def category(self, code: str) -> str:
        return _("category {name}").format(name=self.categories.get(code, code))

    def targets(self, given: p.Targets, *, empty: str = "") -> str:
        if given.is_empty:
            return empty
        named: list[Any] = [self.offers.get(code, code) for code in given.offerings]
        named += [_("any of {kind}").format(kind=_KINDS.get(kind, kind)) for kind in given.kinds]
        return str(Several((*named, *map(self.category, given.categories)), any_of=True))


def describe(
    rule: RuleVersion, *, offers: Mapping[str, Named], orgs: Mapping[int, Named], categories: Mapping[str, Named],
) -> Described:
    """Return the rule in words; what the catalogue does not know is named by its code."""
    words = _Words(offers, orgs, categories)
    return Described(_subject(rule, words), _ASKS[rule.kind](rule.parameters, words), _follows(rule))


def _subject(rule: RuleVersion, words: _Words) -> str:
    if rule.subject_kind == RuleSubject.ALL:
        return _("Every offering")
    if rule.subject_kind == RuleSubject.KIND:
        return _("Every offering of the kind {kind}").format(kind=_KINDS.get(rule.subject_code, rule.subject_code))
    if rule.subject_kind == RuleSubject.CATEGORY:
        return _("Every offering of the category {name}").format(name=words.categories.get(rule.subject_code, rule.subject_code))
    return str(words.offers.get(rule.subject_code, rule.subject_code))


def _follows(rule: RuleVersion) -> str:
    if rule.kind == RuleKind.BLACKLIST:
        return _("what the entry itself says")
    label = str(RuleEffect(rule.effect).label)
    if rule.effect == RuleEffect.DEPOSIT and rule.parameters.deposit:
        return f"{label} ({Amount(rule.parameters.deposit)})"
    return label


def _where(given: Any) -> str:
    return _("on the same line") if given.where == "line" else _("with the customer")


def _requires(given: p.Requires, words: _Words) -> str:
    return _("{targets} must be held or ordered along, {where}").format(targets=words.targets(given), where=_where(given))


def _excludes(given: p.Excludes, words: _Words) -> str:
    text = _("not together with {targets}, {where}").format(targets=words.targets(given), where=_where(given))
    return text if given.mutual else _("{text} (the other way round it may)").format(text=text)


def _any_of(codes: Sequence[str], names: Mapping[str, Any]) -> Several:
    return Several(tuple(names.get(code, code) for code in codes), any_of=True)


def _quantity(given: p.Quantity, words: _Words) -> str:
    del words
    parts = [_("at most {most}").format(most=given.most)] if given.most is not None else []
    parts += [_("at least {least}").format(least=given.least)] if given.least is not None else []
    return _("{bounds} {per}").format(bounds=Several(tuple(parts)), per=PER[given.per])


def _one_of(labels: Mapping[str, Any], sentence: Any) -> Callable[[Any, _Words], str]:
    def say(given: Any, words: _Words) -> str:
        del words
        return str(sentence).format(allowed=Several(tuple(labels.get(v, v) for v in given.one_of), any_of=True))

    return say


def _areas(given: p.Areas, words: _Words) -> str:
    return _("used in {allowed}").format(allowed=Several(tuple(words.orgs.get(o, o) for o in given.one_of), any_of=True))


def _contract(given: p.Contract, words: _Words) -> str:
    what = words.targets(given, empty=_("anything"))
    text = _("no contract runs on {what}, {where}").format(what=what, where=_where(given))
    return _("{text}; the last {days} days do not count").format(text=text, days=given.free_days) if given.free_days else text


def _credit(given: p.Credit, words: _Words) -> str:
    del words
    parts = [_("credit class {least} or better").format(least=given.class_least)] if given.class_least else []
    parts += [_("what is owed and committed stays in the credit limit")] if given.within_limit else []
    return str(Several(tuple(parts)))


def _blacklist(given: p.Blacklist, words: _Words) -> str:
    del words
    effects = Several(tuple(ENTRY_EFFECTS[e] for e in given.effects), any_of=True)
    return _("no blacklist entry of level {level} or above with the effect {effects}").format(level=given.level_least, effects=effects)


def _real_name(given: p.RealName, words: _Words) -> str:
    del words
    parts = [_("identity verified")] if given.verified else []
    parts += [_("by one of these documents: {documents}").format(documents=_any_of(given.documents, DOCUMENTS))] if given.documents else []
    parts += [_("at most {most} lines under one identity document").format(most=given.lines_most)] if given.lines_most is not None else []
    return str(Several(tuple(parts)))


def _arrears(given: p.Arrears, words: _Words) -> str:
    del words
    owed = _("overdue") if given.overdue_only else _("owed")
    return _("no account has more than {above} {owed}").format(above=Amount(given.above), owed=owed)


def _coverage(given: p.Coverage, words: _Words) -> str:
    del words
    what = _any_of(given.technologies, TECHNOLOGIES) if given.technologies else _("any technology")
    text = _("the address is reached by {what}").format(what=what)
    return _("{text} at {mbps} Mbit/s or more").format(text=text, mbps=given.mbps) if given.mbps else text


def _age(given: p.Age, words: _Words) -> str:
    del words
    parts = [_("at least {least} years old").format(least=given.least)] if given.least is not None else []
    parts += [_("at most {most} years old").format(most=given.most)] if given.most is not None else []
    return str(Several(tuple(parts)))


def _tenure(given: p.Tenure, words: _Words) -> str:
    del words
    return _("a customer for {months} months or longer").format(months=given.months_least)


def _device(given: p.Device, words: _Words) -> str:
    del words
    return _("the device can do {features}").format(features=Several(given.features))


_ASKS: dict[str, Callable[[Any, _Words], str]] = {
    RuleKind.REQUIRES: _requires, RuleKind.EXCLUDES: _excludes, RuleKind.QUANTITY: _quantity,
    RuleKind.SEGMENT: _one_of(SEGMENTS, gettext_lazy("for the segment {allowed}")),
    RuleKind.LEVEL: _one_of(LEVELS, gettext_lazy("for the level {allowed}")),
    RuleKind.CHANNEL: _one_of(CHANNELS, gettext_lazy("ordered through {allowed}")),
    RuleKind.AREA: _areas, RuleKind.CONTRACT: _contract, RuleKind.CREDIT: _credit, RuleKind.BLACKLIST: _blacklist,
    RuleKind.REAL_NAME: _real_name, RuleKind.ARREARS: _arrears, RuleKind.COVERAGE: _coverage, RuleKind.AGE: _age,
    RuleKind.TENURE: _tenure, RuleKind.DEVICE: _device,
}

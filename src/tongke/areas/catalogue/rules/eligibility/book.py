"""The rules in force, made ready once, and what they say of an order: all reasons at once, each with what would mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from tongke.areas.catalogue.rules.eligibility import parameters as p
from tongke.areas.catalogue.rules.eligibility import sentences as say
from tongke.areas.catalogue.rules.eligibility.checks import CHANNELS, CHECK, CHECKS, LEVELS, SEGMENTS, Breach, Case, Meaning, Plan
from tongke.areas.catalogue.rules.eligibility.facts import Facts, Held
from tongke.areas.catalogue.rules.eligibility.words import DOCUMENTS, TECHNOLOGIES, UNNAMED, Coded, Moment, Named, Several
from tongke.areas.catalogue.states import OfferingKind, RuleEffect, RuleKind, RuleSubject
from tongke.kernel.rules import Broken

ELIGIBLE, CONDITIONAL, REFUSED = "eligible", "conditional", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the engine must know of an offering: where and to whom it is sold by itself, its fee a month, its bundle's parts.

    ``always`` are the parts without which the bundle is not sold. ``sold_from`` is set while its first sale is still ahead.
    """

    code: str
    kind: str
    name: Named
    version: int = 1
    fee: Decimal = Decimal(0)
    categories: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    sold_in: tuple[int, ...] = ()
    on_sale: bool = True
    parts: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    sold_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVersion:
    """One version of a rule as it is recorded; ``parameters`` have been checked against the kind."""

    code: str
    kind: str
    parameters: Any
    subject_kind: str = RuleSubject.ALL
    subject_code: str = ""
    effect: str = RuleEffect.REFUSE
    version: int = 1
    org_id: int = 1
    name: Named = UNNAMED
    says: Named = UNNAMED
    mend: Named = UNNAMED
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    id: UUID | None = None
    state: str = "launched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason: the rule behind it (empty: the offering's own terms), what follows, and what would mend it."""

    rule: str
    version: int
    effect: str
    broken: Broken
    about: str = ""
    own_says: Named = UNNAMED
    own_mend: Named = UNNAMED
    deposit: Decimal = Decimal(0)
    penalty: Decimal = Decimal(0)

    @property
    def code(self) -> str:
        """The code of the reason, the same everywhere."""
        return self.broken.code

    @property
    def message(self) -> str:
        """What stands against it, in the active language: the rule's own words where it has some."""
        return str(self.own_says) or self.broken.message

    @property
    def advice(self) -> str:
        """What would mend it, in the active language."""
        return str(self.own_mend) or self.broken.advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules say of one offering, with every reason."""

    code: str
    outcome: str
    findings: tuple[Finding, ...] = ()

    @property
    def deposit(self) -> Decimal:
        """What the customer would leave: the highest that a rule asks for, since one deposit secures all."""
        return max((f.deposit for f in self.findings), default=Decimal(0))

    @property
    def penalty(self) -> Decimal:
        """What the customer would pay for contracts that end early, each once."""
        return sum({f.about: f.penalty for f in self.findings if f.penalty}.values(), Decimal(0))

    @property
    def conditions(self) -> tuple[Finding, ...]:
        """The findings that the customer's word, a deposit, a review or an answer settles."""
        return tuple(f for f in self.findings if f.effect != RuleEffect.REFUSE)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Verdicts by offering's code. The same ``fingerprint`` under the same ``revision`` means the same verdicts."""

    verdicts: Mapping[str, Verdict]
    revision: int
    facts: Facts

    @cached_property
    def fingerprint(self) -> str:
        """A digest of the facts and the revision of the rule book: kept with an order, compared at submit and at activation."""
        return f"{self.revision}:{self.facts.fingerprint}"


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: RuleVersion | None
    plan: Plan
    by_offer: bool


@dataclass(frozen=True, kw_only=True)
class RuleBook:
    """The rules of an organisation at an instant, indexed by offering. Made by ``compile_book``, kept by revision."""

    revision: int
    offers: Mapping[str, Offer]
    rules: tuple[RuleVersion, ...]
    _compiled: tuple[_Compiled, ...] = field(repr=False)
    _of: Mapping[str, tuple[int, ...]] = field(repr=False)

    @cached_property
    def on_sale(self) -> tuple[str, ...]:
        """The codes of everything that is sold by itself, in order."""
        return tuple(sorted(code for code, offer in self.offers.items() if offer.on_sale))


class OfferIndex:
    """Finds the codes that a rule means: by code, by kind, by category."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        self.codes: set[str] = set()
        self.names: dict[str, Named] = {}
        self._kinds: dict[str, set[str]] = {}
        self._categories: dict[str, set[str]] = {}
        for offer in offers:
            self.codes.add(offer.code)
            self.names[offer.code] = offer.name
            self._kinds.setdefault(offer.kind, set()).add(offer.code)
            for category in offer.categories:
                self._categories.setdefault(category, set()).add(offer.code)

    def subject(self, rule: RuleVersion) -> Meaning:
        """Return what a rule is about."""
        if rule.subject_kind == RuleSubject.ALL:
            return Meaning(frozenset(self.codes), all=True)
        if rule.subject_kind == RuleSubject.KIND:
            return Meaning(frozenset(self._kinds.get(rule.subject_code, ())), frozenset({rule.subject_code}))
        if rule.subject_kind == RuleSubject.CATEGORY:
            return Meaning(named := frozenset(self._categories.get(rule.subject_code, ())), named=named)
        return Meaning(named := frozenset({rule.subject_code}), named=named)

    def targets(self, given: Any) -> Meaning:
        """Return what a rule's parameters mean; a contract rule that names nothing means everything."""
        if not isinstance(given, p.Targets):
            return Meaning()
        if given.is_empty:
            return Meaning(frozenset(self.codes), all=True)
        named = set(given.offerings).union(*(self._categories.get(category, ()) for category in given.categories))
        codes = named.union(*(self._kinds.get(kind, ()) for kind in given.kinds))
        return Meaning(frozenset(codes), frozenset(map(str, given.kinds)), frozenset(named))

    def words(self, kind: str, given: Any, orgs: Mapping[int, Named], categories: Mapping[str, Named]) -> Several:
        """Return the words of what a rule's parameters name, for sentences."""
        if isinstance(given, p.Targets):
            named: list[Any] = [self.names.get(code, code) for code in given.offerings]
            named += [_KINDS.get(kind, kind) for kind in given.kinds] + [categories.get(c, c) for c in given.categories]
            return Several(tuple(named), any_of=True)
        labels: dict[str, Mapping[Any, Any]] = {"segment": SEGMENTS, "level": LEVELS, "channel": CHANNELS, "area": orgs, "coverage": TECHNOLOGIES, "real_name": DOCUMENTS}
        words = labels.get(kind, {})
        values: tuple[Any, ...] = getattr(given, "one_of", ()) or getattr(given, "technologies", ()) or getattr(given, "documents", ())
        return Several(tuple(words.get(value, value) for value in values), any_of=True)


_KINDS: dict[str, Any] = dict(OfferingKind.choices)
_NO_NAMES: Mapping[Any, Named] = {}


def compile_book(
    rules: Sequence[RuleVersion], offers: Iterable[Offer], *, revision: int = 0, orgs: Mapping[int, Named] = _NO_NAMES,
    categories: Mapping[str, Named] = _NO_NAMES,
) -> RuleBook:
    """Make a rule book of the rules in force. ``offers`` are all that customers may hold, those no longer sold among them.

    The order of the rules does not matter: findings come in the order of the rules' codes.
    """
    known = {offer.code: offer for offer in offers}
    index = OfferIndex(known.values())
    compiled: list[_Compiled] = []
    of: dict[str, list[int]] = {code: [] for code in known}

    def add(rule: RuleVersion | None, plan: Plan, codes: Iterable[str]) -> None:
        compiled.append(_Compiled(rule, plan, by_offer=plan.kind == RuleKind.CREDIT and plan.given.within_limit))
        for code in codes:
            if code in of:
                of[code].append(len(compiled) - 1)

    for kind, given, codes in _own_terms(known.values()):
        add(None, Plan(kind=kind, given=given, subject=Meaning(codes), wanted=index.words(kind, given, orgs, categories)), codes)
    ordered = tuple(sorted(rules, key=lambda rule: (rule.code, rule.version)))
    for rule in ordered:
        subject, targets = index.subject(rule), index.targets(rule.parameters)
        wanted = index.words(rule.kind, rule.parameters, orgs, categories)
        add(rule, Plan(kind=rule.kind, given=rule.parameters, subject=subject, targets=targets, wanted=wanted), subject.codes)
        if rule.kind == RuleKind.EXCLUDES and rule.parameters.mutual:
            add(rule, Plan(kind=rule.kind, given=rule.parameters, subject=targets, targets=subject, wanted=wanted), targets.codes)
    return RuleBook(revision=revision, offers=known, rules=ordered, _compiled=tuple(compiled), _of={c: tuple(i) for c, i in of.items()})


@dataclass(frozen=True, slots=True)
class _OneOf:
    """What an offering itself says of segments, channels or areas, in the shape of a rule's parameters."""

    one_of: tuple[Any, ...]


def _own_terms(offers: Iterable[Offer]) -> list[tuple[str, Any, frozenset[str]]]:
    """What offerings say themselves of segments, channels and areas, each set once for all that share it."""
    found: dict[tuple[str, tuple[Any, ...]], set[str]] = {}
    for offer in offers:
        for kind, values in ((RuleKind.SEGMENT, offer.segments), (RuleKind.CHANNEL, offer.channels), (RuleKind.AREA, offer.sold_in)):
            if values:
                found.setdefault((str(kind), tuple(values)), set()).add(offer.code)
    return [
        (kind, _OneOf(values), frozenset(codes))
        for (kind, values), codes in sorted(found.items(), key=str)
    ]


def judge(book: RuleBook, facts: Facts, codes: Iterable[str] | None = None) -> Judgement:
    """Say of each offering (none named: of everything on sale) whether it may be ordered, and every reason why not.

    What a rule finds is the same for every offering that it is about, so it looks once for all of them; only what
    depends on the offering itself (its fee, or its being ordered along) is looked at for each.
    """
    along = tuple(
        Held(id=f"along:{code}", code=code, kind=offer.kind, name=offer.name, phase="along")
        for code in facts.together if (offer := book.offers.get(code))
    )
    products = facts.held + along
    seen: dict[tuple[int, str], tuple[Finding, ...]] = {}
    common = Case(facts=facts, products=products)
    standing = () if not facts.known or say.customer_is_in_force(state=facts.customer_state) else (
        Finding(rule="", version=0, effect=RuleEffect.REFUSE, broken=say.customer_is_in_force.broken()),)
    verdicts: dict[str, Verdict] = {}
    for code in book.on_sale if codes is None else codes:
        offer = book.offers.get(code)
        if offer is None or not offer.on_sale:
            refusal = Finding(rule="", version=0, effect=RuleEffect.REFUSE, broken=_not_sold(offer, code))
            verdicts[code] = Verdict(code=code, outcome=REFUSED, findings=(*standing, refusal))
            continue
        own = code if code in facts.together else ""
        findings = list(standing)
        for place in book._of[code]:  # noqa: SLF001 - the book and its judge are one
            made = book._compiled[place]  # noqa: SLF001 - as above
            key = (place, code) if made.by_offer else (place, own)
            hit = seen.get(key)
            if hit is None:
                case = Case(facts=facts, products=products, fee=offer.fee, own=own) if made.by_offer or own else common
                hit = seen[key] = _look(made, case)
            if hit:
                findings += hit
        verdicts[code] = Verdict(code=code, outcome=_outcome(findings), findings=_each_once(findings))
    return Judgement(verdicts=verdicts, revision=book.revision, facts=facts)


def _not_sold(offer: Offer | None, code: str) -> Broken:
    if offer is not None and offer.sold_from is not None:
        return say.is_on_sale_already.broken(offering=Coded(offer.name, code), since=Moment(offer.sold_from))
    return say.is_on_sale.broken(offering=code if offer is None else Coded(offer.name, code))


def _look(made: _Compiled, case: Case) -> tuple[Finding, ...]:
    return tuple(_finding(made.rule, breach) for breach in CHECKS[made.plan.kind](made.plan, case))


def _finding(rule: RuleVersion | None, breach: Breach) -> Finding:
    if rule is None:
        return Finding(rule="", version=0, effect=breach.effect or RuleEffect.REFUSE, broken=breach.broken, about=breach.about)
    effect = breach.effect or rule.effect
    deposit = rule.parameters.deposit or Decimal(0) if effect == RuleEffect.DEPOSIT else Decimal(0)
    return Finding(
        rule=rule.code, version=rule.version, effect=effect, broken=breach.broken, about=breach.about, deposit=deposit,
        penalty=breach.penalty, own_says=UNNAMED if breach.effect == CHECK else rule.says, own_mend=UNNAMED if breach.effect == CHECK else rule.mend,
    )


def _outcome(findings: Sequence[Finding]) -> str:
    if not findings:
        return ELIGIBLE
    return REFUSED if any(f.effect == RuleEffect.REFUSE for f in findings) else CONDITIONAL


def _each_once(findings: list[Finding]) -> tuple[Finding, ...]:
    """A product that two sides of one rule find is one reason."""
    if len(findings) < 2:
        return tuple(findings)
    return tuple({(f.rule, f.code, f.about): f for f in findings}.values())



"""The same rules, judged the plain way: every rule for every offering, looked at anew each time. What the compiled engine must equal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tongke.areas.catalogue.rules.eligibility import Facts, Held, Offer, RuleVersion

Found = frozenset[tuple[str, str, str, str]]
"""Rule, code of the reason, what it is about, what follows."""


def is_meant(rule_kind: str, subject_code: str, code: str, kind: str, offers: dict[str, Offer]) -> bool:
    """Tell whether an offering is one that a subject names."""
    if rule_kind == "all":
        return True
    if rule_kind == "kind":
        return kind == subject_code
    if rule_kind == "category":
        return code in offers and subject_code in offers[code].categories
    return code == subject_code


def is_target(given: Any, code: str, kind: str, offers: dict[str, Offer]) -> bool:
    """Tell whether an offering is one that parameters name."""
    if not (given.offerings or given.kinds or given.categories):
        return True
    return code in given.offerings or kind in given.kinds or (code in offers and bool(set(given.categories) & set(offers[code].categories)))


def judged(rules: Sequence[RuleVersion], offers: Sequence[Offer], facts: Facts, code: str) -> Found:
    """Return everything that stands against one offering."""
    known = {o.code: o for o in offers}
    offer = known[code]
    products = [*(h for h in facts.held if h.phase != "replaced"), *(
        Held(id=f"along:{c}", code=c, kind=known[c].kind, name=known[c].name, phase="along") for c in facts.together if c in known and c != code
    )]
    out: set[tuple[str, str, str, str]] = set()
    if facts.known and facts.customer_state not in {"prospect", "active"}:
        out.add(("", "CAT-76", "", "refuse"))
    out.update(_own(offer, facts))
    for rule in rules:
        mine = is_meant(rule.subject_kind, rule.subject_code, code, offer.kind, known)
        if rule.kind == "requires" and mine:
            on_line = rule.parameters.where == "line" and facts.line
            near = [h for h in products if not on_line or h.line == facts.line or h.phase == "along"]
            if not any(is_target(rule.parameters, h.code, h.kind, known) and h.phase != "ending" for h in near):
                out.add((rule.code, "CAT-50", "", rule.effect))
        if rule.kind == "excludes":
            out |= _excluded(rule, mine, offer, products, facts, known)
        if rule.kind == "quantity" and mine:
            out |= _counted(rule, products, facts, known)
        if mine:
            out |= _of_customer(rule, offer, products, facts, known)
    return frozenset(out)


def _own(offer: Offer, facts: Facts) -> Iterable[tuple[str, str, str, str]]:
    if offer.segments:
        if facts.segment is None:
            yield ("", "CAT-75", "", "check")
        elif facts.segment not in offer.segments:
            yield ("", "CAT-57", "", "refuse")
    if offer.channels and facts.channel is not None and facts.channel not in offer.channels:
        yield ("", "CAT-60", "", "refuse")
    if offer.sold_in:
        if facts.orgs is None:
            yield ("", "CAT-75", "", "check")
        elif not set(facts.orgs) & set(offer.sold_in):
            yield ("", "CAT-59", "", "refuse")


def _excluded(  # noqa: PLR0917 - facts of one rule
    rule: RuleVersion, mine: bool, offer: Offer, products: list[Held], facts: Facts, known: dict[str, Offer],  # noqa: FBT001 - a fact among facts
) -> set[tuple[str, str, str, str]]:
    codes = {"held": "CAT-51", "coming": "CAT-52", "ending": "CAT-53", "along": "CAT-54"}
    out = set()
    for h in products:
        if rule.parameters.where == "line" and h.phase != "along" and not (facts.line and h.line == facts.line):
            continue
        forward = mine and is_target(rule.parameters, h.code, h.kind, known)
        backward = (
            rule.parameters.mutual and is_target(rule.parameters, offer.code, offer.kind, known)
            and is_meant(rule.subject_kind, rule.subject_code, h.code, h.kind, known)
        )
        if forward or backward:
            out.add((rule.code, codes[h.phase], h.id, rule.effect))
    return out


def _counted(rule: RuleVersion, products: list[Held], facts: Facts, known: dict[str, Offer]) -> set[tuple[str, str, str, str]]:
    given, count = rule.parameters, 0
    for h in products:
        if not is_meant(rule.subject_kind, rule.subject_code, h.code, h.kind, known):
            continue
        if h.phase == "along" or given.per == "customer":
            count += 1
        elif given.per == "line":
            count += bool(facts.line) and h.line == facts.line
        elif given.per == "account":
            count += bool(facts.account) and h.account == facts.account
    if given.per == "document":
        count += sum(n for kind, n in facts.lines_on_document if rule.subject_kind == "all" or (rule.subject_kind == "kind" and kind == rule.subject_code))
    out = set()
    if given.most is not None and count + facts.quantity > given.most:
        out.add((rule.code, "CAT-55", "", rule.effect))
    if given.least is not None and count + facts.quantity < given.least:
        out.add((rule.code, "CAT-56", "", rule.effect))
    return out


def _of_customer(  # noqa: C901, PLR0912 - the plain way is one long list
    rule: RuleVersion, offer: Offer, products: list[Held], facts: Facts, known: dict[str, Offer],
) -> set[tuple[str, str, str, str]]:
    given, effect, out = rule.parameters, rule.effect, set()
    if rule.kind in {"segment", "level"}:
        actual = getattr(facts, rule.kind)
        if actual is None:
            out.add((rule.code, "CAT-75", "", "check"))
        elif actual not in given.one_of:
            out.add((rule.code, {"segment": "CAT-57", "level": "CAT-58"}[rule.kind], "", effect))
    elif rule.kind == "channel" and facts.channel is not None and facts.channel not in given.one_of:
        out.add((rule.code, "CAT-60", "", effect))
    elif rule.kind == "area":
        if facts.orgs is None:
            out.add((rule.code, "CAT-75", "", "check"))
        elif not set(facts.orgs) & set(given.one_of):
            out.add((rule.code, "CAT-59", "", effect))
    elif rule.kind == "contract":
        for h in facts.held:
            if given.where == "line" and not (facts.line and h.line == facts.line):
                continue
            meant = is_target(given, h.code, h.kind, known)
            if meant and h.contract_until is not None and (h.contract_until - facts.on).days > given.free_days:
                out.add((rule.code, "CAT-61", h.id, effect))
    elif rule.kind == "credit":
        if facts.credit_class is None or facts.credit_limit is None:
            out.add((rule.code, "CAT-75", "", "check"))
        else:
            if given.class_least and facts.credit_class > given.class_least:
                out.add((rule.code, "CAT-62", "class", effect))
            if given.within_limit and facts.exposure + offer.fee * facts.quantity > facts.credit_limit:
                out.add((rule.code, "CAT-63", "limit", effect))
    elif rule.kind == "blacklist":
        for place, entry in enumerate(facts.listed):
            if entry.effect in given.effects and entry.level >= given.level_least:
                out.add((rule.code, "CAT-64", str(place), entry.effect))
    elif rule.kind == "arrears":
        for debt in facts.debts:
            if (debt.overdue if given.overdue_only else debt.owed) > given.above:
                out.add((rule.code, "CAT-68", debt.account_no, effect))
    elif rule.kind == "age" and facts.party_kind == "individual":
        if facts.age is None:
            out.add((rule.code, "CAT-75", "", "check"))
        elif given.least is not None and facts.age < given.least:
            out.add((rule.code, "CAT-71", "", effect))
        elif given.most is not None and facts.age > given.most:
            out.add((rule.code, "CAT-72", "", effect))
    elif rule.kind == "tenure" and (facts.tenure_months or 0) < given.months_least:
        out.add((rule.code, "CAT-73", "", effect))
    elif rule.kind == "real_name":
        out |= _named(rule, products, facts)
    elif rule.kind == "coverage":
        out |= _reached(rule, facts)
    return out


def _named(rule: RuleVersion, products: list[Held], facts: Facts) -> set[tuple[str, str, str, str]]:
    given, out = rule.parameters, set()
    if facts.verified is None:
        return {(rule.code, "CAT-75", "", "check")}
    if given.verified and not facts.verified:
        out.add((rule.code, "CAT-65", "verified", rule.effect))
    if given.documents and not set(given.documents) & set(facts.documents):
        out.add((rule.code, "CAT-66", "document", rule.effect))
    if given.lines_most is not None:
        count = sum(n for kind, n in facts.lines_on_document if kind in given.line_kinds)
        count += sum(h.phase == "along" and h.kind in given.line_kinds for h in products)
        if count + facts.quantity > given.lines_most:
            out.add((rule.code, "CAT-67", "lines", rule.effect))
    return out


def _reached(rule: RuleVersion, facts: Facts) -> set[tuple[str, str, str, str]]:
    if facts.reach is None:
        return {(rule.code, "CAT-75", "", "check")}
    usable = [speed for technology, speed in facts.reach.lines if not rule.parameters.technologies or technology in rule.parameters.technologies]
    if not usable:
        return {(rule.code, "CAT-69", "", rule.effect)}
    return {(rule.code, "CAT-70", "", rule.effect)} if max(usable) < rule.parameters.mbps else set()

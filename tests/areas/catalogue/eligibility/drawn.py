"""Rules, offerings and facts drawn at random from a small world, so that they meet often."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tongke.areas.catalogue.rules.eligibility import Debt, Facts, Held, Listed, Named, Offer, Reach, RuleVersion, parameters_of

CODES = [f"P{i}" for i in range(8)]
KINDS = ["mobile", "broadband", "value_added"]
CATEGORIES = ["MAIN", "ADD"]
SEGMENTS = ["residential", "business", "key_account"]
LEVELS = ["standard", "silver", "gold", "diamond"]
CHANNELS = ["hall", "web", "app"]
ORGS = [1, 33, 3301, 3302]
ON = date(2026, 11, 22)
EFFECTS = ["refuse", "deposit", "review", "agree"]


def _some(values: list[Any], *, least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True).map(tuple)


@st.composite
def offers(draw: st.DrawFn) -> list[Offer]:
    """Return the eight offerings of the world, each of a kind and perhaps in categories."""
    return [
        Offer(code=code, kind=draw(st.sampled_from(KINDS)), name=Named(code, code), fee=Decimal(draw(st.integers(0, 5)) * 10),
              categories=draw(_some(CATEGORIES)), segments=draw(st.one_of(st.just(()), _some(SEGMENTS))),
              channels=draw(st.one_of(st.just(()), _some(CHANNELS))), sold_in=draw(st.one_of(st.just(()), _some(ORGS))),
              on_sale=True)
        for code in CODES
    ]


_TARGETS = st.fixed_dictionaries({"offerings": _some(CODES, least=1), "kinds": _some(KINDS), "categories": _some(CATEGORIES)})
_WHERE = st.sampled_from(["customer", "line"])
PARAMETERS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "requires": st.builds(lambda t, w: {**t, "where": w}, _TARGETS, _WHERE),
    "excludes": st.builds(lambda t, w, m: {**t, "where": w, "mutual": m}, _TARGETS, _WHERE, st.booleans()),
    "quantity": st.fixed_dictionaries({"most": st.integers(0, 4), "per": st.sampled_from(["customer", "account", "line", "document"])}),
    "segment": st.fixed_dictionaries({"one_of": _some(SEGMENTS, least=1)}),
    "level": st.fixed_dictionaries({"one_of": _some(LEVELS, least=1)}),
    "area": st.fixed_dictionaries({"one_of": _some(ORGS, least=1)}),
    "channel": st.fixed_dictionaries({"one_of": _some(CHANNELS, least=1)}),
    "contract": st.builds(lambda t, w, d: {**t, "where": w, "free_days": d}, _TARGETS, _WHERE, st.sampled_from([0, 30])),
    "credit": st.fixed_dictionaries({"class_least": st.sampled_from(["A", "B", "C"]), "within_limit": st.booleans()}),
    "blacklist": st.fixed_dictionaries({"level_least": st.integers(1, 3)}),
    "real_name": st.fixed_dictionaries({"verified": st.booleans(), "documents": _some(["resident_id", "passport"]), "lines_most": st.integers(0, 5)}),
    "arrears": st.fixed_dictionaries({"above": st.sampled_from([0, 50]), "overdue_only": st.booleans()}),
    "coverage": st.fixed_dictionaries({"technologies": _some(["ftth_gpon", "adsl"]), "mbps": st.sampled_from([0, 100, 500])}),
    "age": st.fixed_dictionaries({"least": st.sampled_from([None, 16]), "most": st.sampled_from([60, 80])}),
    "tenure": st.fixed_dictionaries({"months_least": st.sampled_from([1, 12])}),
}


@st.composite
def rules(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(PARAMETERS), least: int = 0) -> list[RuleVersion]:
    """Return rules of the kinds named, each about something of the world."""
    out = []
    for place in range(draw(st.integers(least, 10))):
        kind = draw(st.sampled_from(kinds))
        about = draw(st.sampled_from(["offering", "offering", "category", "kind", "all"]))
        subject = {"offering": CODES, "category": CATEGORIES, "kind": KINDS, "all": [""]}[about]
        out.append(RuleVersion(
            code=f"R{place}", kind=kind, parameters=parameters_of(kind, draw(PARAMETERS[kind])), subject_kind=about,
            subject_code=draw(st.sampled_from(subject)), effect=draw(st.sampled_from(EFFECTS)),
        ))
    return out


@st.composite
def products(draw: st.DrawFn) -> tuple[Held, ...]:
    """Return what a customer holds, some of it unknown to the catalogue of today."""
    return tuple(
        Held(id=f"h{n}", code=draw(st.sampled_from([*CODES, "OLD"])), kind=draw(st.sampled_from(KINDS)), name=Named("x", "x"),
             phase=draw(st.sampled_from(["held", "coming", "ending", "replaced"])), line=draw(st.sampled_from(["", "l1", "l2"])),
             account=draw(st.sampled_from(["", "a1"])), contract_until=draw(st.sampled_from([None, ON, date(2026, 12, 10), date(2027, 6, 1)])),
             penalty=Decimal(30))
        for n in range(draw(st.integers(0, 5)))
    )


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Return facts of a customer, or of a prospect of whom little is known."""
    return Facts(
        on=ON, customer_state=draw(st.sampled_from(["active", "prospect", "suspended"])), party_kind=draw(st.sampled_from(["individual", "organization"])),
        segment=draw(st.sampled_from([None, *SEGMENTS])), level=draw(st.sampled_from([None, *LEVELS])),
        orgs=draw(st.sampled_from([None, (1,), (1, 33), (1, 33, 3301), (1, 33, 3302)])), channel=draw(st.sampled_from([None, *CHANNELS])),
        age=draw(st.sampled_from([None, 12, 30, 70, 90])), tenure_months=draw(st.sampled_from([None, 0, 6, 40])),
        credit_class=draw(st.sampled_from([None, "A", "B", "D", "E"])), credit_limit=draw(st.sampled_from([None, Decimal(0), Decimal(100)])),
        exposure=Decimal(draw(st.sampled_from([0, 60, 100]))),
        listed=tuple(Listed(effect=e, level=n) for e, n in draw(st.lists(st.tuples(
            st.sampled_from(["refuse", "review", "deposit", "no_marketing"]), st.integers(1, 5)), max_size=2))),
        verified=draw(st.sampled_from([None, True, False])), documents=draw(_some(["resident_id", "passport"])),
        lines_on_document=tuple(draw(st.lists(st.tuples(st.sampled_from(["mobile", "broadband"]), st.integers(0, 5)), max_size=2))),
        debts=tuple(Debt(account_no=f"A{n}", owed=Decimal(o), overdue=Decimal(min(o, d))) for n, (o, d) in enumerate(draw(st.lists(
            st.tuples(st.sampled_from([0, 40, 120]), st.sampled_from([0, 60, 120])), max_size=2)))),
        held=draw(products()), reach=draw(st.one_of(st.none(), st.just(Reach(place=Named("here", "here"))), st.just(Reach(place=Named("here", "here"), lines=(("ftth_gpon", 300), ("adsl", 8)))))),
        line=draw(st.sampled_from(["", "l1"])), account=draw(st.sampled_from(["", "a1"])), quantity=draw(st.integers(1, 2)),
        together=draw(_some(CODES)),
    )

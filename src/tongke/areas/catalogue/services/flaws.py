"""What would be wrong with the rule book because of a rule, an offering or a file: circles, contradictions, what nobody may order.

Rules are held against each other and against what is sold when either of the two changes, for a new offering, a new part of a
bundle or a new category can make rules contradict each other that did not before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Q

from tongke.areas.catalogue.models import EligibilityRule, Offering
from tongke.areas.catalogue.queries.as_if import NO_CATEGORIES, categories_of, offers_as_if
from tongke.areas.catalogue.queries.rule_book import offers_known, org_path, version_of
from tongke.areas.catalogue.rules import rule_book as rules
from tongke.areas.catalogue.rules.content import CatalogueContent, CategoryContent, OfferingContent, RuleContent
from tongke.areas.catalogue.rules.eligibility import Named, RuleVersion, parameters_of
from tongke.areas.catalogue.rules.eligibility.analysis import EXCLUDES, Flaw, flaws_of
from tongke.areas.catalogue.rules.eligibility.words import Coded, Way
from tongke.areas.catalogue.states import LifeCycle
from tongke.kernel.rules import Broken, Rule

NEVER_SOLD = "never_sold"
_TOLD: Mapping[str, Rule] = {
    "circle": rules.is_no_circle, "contradiction": rules.is_no_contradiction, NEVER_SOLD: rules.requirement_is_sold,
    "nothing_left": rules.somebody_is_left, "quantity": rules.quantities_agree,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would be different from ``begins`` on: versions of rules, offerings on sale, categories; each by its code."""

    begins: datetime
    rules: Mapping[str, RuleVersion] = field(default_factory=dict)
    offerings: Mapping[str, OfferingContent] = field(default_factory=dict)
    categories: Mapping[str, CategoryContent] = field(default_factory=lambda: NO_CATEGORIES)

    @property
    def owners(self) -> set[int]:
        """The organisations that something changes for, with all below them."""
        rules = {rule.org_id for rule in self.rules.values()}
        return rules | {own.org_id for own in self.offerings.values()} | {own.org_id for own in self.categories.values()}


def one_at_a_time() -> None:
    """Rules and what is sold are judged against each other: who changes either waits for who changes another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalogue_rule'))")


def flaws_made(change: Change) -> list[Flaw]:
    """Return the flaws that are there with the change and not without it: what others did wrong is not its fault.

    They are looked for at every instant at which rules or offerings begin from then on, in every organisation that the change concerns.
    """
    later = EligibilityRule.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=change.begins), state=LifeCycle.LAUNCHED)
    standing = [version_of(row) for row in later if row.code not in change.rules]
    if not standing and not change.rules:
        return []
    orgs = change.owners | {rule.org_id for rule in standing if change.owners & set(org_path(rule.org_id))}
    categories = categories_of(change.categories) if change.offerings or change.categories else None
    found: set[Flaw] = set()
    for instant in _instants(change, standing):
        now = _in_force(standing, instant)
        new = _in_force(change.rules.values(), instant)
        for path in map(org_path, sorted(orgs)):
            bound = [rule for rule in now if rule.org_id in path]
            known = offers_known(path, at=instant)
            offers = known if categories is None else offers_as_if(path, change.offerings, categories, at=instant)
            found |= flaws_of([*bound, *(rule for rule in new if rule.org_id in path)], offers, ancestry=org_path) - flaws_of(bound, known, ancestry=org_path)
    return sorted(found, key=lambda flaw: (flaw.kind, flaw.path))


def _in_force(versions: Iterable[RuleVersion], instant: datetime) -> list[RuleVersion]:
    return [rule for rule in versions if (rule.valid_from is None or rule.valid_from <= instant)
            and (rule.valid_until is None or rule.valid_until > instant)]


def _instants(change: Change, standing: Sequence[RuleVersion]) -> list[datetime]:
    """The instants from the change's begin on at which something that it meets begins."""
    begins = {rule.valid_from for rule in (*standing, *change.rules.values()) if rule.valid_from}
    begins |= set(Offering.objects.filter(state=LifeCycle.LAUNCHED, valid_from__gt=change.begins).values_list("valid_from", flat=True))
    return sorted({change.begins} | {instant for instant in begins if instant > change.begins})


def told(flaws: Iterable[Flaw], change: Change) -> list[tuple[Flaw, Broken]]:
    """Return each flaw with the sentence that tells it, in names with their codes."""
    names = {offer.code: offer.name for offer in offers_known((), at=change.begins)}
    names |= {code: Named(own.name_zh, own.name_en) for code, own in change.offerings.items()}
    ruled = {code: Named(zh, en) for code, zh, en in EligibilityRule.objects.order_by("version").values_list("code", "name_zh", "name_en")}
    ruled |= {code: rule.name for code, rule in change.rules.items()}
    return [(flaw, _TOLD[flaw.kind].broken(
        path=Way(tuple(step if step == EXCLUDES else Coded(names.get(step, Named()), step) for step in flaw.path)),
        rules=Way(tuple(Coded(ruled.get(code, Named()), code) for code in flaw.rules), between=", "),
    )) for flaw in flaws]


def flawed_by_rule(version: RuleVersion, *, at: datetime) -> list[Broken]:
    """Return what would be wrong with the book because of a version of a rule."""
    change = Change(begins=max(version.valid_from or at, at), rules={version.code: version})
    return [broken for _flaw, broken in told(flaws_made(change), change)]


def flawed_by_offering(code: str, content: OfferingContent, *, begins: datetime, sold: bool = True) -> list[Broken]:
    """Return what would be wrong with the book once a version of an offering is on sale.

    ``sold``: what it requires must be sold by then; not asked of a version that is only being approved.
    """
    change = Change(begins=begins, offerings={code: content})
    return [broken for flaw, broken in told(flaws_made(change), change) if sold or flaw.kind != NEVER_SOLD]


def flawed_by_file(said: CatalogueContent, *, at: datetime) -> list[tuple[tuple[str, ...], Broken]]:
    """Return what would be wrong with the book once everything that a file changes is in force, each with its place in the file.

    ``said`` holds nothing but what the file changes.
    """
    change = Change(
        begins=at, offerings=said.offerings, categories=said.categories, rules={code: _version(code, own) for code, own in said.rules.items()})
    if not (change.rules or change.offerings or change.categories):
        return []
    return [(_place(flaw, change), broken) for flaw, broken in told(flaws_made(change), change)]


def _version(code: str, own: RuleContent) -> RuleVersion:
    return RuleVersion(
        code=code, org_id=own.org_id, kind=own.kind, subject_kind=own.subject_kind, subject_code=own.subject_code, effect=own.effect,
        parameters=parameters_of(own.kind, own.parameters, effect=own.effect), name=Named(own.name_zh, own.name_en),
        valid_from=own.valid_from, valid_until=own.valid_until,
    )


def _place(flaw: Flaw, change: Change) -> tuple[str, ...]:
    """Where a file brings the flaw in: at one of its rules before one of its offerings, else where it begins."""
    rule = next((code for code in flaw.rules if code in change.rules), None)
    if rule is not None:
        return ("rules", rule, "parameters")
    offering = next((code for code in flaw.path if code in change.offerings), None)
    if offering is not None:
        return ("offerings", offering)
    block = next(name for name in ("categories", "rules", "offerings") if getattr(change, name))
    return (block, next(iter(getattr(change, block))))

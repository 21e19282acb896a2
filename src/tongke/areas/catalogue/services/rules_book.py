"""Drafting, putting in force and ending eligibility rules: dated, by two persons, never contradicting each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from tongke.areas.catalogue import events
from tongke.areas.catalogue.models import EligibilityRule
from tongke.areas.catalogue.queries.rule_book import category_names, is_draft, offers_known, version_of
from tongke.areas.catalogue.rules import rule_book as rules
from tongke.areas.catalogue.rules.eligibility.parameters import Targets
from tongke.areas.catalogue.rules.eligibility.words import Several
from tongke.areas.catalogue.services.flaws import flawed_by_rule, one_at_a_time
from tongke.areas.catalogue.states import RULE, LifeCycle, OfferingKind, RuleEffect, RuleSubject
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.outbox import publish
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.verb import verb


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """What a version of a rule says. ``valid_from`` empty: from when it is put in force."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    parameters: dict[str, Any] = field(default_factory=dict)
    subject_kind: str = RuleSubject.ALL
    subject_code: str = ""
    effect: str = RuleEffect.REFUSE
    org_id: int = 1
    says_zh: str = ""
    says_en: str = ""
    mend_zh: str = ""
    mend_en: str = ""
    note: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@verb("catalogue.rules")
def draft_rule(*, draft: RuleDraft, by: Actor, at: datetime) -> UUID:
    """Draft the next version of a rule (the first of a new code); raises ``RulesBroken`` with every fault, circles as a path."""
    one_at_a_time()
    row = EligibilityRule(created_by=by.name, created_at=at, state=LifeCycle.IN_DESIGN)
    last = EligibilityRule.objects.filter(code=draft.code).aggregate(last=Max("version"))["last"]
    row.version = (last or 0) + 1
    _take(row, draft, by=by, at=at)
    row.save(force_insert=True)
    return row.id


@verb("catalogue.rules")
def change_draft(*, rule_id: UUID, draft: RuleDraft, by: Actor, at: datetime) -> None:
    """Change a version that is still a draft; its code and version stay. Who changes it counts as who drafted it."""
    one_at_a_time()
    row = _row(rule_id)
    require(collect((rules.version_is_a_draft, {"draft": is_draft(row), "state": row.get_state_display()})))
    code = row.code
    _take(row, draft, by=by, at=at)
    row.code, row.created_by = code, by.name
    row.save()


@verb("catalogue.rules")
def discard_draft(*, rule_id: UUID, by: Actor, at: datetime) -> None:
    """Give a draft up; it stays to be read."""
    row = _row(rule_id)
    RULE.move(row, "reject", by=by, at=at)


@verb("catalogue.approve")
def put_rule_in_force(*, rule_id: UUID, by: Actor, at: datetime) -> None:
    """Put a draft in force from its begin, or from now where that is over; the version before ends there.

    A second person does it. Everything is checked anew, for the catalogue may have moved on since the draft.
    """
    one_at_a_time()
    begin_rule(_row(rule_id), by=by, at=at)


def begin_rule(row: EligibilityRule, *, agreed: bool = False, by: Actor, at: datetime) -> None:
    """Put a locked draft in force. ``agreed``: a file that it came with was held against the whole book already."""
    starts = max(row.valid_from, at)
    require(collect(
        (rules.version_is_a_draft, {"draft": is_draft(row), "state": row.get_state_display()}),
        (rules.second_person_decides, {"created_by": row.created_by, "actor": by.name}),
        (rules.rule_ends_later, {"valid_from": starts, "valid_until": row.valid_until}),
        (rules.org_is_in_sight, {"seen": by.sees(row.org_id)}),
    ))
    row.valid_from, row.changed_at = starts, at
    require([*_overlapping(row), *([] if agreed else flawed_by_rule(version_of(row), at=at))])
    row.save()
    EligibilityRule.objects.filter(
        code=row.code, state=LifeCycle.LAUNCHED, valid_from__lt=starts, valid_until__isnull=True,
    ).update(valid_until=starts, changed_at=at)
    if row.state == LifeCycle.IN_STUDY:
        RULE.move(row, "design", by=by, at=at)
    if row.state == LifeCycle.IN_DESIGN:
        RULE.move(row, "test", by=by, at=at)
    RULE.move(row, "approve", by=by, at=at)
    RULE.move(row, "launch", by=by, at=at)
    publish(events.EligibilityRuleLaunched(
        subject_id=row.id, org_id=row.org_id, code=row.code, number=row.version, valid_from=starts), by=by, at=at)


@verb("catalogue.approve")
def end_rule(*, rule_id: UUID, valid_until: datetime | None = None, by: Actor, at: datetime) -> None:
    """End a version in force (or planned) at ``valid_until``, from now at the earliest; a planned one may end as it begins."""
    row = _row(rule_id)
    ends = valid_until or at
    running = row.state == LifeCycle.LAUNCHED and (row.valid_until is None or row.valid_until > at)
    require(collect(
        (rules.rule_is_running, {"running": running}), (rules.end_is_ahead, {"valid_until": ends, "at": at}),
        (rules.org_is_in_sight, {"seen": by.sees(row.org_id)}),
    ))
    row.valid_until, row.changed_at = max(ends, row.valid_from), at
    row.save(update_fields=["valid_until", "changed_at"])
    publish(events.EligibilityRuleEnded(
        subject_id=row.id, org_id=row.org_id, code=row.code, number=row.version, valid_until=row.valid_until), by=by, at=at)


def _row(rule_id: UUID) -> EligibilityRule:
    row = EligibilityRule.objects.select_for_update().filter(id=rule_id).first()
    if row is None:
        raise NotFound
    return row


def _take(row: EligibilityRule, draft: RuleDraft, *, by: Actor, at: datetime) -> None:
    """Check a draft and write it onto its row; raises ``RulesBroken``."""
    starts = draft.valid_from or at
    fault, shaped = rules.parameters_read(draft.kind, draft.parameters, effect=draft.effect)
    require([
        *collect(
            (rules.is_rule_code, {"code": draft.code}), (rules.parameters_have_shape, {"fault": fault}),
            (rules.rule_ends_later, {"valid_from": starts, "valid_until": draft.valid_until}),
            (rules.org_is_in_sight, {"seen": by.sees(draft.org_id)}),
            (rules.rule_is_named, {"name_zh": draft.name_zh, "name_en": draft.name_en}),
            (rules.document_count_is_of_a_kind, {"per": getattr(shaped, "per", ""), "subject_kind": draft.subject_kind}),
        ),
        *_unknown(draft, shaped, at=at),
    ])
    for name in ("code", "kind", "name_zh", "name_en", "subject_kind", "subject_code", "effect", "org_id", "says_zh", "says_en", "mend_zh",
                 "mend_en", "note", "valid_until"):
        setattr(row, name, getattr(draft, name))
    if draft.subject_kind == RuleSubject.ALL:
        row.subject_code = ""
    row.parameters = shaped.model_dump(mode="json", exclude_defaults=True) if shaped is not None else {}
    row.valid_from, row.changed_at = starts, at
    require(flawed_by_rule(version_of(row), at=at))


def _unknown(draft: RuleDraft, shaped: Any, *, at: datetime) -> list[Broken]:
    """Name codes that the catalogue does not hold."""
    codes = {offer.code for offer in offers_known((), at=at)}
    categories = category_names().keys()
    missing: list[str] = []
    subjects: dict[str, Iterable[str]] = {
        RuleSubject.OFFERING: codes, RuleSubject.CATEGORY: categories, RuleSubject.KIND: OfferingKind.values, RuleSubject.ALL: ("", draft.subject_code),
    }
    if draft.subject_code not in subjects.get(draft.subject_kind, ()):
        missing.append(draft.subject_code or str(dict(RuleSubject.choices).get(draft.subject_kind, draft.subject_kind)))
    if isinstance(shaped, Targets):
        missing += [code for code in shaped.offerings if code not in codes] + [code for code in shaped.categories if code not in categories]
    return collect((rules.names_are_known, {"unknown": Several(tuple(missing))}))


def _overlapping(row: EligibilityRule) -> list[Broken]:
    """Versions in force in the same time, but for the one without an end before it: that one ends where this begins."""
    others = EligibilityRule.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=row.valid_from), code=row.code, state=LifeCycle.LAUNCHED)
    if row.valid_until is not None:
        others = others.filter(valid_from__lt=row.valid_until)
    found = others.exclude(id=row.id).exclude(valid_until__isnull=True, valid_from__lt=row.valid_from).order_by("valid_from")
    return [rules.versions_do_not_overlap.broken(other=o.version, since=o.valid_from.date(), until=o.valid_until.date() if o.valid_until else "…")
            for o in found if o.valid_until is None or o.valid_until > o.valid_from]

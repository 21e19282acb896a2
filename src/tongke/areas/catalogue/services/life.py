"""The life of versions: tested, approved by a second person, launched at an instant, recalled, retired, given up (TMF620).

A launch at a later time is written at once: the version holds from that instant, and the one before ends at that very
instant, whoever runs a job when. ``settle_versions`` only puts away what has ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Q, Value
from django.db.models.functions import Least

from tongke.areas.catalogue import events
from tongke.areas.catalogue.errors import SecondPersonNeeded
from tongke.areas.catalogue.models import BundlePart, Offering, Specification, SpecificationRelation
from tongke.areas.catalogue.queries.contents import MODELS, standing_of
from tongke.areas.catalogue.queries.labels import named
from tongke.areas.catalogue.queries.workers import worked_on
from tongke.areas.catalogue.rules import life as rules
from tongke.areas.catalogue.rules.eligibility.words import Coded, Moment, Way
from tongke.areas.catalogue.services.drafting import locked_version, require_draft, require_own, require_sound
from tongke.areas.catalogue.services.flaws import flawed_by_offering, one_at_a_time
from tongke.areas.catalogue.services.price_ids import tell_moved
from tongke.areas.catalogue.states import OFFERING, PRICE_LIST, PROMOTION, RULE, SPECIFICATION, LifeCycle, RelationKind
from tongke.areas.staff import services as desk
from tongke.areas.staff.services.approvals import carried_out
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Conflict
from tongke.kernel.machine import Machine
from tongke.kernel.outbox import publish
from tongke.kernel.rules import Broken, Rule, collect, require
from tongke.kernel.verb import verb

MACHINES: Mapping[str, Machine] = {
    "specifications": SPECIFICATION, "offerings": OFFERING, "price_lists": PRICE_LIST, "promotions": PROMOTION, "rules": RULE,
}
APPROVAL = "catalogue_version"
SETTLED = ("specifications", "offerings")


def moved(row: Any, noun: str, move: str, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Move a locked version and tell of it."""
    before = row.state
    MACHINES[noun].move(row, move, by=by, at=at, reason=reason)
    publish(events.VersionMoved(
        subject_id=row.id, org_id=row.org_id, noun=noun, code=row.code, number=row.version, from_state=before, to_state=row.state,
        valid_from=row.valid_from, valid_until=row.valid_until,
    ), by=by, at=at)
    if noun == "offerings":
        tell_moved(row, before, by=by, at=at)


def _content(noun: str, row: Any) -> Any:
    return standing_of(noun, [row])[0].content


@verb("catalogue.design")
def test_version(*, noun: str, version_id: UUID, by: Actor, at: datetime) -> None:
    """Let a draft be tried out; raises ``RulesBroken`` with everything that stands against it, ``IllegalMove``."""
    row = locked_version(noun, version_id, by=by)
    require_sound(noun, row.code, _content(noun, row))
    if row.state == LifeCycle.IN_STUDY:
        moved(row, noun, "design", by=by, at=at)
    moved(row, noun, "test", by=by, at=at)


test_version.__test__ = False  # type: ignore[attr-defined]  # a verb, no test of pytest's


@verb("catalogue.design")
def redesign_version(*, noun: str, version_id: UUID, reason: str = "", by: Actor, at: datetime) -> None:
    """Take a version back from its test into design."""
    moved(locked_version(noun, version_id, by=by), noun, "redesign", by=by, at=at, reason=reason)


@verb("catalogue.design")
def reject_version(*, noun: str, version_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Give a draft up; unlike a discarded one it stays to be read."""
    moved(locked_version(noun, version_id, by=by), noun, "reject", by=by, at=at, reason=reason)


@verb("catalogue.design")
def request_version_approval(*, noun: str, version_id: UUID, reason: str, by: Actor, at: datetime) -> UUID:
    """Ask a second person to approve a tested version and return the request's id; it is approved as soon as that person agrees.

    Raises ``RulesBroken``, ``IllegalMove`` where it is not in test.
    """
    row = locked_version(noun, version_id, by=by)
    require_draft(row)
    if row.state != LifeCycle.IN_TEST:
        test_version(noun=noun, version_id=version_id, by=by, at=at)
    asked = desk.request_approval(
        kind=APPROVAL, subject=f"{row.code} v{row.version}: {row.name_zh}", org_id=row.org_id, reason=reason, permission="catalogue.approve",
        payload={"noun": noun, "version_id": str(version_id), "changed_at": row.changed_at.isoformat()}, by=by, at=at,
    )
    return asked.id


@verb("catalogue.approve")
def approve_version(*, noun: str, version_id: UUID, note: str = "", by: Actor, at: datetime) -> None:
    """Approve a tested version as the second person: from now on nobody changes what it says.

    Raises ``SecondPersonNeeded`` for who worked on it, ``RulesBroken`` (also where the rules in force would contradict each other
    with it on sale), ``IllegalMove``.
    """
    if noun == "offerings":
        one_at_a_time()
    row = locked_version(noun, version_id, by=by)
    if not rules.is_second(actor=by.name, workers=worked_on(noun, row)):
        raise SecondPersonNeeded
    content = _content(noun, row)
    require_sound(noun, row.code, content)
    if noun == "offerings":
        require(flawed_by_offering(row.code, content, begins=at, sold=False))
    moved(row, noun, "approve", by=by, at=at, reason=note)


def _carry_out(payload: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Approve what was asked for, and only that; raises ``Conflict`` where the version was changed since."""
    noun, version_id = payload["noun"], UUID(payload["version_id"])
    if noun == "offerings":
        one_at_a_time()  # before the version's own lock, as everybody who takes both
    if locked_version(noun, version_id, by=by).changed_at != datetime.fromisoformat(payload["changed_at"]):
        raise Conflict
    approve_version(noun=noun, version_id=version_id, by=by, at=at)


carried_out[APPROVAL] = _carry_out


def _launched_by(model: Any, codes: Iterable[str], at: datetime) -> set[str]:
    rows = model.objects.filter(code__in=list(codes), state=LifeCycle.LAUNCHED, valid_from__lte=at).exclude(valid_until__lte=at)
    return set(rows.values_list("code", flat=True))


def missing_for(noun: str, row: Any, *, at: datetime) -> list[str]:
    """Return the codes that must be on sale by ``at`` for a version to be launched, and are not."""
    if noun == "specifications":
        kinds = (RelationKind.DECOMPOSES, RelationKind.DEPENDS_ON, RelationKind.REQUIRES)
        wanted = list(SpecificationRelation.objects.filter(specification_id=row.id, kind__in=kinds).values_list("other_code", flat=True))
        return sorted(set(wanted) - _launched_by(Specification, wanted, at) - {row.code})
    if noun == "offerings":
        parts = list(BundlePart.objects.filter(offering_id=row.id).values_list("part_code", flat=True))
        specified = Specification.objects.filter(id=row.specification_id).values_list("code", flat=True)
        missing = set(parts) - _launched_by(Offering, parts, at)
        return sorted(missing | (set(specified) - _launched_by(Specification, specified, at)))
    return []


def _ahead(effective: datetime, at: datetime) -> list[Broken]:
    return [] if rules.begins_ahead(effective=effective, at=at) else [rules.begins_ahead.broken(effective=Moment(effective))]


def told_of(rule: Rule, **codes: Collection[str]) -> list[Broken]:
    """Return the breach of a rule that asks for no codes at all, what is there by its name with the code behind."""
    ((word, found),) = codes.items()
    return collect((rule, {word: Way(tuple(named(sorted(set(found)))), between=", ")}))


def launch_locked(row: Any, noun: str, effective: datetime, *, by: Actor, at: datetime) -> None:
    """Put an approved, locked version on sale from ``effective`` on and end the one before there."""
    model = MODELS[noun]
    before = model.objects.select_for_update(of=("self",)).filter(code=row.code, state=LifeCycle.LAUNCHED).exclude(id=row.id).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=effective)).order_by("valid_from").last()
    require([
        *_ahead(effective, at), *told_of(rules.what_it_needs_is_launched, missing=missing_for(noun, row, at=effective)),
        *([] if rules.ends_after_it_begins(effective=effective, until=row.valid_until) else
          [rules.ends_after_it_begins.broken(effective=Moment(effective), until=Moment(row.valid_until))]),
        *([] if before is None or rules.follows_the_version_before(since=before.valid_from, effective=effective) else
          [rules.follows_the_version_before.broken(code=Coded.of(row, row.code), other=before.version, since=Moment(before.valid_from))]),
    ])
    if row.state == LifeCycle.ACTIVE:
        row.valid_from, row.changed_at = effective, at
        row.save(update_fields=["valid_from", "changed_at"])
    if before is not None:
        model.objects.filter(id=before.id).update(own_until=before.valid_until, valid_until=effective, changed_at=at)
    moved(row, noun, "launch", by=by, at=at)
    if noun == "offerings":
        publish(events.OfferingPublished(subject_id=row.id, org_id=row.org_id, code=row.code, number=row.version, valid_from=effective), by=by, at=at)


@verb("catalogue.publish")
def launch_version(*, noun: str, version_id: UUID, effective_at: datetime | None = None, by: Actor, at: datetime) -> None:
    """Put an approved version on sale now, or from ``effective_at`` on; the version before ends at that very instant.

    Customers keep the version that they bought. Raises ``RulesBroken`` (CAT-44 to 48; CAT-82 to 88 where the rules in force would then
    contradict each other), ``IllegalMove`` unless it is approved.
    """
    if noun == "offerings":
        one_at_a_time()
    row = locked_version(noun, version_id, by=by)
    effective = effective_at or at
    if noun == "offerings":
        require(flawed_by_offering(row.code, _content(noun, row), begins=max(effective, at)))
    launch_locked(row, noun, effective, by=by, at=at)


@verb("catalogue.publish")
def recall_launch(*, noun: str, version_id: UUID, by: Actor, at: datetime) -> None:
    """Take back a launch that is still ahead; the version before goes on to its own end. Raises ``RulesBroken`` (CAT-49), ``IllegalMove``."""
    row = locked_version(noun, version_id, by=by)
    require([] if rules.has_not_begun(since=row.valid_from, at=at) else [rules.has_not_begun.broken(since=Moment(row.valid_from))])
    moved(row, noun, "recall", by=by, at=at)
    launched = MODELS[noun].objects.filter(code=row.code, state=LifeCycle.LAUNCHED)
    following = launched.filter(valid_from__gt=row.valid_from).order_by("valid_from").values_list("valid_from", flat=True).first()
    if following is not None and row.valid_until == following:
        MODELS[noun].objects.filter(id=row.id).update(valid_until=row.own_until, own_until=None, changed_at=at)
    launched.filter(valid_until=row.valid_from).update(valid_until=Least("own_until", Value(following, output_field=DateTimeField())), changed_at=at)


def users_on_sale(noun: str, row: Any, *, at: datetime) -> list[str]:
    """Return what is on sale at or after ``at`` and is made of the code."""
    later = Q(valid_until__isnull=True) | Q(valid_until__gt=at)
    if noun == "offerings":
        bundles = BundlePart.objects.filter(part_code=row.code).values_list("offering_id", flat=True)
        return list(Offering.objects.filter(later, id__in=bundles, state=LifeCycle.LAUNCHED).values_list("code", flat=True))
    if noun == "specifications":
        whole = SpecificationRelation.objects.filter(other_code=row.code, kind=RelationKind.DECOMPOSES).values_list("specification_id", flat=True)
        versions = Specification.objects.filter(code=row.code).values_list("id", flat=True)
        return [
            *Offering.objects.filter(later, specification_id__in=versions, state=LifeCycle.LAUNCHED).values_list("code", flat=True),
            *Specification.objects.filter(later, id__in=whole, state=LifeCycle.LAUNCHED).values_list("code", flat=True),
        ]
    return []


@verb("catalogue.publish")
def retire_version(*, noun: str, version_id: UUID, effective_at: datetime | None = None, reason: str = "", by: Actor, at: datetime) -> None:
    """Take a version from sale now, or from ``effective_at`` on; who has it keeps it.

    Raises ``RulesBroken`` (CAT-44, CAT-47: a bundle or offering on sale is made of it), ``IllegalMove`` unless it is on sale.
    """
    row = locked_version(noun, version_id, by=by)
    effective = effective_at or at
    followed = MODELS[noun].objects.filter(code=row.code, state=LifeCycle.LAUNCHED, valid_from__gte=row.valid_from).exclude(id=row.id).exists()
    users = [] if followed else users_on_sale(noun, row, at=effective)
    require([*_ahead(effective, at), *told_of(rules.nothing_on_sale_needs_it, users=users)])
    if row.state == LifeCycle.LAUNCHED and (row.valid_until is None or row.valid_until > effective):
        row.valid_until, row.own_until, row.changed_at = max(effective, row.valid_from), None, at
        row.save(update_fields=["valid_until", "own_until", "changed_at"])
    elif followed and row.valid_until != effective:  # the next version ends it sooner, unless that launch is recalled
        row.own_until, row.changed_at = effective, at
        row.save(update_fields=["own_until", "changed_at"])
    if effective <= at or row.state != LifeCycle.LAUNCHED:
        moved(row, noun, "retire", by=by, at=at, reason=reason)


@verb("catalogue.publish")
def withdraw_version(*, noun: str, version_id: UUID, reason: str = "", by: Actor, at: datetime) -> None:
    """Put a retired version, or an approved one that was never launched, away for good."""
    moved(locked_version(noun, version_id, by=by), noun, "withdraw", by=by, at=at, reason=reason)


@verb("catalogue.publish")
def settle_versions(*, by: Actor, at: datetime) -> int:
    """Retire the specifications and offerings whose time is over and return how many. For the job; safe to run twice."""
    done = 0
    for noun in SETTLED:
        for row in MODELS[noun].objects.select_for_update(of=("self",), skip_locked=True).filter(state=LifeCycle.LAUNCHED, valid_until__lte=at):
            require_own(row.org_id, by=by)
            moved(row, noun, "retire", by=by, at=at)
            done += 1
    return done

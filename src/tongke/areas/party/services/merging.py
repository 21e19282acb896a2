"""Merging two parties into one and separating them again, exactly (docs/adr on merging tells why so).

``merge_parties`` does the rows of this room; the higher rooms add theirs to the same record in the same
transaction (``contact_centre.services.merge_customers`` is what channels call). Taking back needs no higher
room: the record of a merge is a list of row changes with their values before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tongke.areas.party.events import matching as events
from tongke.areas.party.models import Customer, DuplicatePair, IdentityDocument, Merge, Party
from tongke.areas.party.queries import matching as queries
from tongke.areas.party.rules import matching as rules
from tongke.areas.party.services import absorbing
from tongke.areas.party.states import CUSTOMER, PARTY, DocumentKind
from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import Conflict, NotFound, Refused
from tongke.kernel.outbox import publish
from tongke.kernel.reversal import Clash, Recorder, Step, ran_on, take_back
from tongke.kernel.rules import Broken, collect, require
from tongke.kernel.verb import verb

PARTY_FIELDS = ("name", "gender", "birth_on", "nationality", "occupation", "industry", "language", "characteristics")
CUSTOMER_FIELDS = ("segment", "level", "manager_id")
# A name comes with the keys by which it is found.
TOGETHER: Mapping[str, tuple[str, ...]] = {"name": ("name", "name_key", "pinyin_full", "pinyin_initials", "family_name", "given_name")}
# Versions of the merged time lie in a range of their own: separating puts the old version back, and a form that was
# opened in between must never pass as current then.
MERGED_VERSIONS = 1_000_000


class Undecided(Refused):
    """Values were changed since the merge; for each, somebody must say whether it stays."""

    code = "PTY-68"
    says = _("{count} value(s) were changed after the merge")
    mend = _("Decide for each whether the present value stays")
    status = 409

    def __init__(self, found: Iterable[Clash]) -> None:
        self.clashes = tuple(found)
        super().__init__(count=len(self.clashes))


class TreesContradict(Refused):
    """As one party, the two would stand above and below themselves in some tree."""

    code = "PTY-79"
    says = _("In one of the trees the one stands below the other: as one record they would close a circle")
    mend = _("End the membership that leads from the one to the other first")
    status = 409


class InTheWay(Refused):
    """Rows made after the merge hold a place that separating needs."""

    code = "PTY-69"
    says = _("Records made after the merge stand in the way")
    mend = _("End what was added after the merge (memberships, consents, roles of lines), then separate")
    status = 409


@dataclass(frozen=True, slots=True)
class Merged:
    """What the higher rooms need to repoint: ``from_customer`` is ``None`` where no customer was absorbed."""

    merge_id: UUID
    from_party: UUID
    to_party: UUID
    from_customer: UUID | None
    to_customer: UUID | None


@verb("party.merge")
def merge_parties(
    *, survivor_id: UUID, absorbed_id: UUID, chosen: Mapping[str, str] | None = None, reason: str,
    read: Mapping[UUID, int] | None = None, by: Actor, at: datetime,
) -> Merged:
    """Let ``survivor_id`` take over everything of ``absorbed_id`` in this room.

    ``chosen`` maps fields to ``survivor`` or ``absorbed`` (default: the survivor's value, the absorbed's where
    the survivor has none); ``read`` maps party ids to the versions the user saw. Raises ``NotFound``, ``Conflict``
    (merged or changed meanwhile) and ``RulesBroken``.
    """
    require(collect((rules.are_two, {"survivor": survivor_id, "absorbed": absorbed_id}), (rules.has_reason, {"reason": reason})))
    survivor, absorbed = _locked(survivor_id, absorbed_id, read or {})
    with acting(beyond_scope(by=by)):
        return _merged(survivor, absorbed, chosen or {}, reason=reason.strip(), by=by, at=at)


def beyond_scope(*, by: Actor) -> Actor:
    """The same actor with every organisation in sight: who may merge two parties moves all that hangs on them, also
    a line of another network. Only for rows of parties that the actor was found to see.
    """
    return replace(by, scope=None, own_rows_of=None)


def _merged(survivor: Party, absorbed: Party, chosen: Mapping[str, str], *, reason: str, by: Actor, at: datetime) -> Merged:
    """Take the fields, move the rows, end the absorbed's customer and keep the record of it all."""
    customers = {c.party_id: c for c in Customer.objects.select_for_update(of=("self",)).filter(
        party_id__in=[survivor.id, absorbed.id]).order_by("id")}
    sides = _sides(survivor, absorbed, customers)
    picks = _picks(sides, chosen)
    require(_objections(survivor, absorbed, chosen))
    lineage = _lineage(sides, picks)
    recorder = Recorder()
    with recorder.watching("party_party", "id IN (%s, %s) OR merged_into_id = %s", [survivor.id, absorbed.id, absorbed.id]):
        _take_party_fields(survivor, absorbed, picks, by=by, at=at)
    kept, gone = customers.get(survivor.id), customers.get(absorbed.id)
    try:
        with transaction.atomic():
            absorbing.move_party_rows(recorder, absorbed.id, survivor.id, at=at)
            absorbing.settle_completeness_of(recorder, survivor.id, by=by, at=at)
    except IntegrityError as fault:
        raise TreesContradict from fault
    if gone is not None:
        _merge_customers(recorder, survivor, kept, gone, picks, by=by, at=at, reason=reason)
    left, right = sorted((survivor.id, absorbed.id))
    with recorder.watching("party_duplicate_pair", "left_id = %s AND right_id = %s", [left, right]):
        DuplicatePair.objects.filter(left_id=left, right_id=right).update(state="merged", decided_by=by.name, decided_at=at)
    merge = Merge.objects.create(
        org_id=survivor.org_id, survivor=survivor, absorbed=absorbed, snapshot=recorder.steps, chosen=lineage,
        reason=reason, merged_by=by.name, merged_at=at,
    )
    owner = kept or gone
    both = kept is not None and gone is not None
    publish(events.PartiesMerged(
        subject_id=survivor.id, customer_id=owner.id if owner else None, org_id=survivor.org_id, merge_id=merge.id,
        absorbed_id=absorbed.id, absorbed_customer_id=gone.id if gone else None,
    ), by=by, at=at)
    return Merged(
        merge_id=merge.id, from_party=absorbed.id, to_party=survivor.id,
        from_customer=gone.id if both and gone else None, to_customer=kept.id if both and kept else None,
    )


@verb("party.merge")
def extend_merge(*, merge_id: UUID, steps: list[Step], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the shape of verbs
    """Add what a higher room changed to the record of a merge, in the transaction of that merge."""
    merge = Merge.objects.select_for_update(of=("self",)).get(id=merge_id)
    merge.snapshot = [*merge.snapshot, *steps]
    merge.save(update_fields=["snapshot"])


@verb("party.merge")
def separate_parties(
    *, merge_id: UUID, reason: str, kept: Collection[str] = (), decided: Collection[str] = (), by: Actor, at: datetime
) -> None:
    """Undo a merge: every value that it changed stands again as it was, in every room.

    What somebody changed since (a clash) is listed by ``Undecided`` until it is named in ``kept`` (the present value
    stays) or ``decided`` (the old one comes back). Rows made after the merge stay with the survivor. Raises
    ``RulesBroken`` where a later merge stands on this one, ``InTheWay`` where later rows hold a needed place.
    """
    merge = Merge.objects.select_for_update(of=("self",)).filter(id=merge_id).first()
    if merge is None:
        raise NotFound
    survivor, absorbed = _locked_pair(merge.survivor_id, merge.absorbed_id)
    later = [f"{m:%Y-%m-%d %H:%M}" for m in queries.merges_on_top(merge_id)]
    require(collect(
        (rules.has_reason, {"reason": reason}), (rules.is_in_force, {"undone": merge.undone_at is not None}),
        (rules.is_newest, {"later": ", ".join(later)}),
    ))
    with acting(beyond_scope(by=by)):
        open_clashes = [c for c in queries.merge_clashes(merge_id) if c.name not in {*kept, *decided}]
        if open_clashes:
            raise Undecided(open_clashes)
        _separate_customers(merge.snapshot, by=by, at=at, reason=reason)
        written_since = ran_on(merge.snapshot)
        try:
            with transaction.atomic():
                take_back(merge.snapshot, kept=kept)
                if written_since or kept:
                    # What came or went after the merge counts for the side where it stands now.
                    absorbing.settle_completeness_of(Recorder(), survivor.id, absorbed.id, by=by, at=at)
        except IntegrityError as fault:
            raise InTheWay from fault
    merge.undone_by, merge.undone_at, merge.undo_reason = by.name, at, reason.strip()
    merge.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    customers = dict(Customer.objects.filter(party_id__in=[survivor.id, absorbed.id]).values_list("party_id", "id"))
    publish(events.PartiesSeparated(
        subject_id=survivor.id, customer_id=customers.get(survivor.id), org_id=merge.org_id, merge_id=merge.id,
        absorbed_id=absorbed.id, absorbed_customer_id=customers.get(absorbed.id),
    ), by=by, at=at)


def _locked_pair(survivor_id: UUID, absorbed_id: UUID) -> tuple[Party, Party]:
    """Both parties, locked with their customers: customers first, as every verb on a customer does it, and each sort in
    the order of ids, so that no two verbs wait for each other.
    """
    both = [survivor_id, absorbed_id]
    list(Customer.objects.select_for_update(of=("self",)).filter(party_id__in=both).order_by("id").values_list("id"))
    found = {p.id: p for p in Party.objects.select_for_update(of=("self",)).filter(id__in=both).order_by("id")}
    if len(found) != len(set(both)):
        raise NotFound
    return found[survivor_id], found[absorbed_id]


def _locked(survivor_id: UUID, absorbed_id: UUID, read: Mapping[UUID, int]) -> tuple[Party, Party]:
    pair = _locked_pair(survivor_id, absorbed_id)
    for party in pair:
        if party.merged_into_id is not None or read.get(party.id, party.version) != party.version:
            raise Conflict
    return pair


def _sides(survivor: Party, absorbed: Party, customers: Mapping[UUID, Customer]) -> dict[str, tuple[Any, Any]]:
    """Each field that can be chosen with the survivor's and the absorbed's value."""
    sides: dict[str, tuple[Any, Any]] = {f: (getattr(survivor, f), getattr(absorbed, f)) for f in PARTY_FIELDS}
    kept, gone = customers.get(survivor.id), customers.get(absorbed.id)
    if kept is not None and gone is not None:
        sides |= {f: (getattr(kept, f), getattr(gone, f)) for f in CUSTOMER_FIELDS}
    return sides


def _picks(sides: Mapping[str, tuple[Any, Any]], chosen: Mapping[str, str]) -> dict[str, str]:
    """The side of every field: as chosen, else the survivor's, or the absorbed's where the survivor has no value."""
    empty: tuple[Any, ...] = (None, "", {}, [])
    return {
        field: chosen.get(field) or ("absorbed" if ours in empty and theirs not in empty else "survivor")
        for field, (ours, theirs) in sides.items()
    }


def _objections(survivor: Party, absorbed: Party, chosen: Mapping[str, str]) -> list[Broken]:
    allowed = (*PARTY_FIELDS, *CUSTOMER_FIELDS)
    return collect(
        (rules.are_of_one_kind, {"survivor_kind": survivor.kind, "absorbed_kind": absorbed.kind}),
        (rules.survivor_is_alive, {"survivor_state": survivor.state, "absorbed_state": absorbed.state}),
        (rules.documents_do_not_contradict, {"kinds": ", ".join(_contradicting(survivor.id, absorbed.id))}),
        *((rules.choice_is_known, {"field": f, "side": s, "allowed": allowed}) for f, s in chosen.items()),
    )


def _contradicting(survivor_id: UUID, absorbed_id: UUID) -> list[str]:
    """Kinds of documents of which both hold a verified one in force, with different numbers."""
    rows = IdentityDocument.objects.filter(
        party_id__in=[survivor_id, absorbed_id], valid_until=None, verified_at__isnull=False, kind=DocumentKind.RESIDENT_ID,
    ).values_list("party_id", "number_index")
    held: dict[UUID, set[bytes]] = {}
    for party_id, number in rows:
        held.setdefault(party_id, set()).add(bytes(number))
    ours, theirs = held.get(survivor_id, set()), held.get(absorbed_id, set())
    return [str(DocumentKind.RESIDENT_ID.label)] if ours and theirs and not ours & theirs else []


def _lineage(sides: Mapping[str, tuple[Any, Any]], picks: Mapping[str, str]) -> dict[str, Any]:
    """For each field: the side it was taken from, and whether there was anything to choose."""
    return {f: {"side": side, "differed": sides[f][0] != sides[f][1]} for f, side in picks.items()}


def _take_party_fields(survivor: Party, absorbed: Party, picks: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    changed = ["version", "changed_at"]
    for field in PARTY_FIELDS:
        if picks[field] == "absorbed":
            for column in TOGETHER.get(field, (field,)):
                setattr(survivor, column, getattr(absorbed, column))
                changed.append(column)
    if survivor.state == "initialized" and absorbed.state == "validated":
        PARTY.move(survivor, "validate", by=by, at=at, reason="merge")
        survivor.verified_on = absorbed.verified_on
        changed.append("verified_on")
    survivor.version += MERGED_VERSIONS
    survivor.changed_at = at
    survivor.save(update_fields=changed)
    # What was merged into the absorbed leads to the survivor at once: an old number is one step from its owner.
    Party.objects.filter(merged_into=absorbed).update(merged_into=survivor)
    absorbed.merged_into = survivor
    absorbed.version += MERGED_VERSIONS
    absorbed.changed_at = at
    absorbed.save(update_fields=["merged_into", "version", "changed_at"])


def _merge_customers(
    recorder: Recorder, survivor: Party, kept: Customer | None, gone: Customer, picks: Mapping[str, str], *,
    by: Actor, at: datetime, reason: str,
) -> None:
    """Let the survivor's customer take over, or, where it has none, give it the absorbed's customer as it is."""
    if kept is None:
        with recorder.watching("party_customer", "id = %s", [gone.id]):
            Customer.objects.filter(id=gone.id).update(party=survivor, version=gone.version + MERGED_VERSIONS, changed_at=at)
        return
    absorbing.move_customer_rows(recorder, gone.id, kept.id, at=at)
    with recorder.watching("party_customer", "id IN (%s, %s)", [kept.id, gone.id]):
        for field in CUSTOMER_FIELDS:
            if picks[field] == "absorbed":
                setattr(kept, field, getattr(gone, field))
        rating = absorbing.rating_in_force(kept.id)
        if rating is not None:
            kept.credit_class, kept.credit_limit = rating
        kept.since_on = min(kept.since_on, gone.since_on)
        kept.version += MERGED_VERSIONS
        kept.changed_at = at
        kept.save(update_fields=[*CUSTOMER_FIELDS, "credit_class", "credit_limit", "since_on", "version", "changed_at"])
        CUSTOMER.move(gone, "merge", by=by, at=at, reason=reason)
        Customer.objects.filter(id=gone.id).update(version=gone.version + MERGED_VERSIONS, changed_at=at)


def _separate_customers(steps: Iterable[Step], *, by: Actor, at: datetime, reason: str) -> None:
    """Move the customer that the merge had ended back to the state it was in, with its history row."""
    for step in steps:
        if step["table"] != "party_customer":
            continue
        for row in step["rows"]:
            if row["after"].get("state") == '"merged"':
                customer = Customer.objects.select_for_update(of=("self",)).get(id=row["key"]["id"].strip('"'))
                if customer.state == "merged":
                    CUSTOMER.move(customer, f"unmerge_to_{row['before']['state'].strip(chr(34))}", by=by, at=at, reason=reason)

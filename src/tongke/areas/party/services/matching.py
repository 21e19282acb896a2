"""Recording pairs that may be one party, and deciding about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongke.areas.party.events import matching as events
from tongke.areas.party.models import DuplicatePair, Party
from tongke.areas.party.queries.matching import RUN_KIND, ScoredPair
from tongke.areas.party.rules import matching as rules
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Conflict, NotFound
from tongke.kernel.ids import uuid7
from tongke.kernel.models import BulkJob
from tongke.kernel.outbox import publish
from tongke.kernel.rules import collect, require
from tongke.kernel.verb import verb

# A decision that a person made stands; an open pair takes the newer score.
_RECORD = """
INSERT INTO party_duplicate_pair (id, org_id, left_id, right_id, probability, evidence, state, found_at, decided_by, note)
SELECT f.id, l.org_id, f.l, f.r, f.probability, f.evidence, 'open', %(at)s, '', ''
FROM unnest(%(id)s::uuid[], %(left)s::uuid[], %(right)s::uuid[], %(probability)s::numeric[], %(evidence)s::jsonb[])
  AS f(id, l, r, probability, evidence) JOIN party_party l ON l.id = f.l
ON CONFLICT (left_id, right_id) DO UPDATE SET probability = excluded.probability, evidence = excluded.evidence, found_at = excluded.found_at
WHERE party_duplicate_pair.state = 'open'
RETURNING (xmax = 0)
"""


@verb("party.merge")
def start_duplicate_run(*, by: Actor, at: datetime) -> UUID:
    """Note that a full search for duplicates is asked for and return its job's id; one that waits already is returned."""
    waiting = BulkJob.objects.filter(kind=RUN_KIND, state="waiting", org_id=by.org_id).values_list("id", flat=True).first()
    if waiting is not None:
        return waiting
    job = BulkJob.objects.create(
        kind=RUN_KIND, title="duplicates", fingerprint=str(uuid7()), actor=by.name, staff_id=by.staff_id, org_id=by.org_id,
        parameters={"scope": None if by.scope is None else list(by.scope)}, created_at=at,
    )
    return job.id


@verb("party.merge")
def begin_duplicate_run(*, job_id: UUID, by: Actor, at: datetime) -> bool:
    """Claim a waiting run; false where it is running or done."""
    del by
    return BulkJob.objects.filter(id=job_id, state__in=("waiting", "running")).update(state="running", started_at=at, heartbeat_at=at) == 1


@verb("party.merge")
def note_parties_read(*, job_id: UUID, count: int, by: Actor, at: datetime) -> None:
    """Show how many parties a run compares."""
    del by
    BulkJob.objects.filter(id=job_id).update(total=count, read=count, heartbeat_at=at)


@verb("party.merge")
def record_pairs(*, pairs: Sequence[ScoredPair], job_id: UUID | None = None, by: Actor, at: datetime) -> tuple[int, int]:
    """Keep the pairs (new ones, and new scores of open ones) and return how many were new and how many updated."""
    del by
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, {
            "at": at, "id": [uuid7() for _ in pairs], "left": [p.left_id for p in pairs], "right": [p.right_id for p in pairs],
            "probability": [p.probability for p in pairs], "evidence": [json.dumps(p.evidence) for p in pairs],
        })
        fresh = [new for (new,) in cursor.fetchall()]
    created, updated = sum(fresh), len(fresh) - sum(fresh)
    if job_id is not None:
        job = BulkJob.objects.select_for_update().get(id=job_id)
        job.created, job.updated, job.position, job.heartbeat_at = job.created + created, job.updated + updated, job.position + len(pairs), at
        job.save(update_fields=["created", "updated", "position", "heartbeat_at"])
    return created, updated


@verb("party.merge")
def finish_duplicate_run(*, job_id: UUID, found_since: datetime, error: str = "", by: Actor, at: datetime) -> int:
    """End a run; open pairs of the actor's scope that it did not find again are withdrawn. Returns how many."""
    del by
    withdrawn = 0
    if not error:
        withdrawn, _rows = DuplicatePair.objects.filter(
            state="open", found_at__lt=found_since, left__merged_into=None, right__merged_into=None,
        ).delete()
    BulkJob.objects.filter(id=job_id).update(state="failed" if error else "done", error=error[:2000], ended_at=at, heartbeat_at=at)
    return withdrawn


def chunked(pairs: Iterable[ScoredPair], size: int) -> Iterable[list[ScoredPair]]:
    """Cut a stream of pairs into lists of at most ``size``."""
    part: list[ScoredPair] = []
    for pair in pairs:
        part.append(pair)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


@verb("party.merge")
def decide_distinct(*, pair_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Decide that a pair is two different parties: no later run brings it up again."""
    pair = _locked_pair(pair_id)
    require(collect((rules.has_reason, {"reason": reason})))
    if pair.state != "open":
        raise Conflict
    pair.state, pair.decided_by, pair.decided_at, pair.note = "distinct", by.name, at, reason.strip()
    pair.save(update_fields=["state", "decided_by", "decided_at", "note"])
    publish(events.DuplicateDecided(subject_id=pair.id, org_id=pair.org_id, left_id=pair.left_id, right_id=pair.right_id), by=by, at=at)


@verb("party.merge")
def reopen_pair(*, pair_id: UUID, by: Actor, at: datetime) -> None:
    """Take back the decision that a pair is two different parties."""
    del by, at
    pair = _locked_pair(pair_id)
    if pair.state != "distinct":
        raise Conflict
    pair.state, pair.decided_by, pair.decided_at = "open", "", None
    pair.save(update_fields=["state", "decided_by", "decided_at"])


def _locked_pair(pair_id: UUID) -> DuplicatePair:
    pair = DuplicatePair.objects.select_for_update(of=("self",)).filter(id=pair_id).first()
    if pair is None or Party.objects.filter(id__in=[pair.left_id, pair.right_id]).count() != 2:
        raise NotFound
    return pair

"""Reads of duplicates and merges: what is to review, two records side by side, where a merged one went."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Q, QuerySet, Value, When

from tongke.areas.party.models import Customer, DuplicatePair, Merge, SourceKey
from tongke.areas.party.models import linkage as linkage_model
from tongke.kernel.actor import Actor
from tongke.kernel.keys import address_key, document_key, name_key, name_pinyin, phone_e164
from tongke.kernel.models import BulkJob
from tongke.kernel.reversal import Clash, clashes
from tongke.kernel.sealing import blind_index

PAGE_SIZE_MAX = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """One comparison of a pair: what was compared, how it agreed and what it weighs (log2, below zero: against)."""

    comparison: str
    level: str
    weight: float

    @property
    def label(self) -> str:
        """What was compared, in the active language."""
        return str(linkage_model.COMPARISONS[self.comparison].label)

    @property
    def says(self) -> str:
        """How it agreed, in the active language."""
        return str(linkage_model.COMPARISONS[self.comparison].level(self.level).label)

    @property
    def percent(self) -> int:
        """Length of the bar: 20 bits fill it."""
        return min(100, round(abs(self.weight) * 5))


@dataclass(frozen=True, slots=True)
class ScoredPair:
    """Two parties, how probably they are one, and each comparison's level and weight."""

    left_id: UUID
    right_id: UUID
    probability: float
    evidence: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Likely:
    """An existing party that a new one may be."""

    party_id: UUID
    customer_id: UUID | None
    customer_no: str
    name: str
    probability: float
    pieces: tuple[Piece, ...]

    @property
    def band(self) -> str:
        """``suggest`` or ``review``."""
        return linkage_model.band(self.probability)


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair of the review list, names masked as the actor's sight asks."""

    id: UUID
    left_id: UUID
    right_id: UUID
    left_name: str
    right_name: str
    left_no: str
    right_no: str
    left_customer: UUID | None
    right_customer: UUID | None
    probability: Decimal
    pieces: tuple[Piece, ...]
    state: str
    found_at: datetime

    @property
    def band(self) -> str:
        """``suggest``, ``review`` or ``none``."""
        return linkage_model.band(float(self.probability))


def pieces_of(evidence: dict[str, Any]) -> tuple[Piece, ...]:
    """Read the evidence of a pair as stored, the strongest first."""
    out = [Piece(code, e["level"], float(e["weight"])) for code, e in evidence.items() if code in linkage_model.COMPARISONS]
    return tuple(sorted(out, key=lambda p: -abs(p.weight)))


_PAIRS = """
SELECT d.id, d.left_id, d.right_id, tongke_mask_name(l.name, l.kind = 'organization' OR tongke_clear('name')),
  tongke_mask_name(r.name, r.kind = 'organization' OR tongke_clear('name')),
  coalesce(lc.customer_no, ''), coalesce(rc.customer_no, ''), lc.id, rc.id, d.probability, d.evidence, d.state, d.found_at
FROM party_duplicate_pair d
JOIN party_party l ON l.id = d.left_id JOIN party_party r ON r.id = d.right_id
LEFT JOIN party_customer lc ON lc.party_id = l.id LEFT JOIN party_customer rc ON rc.party_id = r.id
WHERE {where} ORDER BY d.probability {way}, d.id {way} LIMIT %(limit)s
"""


def _pair_rows(where: str, params: dict[str, Any], *, way: str = "DESC") -> list[PairRow]:
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS.format(where=where, way=way), params)
        return [PairRow(*(*row[:10], pieces_of(_json(row[10])), *row[11:])) for row in cursor.fetchall()]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def pairs_to_review(
    *, band: str = "", beyond: tuple[Decimal, UUID] | None = None, falling: bool = True, limit: int = 50
) -> list[PairRow]:
    """Open pairs of which the actor sees both parties, by probability; ``band`` narrows to one band.

    ``beyond`` is (probability, id) of the row to go on from.
    """
    where = "d.state = 'open' AND l.merged_into_id IS NULL AND r.merged_into_id IS NULL"
    if band:
        where += f" AND d.probability {'>=' if band == 'suggest' else '<'} %(suggest)s"
    if beyond is not None:
        where += f" AND (d.probability, d.id) {'<' if falling else '>'} (%(chance)s, %(id)s)"
    chance, pair_id = beyond or (None, None)
    params = {"limit": min(limit, PAGE_SIZE_MAX), "suggest": linkage_model.SUGGEST_FROM, "chance": chance, "id": pair_id}
    return _pair_rows(where, params, way="DESC" if falling else "ASC")


def pair(pair_id: UUID) -> PairRow | None:
    """One pair, or ``None`` where the actor does not see it and both its parties."""
    found = _pair_rows("d.id = %(id)s", {"id": pair_id, "limit": 1})
    return found[0] if found else None


def pair_of(one_id: UUID, other_id: UUID) -> PairRow | None:
    """The pair of two parties, in whichever order they are named."""
    left, right = sorted((one_id, other_id))
    found = _pair_rows("d.left_id = %(l)s AND d.right_id = %(r)s", {"l": left, "r": right, "limit": 1})
    return found[0] if found else None


def pair_counts() -> dict[str, int]:
    """Open pairs by band within the actor's scope."""
    rows = DuplicatePair.objects.filter(state="open", left__merged_into=None, right__merged_into=None)
    suggested = rows.filter(probability__gte=linkage_model.SUGGEST_FROM).count()
    return {"suggest": suggested, "review": rows.count() - suggested}


_SIDE = """
SELECT jsonb_build_object(
  'id', p.id, 'kind', p.kind, 'state', p.state, 'version', p.version, 'merged_into', p.merged_into_id, 'org_id', p.org_id,
  'name', tongke_mask_name(p.name, p.kind = 'organization' OR tongke_clear('name')), 'gender', p.gender,
  'birth_on', tongke_mask_birth(p.birth_on, tongke_clear('birth')), 'nationality', p.nationality, 'occupation', p.occupation,
  'industry', p.industry, 'language', p.language, 'characteristics', p.characteristics, 'created_at', p.created_at,
  'verified_on', p.verified_on, 'completeness', p.completeness, 'customer_id', c.id, 'customer_no', c.customer_no,
  'customer_state', c.state, 'segment', c.segment, 'level', c.level, 'manager_id', c.manager_id, 'since_on', c.since_on,
  'credit_class', c.credit_class,
  'documents', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', d.kind, 'number', d.number_masked, 'verified', d.verified_at IS NOT NULL,
     'from', d.valid_from, 'until', d.valid_until) ORDER BY d.valid_from), '[]') FROM party_identity_document d WHERE d.party_id = p.id),
  'media', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', m.kind, 'value', CASE m.kind WHEN 'email'
     THEN tongke_mask_email(m.value, tongke_clear('email')) ELSE tongke_mask_phone(m.value, tongke_clear('phone')) END,
     'from', m.valid_from, 'until', m.valid_until) ORDER BY m.valid_from), '[]') FROM party_contact_medium m WHERE m.party_id = p.id),
  'addresses', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', a.kind, 'text', tongke_mask_address(a."full", tongke_clear('address')),
     'from', a.valid_from, 'until', a.valid_until) ORDER BY a.valid_from), '[]') FROM party_postal_address a WHERE a.party_id = p.id),
  'sources', (SELECT coalesce(jsonb_agg(jsonb_build_object('source', s.source, 'noun', s.noun, 'key', s.key, 'seen', s.first_seen_at)
     ORDER BY s.source, s.noun), '[]') FROM party_source_key s WHERE s.subject_id IN (p.id, c.id))
) FROM party_party p LEFT JOIN party_customer c ON c.party_id = p.id WHERE p.id = %s
"""


def side(party_id: UUID) -> dict[str, Any] | None:
    """Everything of a party that a steward compares, masked as the actor's sight asks; ``None`` out of sight."""
    with connection.cursor() as cursor:
        cursor.execute(_SIDE, [party_id])
        row = cursor.fetchone()
    return None if row is None else _json(row[0])


def surviving_party(party_id: UUID) -> UUID:
    """The party into which ``party_id`` was merged, or itself; one step, for merges keep their chains flat."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT merged_into_id FROM party_party WHERE id = %s", [party_id])
        row = cursor.fetchone()
    return row[0] if row is not None and row[0] is not None else party_id


def surviving_customer(customer_id: UUID) -> UUID:
    """The customer who took over ``customer_id``, or itself: an old id or number leads to the living record."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id FROM party_customer c JOIN party_party p ON p.id = c.party_id"
            " JOIN party_customer t ON t.party_id = p.merged_into_id WHERE c.id = %s", [customer_id],
        )
        row = cursor.fetchone()
    return row[0] if row is not None else customer_id


def merges_of(party_id: UUID) -> list[Merge]:
    """Merges in which the party took part, newest first."""
    return list(Merge.objects.filter(Q(survivor_id=party_id) | Q(absorbed_id=party_id)).order_by("-merged_at", "-id"))


def merges_visible_to(*, by: Actor) -> QuerySet[Merge]:
    """Merges within the actor's scope; ``snapshot`` is not loaded, ``in_force`` is yes or no."""
    rows = Merge.objects.defer("snapshot").annotate(
        in_force=Case(When(undone_at=None, then=Value("yes")), default=Value("no")),
    )
    return rows if by.scope is None else rows.filter(org_id__in=by.scope)


def customer_of_party(party_id: UUID) -> UUID | None:
    """The customer of a party."""
    return Customer.objects.filter(party_id=party_id).values_list("id", flat=True).first()


def merge_record(merge_id: UUID) -> Merge | None:
    """A merge within the actor's scope."""
    return Merge.objects.filter(id=merge_id).first()


def moved_counts(merge: Merge) -> dict[str, int]:
    """How many rows of each table a merge changed."""
    out: dict[str, set[str]] = {}
    for step in merge.snapshot:
        out.setdefault(step["table"], set()).update(",".join(row["key"].values()) for row in step["rows"])
    return {table: len(rows) for table, rows in sorted(out.items())}


def merge_sources(merge: Merge) -> dict[str, list[str]]:
    """For each side of a merge the source systems (with their keys) that knew the record before it (Z6)."""
    absorbed_keys = {
        row["key"]["id"].strip('"') for step in merge.snapshot if step["table"] == "party_source_key" for row in step["rows"]
    }
    customers = Customer.objects.filter(party_id__in=[merge.survivor_id, merge.absorbed_id]).values_list("id", flat=True)
    subjects = [merge.survivor_id, merge.absorbed_id, *customers]
    out: dict[str, list[str]] = {"survivor": [], "absorbed": []}
    for key in SourceKey.objects.filter(Q(subject_id__in=subjects) | Q(id__in=absorbed_keys)).order_by("source", "noun", "key"):
        side_name = "absorbed" if str(key.id) in absorbed_keys or key.subject_id == merge.absorbed_id else "survivor"
        out[side_name].append(f"{key.source} · {key.noun} {key.key}")
    return out


def merges_on_top(merge_id: UUID) -> list[datetime]:
    """When the merges happened that share a party with this one, came later and are in force, newest first."""
    merge = Merge.objects.get(id=merge_id)
    both = [merge.survivor_id, merge.absorbed_id]
    return list(
        Merge.objects.filter(Q(survivor_id__in=both) | Q(absorbed_id__in=both), undone_at=None, id__gt=merge.id)
        .order_by("-id").values_list("merged_at", flat=True)
    )


def merge_clashes(merge_id: UUID) -> list[Clash]:
    """Values that were changed since the merge and that separating cannot simply put back."""
    expected = {("party_customer", "state")}
    return [c for c in clashes(Merge.objects.get(id=merge_id).snapshot) if (c.table, c.column) not in expected]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a party that is about to be created; what is unknown stays empty."""

    name: str
    birth_on: date | None = None
    documents: tuple[tuple[str, str], ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


# Candidates by each strong key, at most 50 of each: equality on indexed columns only. Then what agrees, per candidate.
_LIKELY = """
WITH found AS (
  (SELECT party_id AS id FROM party_identity_document WHERE number_index = ANY(%(numbers)s) LIMIT 50)
  UNION (SELECT party_id FROM party_contact_medium WHERE value = ANY(%(phones)s) LIMIT 50)
  UNION (SELECT id FROM party_party WHERE name_key = %(name)s AND (%(birth)s::date IS NULL OR birth_on IS NULL OR birth_on = %(birth)s) LIMIT 50)
  UNION (SELECT id FROM party_party WHERE pinyin_full = %(sound)s AND birth_on = %(birth)s LIMIT 50)
)
SELECT p.id, c.id, coalesce(c.customer_no, ''), tongke_mask_name(p.name, p.kind = 'organization' OR tongke_clear('name')),
  p.name_key, p.pinyin_full, p.birth_on,
  (SELECT array_agg(d.kind) FROM party_identity_document d WHERE d.party_id = p.id),
  EXISTS (SELECT FROM party_identity_document d WHERE d.party_id = p.id AND d.number_index = ANY(%(numbers)s)),
  (SELECT bool_or(m.value = ANY(%(phones)s) AND (m.valid_until IS NULL OR m.valid_until > %(at)s)) FROM party_contact_medium m
   WHERE m.party_id = p.id AND m.kind IN ('mobile', 'phone')),
  EXISTS (SELECT FROM party_contact_medium m WHERE m.party_id = p.id AND m.value = ANY(%(phones)s)),
  (SELECT bool_or(a.street_key = ANY(%(addresses)s) OR a.place_key = ANY(%(addresses)s)) FROM party_postal_address a WHERE a.party_id = p.id)
FROM found JOIN party_party p ON p.id = found.id LEFT JOIN party_customer c ON c.party_id = p.id
WHERE p.merged_into_id IS NULL
"""


def likely_duplicates(facts: Facts, *, at: datetime, limit: int = 10) -> list[Likely]:
    """Parties within the actor's scope that a new one with these facts may be, the most probable first.

    One statement on indexed columns; the weights are those of the full run, without counting names.
    """
    phones = [e for e in (phone_e164(p) for p in facts.phones) if e]
    known = {
        "name": name_key(facts.name), "sound": name_pinyin(facts.name)[0], "birth": facts.birth_on, "at": at, "phones": phones,
        "numbers": [blind_index(document_key(n), field="party.document") for _kind, n in facts.documents],
        "addresses": [address_key(a) for a in facts.addresses],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIKELY, known)
        rows = cursor.fetchall()
        cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'party_party'::regclass")
        (parties,) = cursor.fetchone()
    out = []
    for party_id, customer_id, number, shown, *agreement in rows:
        pieces = _agreement(facts, known, agreement)
        chance = linkage_model.probability([p.weight for p in pieces], parties=max(parties, 1000))
        if linkage_model.band(chance) != "none":
            out.append(Likely(party_id, customer_id, number, shown, chance, pieces))
    return sorted(out, key=lambda row: -row.probability)[:limit]


def _agreement(facts: Facts, known: dict[str, Any], row: list[Any]) -> tuple[Piece, ...]:
    their_name, their_sound, their_birth, their_kinds, shared_document, shared_now, shared_ever, same_address = row
    levels: dict[str, str] = {"name": _name_level(known, their_name, their_sound)}
    if facts.documents and their_kinds:
        kinds = {kind for kind, _number in facts.documents}
        levels["document"] = "shared" if shared_document else "other_number" if kinds & set(their_kinds) else "other_kind"
    if facts.birth_on and their_birth:
        levels["birth"] = _birth_level(facts.birth_on, their_birth)
    if known["phones"] and shared_now is not None:
        levels["phone"] = "together" if shared_now else "apart" if shared_ever else "other"
    if known["addresses"] and same_address is not None:
        levels["address"] = "same" if same_address else "other"
    found = [Piece(code, level, linkage_model.COMPARISONS[code].level(level).weight) for code, level in levels.items()]
    return tuple(sorted(found, key=lambda p: -abs(p.weight)))


def _name_level(known: dict[str, Any], their_name: str, their_sound: str) -> str:
    if their_name == known["name"]:
        return "same"
    if sorted(their_name) == sorted(known["name"]):
        return "order"
    if their_sound and their_sound == known["sound"]:
        return "sound"
    return "near" if _one_slip(their_sound, known["sound"]) else "other"


def _birth_level(ours: date, theirs: date) -> str:
    if ours == theirs:
        return "same"
    swapped = ours.year == theirs.year and (ours.month, ours.day) == (theirs.day, theirs.month)
    return "near" if swapped or _one_slip(ours.isoformat(), theirs.isoformat()) else "other"


def _one_slip(one: str, other: str) -> bool:
    """Whether the two differ by one letter put in, left out or changed, or by two neighbours that swapped."""
    if abs(len(one) - len(other)) > 1 or not one or not other:
        return False
    head = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[head:], other[head:]
    return (
        rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]
        or (rest[:2] == others[:2][::-1] and rest[2:] == others[2:])
    )


RUN_KIND = "party.find_duplicates"


def duplicate_run(job_id: UUID, *, by: Actor) -> BulkJob | None:
    """A full search of the actor's own organisation (of any, for whoever sees all)."""
    return _runs(by).filter(id=job_id).first()


def last_duplicate_run(*, by: Actor) -> BulkJob | None:
    """The newest full search of the actor's own organisation."""
    return _runs(by).order_by("-created_at").first()


def _runs(by: Actor) -> QuerySet[BulkJob]:
    rows = BulkJob.objects.filter(kind=RUN_KIND)
    return rows if by.scope is None else rows.filter(org_id=by.org_id)

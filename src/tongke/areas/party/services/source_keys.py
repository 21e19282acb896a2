"""Under which keys other systems know our records, and the digest of what they sent last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from tongke.kernel.actor import Actor
from tongke.kernel.bulk import change_rows, insert_rows
from tongke.kernel.ids import uuid7
from tongke.kernel.verb import verb

IMPORT = "party.import"
KNOWN = """
SELECT id, key, subject_id, digest, last_changed_at, org_id FROM party_source_key WHERE source = %s AND noun = %s AND key = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that is held already: the row's id, the record it names, what was sent last and when it last changed."""

    id: UUID
    subject_id: UUID
    digest: bytes
    changed_at: datetime
    org_id: int


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that a source gives to a record of ours for the first time."""

    noun: str
    key: str
    subject_id: UUID
    org_id: int
    digest: bytes


@verb(IMPORT)
def known_keys(*, source: str, wanted: Mapping[str, Iterable[str]], by: Actor) -> dict[tuple[str, str], KnownKey]:  # noqa: ARG001 - the verb's frame asks for it
    """Return which of the ``wanted`` keys (by noun) of ``source`` are held within the actor's scope."""
    found: dict[tuple[str, str], KnownKey] = {}
    with connection.cursor() as cursor:
        for noun, keys in wanted.items():
            # One array instead of thousands of parameters: an import asks this for every key of a chunk.
            cursor.execute(KNOWN, [source, noun, list(keys)])
            for id_, key, subject, digest, changed, org in cursor.fetchall():
                found[noun, key] = KnownKey(id_, subject, bytes(digest), changed, org)
    return found


@verb(IMPORT)
def claim_keys(*, source: str, new: Sequence[NewKey], by: Actor, at: datetime) -> set[UUID]:  # noqa: ARG001 - the verb's frame asks for it
    """Claim new keys; returns the records whose key was claimed. One that another organisation or a neighbour holds
    is left out. Keys are claimed in their order, so that two imports of the same keys wait rather than deadlock.
    """
    rows = [(k.subject_id, uuid7(), k.org_id, k.noun, k.key, k.digest) for k in sorted(new, key=lambda k: (k.noun, k.key))]
    return set(insert_rows(
        "party_source_key", ("subject_id", "id", "org_id", "noun", "key", "digest"), rows, skip_held=True,
        fixed={"source": source, "first_seen_at": at, "last_changed_at": at}))


@verb(IMPORT)
def note_changes(*, changed: Sequence[tuple[UUID, bytes]], by: Actor, at: datetime) -> None:  # noqa: ARG001 - the verb's frame asks for it
    """Note the digest of what a source sent now, by the key's id."""
    change_rows("party_source_key", ("id", "digest", "last_changed_at"), [(id_, digest, at) for id_, digest in changed])

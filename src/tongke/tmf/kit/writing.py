"""Writing documents: each goes to a verb of a room; what the record cannot hold is kept beside it, in one transaction."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DataError, connection, transaction
from django.utils.translation import gettext as _

from tongke.kernel.actor import Actor, acting
from tongke.kernel.errors import NotFound
from tongke.kernel.idempotency import once
from tongke.kernel.outbox import publish
from tongke.kernel.verb import joined
from tongke.tmf.kit.checking import taken
from tongke.tmf.kit.declared import Api, Change, Resource
from tongke.tmf.kit.errors import ChangedMeanwhile, NotServed, NotTaken, UnfitDocument
from tongke.tmf.kit.kept import AttributesKept
from tongke.tmf.kit.mapping import Said
from tongke.tmf.kit.reading import Found, one
from tongke.tmf.kit.residue import residue

log = logging.getLogger("tongke.tmf")
ALIAS = re.compile(r"(\w+)\.")  # of the table that the key stands in
KEEP = """
INSERT INTO tmf_extension (id, org_id, resource, record_id, content) VALUES (tongke_uuid7(), %s, %s, %s, %s::jsonb)
ON CONFLICT (resource, record_id) DO UPDATE SET content = EXCLUDED.content, org_id = EXCLUDED.org_id
"""


@contextmanager
def _fitting() -> Iterator[None]:
    """Refuse a value that no column takes, where neither the shape nor a rule has: bad input is never a fault of the server."""
    try:
        yield
    except DataError as fault:
        log.warning("a document holds a value that no column takes: %s", type(fault.__cause__).__name__)
        raise UnfitDocument([{"code": "too_long", "path": "$", "message": _("a text is too long, or a number too large")}]) from fault


def create(api: Api, resource: Resource, body: Any, *, key: str = "", by: Actor, at: datetime) -> Found:
    """Create a record from a document and return the document as it stands now.

    With an idempotency ``key`` a repeated call gives the first answer. Raises ``NotPermitted``, ``UnfitDocument``,
    ``NotTaken`` and whatever the verb refuses.
    """
    if resource.create is None:
        raise NotServed(method="POST", resource=resource.name, allowed=resource.methods)
    if resource.may_create:
        by.require(resource.may_create)
    document = taken(resource, body, creating=True)
    with _fitting(), acting(by), transaction.atomic(), joined():
        if not key:
            return _create(api, resource, document, by=by, at=at)
        made: list[Found] = []

        def make() -> str:
            made.append(_create(api, resource, document, by=by, at=at))
            return str(made[0].document["id"])

        answer, ran = once(scope=f"tmf.{resource.stored_as} {by.name}", key=key, request=body, at=at, do=make)
        return made[0] if ran else one(api, resource, UUID(answer), by=by)


def _create(api: Api, resource: Resource, document: Any, *, by: Actor, at: datetime) -> Found:
    assert resource.create is not None  # noqa: S101 - the caller has looked
    record_id = resource.create(document, by=by, at=at)
    if resource.kept:
        return one(api, resource, record_id, by=by)
    return _settled(api, resource, record_id, document.document(), {}, by=by)


def _settled(
    api: Api, resource: Resource, record_id: UUID, sent: Mapping[str, Any], kept_before: Mapping[str, Any], *, named: Iterable[str] | None = None,
    by: Actor,
) -> Found:
    """Keep what the record does not hold; raise ``NotTaken`` where it says otherwise than the sender."""
    untouched = {} if named is None else {name: value for name, value in kept_before.items() if name not in named}
    if untouched != dict(kept_before):
        # What is said anew is compared with the record's own words, not with what was kept beside it before.
        _keep(resource, record_id, untouched)
    found = one(api, resource, record_id, by=by)
    said = {name: value for name, value in sent.items() if named is None or name in named}
    beyond = residue(resource, said, _own(resource, found.document, untouched), creating=named is None, by=by)
    # What a patch took away and the record still shows was not taken away.
    beyond.clashes += [name for name in named or () if name not in sent and name in resource.mapped and name in found.document
                       and not isinstance(resource.attributes[name], Said)]
    if beyond.clashes:
        kept = {name: found.document.get(name) for name in sorted({path.split(".")[0].split("[")[0] for path in beyond.clashes})}
        raise NotTaken(paths=", ".join(beyond.clashes), kept=json.dumps(kept, ensure_ascii=False)[:500])
    if beyond.kept:
        with connection.cursor() as cursor:
            cursor.execute(KEEP, [found.org_id, resource.stored_as, record_id, json.dumps(untouched | beyond.kept)])
        return one(api, resource, record_id, by=by)
    return found


def _keep(resource: Resource, record_id: UUID, content: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tmf_extension SET content = %s::jsonb WHERE resource = %s AND record_id = %s",
                       [json.dumps(content), resource.stored_as, record_id])


def _own(resource: Resource, document: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document without what is kept beside the record and not mapped at all."""
    return {name: value for name, value in document.items() if name in resource.mapped or name not in kept}


def kept_beside(resource: Resource, record_id: UUID) -> dict[str, Any]:
    """Return what is kept beside a record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM tmf_extension WHERE resource = %s AND record_id = %s", [resource.stored_as, record_id])
        row = cursor.fetchone()
    if row is None:
        return {}
    return json.loads(row[0]) if isinstance(row[0], str) else dict(row[0])


def change(api: Api, resource: Resource, record_id: UUID, wanted: Any, *, if_match: str = "", by: Actor, at: datetime) -> Found:
    """Change a record to what a patch makes of its document, and return the document as it stands then.

    ``wanted`` takes the present document and returns the new one with the attributes that the patch names. The record
    is locked before it is read, so that of two patches the second sees the first. Raises ``ChangedMeanwhile`` where
    ``if_match`` names another version, and what the verb refuses.
    """
    if resource.change is None:
        raise NotServed(method="PATCH", resource=resource.name, allowed=resource.methods)
    if resource.may_change:
        by.require(resource.may_change)
    with _fitting(), acting(by), transaction.atomic():
        lock(resource, record_id)
        before = one(api, resource, record_id, by=by)
        if if_match and not matches(if_match, before.etag):
            raise ChangedMeanwhile
        present = before.document
        after, named = wanted(present)
        document = taken(resource, after, creating=False, named=_really(present, after, named))
        sent = document.document()
        changed = frozenset(name for name in named if sent.get(name) != present.get(name))
        if not changed:
            return before
        kept = {} if resource.kept else kept_beside(resource, record_id)
        change_ = Change(before=resource.document.model_validate(present), after=document, changed=changed)
        if resource.kept or changed & resource.mapped:
            resource.change(record_id, change_, by=by, at=at)
        if resource.kept:
            return one(api, resource, record_id, by=by)
        found = _settled(api, resource, record_id, sent, kept, named=changed, by=by)
        if not changed & resource.mapped:
            publish(AttributesKept(subject_id=record_id, customer_id=found.customer_id, org_id=found.org_id, resource=resource.stored_as), by=by, at=at)
        return found


def _really(present: Mapping[str, Any], after: Any, named: frozenset[str]) -> frozenset[str]:
    """Return the named attributes whose value differs: sending back what was read is no attempt to set it."""
    if not isinstance(after, dict):
        return named
    return frozenset(name for name in named if after.get(name) != present.get(name))


def remove(api: Api, resource: Resource, record_id: UUID, *, if_match: str = "", by: Actor, at: datetime) -> None:
    """End or delete a record. Raises ``NotFound``, ``ChangedMeanwhile`` and what the verb refuses."""
    if resource.remove is None:
        raise NotServed(method="DELETE", resource=resource.name, allowed=resource.methods)
    if resource.may_remove:
        by.require(resource.may_remove)
    with acting(by), transaction.atomic():
        lock(resource, record_id)
        before = one(api, resource, record_id, by=by)
        if if_match and not matches(if_match, before.etag):
            raise ChangedMeanwhile
        resource.remove(record_id, by=by, at=at)


def lock(resource: Resource, record_id: UUID) -> None:
    """Hold the record until the end of the transaction. Raises ``NotFound``."""
    if resource.rows.computed:
        return
    alias = ALIAS.findall(resource.rows.key)[0]
    with connection.cursor() as cursor:
        if resource.rows.ahead:
            cursor.execute(resource.rows.ahead, [record_id])
        for table in resource.rows.locks:
            cursor.execute(f"SELECT FROM {table} WHERE id = %s FOR UPDATE", [record_id])
            if cursor.fetchone() is not None:
                return
        if resource.rows.locks:
            raise NotFound
        cursor.execute(f"SELECT FROM {resource.rows.source} WHERE {resource.rows.key} = %s FOR UPDATE OF {alias}", [record_id])
        if cursor.fetchone() is None:
            raise NotFound


def matches(if_match: str, etag: str) -> bool:
    """Tell whether an ``If-Match`` header holds for the digest."""
    named = [part.strip().removeprefix("W/").strip('"') for part in if_match.split(",")]
    return "*" in named or etag in named

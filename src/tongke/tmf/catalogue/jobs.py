"""Jobs that move files of the catalogue, worked off by the worker. Nothing is ever fetched from, or sent to, an address that a sender names."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue import services
from tongke.areas.catalogue.errors import CatalogueFileRefused
from tongke.areas.catalogue.queries.exporting import export_catalogue
from tongke.jobs.documents import WORK, work_later
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, Refused
from tongke.kernel.verb import verb
from tongke.tmf.catalogue.job_shapes import CatalogFile, ExportJob, ImportJob
from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.errors import UnknownReference
from tongke.tmf.kit.kept import KEPT, put_down, rewrite, take_away
from tongke.tmf.kit.mapping import api_root
from tongke.tmf.kit.reading import IMPOSSIBLE, record_key
from tongke.tmf.kit.shapes import instant_text
from tongke.tmf.kit.tasks import task_resource

YAML = "application/yaml"
TYPES = ("application/yaml", "application/x-yaml", "text/yaml", "text/plain")
FILES = "tmf-api/productCatalogManagement/v4/catalogFile/"
DATA = re.compile(r"data:(?P<type>[^,;]*)(?:;charset=[\w-]+)?(?P<base64>;base64)?,(?P<rest>.*)", re.DOTALL)
NAME_LENGTH_MAX = 100
ERROR_LENGTH_MAX = 10_000
WRITE, READ = "catalogue.design", "catalogue.view"
RIGHTS = frozenset({WRITE, READ, "catalogue.publish", "catalogue.rules", "catalogue.promote", "catalogue.approve", "staff.own"})
"""What of its asker's rights a job acts with."""
NOT_STARTED, RUNNING, SUCCEEDED, FAILED = "Not Started", "Running", "Succeeded", "Failed"


class FileElsewhere(Refused):
    """A job names a file at an address that is none of this server's."""

    code = "TMF-20"
    says = _("No file is fetched from {address}")
    mend = _("Send the file itself as a data: address, or name a catalogFile of this server")
    status = 422


def take_import(document: ImportJob, *, by: Actor, at: datetime) -> Mapping[str, Any]:  # noqa: ARG001 - the shape of tasks
    """Take an import on; what can be told at once is. Raises ``Invalid``, ``FileElsewhere``, ``UnknownReference``, ``NotPermitted``."""
    if document.content_type and document.content_type not in TYPES:
        raise Invalid(what=f"contentType ({', '.join(TYPES)})", field="contentType")
    if document.mode == "launch":
        by.require("catalogue.publish")
    _text(document.url or "")
    return {"status": NOT_STARTED, "contentType": document.content_type or YAML}


def take_export(document: ExportJob, *, by: Actor, at: datetime) -> Mapping[str, Any]:
    """Take an export on; entries that there are not are told at once."""
    codes = _codes(document.query)
    if codes:
        export_catalogue(codes, by=by, at=at)
    return {"status": NOT_STARTED, "contentType": YAML, "url": _file_name(document.url)}


def _file_name(url: str | None) -> str:
    return urlsplit(url or "").path.rsplit("/", 1)[-1][:NAME_LENGTH_MAX] or "catalogue.yaml"


def _codes(query: str | None) -> list[str] | None:
    return [code for part in parse_qs(query or "").get("code", []) for code in part.split(",") if code] or None


def _locked(resource: Resource, record_id: UUID) -> dict[str, Any] | None:
    """Return a job that is still to be done, locked; nothing where it is done or forgotten."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM tmf_document WHERE id = %s AND resource = %s FOR UPDATE", [record_id, resource.stored_as])
        row = cursor.fetchone()
    content = None if row is None else row[0] if isinstance(row[0], dict) else json.loads(row[0])
    return content if content is not None and content["status"] in (NOT_STARTED, RUNNING) else None


def _worked(resource: Resource, do: Callable[..., Mapping[str, Any]], record_id: UUID, *, by: Actor, clock: Callable[[], datetime]) -> None:
    """Work a job off: that it runs is told first, then all of it and its end are one transaction."""
    with transaction.atomic():
        job = _locked(resource, record_id)
        if job is not None and job["status"] != RUNNING:
            rewrite(resource, record_id, job | {"status": RUNNING}, moved=True, by=by, at=clock())
    with transaction.atomic():
        job = _locked(resource, record_id)
        if job is None:
            return
        at = clock()
        try:
            with transaction.atomic():
                done = do(job, by=by, at=at)
        except Refused as refused:
            done = {"status": FAILED, "errorLog": _log(refused)}
        url = {"url": _named(job["url"])} if resource is IMPORT else {}
        rewrite(resource, record_id, job | url | {"completionDate": instant_text(at)} | dict(done), moved=True, by=by, at=at)


def _log(refused: Refused) -> str:
    if isinstance(refused, CatalogueFileRefused):
        lines = [f"{one.line}: {one.code} {one.message}. {one.advice}" for one in refused.problems]
    else:
        lines = [f"{refused.code} {refused.message}. {refused.advice}"]
    return "\n".join(lines)[:ERROR_LENGTH_MAX]


def _import(job: Mapping[str, Any], *, by: Actor, at: datetime) -> Mapping[str, Any]:
    report = services.import_catalogue(text=_text(job["url"]), mode=job.get("mode") or "draft", by=by, at=at)
    entries = [{"noun": one.noun, "code": one.code, "outcome": one.outcome} | ({} if one.version is None else {"version": one.version})
               for one in report.entries]
    return {"status": SUCCEEDED, "outcome": entries}


def _export(job: Mapping[str, Any], *, by: Actor, at: datetime) -> Mapping[str, Any]:
    """Write the catalogue to a file of this server and name its address."""
    text = export_catalogue(_codes(job.get("query")), by=by, at=at)
    made = put_down(FILE, {"name": job["url"], "contentType": YAML, "attachment": {"mimeType": YAML, "content": text}}, by=by, at=at)
    return {"status": SUCCEEDED, "url": f"{api_root()}/{FILES}{made}"}


def work_import(document_id: UUID, *, by: Actor, clock: Callable[[], datetime]) -> None:
    """Read the file of an import into the catalogue; where it has errors the job has failed, and nothing was changed."""
    _worked(IMPORT, _import, document_id, by=by, clock=clock)


def work_export(document_id: UUID, *, by: Actor, clock: Callable[[], datetime]) -> None:
    """Write the file of an export."""
    _worked(EXPORT, _export, document_id, by=by, clock=clock)


def _later(work: str) -> Callable[..., None]:
    def defer(record_id: UUID, *, by: Actor) -> None:
        work_later(work, record_id, rights=RIGHTS, by=by)

    return defer


def _named(url: str) -> str:
    """Return how an address is kept: a file that was sent along is not kept a second time."""
    return "data:" if url.startswith("data:") else url


def _text(url: str) -> str:
    """Return the file that an address holds or names. Raises ``FileElsewhere``, ``UnknownReference``, ``Invalid``."""
    found = DATA.fullmatch(url)
    if found is not None:
        try:
            raw = b64decode(found["rest"], validate=True) if found["base64"] else unquote_to_bytes(found["rest"])
            return raw.decode()
        except (NotBase64, ValueError):
            raise Invalid(what="url", field="url") from None
    prefix = f"{api_root()}/{FILES}"
    place = url if not url.startswith("/") else f"{api_root()}{url}"
    if not place.startswith(prefix):
        raise FileElsewhere(address=url[:NAME_LENGTH_MAX], field="url")
    key = record_key(place.removeprefix(prefix).rstrip("/"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content #>> '{attachment,content}' FROM tmf_document WHERE id = %s AND resource = 'catalogFile'", [key])
        row = cursor.fetchone()
    if row is None or key == IMPOSSIBLE:
        raise UnknownReference(path="url", value=url[:60], field="url")
    return str(row[0])


@verb(WRITE)
def remove_import(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Forget an import; what it brought stays."""
    take_away(IMPORT, record_id, by=by, at=at)


@verb(WRITE)
def remove_export(record_id: UUID, *, by: Actor, at: datetime) -> None:
    """Forget an export together with its file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT content ->> 'url' FROM tmf_document WHERE id = %s AND resource = 'exportJob'", [record_id])
        file = record_key(str(cursor.fetchone()[0]).rsplit("/", 1)[-1])
        cursor.execute("SELECT FROM tmf_document WHERE id = %s AND resource = 'catalogFile'", [file])
        there = cursor.fetchone() is not None
    take_away(EXPORT, record_id, by=by, at=at)
    if there:
        take_away(FILE, file, by=by, at=at)


_DONE = {"created": "creationDate", "state_attribute": "status", "required": ("url",), "view": READ}
FILE = Resource(
    name="catalogFile", type="CatalogFile", document=CatalogFile, rows=KEPT, attributes={}, view=READ, about="Files that exports left on this server", kept=True, methods=("GET",),
)
IMPORT = replace(
    task_resource("importJob", ImportJob, run=take_import, after=_later("import"), may_run=WRITE, server_set=frozenset({"errorLog", "outcome", "completionDate"}), **_DONE,  # type: ignore[arg-type]  # words of one call
                  about="Files read into the catalogue, all or nothing; only files that are sent along or stand on this server",
                  example={"url": "data:application/yaml,tax_rates%3A%20%7B%7D"}),
    methods=("GET", "POST", "DELETE"), remove=remove_import, may_remove=WRITE,
)
EXPORT = replace(
    task_resource("exportJob", ExportJob, run=take_export, after=_later("export"), may_run=WRITE, server_set=frozenset({"errorLog", "completionDate"}), **_DONE,  # type: ignore[arg-type]  # words of one call
                  about="The catalogue written to files of this server", example={"url": "catalogue.yaml", "query": ""}),
    methods=("GET", "POST", "DELETE"), remove=remove_export, may_remove=WRITE,
)
WORK.update({"import": work_import, "export": work_export})

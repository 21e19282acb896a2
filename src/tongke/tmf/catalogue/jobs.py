"""Jobs that move files of the catalogue. Nothing is ever fetched from, or sent to, an address that a sender names."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
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
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid, Refused
from tongke.kernel.verb import verb
from tongke.tmf.catalogue.job_shapes import CatalogFile, ExportJob, ImportJob
from tongke.tmf.kit.declared import Resource
from tongke.tmf.kit.errors import UnknownReference
from tongke.tmf.kit.kept import KEPT, put_down, take_away
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


class FileElsewhere(Refused):
    """A job names a file at an address that is none of this server's."""

    code = "TMF-20"
    says = _("No file is fetched from {address}")
    mend = _("Send the file itself as a data: address, or name a catalogFile of this server")
    status = 422


def import_file(document: ImportJob, *, by: Actor, at: datetime) -> Mapping[str, Any]:
    """Read the file into the catalogue; where it has errors, the job has failed and nothing was changed."""
    if document.content_type and document.content_type not in TYPES:
        raise Invalid(what=f"contentType ({', '.join(TYPES)})", field="contentType")
    text = _text(document.url or "")
    done = {"completionDate": instant_text(at), "contentType": document.content_type or YAML, "url": _named(document.url or "")}
    try:
        with transaction.atomic():
            report = services.import_catalogue(text=text, mode=document.mode or "draft", by=by, at=at)
    except CatalogueFileRefused as refused:
        log = "\n".join(f"{one.line}: {one.code} {one.message}. {one.advice}" for one in refused.problems)
        return done | {"status": "Failed", "errorLog": log[:ERROR_LENGTH_MAX]}
    entries = [{"noun": one.noun, "code": one.code, "outcome": one.outcome} | ({} if one.version is None else {"version": one.version})
               for one in report.entries]
    return done | {"status": "Succeeded", "outcome": entries}


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


def export_file(document: ExportJob, *, by: Actor, at: datetime) -> Mapping[str, Any]:
    """Write the catalogue to a file of this server and name its address."""
    codes = parse_qs(document.query or "").get("code", [])
    text = export_catalogue([code for part in codes for code in part.split(",") if code] or None, by=by, at=at)
    name = urlsplit(document.url or "").path.rsplit("/", 1)[-1][:NAME_LENGTH_MAX] or "catalogue.yaml"
    made = put_down(FILE, {"name": name, "contentType": YAML, "attachment": {"mimeType": YAML, "content": text}}, by=by, at=at)
    return {"status": "Succeeded", "completionDate": instant_text(at), "contentType": YAML, "url": f"{api_root()}/{FILES}{made}"}


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


_DONE = {"created": "creationDate", "completed": "completionDate", "state_attribute": "status", "required": ("url",), "view": READ}
FILE = Resource(
    name="catalogFile", type="CatalogFile", document=CatalogFile, rows=KEPT, attributes={}, view=READ, about="Files that exports left on this server", kept=True, methods=("GET",),
)
IMPORT = replace(
    task_resource("importJob", ImportJob, run=import_file, may_run=WRITE, server_set=frozenset({"errorLog", "outcome"}), **_DONE,  # type: ignore[arg-type]  # words of one call
                  about="Files read into the catalogue, all or nothing; only files that are sent along or stand on this server",
                  example={"url": "data:application/yaml,tax_rates%3A%20%7B%7D"}),
    methods=("GET", "POST", "DELETE"), remove=remove_import, may_remove=WRITE,
)
EXPORT = replace(
    task_resource("exportJob", ExportJob, run=export_file, may_run=WRITE, server_set=frozenset({"errorLog"}), **_DONE,  # type: ignore[arg-type]  # words of one call
                  about="The catalogue written to files of this server", example={"url": "catalogue.yaml", "query": ""}),
    methods=("GET", "POST", "DELETE"), remove=remove_export, may_remove=WRITE,
)

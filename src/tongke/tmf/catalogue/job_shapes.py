"""Official shapes of TMF620's jobs, and of the files that they leave."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tongke.tmf.kit.shapes import Entity, Instant, Shape, Text, Whole

FILE_LENGTH_MAX = 8 * 1024 * 1024
FileText = Annotated[str, StringConstraints(max_length=FILE_LENGTH_MAX, strict=True)]
JobStateType = Literal["Not Started", "Running", "Succeeded", "Failed"]


class Job(Entity):
    """A file of the catalogue that is moved in or out. It is taken when it is created and worked off in the background, in one transaction."""

    status: JobStateType | None = Field(None, description="Set by the server")
    content_type: Text | None = Field(None, description="application/yaml")
    path: Text | None = Field(None, description="What the file is of; kept")
    creation_date: Instant | None = Field(None, description="Set by the server")
    completion_date: Instant | None = Field(None, description="Set by the server")
    error_log: Text | None = Field(None, description="Every problem of the file with its line; set by the server")


class JobOutcome(Shape):
    """What became of one entry of the file."""

    noun: Text | None = None
    code: Text | None = None
    outcome: Text | None = Field(None, description="unchanged, drafted, redrafted, launched or written")
    version: Whole | None = None


class ImportJob(Job):
    """A file that is read into the catalogue: all of it or nothing."""

    url: FileText | None = Field(None, description="The file itself as a data: address, or the address of a catalogFile of this server. "
                                                   "Other addresses are never called")
    mode: Literal["draft", "dry_run", "launch"] | None = Field(None, description="Our own: draft unless said; launch takes the approval of a second person")
    outcome: list[JobOutcome] | None = Field(None, description="Our own: what became of each entry; set by the server")


class ExportJob(Job):
    """The catalogue, or a part of it, written to a file."""

    url: Text | None = Field(None, max_length=2_000, description="When creating, the wanted name of the file, which is never called; then where the file stands on this server")
    query: Text | None = Field(None, description="code=A,B: these entries and what they are made of; all where it is empty")


class FileContent(Shape):
    """What stands in a file."""

    mime_type: Text | None = None
    content: FileText | None = None


class CatalogFile(Entity):
    """A file of the catalogue that an export left on this server."""

    name: Text | None = None
    content_type: Text | None = None
    attachment: FileContent | None = None

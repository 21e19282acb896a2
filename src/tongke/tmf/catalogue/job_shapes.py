"""Official shapes of TMF620's jobs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tongke.tmf.kit.shapes import Entity, Instant, Text, Uri

JobStateType = Literal["Not Started", "Running", "Succeeded", "Failed"]


class Job(Entity):
    """A file of the catalogue, moved in or out in the background."""

    status: JobStateType | None = Field(None, description="Set by the server")
    content_type: Text | None = None
    path: Text | None = None
    url: Uri | None = None
    creation_date: Instant | None = Field(None, description="Set by the server")
    completion_date: Instant | None = Field(None, description="Set by the server")
    error_log: Text | None = Field(None, description="Set by the server")


class ImportJob(Job):
    """A file that is read into the catalogue."""


class ExportJob(Job):
    """A file that is written from the catalogue."""

    query: Text | None = None

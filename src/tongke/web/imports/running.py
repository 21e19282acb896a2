"""One import: its progress, outcome and rejected rows; stopping and resuming it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.staff import queries as staff
from tongke.exchange import queries
from tongke.exchange.rejects import reject_lines, reject_sources
from tongke.exchange.services import cancel_import
from tongke.jobs.importing import resume_in_background
from tongke.kernel import clock
from tongke.kernel.errors import NotFound
from tongke.web.imports.words import NOUNS, STATES
from tongke.web.kit.file_jobs import UNDER_WAY, progress_answer, rejects_answer, state_of
from tongke.web.kit.layout import toast
from tongke.web.kit.page import Page, go

PERMISSION = "party.import"
REJECTS_SHOWN = 50


class ImportPage(Page):
    """How an import stands or ended."""

    permission, template = PERMISSION, "imports/import.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """The job, its sums and records, the first rejects and the files of all of them."""
        del request
        job, outcome = queries.import_seen(UUID(str(kwargs["job_id"])), by=self.actor)
        return {
            "title": job.title, "who": staff.names_signed([job.actor])[job.actor], "noun_words": NOUNS, "job": job, "outcome": outcome, "running": job.state in UNDER_WAY,
            "state": state_of(job, STATES),
            "rejects": queries.rejects_of(job.id, limit=REJECTS_SHOWN, by=self.actor) if job.rejected else [],
            "kinds": queries.reject_kinds(job.id, by=self.actor) if job.rejected else [],
            "reject_files": reject_sources(job_id=job.id, by=self.actor) if job.rejected else [],
            "can_resume": job.state in ("failed", "cancelled") and not job.dry_run,
            "files": list(job.parameters.get("names", {}).values()),
        }


class ImportProgress(Page):
    """Progress as JSON, for the progress bar."""

    permission = PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer as JSON."""
        del request
        job, _outcome = queries.import_seen(UUID(str(kwargs["job_id"])), by=self.actor)
        return progress_answer(job, reverse("import", args=[job.id]), STATES)


class CancelImport(Page):
    """Stops an import after its present chunk."""

    permission = PERMISSION

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Ask it to stop."""
        job_id = UUID(str(kwargs["job_id"]))
        cancel_import(job_id=job_id, by=self.actor, at=clock.now())
        toast(request, _("The import stops after the rows it is working on"), kind="info")
        return go(request, reverse("import", args=[job_id]))


class ResumeImport(Page):
    """Lets an interrupted import go on."""

    permission = PERMISSION

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Put it into the queue again."""
        job_id = UUID(str(kwargs["job_id"]))
        resume_in_background(job_id=job_id, by=self.actor)
        return go(request, reverse("import", args=[job_id]))


class RejectFile(Page):
    """The rejected rows of one file as CSV, to be corrected and loaded again."""

    permission = PERMISSION

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Stream the file."""
        job_id = UUID(str(kwargs["job_id"]))
        sources = reject_sources(job_id=job_id, by=self.actor)
        source = request.GET.get("source") or (sources[0] if sources else "")
        if source not in sources:
            raise NotFound
        return rejects_answer(reject_lines(job_id=job_id, source=source, by=self.actor), f"{source.rpartition('.')[0] or source}.rejects.csv")

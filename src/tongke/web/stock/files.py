"""Suppliers' files: uploaded with a trial run if one likes, received by the worker, the rows that were not taken to be mended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import services
from tongke.areas.resource.queries import stock_files as files
from tongke.jobs.kept_files import KINDS
from tongke.jobs.stock_files import begin_stock_file
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.kit import (
    Ago,
    Button,
    ChoiceFilter,
    Empty,
    FileField,
    FormPage,
    KitForm,
    Link,
    Number,
    Page,
    Signed,
    State,
    YesNo,
    go,
    toast,
)
from tongke.web.kit.file_jobs import STATES, TONES, UNDER_WAY, progress_answer, rejects_answer, state_of
from tongke.web.stock.frame import MOVE, StockList, StockPage

Data = dict[str, Any]
SHOWN = 200
BYTES_MAX = 100 * 1024 * 1024


class StockFiles(StockList):
    """Every supplier's file in scope, the newest first."""

    name, title, permission = "stock-files", _("Deliveries by file"), MOVE
    subtitle = _("Every row is received or explained")
    rows = files.stock_jobs
    sort = "-created_at"
    columns = (
        Link(key="title", label=_("File"), to=lambda j: reverse("stock-file", args=[j.id])), State(key="state", label=_("State"), labels=STATES, tones=TONES),
        YesNo(key="dry_run", label=_("Trial run")), Number(key="total", label=_("Rows")), Number(key="created", label=_("Received")),
        Number(key="rejected", label=_("Not taken")), Signed(key="actor", label=_("By")), Ago(key="created_at", label=_("Begun"), sort="created_at"),
    )
    filters = (ChoiceFilter(key="state", label=_("State"), choices=list(STATES.items()), primary=True),)
    empty = Empty(says=_("No file yet"), mend=_("A supplier's file with model, stock place and serial is enough"), icon="file-import", action=_("Receive from a file"),
                  address="/stock/receive/file", permission=MOVE)
    buttons = (Button(label=_("Receive from a file"), address="/stock/receive/file", icon="upload", permission=MOVE),)


class FileForm(KitForm):
    """Which file."""

    file = FileField(label=_("Supplier's file"), accept=",".join(KINDS), bytes_max=BYTES_MAX,
                     help_text=_("CSV, XLSX or Parquet with a first line of column names: model, stock_place, serial, and where there is one imsi, imei2, mac, eid, activation_code, delivery_no"))
    dry_run = forms.BooleanField(label=_("Trial run: tell what would be refused, change nothing"), required=False)


class NewStockFile(FormPage):
    """Upload a file."""

    name, title, permission, form, template = "stock-receive-file", _("Receive from a file"), MOVE, FileForm, "stock/form.html"
    submit, done = _("Receive"), _("The file is being worked through")

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the list."""
        del kwargs
        return reverse("stock-files")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Begin the job."""
        del at, kwargs
        return reverse("stock-file", args=[begin_stock_file(file=data["file"], dry_run=data["dry_run"], by=by)])


class StockFilePage(StockPage):
    """How a file stands, and what was not taken."""

    permission, template = MOVE, "stock/file.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the job with the first rows that were not taken."""
        del request
        job = files.stock_job(kwargs["job_id"], by=self.actor)
        return self.get_context(
            title=job.title, job=job, state=state_of(job), running=job.state in UNDER_WAY, shown=SHOWN,
            rejects=files.stock_rejects(job.id, limit=SHOWN, by=self.actor), crumbs=[(_("Stock"), reverse("stock")), (_("Deliveries by file"), reverse("stock-files"))])


class StockFileProgress(Page):
    """How far a file is, for its bar."""

    permission = MOVE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer as JSON."""
        del request
        job = files.stock_job(kwargs["job_id"], by=self.actor)
        return progress_answer(job, reverse("stock-file", args=[job.id]))


class StockFileRejects(Page):
    """The rows that were not taken as a file, to be mended and given again."""

    permission = MOVE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Stream it."""
        del request
        job = files.stock_job(kwargs["job_id"], by=self.actor)
        return rejects_answer(files.stock_reject_lines(job.id, by=self.actor), "stock.rejects.csv")


class StopStockFile(Page):
    """Ends a file's work after the rows that it is at."""

    permission = MOVE

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Stop it."""
        services.stop_stock_job(job_id=kwargs["job_id"], by=self.actor, at=clock.now())
        toast(request, _now("What was received stays received; the rest is not begun"), kind="info")
        return go(request, reverse("stock-file", args=[kwargs["job_id"]]))

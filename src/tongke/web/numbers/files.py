"""Numbers by file: upload with a trial run first, how a job stands, and the rows that were refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.jobs.kept_files import KINDS
from tongke.jobs.number_files import begin_number_file, go_on_with_number_file
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import (
    Ago,
    Button,
    ChoiceFilter,
    Empty,
    FileField,
    FormPage,
    KitForm,
    Link,
    ListPage,
    Number,
    Page,
    Signed,
    State,
    Text,
    YesNo,
    go,
    toast,
)
from tongke.web.kit.file_jobs import STATES, TONES, UNDER_WAY, progress_answer, rejects_answer, state_of
from tongke.web.numbers.navigation import RUN
from tongke.web.numbers.words import grade_choices

Data = dict[str, Any]
SHOWN = 100
BYTES_MAX = 50 * 1024 * 1024
# The words are those of ``tongke.exchange.number_files.ACTIONS``, which is not imported here for the weight of its readers: a test compares the two.
ACTIONS: dict[str, Any] = {
    "enter": _("Enter numbers"), "move": _("Move numbers to a pool"), "grade": _("Grade numbers by hand"), "block": _("Block numbers"), "unblock": _("Unblock numbers"),
    "reserve": _("Keep numbers back"), "unreserve": _("Give kept numbers back"), "release": _("Give numbers up"), "blocks": _("Record blocks of numbers"),
}


def action_words(job: Any) -> Any:
    """Return what a job does, in words."""
    action = job.parameters.get("action", "")
    return ACTIONS.get(action, action)


class NumberFiles(ListPage):
    """Every file of numbers in scope, the newest first."""

    name, title, permission = "number-files", _("Numbers by file"), RUN
    subtitle = _("Every row is done or explained; a trial run changes nothing")
    rows = queries.number_jobs
    sort = "-created_at"
    columns = (
        Link(key="title", label=_("File"), to=lambda j: reverse("number-file", args=[j.id]), value=lambda j: j.title.partition(": ")[2] or j.title),
        Text(key="action", label=_("What"), value=action_words), State(key="state", label=_("State"), labels=STATES, tones=TONES),
        YesNo(key="dry_run", label=_("Trial run")), Number(key="total", label=_("Rows")), Number(key="done", label=_("Done"), value=lambda j: j.read - j.rejected),
        Number(key="rejected", label=_("Refused rows")), Signed(key="actor", label=_("By")), Ago(key="created_at", label=_("Begun"), sort="created_at"),
    )
    filters = (ChoiceFilter(key="state", label=_("State"), choices=list(STATES.items()), primary=True),)
    empty = Empty(says=_("No file yet"), mend=_("A column “number” is enough; pool, grade and reason may stand beside it or hold for all rows"), icon="file-spreadsheet",
                  action=_("Upload a file"), address="/numbers/files/new")
    buttons = (Button(label=_("Upload a file"), address="/numbers/files/new", permission=RUN, icon="upload"),)


class NumberFileForm(KitForm):
    """Which file, what to do, and what holds for every row."""

    sections = ((_("File"), ("file", "action", "dry_run")), (_("For every row that does not say otherwise"), ("pool", "grade", "reason")))
    file = FileField(label=_("File"), accept=",".join(KINDS), bytes_max=BYTES_MAX, help_text=_("CSV, XLSX or Parquet; the first line names the columns: number, pool, grade, reason, penalty"))
    action = forms.ChoiceField(label=_("What shall be done?"), choices=list(ACTIONS.items()))
    dry_run = forms.BooleanField(label=_("Trial run: tell what would be refused, change nothing"), required=False, initial=True)
    pool = forms.ChoiceField(label=_("Pool"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pools = [(p.code, f"{p.code} · {p.name_zh}") for p in queries.pools_visible_to(by) if p.valid_until is None]
        self.fields["pool"].choices = [("", "–"), *pools]  # type: ignore[attr-defined]  # a choice field
        self.fields["grade"].choices = [("", "–"), *grade_choices(by)]  # type: ignore[attr-defined]  # a choice field


class NewNumberFile(FormPage):
    """Upload a file."""

    name, title, permission, form, template = "number-file-new", _("Upload a file"), RUN, NumberFileForm, "numbers/plain_form.html"
    submit, done = _("Begin"), _("The file is being worked through")

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Lead back."""
        del request, kwargs
        return {"crumbs": [(_("Numbers by file"), reverse("number-files"))]}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer pools and grades."""
        del kwargs
        return {"by": self.actor}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the list."""
        del kwargs
        return reverse("number-files")

    def save(self, data: Data, *, by: Actor, at: datetime, **kwargs: Any) -> str:
        """Begin the job."""
        del at, kwargs
        everywhere = {name: data[name] for name in ("pool", "grade", "reason") if data[name]}
        job = begin_number_file(action=data["action"], file=data["file"], everywhere=everywhere, dry_run=data["dry_run"], by=by)
        return reverse("number-file", args=[job])


class NumberFilePage(Page):
    """How a file stands, and what was refused."""

    permission, template = RUN, "numbers/file.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the job with the first refused rows."""
        del request
        job = queries.number_job(kwargs["job_id"], by=self.actor)
        return {
            "title": action_words(job), "job": job, "file": job.title.partition(": ")[2], "state": state_of(job),
            "running": job.state in UNDER_WAY, "may_stop": job.state in ("waiting", "running"),
            "may_go_on": job.state in ("failed", "cancelled") and not job.dry_run and bool(job.parameters.get("kept")),
            "rejects": queries.number_rejects(job.id, limit=SHOWN, by=self.actor), "shown": SHOWN,
            "crumbs": [(_("Numbers by file"), reverse("number-files"))],
        }


class NumberFileAct(Page):
    """Stop a file that is being worked through, or let one go on."""

    permission = RUN

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it and show the file again."""
        job_id, at = kwargs["job_id"], clock.now()
        if kwargs["deed"] == "stop":
            done = services.stop_number_job(job_id=job_id, by=self.actor, at=at)
            said = _("The file stops after the rows it is at") if done else _("It was through already")
        elif kwargs["deed"] == "resume":
            done = go_on_with_number_file(job_id, by=self.actor)
            said = _("The file goes on where it stopped") if done else _("It cannot go on: upload the file once more")
        else:
            raise NotFound(field="deed")
        toast(request, said, kind="success" if done else "warning")
        return go(request, reverse("number-file", args=[job_id]))


class NumberFileProgress(Page):
    """How far a file is, for its bar."""

    permission = RUN

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer as JSON."""
        del request
        job = queries.number_job(kwargs["job_id"], by=self.actor)
        return progress_answer(job, reverse("number-file", args=[job.id]))


class NumberFileRejects(Page):
    """The refused rows as a file."""

    permission = RUN

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Stream it."""
        del request
        job = queries.number_job(kwargs["job_id"], by=self.actor)
        return rejects_answer(queries.number_reject_lines(job.id, by=self.actor), "numbers.rejects.csv")

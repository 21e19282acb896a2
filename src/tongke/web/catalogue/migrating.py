"""Moving customers' products to another version by list: what would change, the approval, how a run stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board
from tongke.areas.catalogue.states import DRAFTS, LifeCycle
from tongke.areas.inventory.queries import migrating as reads
from tongke.areas.inventory.queries.installed import products_named
from tongke.areas.inventory.services import migrating as verbs
from tongke.areas.staff import queries as staff
from tongke.areas.staff.states import ApprovalState
from tongke.jobs.migrating import begin_migration
from tongke.kernel import clock
from tongke.kernel.errors import NotFound, Refused
from tongke.kernel.rules import Broken
from tongke.web.catalogue import forms
from tongke.web.catalogue.moving import newest_request
from tongke.web.kit import KitForm, Page, file_jobs, formatting, go, render, toast
from tongke.web.kit.export import safe_cell
from tongke.web.kit.file_jobs import progress_answer, rejects_answer, state_of
from tongke.web.kit.refusals import lines_of

Data = dict[str, Any]
SHOWN_MAX = 100
# A run waits for a second person, not for the worker.
STATES: dict[str, Any] = {**file_jobs.STATES, "waiting": _("waits for approval")}


class MigrationForm(KitForm):
    """From which offer, to which version, which products."""

    from_code = forms.choice(_("Products of"), (), required=True)
    to_offering = forms.choice(_("To the version"), (), required=True)
    listed = django_forms.CharField(label=_("Which"), required=False, max_length=4_000_000, widget=django_forms.Textarea(attrs={"rows": 6}),
                                    help_text=_("Service numbers or product ids, one a line; empty: all that are not of that version yet"))
    keeps_contracts = forms.flag(_("Running contracts go on as they are"), initial=True)
    reason = forms.text(_("Reason"), 1000, required=True, rows=2)

    def __init__(self, *args: Any, offers: Any = (), targets: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "from_code", [("", "–"), *offers])
        forms.offer(self, "to_offering", [("", "–"), *targets])


def told_together(changes: Iterable[Any]) -> list[tuple[Broken, int, bool]]:
    """Return each rule that stands against some products, told as for the first of them, for how many, and whether for all alike."""
    found: dict[str, list[Broken]] = {}
    for broken in (one for change in changes for one in change.reasons):
        found.setdefault(broken.code, []).append(broken)
    told = [(alike[0], len(alike), len({broken.message for broken in alike}) == 1) for alike in found.values()]
    return sorted(told, key=lambda one: -one[1])


class Migrations(Page):
    """Planning a migration with its preview, and the runs so far."""

    title, permission, template = _("Version migration"), "inventory.view", "catalogue/migrations.html"

    def form(self, data: Any = None, **options: Any) -> MigrationForm:
        """Return the form: offers, and every version that was or is sold."""
        offers = [(o.code, f"{formatting.name(o)} · {o.code}") for o in board.offerings_board(self.actor).order_by("code")]
        code = (data or options.get("initial") or {}).get("from_code", "")
        sold = [v for v in board.versions_of(code, by=self.actor) if v.state not in (*DRAFTS, LifeCycle.REJECTED)] if code else []
        others = [o for o in board.offerings_board(self.actor).order_by("code") if o.state == LifeCycle.LAUNCHED and o.code != code]
        targets = [(str(v.id), f"{formatting.name(v)} · {v.code} v{v.version}") for v in [*sold, *others]]
        return MigrationForm(data, offers=offers, targets=targets, **options)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the form and the runs."""
        del kwargs
        return self.answer(self.form(initial={"from_code": request.GET.get("from", ""), "to_offering": request.GET.get("to", ""), "keeps_contracts": True}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show what would change, or plan it and ask a second person."""
        del kwargs
        form = self.form(request.POST)
        if not form.is_valid():
            return self.answer(form, status=422)
        data, at = form.cleaned_data, clock.now()
        try:
            found = self.listed(data)
            if request.POST.get("step") == "plan":
                job = verbs.plan_migration(
                    product_ids=found.products, to_offering_id=UUID(data["to_offering"]), keeps_contracts=data["keeps_contracts"], reason=data["reason"],
                    org_id=self.actor.base_org_id or 1, by=self.actor, at=at)
                toast(request, _("Asked: a second person decides, then you let it run here"))
                return go(request, reverse("catalogue-migration", args=[job]))
            changes = reads.migration_preview(found.products[:SHOWN_MAX], UUID(data["to_offering"]), keeps_contracts=data["keeps_contracts"], by=self.actor, at=at)
        except Refused as fault:
            return self.answer(form, lines=lines_of(fault), status=422)
        held = products_named([change.product_id for change in changes], by=self.actor)
        return self.answer(form, preview=True, changes=changes, held=held, count=len(found.products), unread=found.unread[:SHOWN_MAX], reasons=told_together(changes))

    def listed(self, data: Data) -> reads.Listed:
        """Return the products that are meant: the list's, else all of the offer that are not of the version yet."""
        if data["listed"].strip():
            return reads.products_listed(data["listed"], data["from_code"], by=self.actor)
        ids = [v.id for v in board.versions_of(data["from_code"], by=self.actor) if str(v.id) != data["to_offering"]]
        return reads.Listed(products=tuple(p for one in ids for p in reads.products_of_version(one, by=self.actor)), unread=())

    def answer(self, form: MigrationForm, *, status: int = 200, **shown: Any) -> HttpResponseBase:
        """Render the page."""
        context = {"lines": [], "preview": False, "changes": [], "held": {}, "count": 0, "unread": (), "reasons": [], **shown}
        jobs = list(reads.migration_jobs(by=self.actor))[:SHOWN_MAX]
        return render(self.request, self.template, {
            "title": self.title, "form": form, "subtitle": _("Customers keep their version unless they are moved, by list and with a second person"), "states": STATES, "state_of": state_of,
            "jobs": jobs, "people": staff.names_signed(job.actor for job in jobs), "may_plan": self.actor.may("inventory.migrate"), "shown_max": SHOWN_MAX, **context,
        }, status=status)


class Migration(Page):
    """One run: how it stands, what was left as it is, and taking it back."""

    permission, template = "inventory.view", "catalogue/migration.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the run and its rejects."""
        del request
        job = reads.migration_job(kwargs["job_id"], by=self.actor)
        rejects = reads.migration_rejects(job.id, by=self.actor)[:SHOWN_MAX]
        asked = newest_request(reads.KIND, "job_id", job.id, by=self.actor, org_id=job.org_id) if job.state == "waiting" else None
        approved = asked is not None and asked.state == ApprovalState.APPROVED
        return {
            "title": job.title, "job": job, "state": (ApprovalState.APPROVED.label, "info") if approved else state_of(job, STATES),
            "asked": asked, "approved": approved, "waits": asked is not None and asked.state == ApprovalState.REQUESTED and asked.expires_at > clock.now(),
            "rejects": rejects, "held": {str(key): product for key, product in products_named([UUID(row.value) for row in rejects], by=self.actor).items()},
            "crumbs": [(_("Version migration"), reverse("catalogue-migrations"))], "may_act": self.actor.may("inventory.migrate"), "people": staff.names_signed([job.actor]),
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Let it run, stop it, or plan to take it back."""
        job_id, step, at = kwargs["job_id"], request.POST.get("step", ""), clock.now()
        if step == "run":
            begin_migration(job_id=job_id, by=self.actor)
        elif step == "cancel":
            verbs.cancel_migration(job_id=job_id, by=self.actor, at=at)
        elif step == "reverse":
            job_id = verbs.reverse_migration(job_id=job_id, reason=request.POST.get("reason", "")[:1000], by=self.actor, at=at)
        else:
            raise NotFound(field="step")
        toast(request, _("Saved"))
        return go(request, reverse("catalogue-migration", args=[job_id]))


class MigrationProgress(Page):
    """How far a run is, for its bar."""

    permission = "inventory.view"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Answer as JSON."""
        del request
        job = reads.migration_job(kwargs["job_id"], by=self.actor)
        return progress_answer(job, reverse("catalogue-migration", args=[job.id]), STATES)


class MigrationRejects(Page):
    """The products that were left as they are, as a list to mend and give again."""

    permission = "inventory.view"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Give the file."""
        del request
        rows = reads.migration_rejects(kwargs["job_id"], by=self.actor)
        for row in rows:
            row.reason, row.mend = str(safe_cell(row.reason)), str(safe_cell(row.mend))
        return rejects_answer([reads.rejects_as_csv(rows)], "products.rejects.csv")

"""The catalogue as a file: downloaded, held against what stands, and taken over as drafts or launched after approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.errors import CatalogueFileRefused
from tongke.areas.catalogue.queries import exporting
from tongke.areas.catalogue.services import importing
from tongke.kernel import clock
from tongke.kernel.errors import Refused
from tongke.web.catalogue.comparing import blocks_of
from tongke.web.kit import FileField, KitForm, Page, formatting, go, render, toast
from tongke.web.kit.refusals import lines_of

Data = dict[str, Any]
FILE_BYTES_MAX = 5 * 1024 * 1024
SHOWN_MAX = 200
NOUNS: dict[str, Any] = {
    "tax_rates": _("Tax rates"), "specifications": _("Specifications"), "offerings": _("Product offers"), "catalogues": _("Catalogues"), "categories": _("Categories"),
    "price_lists": _("Price lists"), "rules": _("Rules"), "promotions": _("Promotions"),
}
OUTCOMES: dict[str, tuple[Any, str]] = {
    "drafted": (_("a new draft"), "info"), "redrafted": (_("its draft changes"), "info"), "launched": (_("is launched"), "good"), "written": (_("is written"), "good"),
    "unchanged": (_("unchanged"), "off"),
}


class UploadForm(KitForm):
    """Which file."""

    file = FileField(label=_("Catalogue file"), accept=".yaml,.yml", bytes_max=FILE_BYTES_MAX, help_text=_("The file that is downloaded here, changed by hand or kept in git"))


class CatalogueFile(Page):
    """Upload, findings or preview, and taking over."""

    title, permission, template = _("Catalogue file"), "catalogue.view", "catalogue/file.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the upload and the download."""
        del request, kwargs
        return self.answer(UploadForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Hold the file against the catalogue, or take over what was shown."""
        del kwargs
        self.actor.require("catalogue.design")
        text = request.POST.get("text", "").replace("\r\n", "\n")
        step = request.POST.get("step", "")
        if not text:
            form = UploadForm(request.POST, request.FILES)
            if not form.is_valid():
                return self.answer(form, status=422)
            text = form.cleaned_data["file"].read().decode("utf-8-sig", "replace").replace("\r\n", "\n")
        try:
            return self.taken(step, text) if step in {"draft", "launch", "ask"} else self.preview(text)
        except CatalogueFileRefused as fault:
            return self.answer(UploadForm(), problems=fault.problems[:SHOWN_MAX], problem_count=len(fault.problems), text=text, status=422)
        except Refused as fault:
            return self.preview(text, lines=lines_of(fault), status=fault.status if fault.status in {403, 404} else 422)

    def preview(self, text: str, *, lines: Sequence[Data] = (), status: int = 200) -> HttpResponseBase:
        """Show what the file would change; raises ``CatalogueFileRefused``."""
        report = importing.import_catalogue(text=text, mode="dry_run", by=self.actor, at=clock.now())
        entries = [{
            "noun": NOUNS.get(entry.noun, entry.noun), "code": entry.code, "line": entry.line, "outcome": OUTCOMES[entry.outcome], "version": entry.version,
            "count": len(entry.differences), "blocks": blocks_of(entry.differences),
        } for entry in report.changed[:SHOWN_MAX]]
        return self.answer(UploadForm(), entries=entries, changed=len(report.changed), unchanged=len(report.entries) - len(report.changed), text=text,
                           shown=True, lines=list(lines), status=status)

    def taken(self, step: str, text: str) -> HttpResponseBase:
        """Take the file over: as drafts, launched, or asked for."""
        at = clock.now()
        if step == "ask":
            asked = importing.request_import_approval(text=text, org_id=self.actor.base_org_id or 1, reason=self.request.POST.get("reason", "")[:1000], by=self.actor, at=at)
            toast(self.request, _("Asked: a second person decides. Then give the same file again and launch it"))
            return go(self.request, f"/approvals/{asked}")
        report = importing.import_catalogue(text=text, mode=step, by=self.actor, at=at)  # type: ignore[arg-type]  # one of the modes by the caller's check
        words = _("%(n)s entries were taken over as drafts") if step == "draft" else _("%(n)s entries are in force")
        toast(self.request, str(words) % {"n": len(report.changed)})
        return go(self.request, reverse("catalogue"))

    def answer(self, form: UploadForm, *, status: int = 200, **shown: Any) -> HttpResponseBase:
        """Render the page."""
        context = {"problems": (), "problem_count": 0, "entries": [], "changed": 0, "unchanged": 0, "text": "", "shown": False, "lines": [], **shown}
        return render(self.request, self.template, {
            "title": self.title, "form": form, "subtitle": _("A file with any error changes nothing"), "may_take": self.actor.may("catalogue.design"),
            "may_launch": self.actor.may("catalogue.publish"), **context,
        }, status=status)


class CatalogueDownload(Page):
    """The whole catalogue, or the entries named, as a file."""

    permission = "catalogue.view"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Give the file."""
        del kwargs
        at = clock.now()
        codes = [code for code in request.GET.getlist("code") if code][:SHOWN_MAX]
        text = exporting.export_catalogue(codes or None, by=self.actor, at=at)
        answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="catalogue-{formatting.day(at)}.yaml"'
        answer["Cache-Control"] = "no-store"
        return answer

"""The list of imports, the upload form and the preview."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.exchange import queries, uploads
from tongke.exchange.files import assign_files
from tongke.exchange.preview import PreviewFlow, preview
from tongke.jobs.importing import ask_for_import
from tongke.kernel import clock
from tongke.kernel.errors import Refused
from tongke.web.imports.fields import field_words, value_words
from tongke.web.imports.words import NOUNS, STATES
from tongke.web.kit.columns import Ago, Link, Number, State, Text, YesNo
from tongke.web.kit.file_jobs import TONES
from tongke.web.kit.filters import ChoiceFilter
from tongke.web.kit.forms import FormPage
from tongke.web.kit.listing import Button, Empty, ListPage
from tongke.web.kit.page import Page, go, render
from tongke.web.kit.refusals import lines_of
from tongke.web.kit.signed import Signed
from tongke.web.kit.widgets import FileField, KitForm

PERMISSION = "party.import"
FILE_BYTES_MAX = 2 * 1024**3
OWN_MAPPING = ""


class Imports(ListPage):
    """Every import within the actor's scope, the newest first."""

    name, title, permission = "imports", _("Imports"), PERMISSION
    subtitle = _("Files of customers and what they have. Every row is either in or explained.")
    rows = queries.imports_visible_to
    sort = "-created_at"
    columns = (
        Link(key="title", label=_("Import"), to=lambda job: f"/imports/{job.id}", value=lambda job: job.title),
        Text(key="source", label=_("Source"), value=lambda job: job.parameters.get("source", "")),
        State(key="state", label=_("State"), labels=STATES, tones=TONES),
        YesNo(key="dry_run", label=_("Dry run"), hidden=True),
        Number(key="read", label=_("Rows read")),
        Number(key="created", label=_("Created")),
        Number(key="updated", label=_("Updated")),
        Number(key="rejected", label=_("Rejected")),
        Signed(key="actor", label=_("By")),
        Ago(key="created_at", label=_("Started"), sort="created_at"),
    )
    filters = (ChoiceFilter(key="state", label=_("State"), choices=list(STATES.items()), primary=True),)
    empty = Empty(says=_("No file has been loaded yet"), mend=_("Upload an export of another system; a mapping says what its columns mean."),
                  icon="file-import", action=_("Load files"), address="/imports/new")
    buttons = (Button(label=_("Load files"), address="/imports/new", permission=PERMISSION, icon="upload", primary=True),)


class ManyFiles(FileField):
    """Several files at once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget = FileInput(attrs={"accept": kwargs.get("accept", ""), "data-drop": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the uploaded files."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
        return [super(ManyFiles, self).clean(file, initial) for file in given]


class FileInput(forms.FileInput):
    """The browser's own choice of several files."""

    allow_multiple_selected = True


class UploadForm(KitForm):
    """Which files, over which mapping, for whom."""

    tables = ManyFiles(label=_("Files"), accept=".csv,.tsv,.txt,.xlsx,.parquet", bytes_max=FILE_BYTES_MAX,
                      help_text=_("CSV, XLSX or Parquet; encoding and delimiter are found out"))
    mapping = forms.ChoiceField(label=_("Mapping"), required=False, help_text=_("What the columns mean"))
    own_mapping = FileField(label=_("Own mapping"), required=False, accept=".toml", bytes_max=1_000_000,
                            help_text=_("A TOML file, instead of one of the list"))
    org_id = forms.TypedChoiceField(label=_("Organisation"), required=False, coerce=int, empty_value=None,
                                    help_text=_("Whose the rows are, unless they name their own"))
    source = forms.SlugField(label=_("Source system"), required=False, max_length=40, help_text=_("Whose keys these are; else the mapping's"))

    def __init__(self, *args: Any, orgs: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapping"].choices = [(OWN_MAPPING, _("Own mapping")), *queries.mapping_choices()]  # type: ignore[attr-defined]  # the stubs know a field, not of which kind
        self.fields["org_id"].choices = [("", "–"), *orgs]  # type: ignore[attr-defined]  # the stubs know a field, not of which kind

    def clean(self) -> dict[str, Any]:
        """A mapping is chosen or brought along."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not found.get("mapping") and not found.get("own_mapping"):
            self.add_error("mapping", _("Choose a mapping, or upload one"))
        return found


class NewImport(FormPage):
    """Upload files and choose their mapping."""

    title, permission, form = _("Load files"), PERMISSION, UploadForm
    submit, done = _("Show what would be loaded"), ""
    intro = _("Nothing is loaded yet: the next page shows the first rows as they would be taken.")

    def form_options(self, **kwargs: Any) -> dict[str, Any]:
        """The organisations of the actor's scope."""
        del kwargs
        return {"orgs": queries.org_choices(self.actor)}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return reverse("imports")

    def save(self, data: dict[str, Any], *, by: Any, at: Any, **kwargs: Any) -> str:
        """Keep the files and go to their preview."""
        del at, kwargs
        own = data.get("own_mapping")
        text = own.read().decode("utf-8-sig", "replace") if own else None
        upload = uploads.keep_upload(
            files=data["tables"], mapping_name=own.name if own else data["mapping"], mapping_text=text, source=data["source"],
            org_id=data["org_id"], by=by)
        kept = uploads.kept_upload(upload, by=by)
        assign_files(kept.mapping.mapping, _named(kept))
        return reverse("import-preview", args=[upload])


def _named(kept: uploads.KeptUpload) -> list[str]:
    """Return the files as ``SOURCE=FILE`` where their own names say which source they are, else by themselves."""
    words, taken = [], set()
    for name, path in kept.files.items():
        source = next((s for s, spec in kept.mapping.mapping.sources.items()
                       if s not in taken and any(fnmatch(name.casefold(), p.casefold()) for p in spec.files)), None)
        taken.add(source)
        words.append(f"{source}={path}" if source else str(path))
    return words


class Preview(Page):
    """The first rows as mapped, with problems; from here the import is tried out or started."""

    title, permission, template = _("Preview"), PERMISSION, "imports/preview.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the preview, or why there is none."""
        del request
        kept = uploads.kept_upload(UUID(str(kwargs["upload_id"])), by=self.actor)
        flows: Sequence[PreviewFlow] = ()
        lines: list[dict[str, str]] = []
        try:
            flows = preview(files=_named(kept), mapping=kept.mapping, org_id=kept.org_id or self._own_org(kept), by=self.actor, at=clock.now())
        except Refused as fault:
            lines = lines_of(fault)
        return self.answer(kept, flows, lines)

    def answer(self, kept: uploads.KeptUpload, flows: Sequence[PreviewFlow], lines: list[dict[str, str]], *, status: int = 200) -> HttpResponseBase:
        """Render the page."""
        return render(self.request, self.template, {
            "title": self.title, "kept": kept, "flows": flows, "lines": lines, "noun_words": NOUNS, "field_words": field_words, "value_words": value_words}, status=status)

    def _own_org(self, kept: uploads.KeptUpload) -> int | None:
        return kept.mapping.mapping.mapping.org or (self.actor.org_id if self.actor.scope is not None else None)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Start the import, or its dry run, in the background."""
        kept = uploads.kept_upload(UUID(str(kwargs["upload_id"])), by=self.actor)
        words = _named(kept)
        shown = {source: path.name[3:] for source, path in assign_files(kept.mapping.mapping, words).items()}
        try:
            job = ask_for_import(
                files=words, names=shown, mapping=kept.mapping, source=kept.source, org_id=kept.org_id,
                dry_run=request.POST.get("dry_run") == "1", by=self.actor)
        except Refused as fault:
            return self.answer(kept, (), lines_of(fault), status=422)
        return go(request, reverse("import", args=[job]))

"""The categories of the catalogue: their tree, and the form that adds one, renames it or puts it elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import contents
from tongke.areas.catalogue.services import shelves, shelving
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.errors import NotFound
from tongke.web.catalogue import forms
from tongke.web.kit import FormPage, KitForm, Page, formatting, go, toast

Data = dict[str, Any]
ROOT = "catalogue:"
"""Before the code of a catalogue, where a category stands directly in it."""


def lines_of_tree() -> list[Data]:
    """Return every catalogue (depth 0) followed by its categories in order, each with its ``depth``."""
    roots, branches = contents.tree()
    below: dict[tuple[str, str | None], list[str]] = {}
    for code, said in sorted(branches.items(), key=lambda found: (found[1].position, found[0])):
        below.setdefault((said.catalogue, said.parent), []).append(code)
    out: list[Data] = []

    def walk(catalogue: str, parent: str | None, depth: int) -> None:
        for code in below.get((catalogue, parent), ()):
            out.append({"code": code, "said": branches[code], "depth": depth})
            walk(catalogue, code, depth + 1)

    for code, said in roots.items():
        out.append({"code": code, "said": said, "depth": 0})
        walk(code, None, 1)
    return out


def places(without: str = "") -> list[tuple[str, str]]:
    """Return where a category may stand, indented by depth; ``without`` leaves out a category and what is below it."""
    out: list[tuple[str, str]] = []
    left_out: int | None = None
    for line in lines_of_tree():
        if left_out is not None and line["depth"] > left_out:
            continue
        left_out = line["depth"] if line["depth"] and line["code"] == without else None
        if left_out is None:
            out.append((line["code"] if line["depth"] else f"{ROOT}{line['code']}", "\N{EM SPACE}" * line["depth"] + formatting.name(line["said"])))
    return out


class Categories(Page):
    """The tree with what may be done to each category."""

    title, permission, template = _("Categories"), "catalogue.design", "catalogue/categories.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the lines of the tree; who may not change one sees it."""
        del request, kwargs
        lines = lines_of_tree()
        parents = {line["said"].parent for line in lines if line["depth"]}
        rooted = {line["said"].catalogue for line in lines if line["depth"]}
        for line in lines:
            line["mine"] = self.actor.sees(line["said"].org_id)
            line["bare"] = not line["said"].offerings and line["code"] not in parents if line["depth"] else line["code"] not in rooted
            line["org"] = staff.org_name(line["said"].org_id)
            line["below"] = line["code"] if line["depth"] else f"{ROOT}{line['code']}"
        return {"lines": lines, "crumbs": [(_("Catalogue"), reverse("catalogue"))],
                "subtitle": _("How offers are found: what is changed here holds at once; an offer's own page says in which categories it stands")}


class CategoryForm(KitForm):
    """A category."""

    sections = ((_("Category"), ("code", "name_zh", "name_en")), (_("Place among the categories"), ("place", "position")), (_("Description"), ("description_zh", "description_en")))
    code = forms.code()
    name_zh = forms.text(_("Chinese name"), 100, required=True)
    name_en = forms.text(_("English name"), 100, required=True)
    place = forms.choice(_("Stands below"), (), required=True, empty=None)
    position = forms.whole(_("Position"), most=10_000, help_text=_("Among its neighbours: the lowest number stands first"))
    description_zh = forms.text(_("Chinese description"), 4000, rows=2)
    description_en = forms.text(_("English description"), 4000, rows=2)

    def __init__(self, *args: Any, where: Sequence[tuple[str, str]] = (), known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "place", where)
        if known:
            del self.fields["code"]


class OfShelf(Page):
    """A page about a catalogue or a category (``noun``): a new one, or the one whose code the address names."""

    noun: ClassVar[str]

    @property
    def known(self) -> Any:
        """What it says; ``None`` for a new one. Raises ``NotFound`` for one that is not known or belongs to others."""
        if "code" not in self.kwargs:
            return None
        roots, branches = contents.tree()
        found = (roots if self.noun == "catalogues" else branches).get(self.kwargs["code"])
        if found is None or not self.actor.sees(found.org_id):
            raise NotFound
        return found


class EditCategory(OfShelf, FormPage):
    """A new category, or a known one with another name or place. Its offerings stay in it."""

    name, noun, permission, form, template, watches = "catalogue-category-edit", "categories", "catalogue.design", CategoryForm, "catalogue/plain_form.html", True
    fields = {"parent": "place", "catalogue": "place", "relations": "place"}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the category and lead back."""
        del request, kwargs
        known = self.known
        return {"title": formatting.name(known) if known else _("New category"), "crumbs": [(_("Categories"), self.cancel_address())]}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what stands, or with the place that the address names."""
        del kwargs
        known = self.known
        if known is None:
            return {"place": self.request.GET.get("below", ""), "position": 0}
        return {**known.model_dump(), "place": known.parent or f"{ROOT}{known.catalogue}"}

    def opening(self, **kwargs: Any) -> Data:
        """Return what the form changes: which offerings stand in it is changed elsewhere."""
        return {name: value for name, value in self.initial(**kwargs).items() if name in CategoryForm.base_fields}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the places; none below itself. A known category keeps its code."""
        return {"where": places(kwargs.get("code", "")), "known": "code" in kwargs}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the tree."""
        del kwargs
        return reverse("catalogue-categories")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Write it; what is below a moved category goes with it."""
        place = data.pop("place")
        parent = None if place.startswith(ROOT) else place
        catalogue = contents.tree()[1][parent].catalogue if parent else place.removeprefix(ROOT)
        code, known = data.pop("code", None), self.known
        content = {**data, "position": data["position"] or 0, "parent": parent, "catalogue": catalogue}
        if known is None:
            shelving.add_category(code=code, content={**content, "org_id": by.base_org_id or 1}, by=by, at=at)
        else:
            shelves.set_category(code=kwargs["code"], content={**known.model_dump(), **content}, by=by, at=at)
        return self.cancel_address()


class RemoveCategory(Page):
    """Takes an empty category away."""

    permission = "catalogue.design"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Take it away; what is left in it is told."""
        shelves.remove_category(code=kwargs["code"], by=self.actor, at=clock.now())
        toast(request, _("The category was taken away"))
        return go(request, reverse("catalogue-categories"))

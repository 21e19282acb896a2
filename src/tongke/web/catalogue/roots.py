"""The catalogues themselves, each the root of a tree of categories, and which offers stand in a category in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board
from tongke.areas.catalogue.services import shelves, shelving
from tongke.kernel import clock
from tongke.web.catalogue import forms
from tongke.web.catalogue.categories import OfShelf
from tongke.web.catalogue.rowforms import RowForm, RowsForm, RowsPage
from tongke.web.kit import FormPage, KitForm, Page, formatting, go, toast

Data = dict[str, Any]
SUBTITLE = _("A catalogue is the root of a tree of categories; most operators have one")


class CatalogueForm(KitForm):
    """A catalogue."""

    sections = ((_("Catalogue"), ("code", "name_zh", "name_en")), (_("Description"), ("description_zh", "description_en")))
    code = forms.code()
    name_zh = forms.text(_("Chinese name"), 100, required=True)
    name_en = forms.text(_("English name"), 100, required=True)
    description_zh = forms.text(_("Chinese description"), 4000, rows=2)
    description_en = forms.text(_("English description"), 4000, rows=2)

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["code"]


class EditCatalogue(OfShelf, FormPage):
    """A new catalogue, or a known one with other names."""

    name, noun, permission, form, template, watches = "catalogue-root-edit", "catalogues", "catalogue.design", CatalogueForm, "catalogue/plain_form.html", True

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the catalogue and lead back."""
        del request, kwargs
        known = self.known
        return {"title": formatting.name(known) if known else _("New catalogue"), "subtitle": SUBTITLE, "crumbs": [(_("Categories"), self.cancel_address())]}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what stands."""
        del kwargs
        known = self.known
        return known.model_dump() if known else {}

    def form_options(self, **kwargs: Any) -> Data:
        """A known catalogue keeps its code."""
        return {"known": "code" in kwargs}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the tree."""
        del kwargs
        return reverse("catalogue-categories")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Write it; from a new catalogue one goes on to its first category."""
        known = self.known
        if known is not None:
            shelves.set_catalogue(code=kwargs["code"], content={**known.model_dump(), **data}, by=by, at=at)
            return self.cancel_address()
        code = data.pop("code")
        shelving.add_catalogue(code=code, content={**data, "org_id": by.base_org_id or 1}, by=by, at=at)
        return self.cancel_address()


class RemoveCatalogue(Page):
    """Takes an empty catalogue away."""

    permission = "catalogue.design"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Take it away; what is left in it is told."""
        shelving.remove_catalogue(code=kwargs["code"], by=self.actor, at=clock.now())
        toast(request, _("The catalogue was taken away"))
        return go(request, reverse("catalogue-categories"))


class MemberRow(RowForm):
    """One offer of a category."""

    wide = ("offering",)
    offering = forms.choice(_("Product offer"), (), required=True)

    def __init__(self, *args: Any, offers: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "offering", [forms.NONE, *offers])


class MembersForm(RowsForm):
    """The offers of a category in their order."""

    row, row_name, add_name, none_yet = MemberRow, _("Product offer"), _("Add an offer"), _("No offer stands in this category")


class CategoryOffers(OfShelf, RowsPage):
    """Which offers stand in a category, and in which order; it holds at once."""

    name, noun, permission, form, watches = "catalogue-category-offers", "categories", "catalogue.design", MembersForm, True

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the category and lead back."""
        del request, kwargs
        return {"title": _("Offers in %(category)s") % {"category": formatting.name(self.known)},
                "subtitle": _("The first stands first on every page and in every channel that shows the category"),
                "crumbs": [(_("Categories"), self.cancel_address())]}

    def rows(self, **kwargs: Any) -> Sequence[Data]:
        """Open with the offers as they stand."""
        del kwargs
        return [{"offering": code} for code in self.known.offerings]

    def row_options(self, **kwargs: Any) -> Data:
        """Offer every offer by its name and code, those that stand in it already among them."""
        del kwargs
        named = {offer.code: f"{formatting.name(offer)} ({offer.code})" for offer in board.offerings_board(by=self.actor)}
        named |= {code: code for code in self.known.offerings if code not in named}
        return {"offers": sorted(named.items(), key=lambda one: one[1])}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the tree."""
        del kwargs
        return reverse("catalogue-categories")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Write the order; an offer that is named twice is told at its row."""
        said = self.known.model_copy(update={"offerings": tuple(row["offering"] for row in data["rows"])})
        shelves.set_category(code=kwargs["code"], content=said, by=by, at=at)
        return self.cancel_address()

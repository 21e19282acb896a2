"""The sections of an offering's draft: what each form opens with, and what it changes in the content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.errors import NotADraft
from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.services import shelving
from tongke.areas.catalogue.states import LifeCycle, PriceKind
from tongke.kernel.errors import NotFound
from tongke.web.catalogue import drafting, forms
from tongke.web.catalogue.offering import WhileDraft, is_draft, may_edit, part_names, said
from tongke.web.catalogue.parts_of_draft import section_address, section_of_field, sections_of
from tongke.web.catalogue.rowforms import RowsPage, dotted
from tongke.web.catalogue.tree import category_choices, org_choices
from tongke.web.kit import Page, formatting
from tongke.web.kit.forms import FormPage

Data = dict[str, Any]


class Section(WhileDraft, FormPage):
    """What all sections share: the draft in the address, the other sections as tabs, one verb."""

    permission, template, key, watches = "catalogue.design", "catalogue/section.html", "", True

    @property
    def version(self) -> contents.Standing:
        """The draft; raises ``NotADraft`` for a version that stands, ``NotFound`` for what the actor may not edit."""
        if not hasattr(self, "_version"):
            found = said(self.kwargs["offering_id"])
            if not is_draft(found):
                raise NotADraft(code=found.code, version=found.version, state=LifeCycle(found.state).label)
            if not may_edit(found, self.actor):
                raise NotFound
            self._version = found
        return self._version

    @property
    def content(self) -> Any:
        """What the draft says."""
        return self.version.content

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the sections around this one."""
        del request, kwargs
        version = self.version
        keys = sections_of(version.content)
        marks = drafting.findings_by_section(version, section_of_field, by=self.actor)
        following = next((key for n, (key, _w, _s) in enumerate(keys) if n and keys[n - 1][0] == self.key), "")
        return {
            "title": formatting.name(version.content), "subtitle": f"{version.code} v{version.version}", "version": version, "following": following,
            "tabs": [(words, section_address(version.id, key), key == self.key, len(marks.get(key, ())) or None) for key, words, _sign in keys],
            "crumbs": [(_("Catalogue"), reverse("catalogue")), (f"{version.code} v{version.version}", reverse("catalogue-draft", args=[version.id]))],
        }

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the draft."""
        return reverse("catalogue-draft", args=[kwargs["offering_id"]])

    def changed(self, data: Data) -> Data:
        """Return what of the content the form changes."""
        return data

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Put the section into the draft; the button says whether the next section follows."""
        drafting.change(self.version, self.changed(data), by=by, at=at)
        following = self.request.POST.get("following", "")
        keys = {key for key, _words, _sign in sections_of(self.content)}
        return section_address(kwargs["offering_id"], following) if following in keys else self.cancel_address(**kwargs)

    def show(self, form: django_forms.Form, lines: list[dict[str, str]], *, status: int = 200, **kwargs: Any) -> HttpResponse:
        """Show the form; a rule's path in the content is led to the field that it means."""
        placed = [{**line, "field": self.field_of(line["field"])} for line in lines]
        for line, before in zip(placed, lines, strict=True):
            if line["field"] != before["field"] and line["field"] in form.fields and form.is_bound:
                form.add_error(line["field"], f"{line['says']} ({line['code']})")
        return super().show(form, placed, status=status, **kwargs)

    def field_of(self, field: str) -> str:
        """Return the form's field for a path in the content."""
        return dotted(field)


class RowsSection(Section, RowsPage):
    """A section whose content is one list; ``listed`` names it."""

    template, listed = "catalogue/section.html", ""

    def rows(self, **kwargs: Any) -> Sequence[Mapping[str, Any]]:
        """Return the rows as they stand."""
        del kwargs
        return [row.model_dump() for row in getattr(self.content, self.listed)]

    def changed(self, data: Data) -> Data:
        """Return the list; fields left empty take what the shape says."""
        return {self.listed: [drafting.given(row) for row in data["rows"]]}

    def show(self, form: django_forms.Form, lines: list[dict[str, str]], *, status: int = 200, **kwargs: Any) -> HttpResponse:
        """Show the form with its rows."""
        return RowsPage.show(self, form, lines, status=status, **kwargs)


class Basics(Section):
    """Names, kind, specification."""

    name, key, form = "catalogue-basics", "basics", forms.BasicsForm

    def initial(self, **kwargs: Any) -> Data:
        """Open with what stands."""
        del kwargs
        content = self.content
        return {name: getattr(content, name) for name in forms.BasicsForm.base_fields}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the product specifications."""
        del kwargs
        return {"specifications": drafting.product_specifications()}

    def changed(self, data: Data) -> Data:
        """Return the basics; without a specification nothing of it is fixed."""
        return data | {"specification": data["specification"] or None} | ({} if data["specification"] else {"characteristics": {}})


class Characteristics(Section):
    """Values that the offer fixes of its specification's characteristics, each in an input of its type."""

    name, key = "catalogue-characteristics", "characteristics"
    intro = _("What is given here is fixed by the offer. What is left empty and may be chosen at the sale is chosen there.")

    @property
    def specification(self) -> Any:
        """What the specification says; ``None`` without one."""
        return contents.newest("specifications", [self.content.specification]).get(self.content.specification) if self.content.specification else None

    def build(self, request: HttpRequest | None, **kwargs: Any) -> django_forms.Form:
        """Build the form of the specification's characteristics."""
        del kwargs
        known = self.specification.content.characteristics if self.specification is not None else ()
        made = drafting.characteristics_form(known)
        values = drafting.as_typed(known, self.content.characteristics)
        return made(initial=values) if request is None else made(request.POST, initial=values)

    def opening(self, **kwargs: Any) -> Any:
        """Return the values as they stand."""
        del kwargs
        return self.content.specification, self.content.characteristics

    def changed(self, data: Data) -> Data:
        """Return the values that were given."""
        known = self.specification.content.characteristics if self.specification is not None else ()
        return {"characteristics": drafting.as_values(known, data)}

    def field_of(self, field: str) -> str:
        """Return the input of the characteristic."""
        return field.replace("characteristics.", "value_") if field.startswith("characteristics.") else field


class Allowances(RowsSection):
    """What each month includes."""

    name, key, listed, form = "catalogue-allowances", "allowances", "allowances", forms.AllowancesForm


class Terms(RowsSection):
    """Contract terms."""

    name, key, listed, form = "catalogue-terms", "terms", "terms", forms.TermsForm
    intro = _("Several terms are alternatives; the customer takes the usual one unless another is chosen.")


class Parts(RowsSection):
    """Parts of a bundle."""

    name, key, listed, form = "catalogue-parts", "parts", "parts", forms.PartsForm
    intro = _("A part may also be sold by itself. Its price within the bundle is set in the section of prices.")

    def row_options(self, **kwargs: Any) -> Data:
        """Offer every offer but the bundle itself."""
        del kwargs
        return {"offers": [choice for choice in drafting.offer_choices(self.actor) if choice[0] != self.version.code]}

    def changed(self, data: Data) -> Data:
        """Return the parts; one that stands alone is usually taken as often as it must be."""
        out: Data = super().changed(data)
        for part in out["parts"]:
            if not part.get("group_code"):
                part.setdefault("quantity_default", part.get("quantity_min", 0))
        return out


class Sold(Section):
    """To whom, where and by which channel."""

    name, key, form = "catalogue-sold", "sold", forms.SoldForm

    def initial(self, **kwargs: Any) -> Data:
        """Open with what stands."""
        del kwargs
        content = self.content
        return {"segments": content.segments, "channels": content.channels, "sold_in": [str(o) for o in content.sold_in],
                "categories": [c.code for c in board.categories_of(self.version.code)]}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer organisations and categories."""
        del kwargs
        return {"orgs": [(str(key), words) for key, words in org_choices(self.actor)], "categories": category_choices(self.actor)}

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Put it into the draft, and the offer into its categories."""
        shelving.categorise_offering(code=self.version.code, categories=data.pop("categories"), by=by, at=at)
        return super().save(data | {"sold_in": [int(o) for o in data["sold_in"]]}, by=by, at=at, **kwargs)


FIRST_PRICE = {"code": "monthly", "name_zh": "月费", "name_en": "Monthly fee"}
"""What the first price of nearly every offer is; its designer may call it something else."""


class PricePage(RowsSection):
    """One price of the draft, or a new one. A price is known by its place: where another stands there now, nothing is replaced."""

    name, key, form, listed, replaces = "catalogue-price", "prices", forms.PriceForm, "prices", False

    @property
    def place(self) -> int | None:
        """The price's place; ``None`` for a new one. Raises ``NotFound``."""
        place = self.kwargs.get("place")
        if place is not None and place >= len(self.content.prices):
            raise NotFound
        return None if place is None else int(place)

    @property
    def price(self) -> Any:
        """The price; ``None`` for a new one."""
        return None if self.place is None else self.content.prices[self.place]

    def initial(self, **kwargs: Any) -> Data:
        """Open with the price, a new one with what is usual."""
        del kwargs
        if self.price is None:
            usual = {} if self.content.prices else FIRST_PRICE
            return {"kind": PriceKind.RECURRING, "period": "month", "unit_size": 1, "tax_included": True, "charge_type": "",
                    "tax_category": drafting.usual_tax(self.content.kind), **usual}
        found: Data = self.price.model_dump(exclude={"tiers", "condition"})
        return found | {"condition": drafting.condition_text(self.price.condition)}

    def rows(self, **kwargs: Any) -> Sequence[Mapping[str, Any]]:
        """Return the tiers."""
        del kwargs
        return [] if self.price is None else [tier.model_dump() for tier in self.price.tiers]

    def form_options(self, **kwargs: Any) -> Data:
        """Offer areas, parts and tax categories."""
        names = part_names(self.content)
        parts = [(part.part_code, names.get(part.part_code, part.part_code)) for part in self.content.parts]
        return super().form_options(**kwargs) | {"areas": org_choices(self.actor), "parts": parts, "taxes": drafting.tax_choices()}

    def changed(self, data: Data) -> Data:
        """Return all prices with this one in its place."""
        prices = [price.model_dump() for price in self.content.prices]
        made = drafting.price_of(data)
        place = len(prices) if self.place is None else self.place
        return {"prices": [*prices[:place], made, *prices[place + 1:]]}

    def field_of(self, field: str) -> str:
        """Return the field of this price; another price's rule stands above the form."""
        place = len(self.content.prices) if self.place is None else self.place
        path = dotted(field)
        return path.removeprefix(f"prices.{place}.") if path.startswith(f"prices.{place}.") else field

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the list of prices."""
        return section_address(kwargs["offering_id"], "prices")


PAGES: dict[str, type[Section]] = {page.key: page for page in (Basics, Characteristics, Parts, Allowances, Terms, Sold)}


class SectionByName(Page):
    """Leads to the section that the address names; raises ``NotFound`` for none such."""

    permission = "catalogue.design"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let the section's own page answer: it checks who asks as this one would."""
        page = PAGES.get(str(kwargs.pop("section")))
        if page is None:
            raise NotFound
        return page.as_view()(request, *args, **kwargs)

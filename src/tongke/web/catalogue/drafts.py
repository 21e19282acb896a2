"""Beginning an offer, the draft as a whole, and its list of prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.catalogue.states import LifeCycle, OfferingKind
from tongke.kernel import clock
from tongke.kernel.errors import Conflict, NotFound
from tongke.web.catalogue import drafting, forms, moving, reading
from tongke.web.catalogue.offering import WhileDraft, life_steps, may_edit, mending, part_names, said
from tongke.web.catalogue.parts_of_draft import section_address, section_of_field, sections_of
from tongke.web.catalogue.words import KIND_ICONS, STATE_TONES
from tongke.web.kit import FormPage, Page, formatting, go, toast
from tongke.web.kit.forms import mark_of

Data = dict[str, Any]
COUNTED = {"prices": "prices", "parts": "parts", "allowances": "allowances", "terms": "terms"}


class NewOffer(FormPage):
    """A new offer: empty, or with everything that another says."""

    name, title, permission, form = "catalogue-offering-new", _("New offer"), "catalogue.design", forms.NewOfferForm
    template, submit, done = "catalogue/plain_form.html", _("Begin the draft"), _("The draft was begun")
    intro = _("A draft is seen by colleagues only. It is sold once it was tested, approved by a second person and launched.")

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Lead back to the catalogue."""
        del request, kwargs
        return {"crumbs": [(_("Catalogue"), reverse("catalogue"))]}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the catalogue."""
        del kwargs
        return reverse("catalogue")

    def _copied(self, code: str) -> contents.Standing | None:
        found = board.offerings_board(self.actor).filter(code=code).first() if code else None
        return said(found.id) if found is not None else None

    def initial(self, **kwargs: Any) -> Data:
        """Open with the offer that is copied, if the address names one."""
        del kwargs
        copied = self._copied(self.request.GET.get("copy_of", ""))
        if copied is None:
            return {"kind": self.request.GET.get("kind", OfferingKind.MOBILE)}
        content = copied.content
        return {"copy_of": copied.code, "kind": content.kind, "specification": content.specification, "name_zh": content.name_zh, "name_en": content.name_en}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer what may be copied, and the product specifications."""
        del kwargs
        return {"offers": drafting.offer_choices(self.actor), "specifications": drafting.product_specifications()}

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Draft it."""
        del kwargs
        copied = self._copied(data["copy_of"])
        fresh = {"kind": data["kind"], "specification": data["specification"] or None, "name_zh": data["name_zh"], "name_en": data["name_en"],
                 "org_id": by.base_org_id or 1}
        content = fresh if copied is None else drafting.copied(copied.content, fresh)
        made = design.draft_version(noun="offerings", code=data["code"], content=content, unfinished=True, by=by, at=at)
        return reverse("catalogue-draft", args=[made])


class NextVersion(Page):
    """The next version of an offer begins as the version says that stands."""

    permission = "catalogue.design"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Draft it from the version in the address."""
        version = said(kwargs["offering_id"])
        made = design.draft_version(noun="offerings", code=version.code, content=version.content, unfinished=True, by=self.actor, at=clock.now())
        toast(request, _("The draft was begun"))
        return go(request, reverse("catalogue-draft", args=[made]))


def summary(version: contents.Standing, key: str) -> str:
    """Say in a line what a section holds."""
    content = version.content
    if key in COUNTED:
        count = len(getattr(content, COUNTED[key]))
        return ngettext("%(n)d entry", "%(n)d entries", count) % {"n": count} if count else _now("none yet")
    if key == "characteristics":
        count = len(content.characteristics)
        return ngettext("%(n)d value fixed", "%(n)d values fixed", count) % {"n": count} if content.specification else _now("no specification chosen")
    if key == "sold":
        narrowed = [name for name in ("segments", "channels", "sold_in") if getattr(content, name)]
        return _now("narrowed") if narrowed else _now("to everybody, everywhere")
    return str(content.specification or _now("no specification chosen"))


class Draft(WhileDraft, Page):
    """The draft as a whole: its sections with what each holds, what is still missing, and what comes next."""

    permission, template = "catalogue.design", "catalogue/draft.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the sections and what stands against them."""
        del request
        at = clock.now()
        version = said(kwargs["offering_id"])
        if not may_edit(version, self.actor):
            raise NotFound
        against = drafting.findings_by_section(version, section_of_field, by=self.actor)
        cards = [
            {"key": key, "words": words, "sign": sign, "address": section_address(version.id, key), "says": summary(version, key), "against": len(against.get(key, ()))}
            for key, words, sign in sections_of(version.content)
        ]
        return {
            "title": formatting.name(version.content), "version": version, "content": version.content, "cards": cards,
            "sign": KIND_ICONS.get(version.content.kind, "package"), "state": (LifeCycle(version.state).label, STATE_TONES[version.state]),
            "kind": OfferingKind(version.content.kind).label, "steps": life_steps(version.state),
            "missing": moving.missing(version, lambda name: mending(version, name, self.actor)),
            "moves": moving.offered(version, by=self.actor, at=at), "waiting": moving.request_waiting(version, by=self.actor, at=at),
            "prices": reading.price_lines(version.content, part_names(version.content)),
        }


class Prices(WhileDraft, Page):
    """The prices of a draft, each led to its form."""

    permission, template, key = "catalogue.design", "catalogue/draft_prices.html", "prices"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return the prices and the sections around them."""
        del request
        version = said(kwargs["offering_id"])
        if not may_edit(version, self.actor):
            raise NotFound
        against = drafting.findings_by_section(version, section_of_field, by=self.actor)
        keys = sections_of(version.content)
        return {
            "title": formatting.name(version.content), "subtitle": f"{version.code} v{version.version}", "version": version,
            "tabs": [(words, section_address(version.id, key), key == self.key, len(against.get(key, ())) or None) for key, words, _sign in keys],
            "crumbs": [(_("Catalogue"), reverse("catalogue")), (f"{version.code} v{version.version}", reverse("catalogue-draft", args=[version.id]))],
            "prices": reading.price_lines(version.content, part_names(version.content)),
            "marks": [mark_of(price) for price in version.content.prices],
            "against": against.get("prices", ()),
            "following": section_address(version.id, keys[[key for key, _w, _s in keys].index("prices") + 1][0]),
        }


class PriceAway(Page):
    """Takes a price out of a draft."""

    permission = "catalogue.design"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Take it out."""
        version = said(kwargs["offering_id"])
        prices: list[Mapping[str, Any]] = [price.model_dump() for price in version.content.prices]
        if kwargs["place"] >= len(prices):
            raise NotFound
        # Prices are known by their place: clicked twice, the next one would go too.
        if request.GET.get("seen", "") not in {"", mark_of(version.content.prices[kwargs["place"]])}:
            raise Conflict
        del prices[kwargs["place"]]
        drafting.change(version, {"prices": prices}, by=self.actor, at=clock.now())
        toast(request, _("The price was taken out"))
        return go(request, section_address(version.id, "prices"))

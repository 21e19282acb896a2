"""Promotions: the list with quota gauges, one version with its grants, the form; and who may give how much discount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries import board
from tongke.areas.catalogue.services import TEMPLATES, set_discount_authority
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.catalogue.states import GrantState, PriceKind, PromotionKind
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.web.catalogue import drafting, forms, reading
from tongke.web.catalogue.lists import day_of, start_of
from tongke.web.catalogue.offering import said
from tongke.web.catalogue.tree import category_choices, org_choices
from tongke.web.catalogue.versions import BY_NAME, BY_STATE, IN_THE_MAKING, OWNER, STATE, NextVersionOf, OfDraft, version_context
from tongke.web.catalogue.words import CHANNELS, LEVELS, SEGMENTS
from tongke.web.kit import (
    Amount,
    AmountField,
    Ask,
    Button,
    ChoiceFilter,
    Day,
    DayField,
    Empty,
    FormPage,
    KitForm,
    Link,
    ListPage,
    Moment,
    Number,
    Page,
    Share,
    State,
    Text,
    formatting,
)
from tongke.web.kit.rows import Screen, queryset_count, queryset_rows

Data = dict[str, Any]
NOUN = "promotions"
AMOUNT_WORDS = {PromotionKind.PRESTORE_RETURN: _("%(amount)s come back"), PromotionKind.HANDSET_CONTRACT: _("%(amount)s off")}
GRANT_TONES = {"held": "warn", "used": "good", "released": "off"}


def own_page(version_id: Any) -> str:
    """Return the page of a promotion's version."""
    return reverse("catalogue-promotion", args=[version_id])


def share_used(row: Any) -> float | None:
    """Return which share of its quota a promotion has given; ``None`` without a limit."""
    return row.used / row.quota_total if row.quota_total else None


def benefit_words(content: Any) -> str:
    """Say what a promotion gives."""
    kind = PromotionKind(content.kind)
    pieces: list[str] = [str(kind.label)]
    if content.percent is not None:
        pieces.append(f"{content.percent.normalize():f}%")
    pieces += [words % {"amount": formatting.money(amount)} for words, amount in (
        (_now("handset at %(amount)s"), content.device_price), (_now("%(amount)s prestored"), content.prestore_amount),
        (AMOUNT_WORDS.get(kind, "%(amount)s"), content.amount)) if amount is not None]
    pieces += [words % {"n": formatting.number(n)} for words, n in (
        (_now("over %(n)s months"), content.return_months), (_now("%(n)s months"), None if content.return_months else content.months),
        (_now("contract of %(n)s months"), content.term_months), (_now("%(n)s points"), content.points)) if n]
    return " · ".join(str(piece) for piece in pieces)


class Promotions(ListPage):
    """What is given on top, for how long and how often."""

    name, title, permission = "promotions", _("Promotions"), "catalogue.view"
    rows = board.promotions_board
    columns = (
        Link(key="name", label=_("Promotion"), to=lambda p: own_page(p.id), sub="code", value=formatting.name, sort="code"),
        Text(key="benefit", label=_("What it gives"), value=benefit_words, phone="block"),
        STATE, IN_THE_MAKING,
        Share(key="share", label=_("Quota given"), value=share_used),
        Number(key="used", label=_("Given"), sort="used"), Number(key="quota_total", label=_("Of")),
        Day(key="valid_from", label=_("From"), sort="valid_from"), Day(key="valid_until", label=_("Until"), sort="valid_until"),
        replace(OWNER, hidden=True),
    )
    filters = (
        BY_NAME, ChoiceFilter(key="kind", label=_("Kind"), choices=PromotionKind.choices, primary=True), BY_STATE,
    )
    sort = "-valid_from"
    empty = Empty(says=_("No promotion yet"), mend=_("Begin with a template: prestore, contract handset, retention, port-in"), action=_("New promotion"),
                  address="/catalogue/promotions/new", permission="catalogue.promote", icon="gift")
    buttons = (Button(label=_("New promotion"), address="/catalogue/promotions/new", permission="catalogue.promote"),)


class PromotionForm(KitForm):
    """A promotion's version; what it gives follows from its kind."""

    only: ClassVar[dict[str, tuple[str, tuple[str, ...]]]] = {
        "percent": ("kind", ("percent_off",)), "amount": ("kind", ("amount_off", "prestore_return", "handset_contract")), "months": ("kind", ("percent_off", "amount_off", "months_free")),
        "points": ("kind", ("gift_points",)), "prestore_amount": ("kind", ("prestore_return", "handset_contract")), "return_months": ("kind", ("prestore_return", "handset_contract")),
        "term_months": ("kind", ("handset_contract",)), "device_price": ("kind", ("handset_contract",)), "floor_amount": ("kind", ("handset_contract",)),
        "device_codes": ("kind", ("handset_contract",)), "price_codes": ("kind", ("percent_off", "amount_off", "months_free")),
    }
    wide: ClassVar[tuple[str, ...]] = ()
    sections = (
        (_("Promotion"), ("code", "name_zh", "name_en", "kind", "description_zh", "description_en")),
        (_("What it gives"), ("percent", "amount", "months", "points", "prestore_amount", "return_months", "term_months", "device_price", "floor_amount", "device_codes", "price_codes")),
        (_("For what"), ("offering_codes", "category_codes")),
        (_("Who may have it"), ("segments", "levels", "channels", "sold_in", "new_customers_only", "existing_customers_only")),
        (_("How often, and beside what"), ("quota_total", "quota_per_customer", "hold_minutes", "stacking_group", "stackable", "priority")),
        (_("From when"), ("valid_from", "valid_until", "note")),
    )
    code = forms.code()
    name_zh = forms.text(_("Chinese name"), 100, required=True)
    name_en = forms.text(_("English name"), 100, required=True)
    kind = forms.choice(_("Kind"), PromotionKind.choices, empty=None, required=True)
    description_zh = forms.text(_("Chinese description"), 4000, rows=2)
    description_en = forms.text(_("English description"), 4000, rows=2)
    percent = forms.number(_("Percent off"))
    amount = AmountField(label=_("Amount off, or gift"), required=False, min_value=0)
    months = forms.whole(_("For how many months"), most=120, help_text=_("Empty: as long as it is held"))
    points = forms.whole(_("Points"), most=100_000_000)
    prestore_amount = AmountField(label=_("Prestored"), required=False, min_value=0)
    return_months = forms.whole(_("Returned over (months)"), most=120)
    term_months = forms.whole(_("Contract (months)"), most=120)
    device_price = AmountField(label=_("Price of the handset"), required=False, min_value=0)
    floor_amount = AmountField(label=_("Least spend a month"), required=False, min_value=0)
    device_codes = forms.text(_("Handsets"), 1000, help_text=_("Codes with commas"))
    price_codes = forms.text(_("Only on these prices"), 1000, help_text=_("Codes with commas; empty: all of the kind"))
    offering_codes = forms.several(_("Product offers"), (), help_text=_("None ticked: all"))
    category_codes = forms.several(_("Categories"), ())
    segments = forms.several(_("Segments"), SEGMENTS, help_text=_("None ticked: all"))
    levels = forms.several(_("Levels"), LEVELS, help_text=_("None ticked: all"))
    channels = forms.several(_("Channels"), CHANNELS, help_text=_("None ticked: all"))
    sold_in = forms.several(_("Areas"), (), help_text=_("None ticked: wherever its owner reaches"))
    new_customers_only = forms.flag(_("New customers only"))
    existing_customers_only = forms.flag(_("Existing customers only"))
    quota_total = forms.whole(_("Quota in all"), most=1_000_000_000, help_text=_("Empty: no limit"))
    quota_per_customer = forms.whole(_("Each customer at most"), least=1, most=1000)
    hold_minutes = forms.whole(_("A share is held for (minutes)"), least=1, most=43_200)
    stacking_group = forms.code(_("Stacking group"), small=True, required=False, help_text=_("Promotions of one group exclude one another"))
    stackable = forms.flag(_("May be combined with others"), initial=True)
    priority = forms.whole(_("Priority"), least=-1000, most=1000)
    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: from the launch on"))
    valid_until = DayField(label=_("Until (that day no longer)"), required=False)
    note = forms.text(_("Note for colleagues"), 2000, rows=2)

    def __init__(self, *args: Any, actor: Actor, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "offering_codes", drafting.offer_choices(actor))
        forms.offer(self, "category_codes", category_choices(actor))
        forms.offer(self, "sold_in", [(str(key), words) for key, words in org_choices(actor)])
        if known:
            del self.fields["code"]


class EditPromotion(OfDraft, FormPage):
    """A new promotion, from a template if the address names one, or the draft of one."""

    name, noun, permission, form, template, watches = "catalogue-promotion-edit", NOUN, "catalogue.design", PromotionForm, "catalogue/promotion_form.html", True

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the promotion and offer the templates."""
        del kwargs
        version = self.version
        chosen = request.GET.get("template", "")
        templates = [(formatting.name(board.Names(one["name_zh"], one["name_en"])), f"?template={key}", key == chosen) for key, one in TEMPLATES.items()]
        return {"title": formatting.name(version.content) if version else _("New promotion"), "crumbs": [(_("Promotions"), reverse("catalogue-promotions"))],
                "templates": [] if version else templates}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer offers, categories and areas."""
        del kwargs
        return {"actor": self.actor, "known": self.version is not None}

    def initial(self, **kwargs: Any) -> Data:
        """Open with what stands, or with the template."""
        del kwargs
        if self.version is None:
            return {"stackable": True, "quota_per_customer": 1, "hold_minutes": 30, "priority": 0, **TEMPLATES.get(self.request.GET.get("template", ""), {})}
        found = self.version.content.model_dump()
        joined = {name: ", ".join(found[name]) for name in ("device_codes", "price_codes")}
        return {**found, **joined, "sold_in": [str(o) for o in found["sold_in"]], "valid_from": day_of(found["valid_from"]), "valid_until": day_of(found["valid_until"])}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the version, or the list."""
        return own_page(kwargs["version_id"]) if "version_id" in kwargs else reverse("catalogue-promotions")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Draft it, or put it into the draft."""
        del kwargs
        code = data.pop("code", "")
        lists = {name: [part.strip() for part in data[name].replace("，", ",").split(",") if part.strip()] for name in ("device_codes", "price_codes")}
        content = {**drafting.given(data), **lists, "sold_in": [int(o) for o in data["sold_in"]], "valid_from": start_of(data["valid_from"]), "valid_until": start_of(data["valid_until"])}
        version = self.version
        if version is None:
            return own_page(design.draft_version(noun=NOUN, code=code, content={**content, "org_id": by.base_org_id or 1}, by=by, at=at))
        design.edit_version(noun=NOUN, version_id=version.id, content={**content, "org_id": version.content.org_id}, seen_at=version.changed_at, by=by, at=at)
        return own_page(version.id)


class NextPromotion(NextVersionOf):
    """The next version of a promotion."""

    noun = NOUN


class PromotionPage(Page):
    """A version of a promotion: benefit, for whom, quota."""

    permission, template = "catalogue.view", "catalogue/promotion.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Return what it says and how much of its quota is given."""
        del request
        version = said(kwargs["version_id"], noun=NOUN)
        content = version.content
        counts = board.promotion_counts(version.id)
        names = board.names_of(content.offering_codes)
        return {
            **version_context(version, self), "benefit": benefit_words(content), "counts": counts, "grant_states": GrantState.choices,
            "part": counts["given"] / content.quota_total if content.quota_total else None, "edit": reverse("catalogue-promotion-edit", args=[version.id]),
            "next": reverse("catalogue-promotion-next", args=[version.id]), "offers": [(code, formatting.name(names[code]) if code in names else code) for code in content.offering_codes],
            "for_whom": [(_("Segments"), reading.sold_words(content.segments, dict(SEGMENTS))), (_("Levels"), reading.sold_words(content.levels, dict(LEVELS))),
                         (_("Channels"), reading.sold_words(content.channels, dict(CHANNELS))), (_("Areas"), formatting.listed(staff.org_name(o) for o in content.sold_in) or _("all")),
                         (_("New customers only"), _("yes") if content.new_customers_only else _("no")), (_("Existing customers only"), _("yes") if content.existing_customers_only else _("no"))],
        }


class Grants(ListPage):
    """The shares of a promotion's quota: for whom, held until when, used or given back."""

    name, title, permission = "promotion-grants", _("Shares given"), "catalogue.promote"
    columns = (
        Link(key="customer_id", label=_("Customer"), to=lambda g: f"/customers/{g.customer_id}", value=lambda g: str(g.customer_id)[:8], sort="granted_at"),
        State(key="state", label=_("State"), labels=GrantState, tones=GRANT_TONES), Text(key="key", label=_("For")),
        Text(key="granted_by", label=_("Given by")), Moment(key="granted_at", label=_("Given"), sort="granted_at"), Moment(key="expires_at", label=_("Held until")),
        Text(key="org", label=_("Local network"), value=lambda g: staff.org_name(g.org_id)),
    )
    filters = (ChoiceFilter(key="state", label=_("State"), choices=GrantState.choices, primary=True),)
    sort = "-granted_at"
    empty = Empty(says=_("No share was given yet"), icon="gift")

    def narrowed(self, ask: Ask) -> Any:
        """Return the shares of the promotion in the address."""
        rows = board.grants_of(self.kwargs["version_id"], by=ask.actor)
        return rows.filter(state=ask.filters["state"]) if "state" in ask.filters else rows

    def read_rows(self, ask: Ask) -> Sequence[Any]:
        """Read the rows."""
        return queryset_rows(self.narrowed(ask), ask)

    def read_count(self, ask: Ask) -> int:
        """Count the rows."""
        return queryset_count(self.narrowed(ask))

    def context_of(self, found: Screen) -> Data:
        """Name the promotion."""
        version = said(self.kwargs["version_id"], noun=NOUN)
        return {**super().context_of(found), "subtitle": f"{formatting.name(version.content)} · {version.code} v{version.version}"}


def authorities_now(actor: Actor) -> Any:
    """Return the authorities in force."""
    actor.require("catalogue.view")
    return catalogue.authorities(at=clock.now())


class Authorities(ListPage):
    """Who may give how much discount without a second person."""

    name, title, permission = "discount-authorities", _("Discount authorities"), "catalogue.view"
    subtitle = _("What a role may take off by itself; above it a second person decides")
    rows = authorities_now
    columns = (
        Text(key="role_code", label=_("Role"), value=lambda a: role_names().get(a.role_code, a.role_code), sort="role_code", phone="title"), State(key="kind", label=_("Price"), labels=PriceKind),
        Number(key="percent_max", label=_("Percent at most"), digits=2, unit="%", sort="percent_max"), Amount(key="amount_max", label=_("Amount at most"), sort="amount_max"),
        Number(key="promise_days", label=_("A promise stands (days)")), Text(key="org", label=_("Holds in"), value=lambda a: staff.org_name(a.org_id)), Day(key="valid_from", label=_("Since")),
    )
    filters = (ChoiceFilter(key="kind", label=_("Price"), choices=PriceKind.choices, primary=True),)
    sort = "role_code"
    empty = Empty(says=_("No role may give discounts by itself"), mend=_("Every discount then needs a second person"), action=_("Set an authority"),
                  address="/catalogue/discounts/new", permission="catalogue.rules", icon="scale")
    buttons = (Button(label=_("Set an authority"), address="/catalogue/discounts/new", permission="catalogue.rules"),)


def role_names() -> dict[str, str]:
    """Return the roles' names by code."""
    return {role.code: formatting.name(role) for role in staff.roles()}


class AuthorityForm(KitForm):
    """An authority from a day on."""

    role_code = forms.choice(_("Role"), (), required=True)
    kind = forms.choice(_("Price"), PriceKind.choices, empty=None, required=True)
    percent_max = forms.number(_("Percent at most"), required=True)
    amount_max = AmountField(label=_("Amount at most"), min_value=0)
    promise_days = forms.whole(_("A promise stands (days)"), required=True, least=1, most=366)
    org_id = forms.choice(_("Holds in"), (), empty=None, required=True)
    valid_from = DayField(label=_("From"), required=False, help_text=_("Empty: now"))

    def __init__(self, *args: Any, orgs: Sequence[tuple[Any, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.offer(self, "role_code", [("", "–"), *role_names().items()])
        forms.offer(self, "org_id", orgs)


class SetAuthority(FormPage):
    """Sets what a role may take off."""

    name, title, permission, form, template = "catalogue-authority", _("Set an authority"), "catalogue.rules", AuthorityForm, "catalogue/plain_form.html"
    intro = _("What held before for this role, price and organisation ends there.")
    fields = {"percent": "percent_max", "amount": "amount_max", "days": "promise_days"}

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Lead back."""
        del request, kwargs
        return {"crumbs": [(_("Discount authorities"), reverse("catalogue-discounts"))]}

    def initial(self, **kwargs: Any) -> Data:
        """Open with the actor's own level."""
        del kwargs
        return {"org_id": self.actor.base_org_id, "kind": PriceKind.RECURRING, "promise_days": 30}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the organisations in sight."""
        del kwargs
        return {"orgs": org_choices(self.actor)}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the list."""
        del kwargs
        return reverse("catalogue-discounts")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Set it."""
        set_discount_authority(**{**data, "org_id": int(data["org_id"]), "valid_from": start_of(data["valid_from"])}, by=by, at=at)
        return self.cancel_address(**kwargs)

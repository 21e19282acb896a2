"""Requests for approval in words: what is asked, for whom, and what it changes, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from markupsafe import Markup

from tongke.areas.account import queries as accounts
from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.queries.board import Names, names_of
from tongke.areas.party import queries as party
from tongke.areas.party.states import CreditClass
from tongke.areas.staff import queries
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.permissions import all_permissions
from tongke.web.catalogue.telling import version_facts
from tongke.web.kit import formatting
from tongke.web.kit.diff import Change

KINDS: dict[str, Any] = {
    "staff.open_post": gettext_lazy("Open a post"), "staff.change_post_roles": gettext_lazy("Change the roles of a post"),
    "staff.end_post": gettext_lazy("End a post"), "staff.change_role": gettext_lazy("Change a role"),
    "staff.client_roles": gettext_lazy("Change the roles of a machine client"), "bulk_export": gettext_lazy("Bulk export"),
    "party.credit_override": gettext_lazy("Credit rating by hand"), "catalogue_version": gettext_lazy("Version of the catalogue"),
    "catalogue_file": gettext_lazy("Catalogue file to be launched"), "catalogue_discount": gettext_lazy("Discount beyond one's authority"),
    "inventory.migration": gettext_lazy("Customers to another version"), "account.points_policy": gettext_lazy("Rules for points"),
}
OTHER = gettext_lazy("Another request")


@dataclass(frozen=True, slots=True)
class Told:
    """A request in words: one line that names it, the facts around it, and what is before and after."""

    headline: str
    facts: list[tuple[str, Any]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def kind_label(kind: str) -> str:
    """Return what a kind of request is called."""
    return str(KINDS.get(kind, OTHER))


class Teller:
    """Tells requests to one reader; names that several of them need are read once.

    ``whole`` also reads what holds now, for showing before and after.
    """

    def __init__(self, asked: Iterable[Any], *, whole: bool = False, by: Actor) -> None:
        self.asked, self.whole, self.by = list(asked), whole, by

    def tell(self, asked: Any) -> Told:
        """Return a request in words; one of a kind or of a form that this page does not know names its subject."""
        tellers: dict[str, Callable[[Any], Told]] = {
            "staff.open_post": self._open_post, "staff.change_post_roles": self._post_roles, "staff.end_post": self._end_post,
            "staff.change_role": self._role, "staff.client_roles": self._client_roles, "bulk_export": self._export,
            "party.credit_override": self._credit, "catalogue_version": self._version, "catalogue_discount": self._discount,
            "catalogue_file": self._file, "inventory.migration": self._migration, "account.points_policy": self._points,
        }
        teller = tellers.get(asked.kind)
        try:
            return teller(asked) if teller is not None else Told(asked.subject)
        except (KeyError, ValueError):  # asked for by a version that wrote it down in another way
            return Told(asked.subject)

    def headline(self, asked: Any) -> str:
        """Return the one line that names a request."""
        return self.tell(asked).headline

    @cached_property
    def _posts(self) -> dict[UUID, Any]:
        wanted = _keys("post_id", self.asked)
        return queries.posts_by_id(wanted) if wanted else {}

    @cached_property
    def _people(self) -> dict[UUID, Any]:
        wanted = _keys("staff_id", self.asked)
        return queries.staff_names([*wanted, *(post.staff_id for post in self._posts.values())])

    @cached_property
    def _role_names(self) -> dict[str, str]:
        return {role.code: formatting.name(role) for role in queries.roles()}

    def _who(self, staff_id: UUID) -> str:
        found = self._people.get(staff_id)
        return f"{formatting.name(found)} ({found.username})" if found is not None else formatting.NOTHING

    def _roles(self, codes: Iterable[str]) -> str | None:
        return formatting.listed(self._role_names.get(code, code) for code in codes) or None

    def _open_post(self, asked: Any) -> Told:
        wanted = asked.payload
        who, org = self._who(UUID(wanted["staff_id"])), queries.org_name(wanted["org_id"])
        roles = self._roles(wanted["roles"])
        until = parse_datetime(wanted["valid_until"]) if wanted["valid_until"] else None
        return Told(
            _("%(who)s at %(org)s: %(roles)s") % {"who": who, "org": org, "roles": roles or formatting.NOTHING},
            [(_("Whom it concerns"), who), (_("Organisation"), org), (_("Title"), wanted["title"]),
             (_("Until"), formatting.moment(until) if until else _("no end")),
             (_("Sees"), _("only the customers that the person keeps") if wanted["own_rows_only"] else _("all customers there"))],
            [Change(_("Roles"), None, roles)],
        )

    def _of_post(self, asked: Any, before: str | None, after: str | None) -> Told:
        post = self._posts.get(UUID(asked.payload["post_id"]))
        who, org = (self._who(post.staff_id), queries.org_name(post.org_id)) if post is not None else (formatting.NOTHING, formatting.NOTHING)
        line = _("%(who)s at %(org)s: %(before)s → %(after)s") % {
            "who": who, "org": org, "before": before or formatting.NOTHING, "after": after or formatting.NOTHING}
        return Told(line, [(_("Whom it concerns"), who), (_("Organisation"), org), (_("Title"), post.title if post is not None else "")],
                    [Change(_("Roles"), before, after)])

    def _version(self, asked: Any) -> Told:
        """A version of the catalogue: where it is read whole, and what it says other than the version before."""
        facts, changes = version_facts(asked.payload["noun"], UUID(asked.payload["version_id"])) if self.whole else ([], [])
        version, _colon, _name = asked.subject.partition(": ")
        name = self._offer_names.get(version.partition(" v")[0])
        return Told(f"{version}: {formatting.name(name)}" if name else asked.subject, facts, changes)

    @cached_property
    def _offer_names(self) -> dict[str, Names]:
        codes = {asked.subject.partition(" v")[0] for asked in self.asked if asked.kind == "catalogue_version" and asked.payload.get("noun") == "offerings"}
        return names_of(sorted(codes)) if codes else {}

    def _file(self, asked: Any) -> Told:
        """A catalogue file: how much of the catalogue it would change, and what."""
        codes = list(asked.payload["codes"])
        line = ngettext("Catalogue file that changes %(num)s entry", "Catalogue file that changes %(num)s entries", len(codes)) % {"num": len(codes)}
        return Told(line, [(_("Entries"), formatting.listed(codes)), (_("Checksum"), asked.payload["sha256"])])

    def _migration(self, asked: Any) -> Told:
        """Products to another version: from what to what, and how many."""
        way, _bracket, rest = asked.subject.rpartition(" (")
        count = int(rest.partition(",")[0])
        link = Markup('<a href="/catalogue/migrations/{}">{}</a>').format(asked.payload["job_id"], way)
        return Told(ngettext("%(way)s: %(num)s product", "%(way)s: %(num)s products", count) % {"way": way, "num": formatting.number(count)},
                    [(_("Version migration"), link), (_("Products"), formatting.number(count))])

    def _points(self, asked: Any) -> Told:
        """Figures of points: whose, from when on, what holds there now and what would."""
        wanted, now = asked.payload, accounts.points_figures(asked.payload["org_id"], at=clock.now()) if self.whole else None
        begins = parse_datetime(wanted["valid_from"]) if wanted["valid_from"] else None
        org, since = queries.org_name(wanted["org_id"]), formatting.moment(begins) if begins else _("as soon as approved")
        figures: tuple[tuple[str, Any], ...] = (
            ("points_per_yuan", _("Points for each yuan paid")), ("life_months", _("Months of life")), ("yuan_per_point", _("Value of a point")),
            ("redeem_min", _("Fewest points redeemed at once")), ("owed_max", _("Debt up to which points are redeemed")))
        changes = [
            Change(label, None if now is None else f"{Decimal(getattr(now, name)).normalize():f}", f"{Decimal(wanted[name]).normalize():f}")
            for name, label in figures]
        return Told(
            _("Rules for points of %(org)s: %(points)s for each yuan, a point worth ¥%(worth)s") % {
                "org": org, "points": changes[0].after, "worth": changes[2].after},
            [(_("Organisation"), org), (_("From"), since)], [one for one in changes if one.before != one.after])

    def _post_roles(self, asked: Any) -> Told:
        return self._of_post(asked, self._roles(asked.payload["from"]), self._roles(asked.payload["roles"]))

    def _end_post(self, asked: Any) -> Told:
        post = self._posts.get(UUID(asked.payload["post_id"]))
        return self._of_post(asked, self._roles(post.roles) if post is not None else None, None)

    def _role(self, asked: Any) -> Told:
        wanted = asked.payload
        known, held, after = all_permissions(), set(wanted["from"]), set(wanted["permissions"])
        name = f"{formatting.name(Named(wanted['name_zh'], wanted['name_en']))} ({wanted['code']})"

        def label(code: str) -> str:
            return f"{known[code].label} ({code})" if code in known else code

        given = [Change(label(code), _("no"), _("yes")) for code in sorted(after - held)]
        taken = [Change(label(code), _("yes"), _("no")) for code in sorted(held - after)]
        return Told(
            _("Role %(name)s: %(given)d permission(s) given, %(taken)d taken") % {"name": name, "given": len(given), "taken": len(taken)},
            [(_("Role"), name), (_("Chinese name"), wanted["name_zh"]), (_("English name"), wanted["name_en"]),
             (_("Home page"), self._role_names.get(wanted["home"], wanted["home"])),
             (_("Whom it concerns"), _("everybody with this role, in the whole operator"))],
            [*given, *taken],
        )

    def _client_roles(self, asked: Any) -> Told:
        before, after = self._roles(asked.payload["from"]), self._roles(asked.payload["roles"])
        name = asked.subject.removeprefix("client:").partition(" @ ")[0]
        line = _("Machine client %(name)s: %(before)s → %(after)s") % {
            "name": name, "before": before or formatting.NOTHING, "after": after or formatting.NOTHING}
        return Told(line, [(_("Machine client"), name), (_("Organisation"), queries.org_name(asked.org_id))], [Change(_("Roles"), before, after)])

    def _export(self, asked: Any) -> Told:
        address = str(asked.payload["address"])
        parts = urlsplit(address)
        try:
            page: Any = getattr(resolve(parts.path).func, "view_class", None)
        except Resolver404:
            page = None
        title = str(getattr(page, "title", "") or asked.subject.partition(" #")[0])
        query = QueryDict(parts.query)
        narrowed = [(f.label, f.words(value, self.by)) for f in getattr(page, "filters", ()) if (value := f.parse(query, self.by)) is not None]
        if query.get("q"):
            narrowed.append((_("Search"), query["q"]))
        said = formatting.listed(f"{label}: {words}" for label, words in narrowed)
        link = Markup('<a href="{}">{}</a>').format(address, title)
        return Told(
            _("Export of the list %(title)s") % {"title": title} + (f" ({said})" if said else ""),
            [(_("List"), link), *(narrowed or [(_("Filters"), _("none: the whole list"))]), (_("How often"), _("one file, once"))],
        )

    def _discount(self, asked: Any) -> Told:
        """A discount: for whom, on which price, how much and how long."""
        wanted = asked.payload
        taken = f"{Decimal(wanted['percent']).normalize():f} %" if wanted["percent"] is not None else formatting.money(wanted["amount"], "CNY")
        sold = catalogue.price_book(at=clock.now()).on_sale.get(wanted["offering"])
        prices = [] if sold is None else [*sold.prices, *(price for part in sold.parts for price in part.offering.prices)]
        offering = formatting.name(sold) if sold else wanted["offering"]
        price = next((formatting.name(one) for one in prices if one.code == wanted["price"]), "") or wanted["price"]
        customer = Markup('<a href="/customers/{}">{}</a>').format(wanted["customer_id"], self._customer_no(wanted["customer_id"]))
        offer = Markup('<a href="/catalogue/offers/{}">{}</a>').format(wanted["offering"], offering)
        lasting = ngettext("%(num)s month", "%(num)s months", wanted["months"]) % {"num": wanted["months"]} if wanted["months"] else _("as long as the price is paid")
        return Told(
            _("%(taken)s off %(offering)s (%(price)s)") % {"taken": taken, "offering": offering, "price": price},
            [(_("Whom it concerns"), customer), (_("Offering"), offer), (_("Price"), price), (_("For how long"), lasting)],
            [Change(_("Discount"), None, taken)],
        )

    def _customer_no(self, customer_id: str) -> str:
        """The customer's number where one request is shown whole; else, and out of sight, what tells it from others."""
        if not self.whole:
            return customer_id[-12:]
        try:
            return party.customer(UUID(customer_id), by=self.by).customer_no
        except NotFound:
            return customer_id[-12:]

    def _credit(self, asked: Any) -> Told:
        wanted, may = asked.payload, self.whole and self.by.may("party.credit_view")
        rating = next((r for r in party.ratings_of(UUID(wanted["customer_id"]), by=self.by) if r.valid_until is None), None) if may else None
        until = parse_datetime(wanted["expires_at"])
        label = str(CreditClass(wanted["credit_class"]).label) if wanted["credit_class"] in CreditClass.values else wanted["credit_class"]
        link = Markup('<a href="/customers/{}">{}</a>').format(wanted["customer_id"], asked.subject)
        return Told(
            _("Customer %(number)s: credit class %(credit)s") % {"number": asked.subject, "credit": label},
            [(_("Whom it concerns"), link), (_("Until"), formatting.moment(until) if until else None)],
            [Change(_("Credit class"), str(CreditClass(rating.credit_class).label) if rating else None, label),
             Change(_("Credit limit"), formatting.money(rating.credit_limit, rating.currency) if rating else None,
                    formatting.money(wanted["credit_limit"], rating.currency if rating else "CNY"))],
        )


def tray_lines(*, by: Actor, limit: int) -> list[queries.TrayLine]:
    """Return the actor's newest notifications, requests for approval among them told in words."""
    lines = queries.notifications(by=by, limit=limit)
    wanted = {line.request_id for line in lines if line.request_id}
    asked = {one.id: one for one in queries.approvals_visible_to(by).filter(id__in=wanted)} if wanted else {}
    teller = Teller(asked.values(), by=by)
    return [line.about(teller.headline(asked[line.request_id])) if line.request_id in asked else line for line in lines]


def _keys(name: str, asked: Iterable[Any]) -> list[UUID]:
    return [UUID(a.payload[name]) for a in asked if name in a.payload]


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name in each language."""

    name_zh: str
    name_en: str

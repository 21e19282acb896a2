"""The life of a version: what may be done with it now, by whom, and why not the rest; the same for every noun of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.queries import board, contents
from tongke.areas.catalogue.services import drafting as design
from tongke.areas.catalogue.services import life
from tongke.areas.catalogue.states import LifeCycle
from tongke.areas.staff import queries as staff
from tongke.areas.staff import services as desk
from tongke.areas.staff.states import ApprovalState
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.kernel.permissions import label_of
from tongke.web.kit import KitForm, MomentInput, Page, formatting, go, toast
from tongke.web.kit.forms import FormPage

Data = dict[str, Any]
APPROVAL = "catalogue_version"
PAGES = {"offerings": "catalogue-offering", "specifications": "catalogue-specification", "price_lists": "catalogue-price-list",
         "promotions": "catalogue-promotion"}
LISTS: dict[str, tuple[Any, str]] = {
    "offerings": (_("Catalogue"), "catalogue"), "specifications": (_("Specifications"), "catalogue-specifications"),
    "price_lists": (_("Price lists"), "catalogue-price-lists"), "promotions": (_("Promotions"), "catalogue-promotions"),
}
SAVED = _("Saved")
REQUESTS_READ = 200
DESIGN, APPROVE, PUBLISH = "catalogue.design", "catalogue.approve", "catalogue.publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that may be done with a version: its words, the right it asks for and how it is asked.

    ``page`` deeds lead to a form of their own; of the others ``confirm`` asks before, ``reason`` asks why.
    """

    key: str
    label: Any
    sign: str
    permission: str
    states: tuple[str, ...]
    confirm: Any = ""
    reason: bool = False
    page: bool = False
    primary: bool = False
    danger: bool = False
    done: Any = SAVED


L = LifeCycle
DEEDS: tuple[Deed, ...] = (
    Deed(key="test", label=_("Give to test"), sign="checklist", permission=DESIGN, states=(L.IN_STUDY, L.IN_DESIGN), primary=True, done=_("It is in test now")),
    Deed(key="ask", label=_("Ask for approval"), sign="signature", permission=DESIGN, states=(L.IN_TEST,), confirm=_("Why should it be sold? The second person reads this."),
         reason=True, primary=True, done=_("Asked: a second person decides")),
    Deed(key="approve", label=_("Approve"), sign="circle-check", permission=APPROVE, states=(L.IN_TEST,), done=_("Approved: it can be launched now"),
         confirm=_("Approve this version? What it says can never be changed again.")),
    Deed(key="redesign", label=_("Back to design"), sign="arrow-back-up", permission=DESIGN, states=(L.IN_TEST,), done=_("It is in design again")),
    Deed(key="launch", label=_("Launch"), sign="player-play", permission=PUBLISH, states=(L.ACTIVE,), page=True, primary=True),
    Deed(key="recall", label=_("Recall the launch"), sign="arrow-back-up", permission=PUBLISH, states=(L.LAUNCHED,), done=_("The launch was taken back"),
         confirm=_("Take the launch back? The version before goes on.")),
    Deed(key="retire", label=_("Retire from sale"), sign="player-pause", permission=PUBLISH, states=(L.LAUNCHED,), page=True),
    Deed(key="withdraw", label=_("Put away for good"), sign="archive", permission=PUBLISH, states=(L.RETIRED, L.ACTIVE), reason=True, danger=True,
         confirm=_("Put this version away? It is never sold again."), done=_("It was put away")),
    Deed(key="reject", label=_("Give it up"), sign="ban", permission=DESIGN, states=(L.IN_STUDY, L.IN_DESIGN, L.IN_TEST), reason=True,
         confirm=_("Give this draft up? It stays to be read."), done=_("The draft was given up")),
    Deed(key="discard", label=_("Discard"), sign="trash", permission=DESIGN, states=(L.IN_STUDY, L.IN_DESIGN, L.IN_TEST), danger=True,
         confirm=_("Discard this draft for good? Nothing of it is kept."), done=_("The draft was discarded")),
)
KNOWN = {deed.key: deed for deed in DEEDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A deed as a page shows it; ``why`` says why it cannot be done by this actor."""

    deed: Deed
    address: str
    why: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def page_of(noun: str, version_id: Any) -> str:
    """Return the page of a version; raises ``NotFound`` for what is no noun with versions."""
    if noun not in PAGES:
        raise NotFound
    return reverse(PAGES[noun], args=[version_id])


def standing(noun: str, version_id: UUID) -> contents.Standing:
    """Return a version with what it says; raises ``NotFound``."""
    found = contents.version_said(noun, version_id) if noun in PAGES else None
    if found is None:
        raise NotFound
    return found


def _why(deed: Deed, version: contents.Standing, workers: set[str], *, by: Actor) -> str:
    """Say why the actor may not do it; empty where they may."""
    if not by.may(deed.permission):
        return _now("Your post does not carry this right: %(right)s") % {"right": label_of(deed.permission)}
    if not by.sees(version.content.org_id):
        return _now("It belongs to %(org)s, outside your area of responsibility") % {"org": staff.org_name(version.content.org_id)}
    if deed.key == "approve" and by.name in workers:
        return _now("You worked on this version yourself: a second person approves it")
    return ""


def offered(version: contents.Standing, *, by: Actor, at: datetime) -> list[Offered]:
    """Return what can be done with the version in its state, with the reason where the actor may not. Deeds far from one's desk are left out."""
    workers = board.hand_in(version) if version.state == L.IN_TEST else set()
    asked = request_waiting(version, by=by, at=at)
    out = []
    for deed in DEEDS:
        if version.state not in deed.states or (deed.key == "recall" and version.valid_from <= at) or (deed.key == "ask" and asked is not None):
            continue
        why = _why(deed, version, workers, by=by)
        if why and not (deed.primary or deed.key == "approve"):
            continue
        name = "catalogue-version-date" if deed.page else "catalogue-version-act"
        out.append(Offered(deed=deed, address=reverse(name, args=[version.noun, version.id, deed.key]), why=why))
    return out


def request_waiting(version: contents.Standing, *, by: Actor, at: datetime) -> Any:
    """Return the request for approval of this version that still waits, if the actor may see it; what was decided otherwise waits for nothing."""
    if version.state != L.IN_TEST:
        return None
    return newest_request(APPROVAL, "version_id", version.id, by=by, state=ApprovalState.REQUESTED, expires_at__gt=at)


def newest_request(kind: str, name: str, ident: Any, *, by: Actor, **narrowed: Any) -> Any:
    """Return the newest request for approval of a kind whose payload names ``ident``, if the actor may see it."""
    rows = staff.approvals_visible_to(by).filter(kind=kind, **narrowed).order_by("-requested_at")[:REQUESTS_READ]
    return next((row for row in rows if row.payload.get(name) == str(ident)), None)


def missing(version: contents.Standing, address_of: Callable[[str], tuple[str, Any]]) -> list[Data]:
    """Return what stands against the version's test; ``address_of(field)`` tells where each is mended: (address, words)."""
    out = []
    for broken in board.stands_against(version):
        address, words = address_of(broken.field)
        out.append({"says": broken.message, "mend": broken.advice, "code": broken.code, "address": address, "where": words})
    return out


class VersionAct(Page):
    """A button of a version's page."""

    permission = (DESIGN, APPROVE, PUBLISH)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do what the address says, with the reason given."""
        noun, version_id, key = kwargs["noun"], kwargs["version_id"], kwargs["deed"]
        deed = KNOWN.get(key)
        if deed is None or deed.page:
            raise NotFound
        back = page_of(noun, version_id)
        reason = request.POST.get("reason", "")[:1000]
        _VERBS[key](noun=noun, version_id=version_id, reason=reason, by=self.actor, at=clock.now())
        toast(request, deed.done)
        return go(request, reverse(LISTS[noun][1]) if key == "discard" else back)


def _without_reason(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Return the verb as one that is told why and does not ask."""

    def run(*, reason: str, **facts: Any) -> Any:
        del reason
        return verb(**facts)

    return run


def _approve(*, reason: str, noun: str, version_id: UUID, by: Actor, at: datetime) -> Any:
    """Approve by the request that waits for it, where there is one for the version as it stands: it is answered, and leaves the tray."""
    version = standing(noun, version_id)
    asked = request_waiting(version, by=by, at=at)
    if asked is not None and version.changed_at is not None and asked.payload.get("changed_at") == version.changed_at.isoformat():
        return desk.approve(approval_id=asked.id, note=reason, by=by, at=at)
    return life.approve_version(noun=noun, version_id=version_id, note=reason, by=by, at=at)


_VERBS: Mapping[str, Callable[..., Any]] = {
    "test": _without_reason(life.test_version), "ask": life.request_version_approval, "approve": _approve, "redesign": life.redesign_version,
    "recall": _without_reason(life.recall_launch), "withdraw": life.withdraw_version, "reject": life.reject_version,
    "discard": _without_reason(design.discard_version),
}


class DateForm(KitForm):
    """From when, and for an end why."""

    effective_at = django_forms.DateTimeField(label=_("From"), required=False, widget=MomentInput(), help_text=_("Empty: now"))
    reason = django_forms.CharField(label=_("Reason"), max_length=1000, required=False, widget=django_forms.Textarea(attrs={"rows": 2}))


class VersionDate(FormPage):
    """Launching or retiring at once or at a later time."""

    name, permission, form, template = "catalogue-version-date", PUBLISH, DateForm, "catalogue/plain_form.html"

    @property
    def done(self) -> Any:
        """Say what was done, now or for later."""
        later = bool(self.request.POST.get("effective_at"))
        if self.deed.key == "launch":
            return _("The launch is set") if later else _("It is on sale now")
        return _("The end of sale is set") if later else _("It is retired from sale")

    @property
    def deed(self) -> Deed:
        """What the address asks for; raises ``NotFound``."""
        deed = KNOWN.get(self.kwargs["deed"])
        if deed is None or not deed.page:
            raise NotFound
        return deed

    @property
    def submit(self) -> Any:
        """The button says what it does."""
        return self.deed.label

    def form_options(self, **kwargs: Any) -> Data:
        """The same form for both."""
        del kwargs
        return {}

    def build(self, request: HttpRequest | None, **kwargs: Any) -> django_forms.Form:
        """A launch needs no reason."""
        form = super().build(request, **kwargs)
        if self.deed.key == "launch":
            del form.fields["reason"]
        return form

    def context(self, request: HttpRequest, **kwargs: Any) -> Data:
        """Name the version."""
        del request
        version = standing(kwargs["noun"], kwargs["version_id"])
        words, page = LISTS[version.noun]
        says = {
            "launch": _("From then on it is on sale, and the version before it ends at that very instant. Customers keep what they have."),
            "retire": _("From then on it is not sold any more. Customers keep what they have."),
        }[self.deed.key]
        return {"title": self.deed.label, "subtitle": f"{formatting.name(version.content)} · {version.code} v{version.version}", "intro": says,
                "crumbs": [(words, reverse(page)), (f"{version.code} v{version.version}", page_of(version.noun, version.id))]}

    def cancel_address(self, **kwargs: Any) -> str:
        """Return the version."""
        return page_of(kwargs["noun"], kwargs["version_id"])

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Launch or retire."""
        facts = {"noun": kwargs["noun"], "version_id": kwargs["version_id"], "effective_at": data["effective_at"], "by": by, "at": at}
        if self.deed.key == "launch":
            life.launch_version(**facts)
        else:
            life.retire_version(reason=data["reason"], **facts)
        return self.cancel_address(**kwargs)

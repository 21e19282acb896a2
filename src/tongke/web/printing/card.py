"""The customer card (客户资料卡): one paper with what the house knows of a customer, masked as its reader may see it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.platypus import Flowable

from tongke.areas.account.states import PaymentKind
from tongke.areas.inventory.states import ProductState, SubscriberKind
from tongke.areas.party.states import (
    AddressKind,
    ConsentPurpose,
    ConsentState,
    ContactChannel,
    CustomerState,
    DocumentKind,
    Level,
    MediumKind,
    PartyKind,
    PartyState,
    Segment,
)
from tongke.web.kit.formatting import money
from tongke.web.printing import paper
from tongke.web.printing.paper import WIDTH, facts, grid, heading


def _label(choices: Any, value: Any) -> str:
    """The word for a stored value; the value itself where the list no longer knows it."""
    return str(dict(choices.choices).get(value, value or "–"))


def _name(both: dict[str, str] | None) -> str:
    """The name of an organisation, person or offering in the active language."""
    if not both:
        return "–"
    english = (get_language() or "").startswith("en")
    return (both.get("en") if english else both.get("zh")) or both.get("zh") or "–"


def _in_force(rows: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [row for row in rows or [] if not row.get("valid_until")]


def _identity(view: dict[str, Any]) -> list[Flowable]:
    who = view["identity"]
    return [*heading(_("Customer")), facts([
        (_("Name"), who["name"]), (_("Customer number"), who["customer_no"]), (_("Kind"), _label(PartyKind, who["kind"])),
        (_("Verification"), _label(PartyState, who["party_state"])), (_("Organisation"), _name(who["org"])),
        (_("Customer since"), who["since_on"]), (_("Segment"), _label(Segment, who["segment"])), (_("Level"), _label(Level, who["level"])),
        (_("State"), _label(CustomerState, who["state"])), (_("Account manager"), _name(who["manager"])),
        (_("Date of birth"), who["birth"]), (_("Completeness"), f"{view['completeness']['score']} / 100"),
    ], width=WIDTH)]


def _contact(view: dict[str, Any]) -> list[Flowable]:
    return [
        *heading(_("Identity documents")),
        grid([_("Kind"), _("Number"), _("Expires"), _("Verified")],
             [[_label(DocumentKind, d["kind"]), d["number"], d["expires_on"], (d["verified_at"] or "")[:10]] for d in _in_force(view["documents"])],
             width=WIDTH, shares=(3, 3, 2, 2)),
        *heading(_("Contact media and addresses")),
        grid([_("Kind"), _("Details")],
             [[_label(MediumKind, m["kind"]), m["value"]] for m in _in_force(view["media"])]
             + [[_label(AddressKind, a["kind"]), a["full"]] for a in _in_force(view["addresses"])],
             width=WIDTH, shares=(2, 8)),
        *heading(_("Consents")),
        grid([_("Purpose"), _("Channel"), _("Answer")],
             [[_label(ConsentPurpose, c["purpose"]), _label(ContactChannel, c["channel"]), _label(ConsentState, c["state"])] for c in view["consents"] or []],
             width=WIDTH, shares=(4, 3, 3)),
    ]


def _holdings(view: dict[str, Any]) -> list[Flowable]:
    story: list[Flowable] = []
    if view.get("lines") is not None:
        story += [*heading(_("Lines and products")),
                  grid([_("Kind"), _("Number"), _("State"), _("Since")],
                       [[_label(SubscriberKind, s["kind"]), s["service_number"], _label(ProductState, s["state"]), s["activated_on"]] for s in view["lines"]],
                       width=WIDTH, shares=(3, 4, 2, 2)),
                  paper.text(""),
                  grid([_("Product"), _("Monthly fee"), _("State"), _("Contract until")],
                       [[_name({"zh": d["name_zh"], "en": d["name_en"]}), money(d["monthly_fee"], d["currency"]), _label(ProductState, d["state"]),
                         d["contract_until"]] for d in view["products"]],
                       width=WIDTH, shares=(4, 3, 2, 2))]
    if view.get("accounts") is not None:
        story += [*heading(_("Billing accounts")),
                  grid([_("Account"), _("Way of paying"), _("Balance"), _("Owed")],
                       [[a["account_no"], _label(PaymentKind, a["payment_kind"]), money(a["balance"], a["currency"]), money(a["owed"], a["currency"])]
                        for a in view["accounts"]], width=WIDTH, shares=(4, 3, 2, 2))]
    return story


def customer_card(view: dict[str, Any], *, printed: str) -> bytes:
    """Set the card of one customer from its 360 document and return the PDF.

    ``view`` is masked already; panels that its reader may not see are ``None`` and left out.
    """
    subtitle = f"{view['identity']['customer_no']} · {_name(view['identity']['org'])}"
    return paper.paper(_("Customer card"), subtitle, [*_identity(view), *_contact(view), *_holdings(view)], printed=printed)

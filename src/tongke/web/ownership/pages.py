"""A line changes its owner (过户): choose the new owner, see every check of both sides, then transfer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.account import queries as accounts
from tongke.areas.inventory import queries as inventory
from tongke.areas.inventory.services.ownership import TransferCheck, check_transfer, transfer_subscriber
from tongke.areas.inventory.states import ProductState, SubscriberKind
from tongke.areas.party.queries import customer_brief, matching, trees
from tongke.areas.staff.services.looks import record_look
from tongke.kernel import clock
from tongke.kernel.actor import acting
from tongke.kernel.errors import NotFound, Refused
from tongke.web.kit.layout import toast
from tongke.web.kit.page import Page, go, render
from tongke.web.kit.refusals import lines_of

# What each check asks, in words that read well whether it holds or not.
QUESTIONS: dict[str, Any] = {
    "INV-20": _("The line goes to another customer"), "INV-21": _("The line is in normal use"), "INV-22": _("Identity verified (real name)"),
    "INV-23": _("Identity verified (real name)"), "INV-24": _("Nothing owed on the line's account"), "INV-25": _("Not on the blacklist"),
    "INV-26": _("No contract, or it is taken over"), "INV-27": _("Customer in force"), "INV-28": _("Open account of the new owner"),
    "INV-32": _("Lines left under the identity document"), "INV-30": _("After the last change of owner"), "INV-31": _("Same local network"),
}
ABOUT = {"line": _("The line"), "giver": _("Present owner"), "receiver": _("New owner")}


class TransferPage(Page):
    """The transfer in two steps on one page."""

    permission = "inventory.transfer"
    template = "ownership/transfer.html"
    title = _("Transfer of ownership")

    def _receiver(self, given: str) -> tuple[UUID | None, str]:
        """The customer of a typed number and what is wrong with it, if anything."""
        if not given.strip():
            return None, ""
        with acting(self.actor):
            party_id = trees.party_by_number(given)
            found = matching.customer_of_party(party_id) if party_id else None
        return found, "" if found else _now("No customer with this number in your area of responsibility")

    def _show(self, subscriber_id: UUID, given: str, *, lines: list[dict[str, str]] | None = None, status: int = 200) -> HttpResponse:
        posted = self.request.POST
        line = inventory.line_brief(subscriber_id, by=self.actor)
        receiver_id, wrong = self._receiver(given)
        take_over = posted.get("take_over_contract", self.request.GET.get("take_over_contract", "")) == "on"
        check, theirs = None, []
        if receiver_id is not None:
            theirs = [a for a in accounts.accounts_of_customer(receiver_id, by=self.actor) if a.state == "active"]
            chosen = posted.get("account") or (str(theirs[0].id) if theirs else "")
            account_id = next((a.id for a in theirs if str(a.id) == chosen), None)
            check = check_transfer(
                subscriber_id=subscriber_id, to_customer_id=receiver_id, account_id=account_id, take_over_contract=take_over,
                by=self.actor, at=clock.now(),
            )
        giver = self._person(line.customer_id)
        return render(self.request, self.template, {
            "title": self.title, "line": line, "kind": dict(SubscriberKind.choices)[line.kind], "state": dict(ProductState.choices)[line.state],
            "given": given, "wrong": wrong, "giver": giver, "receiver": self._person(receiver_id) if receiver_id else None, "check": check,
            "groups": _groups(check) if check else [], "accounts": theirs, "account": posted.get("account", ""), "take_over": take_over,
            "number": _masked_number(line.service_number, line.kind, clear=self.actor.may("party.see_phone")),
            "lines": lines or [], "reason": posted.get("reason", ""), "evidence": posted.get("evidence", ""),
            "language": (get_language() or "zh")[:2], "questions": QUESTIONS,
        }, status=status)

    def _person(self, customer_id: UUID) -> dict[str, Any]:
        with acting(self.actor):
            side = matching.side(customer_brief(customer_id).party_id)
        if side is None:
            raise NotFound
        clear = self.actor.clear_setting.split(",") if self.actor.clear_setting else []
        record_look(
            kind="view", customer_id=customer_id, org_id=side["org_id"], purpose=_now("Transfer of ownership"), clear=clear, by=self.actor,
            at=clock.now(),
        )
        return side

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Show the line and, once a new owner is named, every check."""
        return self._show(kwargs["subscriber_id"], request.GET.get("to", ""))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Transfer; or show everything that stands against it."""
        subscriber_id, given = kwargs["subscriber_id"], request.POST.get("to", "")
        receiver_id, _wrong = self._receiver(given)
        account = request.POST.get("account", "")
        if receiver_id is None or not account:
            return self._show(subscriber_id, given, lines=[_missing_account()] if receiver_id else [], status=422)
        try:
            transfer_subscriber(
                subscriber_id=subscriber_id, to_customer_id=receiver_id, account_id=UUID(account), reason=request.POST.get("reason", ""),
                evidence=request.POST.get("evidence", ""), take_over_contract=request.POST.get("take_over_contract") == "on",
                by=self.actor, at=clock.now(),
            )
        except ValueError:
            return self._show(subscriber_id, given, lines=[_missing_account()], status=422)
        except NotFound:
            raise
        except Refused as fault:
            return self._show(subscriber_id, given, lines=lines_of(fault), status=422)
        toast(request, _("The line has a new owner"))
        return go(request, f"/customers/{receiver_id}")


def _missing_account() -> dict[str, str]:
    return {
        "code": "WEB-30", "says": _now("The new owner has no account that could pay the line"), "mend": _now("Open an account for the new owner first"),
        "field": "account",
    }


def _groups(check: TransferCheck) -> list[tuple[Any, list[Any]]]:
    return [(label, [c for c in check.checks if c.about == about]) for about, label in ABOUT.items()]


def _masked_number(number: str, kind: str, *, clear: bool) -> str:
    if clear or kind not in ("mobile", "fixed") or len(number) < 8:
        return number
    return f"{number[:-8]}****{number[-4:]}"

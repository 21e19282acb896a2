"""A number's page: where it stands, what it costs, its hold, the promise that runs, and its whole life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.errors.numbers import CommitmentRuns
from tongke.areas.resource.queries.numbers.desk import may_end_hold
from tongke.areas.resource.states import CommitmentState, NumberKind, NumberState
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import Page, formatting, go, toast
from tongke.web.kit.timeline import Item, by_day
from tongke.web.numbers.lines import customer_of
from tongke.web.numbers.navigation import ASSIGN, RUN, SEE
from tongke.web.numbers.porting import may_leave
from tongke.web.numbers.words import COMMITMENT_TONES, MOVES, STATE_TONES, grade_name, number_words, pool_address

LIFE_SHOWN = 200
RAN_OUT = "expired"
# Reasons that the house itself gives.
REASONS: dict[str, Any] = {"late": _("Its hold had run out, but nobody had taken it")}
S = NumberState


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that may be done with a number in some states; ``reason``: it asks why."""

    words: Any
    verb: Callable[..., Any]
    states: tuple[str, ...]
    permission: str
    sign: str
    reason: bool = False
    confirm: Any = ""
    danger: bool = False


DEEDS: dict[str, Deed] = {
    "reserve": Deed(words=_("Keep back"), verb=services.reserve_number, states=(S.FREE,), permission=RUN, sign="pin", reason=True, confirm=_("Keep this number back? What for?")),
    "unreserve": Deed(words=_("Give back to its pool"), verb=services.unreserve_number, states=(S.RESERVED,), permission=RUN, sign="arrow-back-up"),
    "block": Deed(words=_("Block it"), verb=services.block_number, states=(S.FREE, S.RESERVED), permission=RUN, sign="ban", reason=True, confirm=_("Block this number? Why?")),
    "unblock": Deed(words=_("Unblock"), verb=services.unblock_number, states=(S.BLOCKED,), permission=RUN, sign="lock-open"),
    "fault": Deed(words=_("Report out of order"), verb=services.report_number_fault, states=(S.FREE, S.RESERVED, S.BLOCKED), permission=RUN, sign="alert-triangle",
                  reason=True, confirm=_("What does not work?")),
    "mend": Deed(words=_("Works again"), verb=services.mend_number, states=(S.FAULTY,), permission=RUN, sign="tool"),
    "suspend": Deed(words=_("Take out of service"), verb=services.suspend_number, states=(S.ASSIGNED,), permission=ASSIGN, sign="player-pause", reason=True,
                    confirm=_("Take this number out of service? Why?")),
    "resume": Deed(words=_("Put into service"), verb=services.resume_number, states=(S.SUSPENDED,), permission=ASSIGN, sign="player-play"),
    "release": Deed(words=_("Give the number up"), verb=services.release_number, states=(S.ASSIGNED, S.SUSPENDED), permission=ASSIGN, sign="phone-off", reason=True, danger=True,
                    confirm=_("Its line loses this number; it cools and is sold anew afterwards. Why?")),
    "cool": Deed(words=_("Begin its cooling"), verb=services.cool_number, states=(S.RELEASED,), permission=ASSIGN, sign="clock-hour-4"),
    "free": Deed(words=_("Free it"), verb=services.free_number, states=(S.COOLING,), permission=ASSIGN, sign="refresh"),
    "back": Deed(words=_("It came back from the other operator"), verb=services.take_back_ported_out, states=(S.PORTED_OUT,), permission=ASSIGN, sign="login"),
}


def terms_of(number: Any, *, by: Actor) -> list[tuple[Any, Any]]:
    """Return what the number's grade asks of whoever buys it, as facts."""
    terms = next((g for g in queries.grades_of(number.graded_by, by=by) if g.code == number.grade), None) if number.graded_by else None
    facts: list[tuple[Any, Any]] = [(_("Grade"), grade_name(number.grade, terms.name_zh if terms else number.grade, terms.name_en if terms else ""))]
    if terms is not None:
        facts += [(_("Prestore"), formatting.money(terms.prestore, terms.currency)), (_("Monthly floor"), formatting.money(terms.monthly_floor, terms.currency)),
                  (_("Term"), _now("%(n)s months") % {"n": terms.term_months}),
                  (_("Leaving early costs"), _now("%(percent)s %% of the floor of the months that remain") % {"percent": f"{terms.penalty_percent:f}".rstrip("0").rstrip(".")})]
    return facts


def life_of(number: Any, *, by: Actor) -> list[Any]:
    """Return the moves of a number's life, newest first, by day."""
    items, moves = [], queries.moves_of_number(number.id, limit=LIFE_SHOWN, by=by)
    people = staff.names_signed(move.actor for move in moves)
    for move in moves:
        ran_out = move.verb == "let_go" and move.reason == RAN_OUT
        words, sign, tone = MOVES["expire"] if ran_out else MOVES.get(move.verb, (move.verb, "circle", "neutral"))
        customer = customer_of(move.assigned_to, by=by) if move.assigned_to else None
        items.append(Item(at=move.at, title=words, text="" if ran_out else str(REASONS.get(move.reason) or (_now(move.reason) if move.reason else "")), who=people[move.actor], sign=sign, tone=tone, address=f"/customers/{customer}" if customer else "",
                          marks=[(f"{_now('Order reference')} {move.order_ref}", "neutral")] if move.order_ref else []))
    return by_day(items)


class NumberPage(Page):
    """One number."""

    permission, template = SEE, "numbers/number.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return where it stands and its life."""
        del request
        by, at = self.actor, clock.now()
        number = queries.number_seen(kwargs["number_id"], by=by)
        hold = queries.holds_visible_to(by).filter(id=number.hold_id).first() if number.hold_id else None
        customer = customer_of(number.assigned_to, by=by) if number.assigned_to else None
        return {
            "title": number_words(number.number), "number": number, "state": (NumberState(number.state).label, STATE_TONES[number.state]),
            "facts": [(_("Kind"), NumberKind(number.kind).label), (_("Organisation"), staff.org_name(number.org_id)), (_("Since"), formatting.moment(number.since)),
                      (_("Other operator"), number.operator), (_("Note"), _now(number.note) if number.note else "")],
            "pool": number.pool, "pool_address": pool_address(number.pool_id) if number.pool_id else "", "terms": terms_of(number, by=by), "hold": hold, "holder": staff.names_signed([hold.clerk])[hold.clerk] if hold else "", "over": bool(hold and hold.expires_at <= at),
            "customer": customer, "life": life_of(number, by=by), "commitments": queries.commitments_of_number(number.id, by=by),
            "commitment_words": dict(CommitmentState.choices), "commitment_tones": COMMITMENT_TONES, "crumbs": [(_("Number pools"), reverse("numbers")), (_("All numbers"), reverse("number-rows"))],
            "deeds": [(key, deed) for key, deed in DEEDS.items() if number.state in deed.states and by.may(deed.permission)],
            "may_hold": by.may("resource.hold_number") and number.state == S.FREE and number.pool_id, "may_assign": by.may(ASSIGN),
            "may_act_on_hold": bool(hold and by.may("resource.hold_number") and may_end_hold(hold, by=by)), "may_leave": may_leave(number, by=by), "may_come": number.state in (S.PORTED_OUT, S.RETURNED) and by.may(ASSIGN),
        }


class NumberAct(Page):
    """Do one of ``DEEDS`` with a number."""

    permission = (RUN, ASSIGN)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do it; leaving a promise early asks for what it costs to be agreed first."""
        deed, at = DEEDS.get(kwargs["deed"]), clock.now()
        if deed is None:
            raise NotFound(field="deed")
        self.actor.require(deed.permission)
        number = queries.number_seen(kwargs["number_id"], by=self.actor)
        more: dict[str, Any] = {"reason": request.POST.get("reason", "").strip()} if deed.reason else {}
        if kwargs["deed"] == "release" and request.POST.get("penalty"):
            more["penalty_agreed"] = _amount(request.POST["penalty"])
        address = reverse("number", args=[number.id])
        try:
            deed.verb(number=number.number, **more, by=self.actor, at=at)
        except CommitmentRuns as fault:
            toast(request, fault.message, kind="warning")
            return go(request, f"{address}?penalty={fault.values['penalty']}")
        toast(request, _("Done"))
        return go(request, address)


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


class NumberByText(Page):
    """A number as people write it leads to its page."""

    permission = SEE

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Go there; raises ``NotFound``."""
        found = queries.number_written(kwargs["text"], by=self.actor)
        if found is None:
            raise NotFound
        return go(request, reverse("number", args=[found.id]))


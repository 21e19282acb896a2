"""What was said to a customer before, through whichever channel, and what is said of the same today: which facts changed, by name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongke.areas.ordering import queries as ordering
from tongke.areas.ordering import services
from tongke.areas.party.queries import CustomerRow
from tongke.areas.staff import queries as staff
from tongke.kernel import clock
from tongke.kernel.errors import NotFound, Refused
from tongke.web.kit import formatting
from tongke.web.kit.refusals import lines_of as refusal_lines
from tongke.web.offers.discounts import offering_names
from tongke.web.offers.frame import CHANNELS, OUTCOMES, TONES, Data
from tongke.web.offers.judging import reasons
from tongke.web.party.frame import CustomerPage

NAMED = 3
"""So many offers are named in the list; of more it says how many."""


class Recorded(CustomerPage):
    """Every answer that was recorded for the customer, the newest first."""

    permission, template, tab = "ordering.qualify", "offers/recorded.html", "customer-offers"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Return the answers with the names of what was asked."""
        del request
        at = clock.now()
        found = ordering.qualifications_of(row.id, by=self.actor)
        names, people = offering_names(at=at), staff.names_signed(one.qualification.requested_by for one in found)
        return {"outcomes": OUTCOMES, "tones": TONES, "recorded": [{
            "said": one.qualification, "who": people[one.qualification.requested_by], "channel": CHANNELS.get(one.qualification.channel, ""),
            "names": formatting.listed(names.get(item.offering_code, item.offering_code) for item in one.items[:NAMED]),
            "more": max(0, len(one.items) - NAMED),
            "over": one.qualification.expires_at is not None and one.qualification.expires_at <= at} for one in found]}


class Recheck(CustomerPage):
    """One of them judged anew: whether the answer still holds, and what has changed since."""

    permission, template, tab = "ordering.qualify", "offers/recheck.html", "customer-offers"

    def details(self, request: HttpRequest, row: CustomerRow) -> Data:
        """Judge it by today's facts and rules; says why where that is no longer possible."""
        del request
        at = clock.now()
        found = ordering.qualification_of(row.id, self.kwargs["qualification_id"], by=self.actor)
        context: Data = {
            "said": found.qualification, "who": staff.names_signed([found.qualification.requested_by])[found.qualification.requested_by],
            "channel": CHANNELS.get(found.qualification.channel, ""), "outcomes": OUTCOMES, "tones": TONES, "lines": [], "recheck": None}
        try:
            recheck = services.recheck_qualification(qualification_id=found.qualification.id, by=self.actor, at=at)
        except NotFound:
            raise
        except Refused as fault:
            return {**context, "lines": refusal_lines(fault)}
        changed = [str(services.FACTS[name]) for name in recheck.facts] + ([_("the catalogue or its rules")] if recheck.rules else [])
        return {**context, "recheck": recheck, "changed": formatting.listed(changed), "items": told(found, recheck)}


def told(found: ordering.Recorded, recheck: services.Recheck) -> list[Data]:
    """Return each offering once: what was said of it, what is said now with every reason, and which reasons are gone."""
    ending = "en" if (get_language() or "").startswith("en") else "zh"
    now, gone = {one.code: one for one in recheck.now}, {one.code: set(one.went) for one in recheck.moved}
    items: dict[str, Any] = {item.offering_code: item for item in found.items}
    return [{
        "code": code, "name": now[code].name, "before": item.outcome, "after": now[code].outcome, "reasons": reasons(now[code]),
        "went": [reason[f"message_{ending}"] for reason in item.reasons if reason["code"] in gone.get(code, ())],
    } for code, item in items.items()]

"""Plan advice: what every plan that a customer may have would have cost on a line's own usage."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue import queries as catalogue
from tongke.areas.catalogue.states import UsageType
from tongke.areas.inventory import queries as inventory
from tongke.areas.ordering import queries as ordering
from tongke.areas.staff.services.looks import record_look
from tongke.kernel import clock
from tongke.web.catalogue.quotes import OUTCOMES, advice_charts
from tongke.web.catalogue.reading import quantity_words
from tongke.web.kit import Page, formatting

MONTHS = (3, 6, 12)
OUTCOME_WORDS = {"eligible": _("may be ordered"), "conditional": _("on conditions"), "refused": _("may not be ordered"), "present": _("present plan")}


class Advice(Page):
    """The advice for one line."""

    title, permission, template = _("Plan advice"), "ordering.price", "catalogue/advice.html"

    def context(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Return every plan with its cost; the look at the customer's usage is recorded."""
        at = clock.now()
        asked = request.GET.get("months", "")
        months = int(asked) if asked.isdecimal() and int(asked) in MONTHS else 6
        line = inventory.line_brief(kwargs["subscriber_id"], by=self.actor)
        clear = self.actor.clear_setting.split(",") if self.actor.clear_setting else []
        record_look(kind="view", customer_id=line.customer_id, org_id=line.org_id, purpose=_now("Plan advice"), clear=clear, by=self.actor, at=at)
        advice = ordering.plan_advice(line.id, months=months, channel="hall", by=self.actor, at=at)
        shown = next((str(getattr(one, "shown", "")) for one in inventory.lines_shown(line.customer_id, limit=500, by=self.actor) if one.id == line.id), "")
        best = advice.plans[0] if advice.plans and advice.plans[0].saving > 0 else None
        return {
            "title": _now("Plan advice for %(line)s") % {"line": formatting.phone(shown)}, "advice": advice, "line": line, "best": best,
            "named": catalogue.priced_offerings([*advice.unfit, *advice.refused], at=at),
            "charts": advice_charts(advice.plans, advice.present, len(advice.used)), "outcomes": OUTCOME_WORDS, "tones": {**OUTCOMES, "present": "info"},
            "months": [(n, f"?months={n}", n == months) for n in MONTHS], "usage": usage_rows(advice), "usages": [words for _key, words in usages(advice)],
            "crumbs": [(_("Try a price"), reverse("catalogue-try")), (_("Customer"), f"/customers/{line.customer_id}")],
        }


def usages(advice: ordering.Advice) -> list[tuple[str, Any]]:
    """Return the kinds of usage that the line had."""
    return [(key, words) for key, words in UsageType.choices if any(month.get(key) for month in advice.usage)]


def usage_rows(advice: ordering.Advice) -> list[tuple[str, list[str]]]:
    """Return the usage of each month in words."""
    kinds = [key for key, _words in usages(advice)]
    return [(f"{used.month_at:%Y-%m}", [quantity_words(key, month.get(key, month[kinds[0]] * 0)) for key in kinds]) for used, month in zip(advice.used, advice.usage, strict=False)]

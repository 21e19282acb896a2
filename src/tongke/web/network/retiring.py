"""Changing and taking away coverage and equipment: who is served over it is shown first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.queries.network import accesses_visible_to
from tongke.areas.resource.states import NetworkState
from tongke.kernel.actor import Actor
from tongke.kernel.errors import NotFound
from tongke.web.kit import DayField, FormPage, KitForm
from tongke.web.network.forms import PLANNED_HELP, mbps_field, numbers
from tongke.web.network.frame import PLAN
from tongke.web.network.served import served_shown
from tongke.web.network.words import STATE_TONES, name_words, place_words, speed, technology_words

Data = dict[str, Any]


def access_shown(row: Any, *, by: Actor) -> dict[str, Any]:
    """Return one coverage as a line: which place, over what, how fast, and where it is changed or taken away."""
    state = NetworkState(row.state)
    own = by.may(PLAN) and by.sees(row.org_id) and state != NetworkState.RETIRED
    return {
        "place": name_words(row.place.name, row.place.name_en), "place_address": f"{reverse('coverage')}?place={row.place_id}", "technology": technology_words(row.technology),
        "code": row.equipment.code, "equipment_address": reverse("network-equipment-one", args=[row.equipment_id]), "speed": speed(row.max_down_mbps, row.max_up_mbps),
        "distance": row.distance_m, "planned_on": row.planned_on if state == NetworkState.PLANNED else None, "state": (state.label, STATE_TONES[state]),
        "change": reverse("network-access-change", args=[row.id]) if own else "", "retire": reverse("network-access-retire", args=[row.id]) if own else "",
    }


class OneAccess(FormPage):
    """A form about the coverage of one place over one piece of equipment."""

    permission, template = PLAN, "network/retire_form.html"

    def access(self, **kwargs: Any) -> Any:
        """Return the coverage; raises ``NotFound`` for none in sight or one that was taken away."""
        found = accesses_visible_to(self.actor).filter(id=kwargs["access_id"]).exclude(state=NetworkState.RETIRED).first()
        if found is None:
            raise NotFound
        return found

    def context(self, request: Any, **kwargs: Any) -> Data:
        """Name place and equipment, and show who is served over it."""
        del request
        row = self.access(**kwargs)
        place = place_words(queries.place_brief(row.place_id, by=self.actor))
        return {
            "subtitle": f"{place} · {technology_words(row.technology)} · {row.equipment.code}", **served_shown([row.equipment_id], by=self.actor), "accesses": [], "inside": [],
            "first": "", "crumbs": [(_("Network"), reverse("network")), (row.equipment.code, reverse("network-equipment-one", args=[row.equipment_id]))],
        }

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the equipment."""
        found = accesses_visible_to(self.actor).filter(id=kwargs["access_id"]).first()
        return reverse("network-equipment-one", args=[found.equipment_id]) if found else reverse("network")


class FiguresForm(KitForm):
    """How far and how fast a place is reached."""

    distance_m = forms.IntegerField(label=_("Distance (m)"), required=False, min_value=0, max_value=100_000)
    max_down_mbps, max_up_mbps = mbps_field(_("Speed down")), mbps_field(_("Speed up"))
    planned_on = DayField(label=_("Planned for"), required=False, help_text=PLANNED_HELP)


class ChangeAccess(OneAccess):
    """Changes how far and how fast a place is reached."""

    title, form, watches = _("Change coverage"), FiguresForm, True

    def initial(self, **kwargs: Any) -> Data:
        """Open with what is recorded."""
        row = self.access(**kwargs)
        later = row.planned_on if row.state == NetworkState.PLANNED else None
        return {"distance_m": row.distance_m or None, "max_down_mbps": row.max_down_mbps or None, "max_up_mbps": row.max_up_mbps or None, "planned_on": later}

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Record the figures anew."""
        row = self.access(**kwargs)
        given = numbers(data, "distance_m", "max_down_mbps", "max_up_mbps")
        services.record_access(place_id=row.place_id, equipment_id=row.equipment_id, technology=row.technology, **given, by=by, at=at)
        return reverse("network-equipment-one", args=[row.equipment_id])


class NothingForm(KitForm):
    """Nothing is asked: who is served is shown."""


class RetireAccess(OneAccess):
    """Says that a place is no longer reached this way."""

    title, form, submit, done = _("Take coverage away"), NothingForm, _("Take away"), _("Nothing new is sold over it any more")
    intro = _("Lines that run over it go on; nothing new is sold there this way.")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Take it away."""
        del data
        row = self.access(**kwargs)
        services.retire_access(access_id=row.id, by=by, at=at)
        return reverse("network-equipment-one", args=[row.equipment_id])


class ReasonForm(KitForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class RetireEquipment(FormPage):
    """Takes equipment out of service for good; what hangs below it and who is served is shown first."""

    title, permission, form, template = _("Decommission"), PLAN, ReasonForm, "network/retire_form.html"
    submit, done = _("Decommission"), _("It is out of service for good")
    intro = _("What it reaches is no longer covered by it. Equipment that serves a line or carries other equipment stays.")

    def context(self, request: Any, **kwargs: Any) -> Data:
        """Name the equipment, and show who is served over it and over all that hangs below it."""
        del request
        one = queries.equipment_seen(kwargs["equipment_id"], by=self.actor)
        reached = list(accesses_visible_to(self.actor).filter(equipment_id=one.id).exclude(state=NetworkState.RETIRED)[:50])
        served = served_shown([one.id], whole_branch=True, by=self.actor)
        return {
            "subtitle": one.code, **served, "accesses": [access_shown(row, by=self.actor) for row in reached], "inside": [],
            "first": _("Move these lines and orders first") if served["served_count"] else "",
            "crumbs": [(_("Network"), reverse("network")), (one.code, reverse("network-equipment-one", args=[one.id]))],
        }

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the equipment."""
        return reverse("network-equipment-one", args=[kwargs["equipment_id"]])

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Take it out of service."""
        services.change_equipment_state(equipment_id=kwargs["equipment_id"], move="retire", reason=data["reason"], by=by, at=at)
        return self.cancel_address(**kwargs)

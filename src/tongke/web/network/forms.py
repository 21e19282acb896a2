"""Recording the network: sites, equipment, ports, coverage; each form calls one verb."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import EquipmentKind, PortKind, SiteKind, Technology
from tongke.kernel.actor import Actor
from tongke.web.kit import DayField, FormPage, KitForm
from tongke.web.network.frame import PLAN, site_choices

Data = dict[str, Any]
MBPS_MAX = 1_000_000
PLANNED_HELP = _("Empty: it is in service now")


def mbps_field(label: Any, *, required: bool = False) -> forms.IntegerField:
    """Return a field for a speed; empty is no limit of its own."""
    return forms.IntegerField(label=label, required=required, min_value=0, max_value=MBPS_MAX, help_text=_("Mbit/s; empty: no limit of its own"))


def numbers(data: Data, *names: str) -> Data:
    """Return the data with 0 where a number was left empty."""
    return {**data, **{name: data[name] or 0 for name in names}}


def parent_of(code: str, *, by: Actor) -> UUID | None:
    """Return the equipment of a code; raises ``ValidationError`` where there is none in sight."""
    if not code.strip():
        return None
    found = queries.equipment_visible_to(by).filter(code=code.strip()).first()
    if found is None:
        raise forms.ValidationError(_("There is no equipment with this code"))
    return found.id


class SiteForm(KitForm):
    """A site."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=SiteKind.choices)
    planned_on = DayField(label=_("Planned for"), required=False, help_text=PLANNED_HELP)
    latitude = forms.DecimalField(label=_("Latitude"), required=False, max_digits=9, decimal_places=6)
    longitude = forms.DecimalField(label=_("Longitude"), required=False, max_digits=9, decimal_places=6)


class NewSite(FormPage):
    """Records a site."""

    title, permission, form, template = _("New site"), PLAN, SiteForm, "network/form.html"

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return reverse("network-sites")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Record it."""
        del kwargs
        return reverse("network-site", args=[services.record_site(**data, by=by, at=at)])


class EquipmentForm(KitForm):
    """A piece of equipment."""

    sections = ((_("What"), ("code", "name", "kind", "technology")), (_("Where"), ("site_id", "parent_code", "planned_on")),
                (_("How fast"), ("split", "max_down_mbps", "max_up_mbps", "uplink_mbps")))
    code = forms.CharField(label=_("Code"), max_length=60)
    name = forms.CharField(label=_("Name"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=EquipmentKind.choices)
    technology = forms.ChoiceField(label=_("Technology"), choices=Technology.choices)
    site_id = forms.TypedChoiceField(coerce=UUID, empty_value=None, label=_("Site"), required=False)
    parent_code = forms.CharField(label=_("Hangs on"), max_length=60, required=False, help_text=_("Code of the next element towards the exchange"))
    planned_on = DayField(label=_("Planned for"), required=False, help_text=PLANNED_HELP)
    split = forms.CharField(label=_("Split"), max_length=10, required=False, help_text=_("such as 1:8"))
    max_down_mbps, max_up_mbps, uplink_mbps = mbps_field(_("Down, of one port")), mbps_field(_("Up, of one port")), mbps_field(_("Shared by all ports"))

    def __init__(self, *args: Any, sites: Any = (), by: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["site_id"].choices = [("", "–"), *sites]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_parent_code(self) -> UUID | None:
        """Return the parent's id."""
        return parent_of(self.cleaned_data["parent_code"], by=self.by) if self.by else None


class NewEquipment(FormPage):
    """Records equipment."""

    title, permission, form, template = _("New equipment"), PLAN, EquipmentForm, "network/form.html"
    fields = {"parent_id": "parent_code", "mbps": "max_down_mbps"}

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the sites."""
        del kwargs
        return {"sites": site_choices(self.actor), "by": self.actor}

    def initial(self, **kwargs: Any) -> Data:
        """Open below the equipment, or in the site, that the address names."""
        del kwargs
        return {"parent_code": self.request.GET.get("parent", "")[:60], "site_id": self.request.GET.get("site", ""), "technology": self.request.GET.get("technology", "")}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the list."""
        del kwargs
        return reverse("network-equipment")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Record it."""
        del kwargs
        given = numbers(data, "max_down_mbps", "max_up_mbps", "uplink_mbps")
        given["parent_id"] = given.pop("parent_code")
        return reverse("network-equipment-one", args=[services.record_equipment(**given, by=by, at=at)])


class OneEquipment(FormPage):
    """A form about one piece of equipment."""

    permission, template = PLAN, "network/form.html"

    def context(self, request: Any, **kwargs: Any) -> Data:
        """Name the equipment."""
        del request
        return {"subtitle": queries.equipment_seen(kwargs["equipment_id"], by=self.actor).code}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the equipment."""
        return reverse("network-equipment-one", args=[kwargs["equipment_id"]])


class MoveForm(KitForm):
    """On what equipment hangs."""

    parent_code = forms.CharField(label=_("Hangs on"), max_length=60, required=False, help_text=_("Code of the next element towards the exchange; empty: it is the head of its tree"))

    def __init__(self, *args: Any, by: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_parent_code(self) -> UUID | None:
        """Return the parent's id."""
        return parent_of(self.cleaned_data["parent_code"], by=self.by) if self.by else None


class Rehang(OneEquipment):
    """Hangs equipment on another element; a circle is refused and shown."""

    title, form = _("Hang elsewhere"), MoveForm
    fields = {"parent_id": "parent_code"}

    def form_options(self, **kwargs: Any) -> Data:
        """Let the form look codes up."""
        del kwargs
        return {"by": self.actor}

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Move it."""
        services.move_equipment(equipment_id=kwargs["equipment_id"], parent_id=data["parent_code"], by=by, at=at)
        return self.cancel_address(**kwargs)


class PortsForm(KitForm):
    """How many ports."""

    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=4_096)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("As the equipment")), *PortKind.choices])
    label = forms.CharField(label=_("Cable"), max_length=60, required=False)
    planned_on = DayField(label=_("Planned for"), required=False, help_text=PLANNED_HELP)


class AddPorts(OneEquipment):
    """Adds ports, numbered on."""

    title, form = _("Add ports"), PortsForm

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Add them."""
        services.add_ports(equipment_id=kwargs["equipment_id"], **data, by=by, at=at)
        return self.cancel_address(**kwargs)


class AccessForm(KitForm):
    """Which place is reached."""

    address = forms.CharField(label=_("Address"), max_length=200, help_text=_("Down to the community, building or unit: all below it is reached"))
    technology = forms.ChoiceField(label=_("Technology"), required=False, choices=[("", _("As the equipment")), *Technology.choices])
    distance_m = forms.IntegerField(label=_("Distance (m)"), required=False, min_value=0, max_value=100_000)
    max_down_mbps, max_up_mbps = mbps_field(_("Speed down")), mbps_field(_("Speed up"))
    planned_on = DayField(label=_("Planned for"), required=False, help_text=PLANNED_HELP)

    def __init__(self, *args: Any, by: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_address(self) -> UUID | None:
        """Return the one place that the address names; raises ``ValidationError`` for none or several."""
        found = queries.find_places(self.cleaned_data["address"], limit=3, by=self.by) if self.by else []
        if not found:
            raise forms.ValidationError(_("This address is not known"))
        if len(found) > 1:
            raise forms.ValidationError(_("Several places are called so: %(places)s"), params={"places": "; ".join(one.full for one in found)})
        return found[0].id


class AddAccess(OneEquipment):
    """Records that a place is reached."""

    title, form = _("Add coverage"), AccessForm

    def form_options(self, **kwargs: Any) -> Data:
        """Let the form look addresses up."""
        del kwargs
        return {"by": self.actor}

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Record it."""
        given = numbers(data, "max_down_mbps", "max_up_mbps", "distance_m")
        given["place_id"] = given.pop("address")
        services.record_access(equipment_id=kwargs["equipment_id"], **given, by=by, at=at)
        return self.cancel_address(**kwargs)

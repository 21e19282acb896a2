"""Recording, renaming, describing and giving up places; what a name is compared as, and who has it already, is told first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongke.areas.resource import queries, services
from tongke.areas.resource.states import PlaceLevel, PlaceState
from tongke.kernel.actor import Actor
from tongke.web.kit import FormPage, KitForm
from tongke.web.network.coverage import place_of
from tongke.web.network.frame import PLAN
from tongke.web.network.places import crumbs_of, reading_shown
from tongke.web.network.retiring import NothingForm, access_shown
from tongke.web.network.served import served_shown
from tongke.web.network.words import name_words, place_words

Data = dict[str, Any]
LEVELS = tuple(PlaceLevel.values)


class NameForm(KitForm):
    """A place's name, and whether it is another place than those of the same name nearby."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("As it stands on the sign: 5幢, 翠苑花园, 文三路"))
    name_en = forms.CharField(label=_("Name in Latin letters"), max_length=120, required=False, help_text=_("For English readers, and to be found by"))
    another = forms.BooleanField(label=_("It is another place than those of this name nearby"), required=False)

    def __init__(self, *args: Any, by: Actor, parent: UUID | None = None, own: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.parent, self.own = by, parent, own
        self.read: Any = None

    def level_given(self) -> str:
        """Return the level that the name is for."""
        return str(self.own.level if self.own else self.cleaned_data.get("level", ""))

    def clean(self) -> Data:
        """Refuse a name that stands there already; ask whether it is another place than one of this name nearby."""
        data: Data = super().clean() or {}
        level = self.level_given()
        if not data.get("name") or not level:
            return data
        own = self.own.id if self.own else None
        self.read = queries.read_name(level=level, name=data["name"], name_en=data["name_en"], parent_id=self.parent, but_not=own, by=self.by)
        if self.read.same and (own or self.read.same.state != PlaceState.GONE):
            self.add_error("name", _now("%(place)s is there already: it is compared as “%(key)s”") % {"place": place_words(self.read.same), "key": self.read.key})
        elif self.read.alike and not data["another"]:
            self.add_error("another", _now("Nearby there is %(places)s. Tick this if it is another place") % {
                "places": "; ".join(place_words(one) for one in self.read.alike)})
        return data


class PlaceForm(NameForm):
    """A new place."""

    sections = ((_("What"), ("level", "name", "name_en", "another")), (_("Further"), ("door", "postcode", "latitude", "longitude", "planned")))
    level = forms.ChoiceField(label=_("Level in the tree"))
    door = forms.CharField(label=_("Number in the street"), max_length=30, required=False, help_text=_("Of a community or a house: 138号"))
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    latitude = forms.DecimalField(label=_("Latitude"), required=False, max_digits=9, decimal_places=6)
    longitude = forms.DecimalField(label=_("Longitude"), required=False, max_digits=9, decimal_places=6)
    planned = forms.BooleanField(label=_("It is still being built"), required=False)
    field_order = ("level", "name", "name_en", "another", "door", "postcode", "latitude", "longitude", "planned")

    def __init__(self, *args: Any, levels: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels  # type: ignore[attr-defined]  # a ChoiceField


class OnePlace(FormPage):
    """A form about one place."""

    permission, template = PLAN, "network/place_form.html"

    def place(self, **kwargs: Any) -> Any:
        """Return the place; raises ``NotFound``."""
        return queries.place_seen(kwargs["place_id"], by=self.actor)

    def context(self, request: Any, **kwargs: Any) -> Data:
        """Name the place."""
        del request
        place = self.place(**kwargs)
        return {"subtitle": place_words(queries.place_brief(place.id, by=self.actor)), "crumbs": crumbs_of(place.id, by=self.actor), "check": ""}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to the place."""
        return reverse("network-place", args=[kwargs["place_id"]])


class NewPlace(FormPage):
    """Records a place in another one, or a province."""

    title, permission, form, template = _("New place"), PLAN, PlaceForm, "network/place_form.html"
    done = _("Recorded")

    def parent(self) -> Any:
        """Return the place that it will lie in; nothing for a province. Raises ``NotFound``."""
        wanted = place_of(self.request.GET.get("in", ""))
        return queries.place_seen(wanted, by=self.actor) if wanted else None

    def form_options(self, **kwargs: Any) -> Data:
        """Offer the levels below the parent's."""
        del kwargs
        parent = self.parent()
        lower = LEVELS[LEVELS.index(parent.level) + 1:] if parent else LEVELS[:1]
        return {"by": self.actor, "parent": parent.id if parent else None, "levels": [(level, PlaceLevel(level).label) for level in lower]}

    def context(self, request: Any, **kwargs: Any) -> Data:
        """Say where it will lie, and how the name is read."""
        del request, kwargs
        parent = self.parent()
        where = place_words(queries.place_brief(parent.id, by=self.actor)) if parent else _("A province")
        return {"subtitle": where, "crumbs": crumbs_of(parent.id if parent else None, by=self.actor), "check": str(parent.id) if parent else "-", "read": None, **reading_shown(None)}

    def cancel_address(self, **kwargs: Any) -> str:
        """Back to what it would lie in."""
        del kwargs
        parent = self.request.GET.get("in", "")
        return reverse("network-place", args=[parent]) if place_of(parent) else reverse("network-places")

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Record it."""
        del kwargs
        parent = self.parent()
        state = PlaceState.PLANNED if data["planned"] else PlaceState.IN_USE
        facts = {name: data[name] for name in ("level", "name", "name_en", "door", "postcode", "latitude", "longitude")}
        made = services.record_place(**facts, parent_id=parent.id if parent else None, state=state, by=by, at=at)
        return reverse("network-place", args=[made])


class Rename(OnePlace):
    """Gives a place another name; under the old one it is still found."""

    title, form, watches, intro = _("Rename"), NameForm, True, _("Under the old name it is still found")

    def form_options(self, **kwargs: Any) -> Data:
        """Let the form look for neighbours of this name."""
        place = self.place(**kwargs)
        return {"by": self.actor, "parent": place.parent_id, "own": place}

    def context(self, request: Any, **kwargs: Any) -> Data:
        """Show how the name is read."""
        place = self.place(**kwargs)
        return {**super().context(request, **kwargs), "check": str(place.parent_id or "-"), "own": place.id, "level": place.level, "read": None, **reading_shown(None)}

    def initial(self, **kwargs: Any) -> Data:
        """Open with the name that it has."""
        place = self.place(**kwargs)
        return {"name": place.name, "name_en": place.name_en}

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Rename it."""
        services.rename_place(place_id=kwargs["place_id"], name=data["name"], name_en=data["name_en"], by=by, at=at)
        return self.cancel_address(**kwargs)


class OtherNameForm(KitForm):
    """One more name."""

    name = forms.CharField(label=_("Other name"), max_length=100, help_text=_("An old one, or what people call it: it is found under this one too"))


class AddName(OnePlace):
    """Lets a place be found under another name too."""

    title, form = _("Other name"), OtherNameForm

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Add it."""
        services.add_place_name(place_id=kwargs["place_id"], name=data["name"], by=by, at=at)
        return self.cancel_address(**kwargs)


class DescribeForm(KitForm):
    """What is said of a place beyond its name."""

    door = forms.CharField(label=_("Number in the street"), max_length=30, required=False, help_text=_("Of a community or a house: 138号"))
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    latitude = forms.DecimalField(label=_("Latitude"), required=False, max_digits=9, decimal_places=6)
    longitude = forms.DecimalField(label=_("Longitude"), required=False, max_digits=9, decimal_places=6)

    def clean(self) -> Data:
        """Ask for both degrees, or none."""
        data: Data = super().clean() or {}
        if not self.errors and (data["latitude"] is None) != (data["longitude"] is None):
            self.add_error("longitude" if data["longitude"] is None else "latitude", _now("Give both degrees, or none"))
        return data


class Describe(OnePlace):
    """Says a place's number in the street, postcode and position."""

    title, form, watches = _("Details"), DescribeForm, True

    def initial(self, **kwargs: Any) -> Data:
        """Open with what is known."""
        place = self.place(**kwargs)
        return {name: getattr(place, name) for name in ("door", "postcode", "latitude", "longitude")}

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Save it."""
        services.describe_place(place_id=kwargs["place_id"], **data, nowhere=data["latitude"] is None, by=by, at=at)
        return self.cancel_address(**kwargs)


class Gone(OnePlace):
    """Says that a place is gone, with all that lies in it; who is served there, and what reaches it, is shown first."""

    title, form, template, submit = _("This place is gone"), NothingForm, "network/retire_form.html", _("It is gone")
    intro = _("It is found no more, and nothing is sold there. What was recorded of it is kept.")

    def context(self, request: Any, **kwargs: Any) -> Data:
        """Show what reaches it and who is served."""
        reached = queries.coverage_within(kwargs["place_id"], by=self.actor)
        return {
            **super().context(request, **kwargs), **served_shown([row.equipment_id for row in reached], by=self.actor),
            "accesses": [access_shown(row, by=self.actor) for row in reached],
            "inside": [name_words(one.name, one.name_en) for one in queries.places_below(kwargs["place_id"], limit=20, by=self.actor) if one.state != PlaceState.GONE],
            "first": _("What reaches it must be taken away first") if reached else "",
        }

    def save(self, data: Data, *, by: Any, at: Any, **kwargs: Any) -> str:
        """Give it up."""
        del data
        services.change_place_state(place_id=kwargs["place_id"], state=PlaceState.GONE, by=by, at=at)
        return self.cancel_address(**kwargs)

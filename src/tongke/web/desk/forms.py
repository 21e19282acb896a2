"""Input forms of the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongke.areas.contact_centre.states import Channel, Direction, InteractionKind
from tongke.areas.staff import queries as staff
from tongke.kernel.actor import Actor
from tongke.web.kit.widgets import KitForm


class ContactForm(KitForm):
    """What a contact was about, and on which channel."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    kind = forms.ChoiceField(label=_("Kind of contact"), choices=InteractionKind.choices)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Notes"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    reference = forms.CharField(label=_("Reference"), max_length=80, required=False, help_text=_("Number of the order, case or campaign"))


class MoveForm(KitForm):
    """Where a customer goes, and why."""

    to_org = forms.TypedChoiceField(label=_("New organisation"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_org"].choices = [(o.id, o.name) for o in staff.orgs_offered(by=actor)]  # type: ignore[attr-defined]  # the stubs know a field, not of which kind

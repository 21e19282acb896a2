"""How complete a record is: the share of the policy's weights whose fields it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

FIELD_LABELS = {
    "name": _("Name"), "birth_on": _("Date of birth"), "gender": _("Sex"), "document": _("Identity document"),
    "document_current": _("Document not expired"), "document_verified": _("Document verified"), "phone": _("Phone number"),
    "address": _("Address"), "email": _("E-mail"), "consent": _("Consents asked"), "industry": _("Industry"),
    "occupation": _("Occupation"), "key_person": _("Key person"),
}


def completeness(present: Iterable[str], weights: Mapping[str, int]) -> tuple[int, list[str]]:
    """Return (score in percent, missing fields, heaviest first) of a record that has the fields ``present``."""
    held = set(present)
    total = sum(weights.values())
    missing = [name for name, _weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])) if name not in held]
    if not total:
        return 100, []
    return 100 * (total - sum(weights[name] for name in missing)) // total, missing

"""What the audit trail calls the records of ordering and their fields."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

NOUNS: dict[str, Any] = {
    "ordering_qualification": _("Qualification"), "ordering_qualification_item": _("Qualification of an offering"),
}
FIELDS: dict[str, Any] = {
    "asked": _("What was asked"), "description": _("Description"), "outcome": _("Outcome"), "fingerprint": _("Digest"), "revision": _("Revision of the catalogue"),
    "place_id": _("Address"), "completed_at": _("Completed at"), "given_id": _("Asker's own number"), "ordinal": _("Position"),
    "offering_code": _("Offering"), "offering_version": _("Version of the offering"), "reasons": _("Reasons"), "deposit": _("Deposit"),
    "penalty": _("Penalty"), "requested_by": _("Asked by"), "action": _("Action"), "qualification_id": _("Qualification"),
}

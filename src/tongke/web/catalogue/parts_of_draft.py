"""The sections into which an offering's draft is divided, and which of them mends what."""

from __future__ import annotations

import re
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.states import OfferingKind

# Key, name, icon, for bundles only.
SECTIONS: tuple[tuple[str, Any, str, bool], ...] = (
    ("basics", _("Basics"), "package", False), ("characteristics", _("Characteristics"), "adjustments", False), ("parts", _("Parts"), "packages", True),
    ("prices", _("Prices"), "cash", False), ("allowances", _("Included"), "gift", False), ("terms", _("Terms"), "writing", False),
    ("sold", _("Where sold"), "map-pin", False),
)
# Which section shows a field of the content.
SECTION_OF = {
    "characteristics": "characteristics", "parts": "parts", "prices": "prices", "allowances": "allowances", "terms": "terms", "segments": "sold",
    "channels": "sold", "sold_in": "sold", "categories": "sold",
}


def sections_of(content: Any) -> list[tuple[str, Any, str]]:
    """Return the sections that an offering of this kind has."""
    bundle = content.kind == OfferingKind.BUNDLE or bool(content.parts)
    return [(key, words, sign) for key, words, sign, only in SECTIONS if bundle or not only]


def section_address(version_id: Any, key: str) -> str:
    """Return the page of a section."""
    return reverse("catalogue-draft-prices", args=[version_id]) if key == "prices" else reverse("catalogue-draft-section", args=[version_id, key])


def section_of_field(field: str) -> str:
    """Return the section in which a broken rule's field is mended."""
    return SECTION_OF.get(re.split(r"[.\[]", field)[0], "basics")

"""Names for codes, as refusals tell them."""

from __future__ import annotations

from collections.abc import Collection

from tongke.areas.catalogue.models import Category, Offering, Specification
from tongke.areas.catalogue.rules.eligibility.words import UNNAMED, Coded, Named
from tongke.areas.catalogue.states import SOLD


def named(codes: Collection[str]) -> list[Coded]:
    """Return offerings, specifications and categories by their names, of the newest version, with their codes behind."""
    known: dict[str, Named] = {}
    for rows in (Category.objects.order_by("code"), Specification.objects.order_by("version"), Offering.objects.order_by("version")):
        known |= {row["code"]: Named(row["name_zh"], row["name_en"]) for row in rows.filter(code__in=codes).values("code", "name_zh", "name_en")}
    return [Coded(known.get(code, UNNAMED), code) for code in codes]


def not_sold_yet(codes: Collection[str]) -> dict[str, tuple[Coded, str]]:
    """Return the offerings of which no version was ever launched, each by its name and the state of its newest version."""
    rows = Offering.objects.filter(code__in=codes).order_by("version")
    found = {row.code: (Coded.of(row, row.code), str(row.get_state_display())) for row in rows}
    sold = set(rows.filter(state__in=SOLD).values_list("code", flat=True))
    return {code: said for code, said in found.items() if code not in sold}

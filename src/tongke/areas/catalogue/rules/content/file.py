"""A whole catalogue: blocks of nouns by code, in the order in which a file writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from tongke.areas.catalogue.rules.content.offering import OfferingContent
from tongke.areas.catalogue.rules.content.selling import PriceListContent, PromotionContent, RuleContent, TaxContent
from tongke.areas.catalogue.rules.content.shape import Content
from tongke.areas.catalogue.rules.content.specification import SpecificationContent
from tongke.areas.catalogue.rules.content.tree import CatalogueTreeContent, CategoryContent

BLOCKS: dict[str, type[Content]] = {
    "tax_rates": TaxContent, "specifications": SpecificationContent, "offerings": OfferingContent, "catalogues": CatalogueTreeContent,
    "categories": CategoryContent, "price_lists": PriceListContent, "rules": RuleContent, "promotions": PromotionContent,
}
"""The blocks of a catalogue in the order in which they can be built: what is named stands before what names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueContent:
    """A catalogue, or the part of one that a file speaks of: code → content by noun."""

    tax_rates: Mapping[str, TaxContent] = field(default_factory=dict)
    specifications: Mapping[str, SpecificationContent] = field(default_factory=dict)
    offerings: Mapping[str, OfferingContent] = field(default_factory=dict)
    catalogues: Mapping[str, CatalogueTreeContent] = field(default_factory=dict)
    categories: Mapping[str, CategoryContent] = field(default_factory=dict)
    price_lists: Mapping[str, PriceListContent] = field(default_factory=dict)
    rules: Mapping[str, RuleContent] = field(default_factory=dict)
    promotions: Mapping[str, PromotionContent] = field(default_factory=dict)

    def block(self, noun: str) -> Mapping[str, Any]:
        """Return the contents of one noun by code."""
        found: Mapping[str, Any] = getattr(self, noun)
        return found

    def over(self, other: CatalogueContent) -> CatalogueContent:
        """Return ``other`` with everything that this one says in its place."""
        return CatalogueContent(**{f.name: {**other.block(f.name), **self.block(f.name)} for f in fields(self)})

    def __len__(self) -> int:
        return sum(len(self.block(f.name)) for f in fields(self))

"""What a version of the catalogue says: one frozen shape a noun, the same for verbs, comparison and the file."""

from tongke.areas.catalogue.rules.content.file import BLOCKS, CatalogueContent
from tongke.areas.catalogue.rules.content.offering import (
    AllowanceContent,
    OfferingContent,
    PartContent,
    PriceContent,
    TermContent,
    TierContent,
)
from tongke.areas.catalogue.rules.content.selling import (
    EntryContent,
    PriceListContent,
    PromotionContent,
    RuleContent,
    TaxContent,
    TaxRateContent,
)
from tongke.areas.catalogue.rules.content.shape import Content
from tongke.areas.catalogue.rules.content.specification import CharacteristicContent, ChoiceContent, RelationContent, SpecificationContent
from tongke.areas.catalogue.rules.content.tree import CatalogueTreeContent, CategoryContent

__all__ = [
    "BLOCKS", "AllowanceContent", "CatalogueContent", "CatalogueTreeContent", "CategoryContent", "CharacteristicContent", "ChoiceContent", "Content",
    "EntryContent", "OfferingContent", "PartContent", "PriceContent", "PriceListContent", "PromotionContent", "RelationContent", "RuleContent",
    "SpecificationContent", "TaxContent", "TaxRateContent", "TermContent", "TierContent",
]

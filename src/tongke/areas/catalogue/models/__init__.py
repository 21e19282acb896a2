"""Records of the catalogue room, by noun. Versions never change once they are approved; the database refuses it."""

from tongke.areas.catalogue.models.benefit import BenefitGiven
from tongke.areas.catalogue.models.eligibility import EligibilityRule
from tongke.areas.catalogue.models.offering import Allowance, BundlePart, Offering, Term
from tongke.areas.catalogue.models.price import Price, PriceList, PriceListEntry, PriceTier, TaxRate
from tongke.areas.catalogue.models.promotion import DiscountAuthority, DiscountGrant, Promotion, PromotionGrant
from tongke.areas.catalogue.models.specification import Characteristic, Specification, SpecificationRelation
from tongke.areas.catalogue.models.tree import Catalogue, Category, CategoryMember

__all__ = [
    "Allowance", "BenefitGiven", "BundlePart", "Catalogue", "Category", "CategoryMember", "Characteristic", "DiscountAuthority",
    "DiscountGrant", "EligibilityRule", "Offering", "Price", "PriceList", "PriceListEntry", "PriceTier", "Promotion", "PromotionGrant", "Specification",
    "SpecificationRelation", "TaxRate", "Term",
]

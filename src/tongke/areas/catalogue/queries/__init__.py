"""Reads of the catalogue room."""

from tongke.areas.catalogue.queries.decomposing import decompose
from tongke.areas.catalogue.queries.discounts import (
    areas_of,
    as_discount,
    authorities,
    discount_authority,
    discounts_of_customer,
    discounts_promised,
    price_codes,
)
from tongke.areas.catalogue.queries.eligibility import judge
from tongke.areas.catalogue.queries.exporting import compare_with_file, export_catalogue, file_text
from tongke.areas.catalogue.queries.offerings import offering_code, offering_on_sale, offerings_on_sale
from tongke.areas.catalogue.queries.plans import MonthCost, UsagePlan, contract_penalty, cost_of_months
from tongke.areas.catalogue.queries.pricing import (
    price_book,
    priced_offering,
    priced_offerings,
    promotions_running,
    quote,
    quote_many,
)
from tongke.areas.catalogue.queries.revision import catalogue_revision
from tongke.areas.catalogue.queries.rule_book import (
    book_as_if,
    is_draft,
    rule_row,
    rule_rows,
    rule_versions_of,
    rules_in_force,
    sentences_of,
)
from tongke.areas.catalogue.queries.targets import Target, offering_differences, offering_target, offering_version
from tongke.areas.catalogue.queries.uses import Found, Use, offering_whole, search_catalogue, where_used
from tongke.areas.catalogue.rules.comparison import Difference, EntryDifference
from tongke.areas.catalogue.rules.decomposition import Chosen, Decomposition, Piece
from tongke.areas.catalogue.rules.pricing.asked import Configuration, NumberGrade, PartChoice
from tongke.areas.catalogue.rules.pricing.benefits import Discount, Promotion
from tongke.areas.catalogue.rules.pricing.benefits import objections as promotion_objections
from tongke.areas.catalogue.rules.pricing.compiled import PriceBook
from tongke.areas.catalogue.rules.pricing.offer import PricedOffering
from tongke.areas.catalogue.rules.pricing.quoting import Quote, QuoteLine

__all__ = [
    "Chosen",
    "Configuration",
    "Decomposition",
    "Difference",
    "Discount",
    "EntryDifference",
    "Found",
    "MonthCost",
    "NumberGrade",
    "PartChoice",
    "Piece",
    "PriceBook",
    "PricedOffering",
    "Promotion",
    "Quote",
    "QuoteLine",
    "Target",
    "UsagePlan",
    "Use",
    "areas_of",
    "as_discount",
    "authorities",
    "book_as_if",
    "catalogue_revision",
    "compare_with_file",
    "contract_penalty",
    "cost_of_months",
    "decompose",
    "discount_authority",
    "discounts_of_customer",
    "discounts_promised",
    "export_catalogue",
    "file_text",
    "is_draft",
    "judge",
    "offering_code",
    "offering_differences",
    "offering_on_sale",
    "offering_target",
    "offering_version",
    "offering_whole",
    "offerings_on_sale",
    "price_book",
    "price_codes",
    "priced_offering",
    "priced_offerings",
    "promotion_objections",
    "promotions_running",
    "quote",
    "quote_many",
    "rule_row",
    "rule_rows",
    "rule_versions_of",
    "rules_in_force",
    "search_catalogue",
    "sentences_of",
    "where_used",
]

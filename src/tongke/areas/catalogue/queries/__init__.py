"""Reads of the catalogue room."""

from tongke.areas.catalogue.queries.eligibility import judge
from tongke.areas.catalogue.queries.offerings import offering_code, offering_on_sale, offerings_on_sale
from tongke.areas.catalogue.queries.rule_book import (
    book_as_if,
    is_draft,
    rule_row,
    rule_rows,
    rule_versions_of,
    rules_in_force,
    sentences_of,
)

__all__ = ["book_as_if", "is_draft", "judge", "offering_code", "offering_on_sale", "offerings_on_sale", "rule_row", "rule_rows", "rule_versions_of", "rules_in_force", "sentences_of"]

"""Reads of the catalogue room."""

from tongke.areas.catalogue.queries.offerings import offering_code, offering_on_sale, offerings_on_sale

__all__ = ["offering_code", "offering_on_sale", "offerings_on_sale"]

"""Rules of the catalogue room by noun, and its two pure engines: eligibility and pricing."""

from tongke.areas.catalogue.rules.offerings import is_fee, is_offering_code

__all__ = ["is_fee", "is_offering_code"]

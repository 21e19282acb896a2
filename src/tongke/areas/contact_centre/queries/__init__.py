"""Reads of the contact centre room."""

from tongke.areas.contact_centre.queries.interactions import interactions_of_customer
from tongke.areas.contact_centre.queries.panels import PANELS

__all__ = ["PANELS", "interactions_of_customer"]

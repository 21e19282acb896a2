"""Verbs of the contact centre room."""

from tongke.areas.contact_centre.services.interactions import record_interaction
from tongke.areas.contact_centre.services.merging import merge_customers
from tongke.areas.contact_centre.services.moving import move_customer

__all__ = ["merge_customers", "move_customer", "record_interaction"]

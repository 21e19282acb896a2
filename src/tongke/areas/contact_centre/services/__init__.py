"""Verbs of the contact centre room."""

from tongke.areas.contact_centre.services.interactions import (
    begin_interaction,
    complete_interaction,
    correct_interaction,
    record_interaction,
    remove_interaction,
)
from tongke.areas.contact_centre.services.merging import merge_customers
from tongke.areas.contact_centre.services.moving import move_customer

__all__ = [
    "begin_interaction", "complete_interaction", "correct_interaction", "merge_customers", "move_customer", "record_interaction",
    "remove_interaction",
]

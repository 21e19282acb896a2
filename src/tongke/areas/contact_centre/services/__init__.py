"""Verbs of the contact centre room."""

from tongke.areas.contact_centre.services.interactions import record_interaction

__all__ = ["record_interaction"]

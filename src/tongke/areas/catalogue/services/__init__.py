"""Verbs of the catalogue room."""

from tongke.areas.catalogue.services.offerings import publish_offering

__all__ = ["publish_offering"]

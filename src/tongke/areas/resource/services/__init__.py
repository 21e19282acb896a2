"""Verbs of the room resource."""

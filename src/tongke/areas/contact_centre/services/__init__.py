"""Verbs of the contact_centre room."""

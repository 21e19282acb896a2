"""Verbs of the inventory room."""

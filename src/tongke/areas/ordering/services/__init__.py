"""Verbs of the room ordering."""

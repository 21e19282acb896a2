"""Verbs of the account room."""

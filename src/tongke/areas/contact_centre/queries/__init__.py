"""Reads of the contact centre room."""

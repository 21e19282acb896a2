"""Reads of the catalogue room."""

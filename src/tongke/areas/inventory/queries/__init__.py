"""Reads of the inventory room."""

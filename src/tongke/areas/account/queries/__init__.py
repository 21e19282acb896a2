"""Reads of the account room."""

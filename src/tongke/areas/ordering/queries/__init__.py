"""Reads of the room ordering."""

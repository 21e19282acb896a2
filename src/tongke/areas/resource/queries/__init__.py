"""Reads of the room resource."""

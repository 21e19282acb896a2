"""Refusals of the resource room, by noun."""

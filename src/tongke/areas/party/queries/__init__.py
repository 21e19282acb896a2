"""Reads of the party room."""

from tongke.areas.party.queries.brief import CustomerBrief, customer_brief

__all__ = ["CustomerBrief", "customer_brief"]

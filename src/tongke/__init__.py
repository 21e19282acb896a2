"""Tongke (通客): one customer record behind every counter of a telecom operator."""

__version__ = "0.1.0"

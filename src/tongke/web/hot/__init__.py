"""Reads that must be fast answer here, before Django's handler; everything unusual is left to Django."""

from tongke.web.hot.reads import read as HOT  # noqa: N812 - the name under which the server's entry looks for it

__all__ = ["HOT"]

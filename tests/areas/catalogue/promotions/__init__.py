"""Promotions and discounts of the catalogue room."""

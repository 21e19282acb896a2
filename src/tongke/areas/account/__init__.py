"""Billing accounts, bills and payments."""

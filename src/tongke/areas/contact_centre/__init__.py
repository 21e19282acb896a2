"""Contacts of customers on every channel."""

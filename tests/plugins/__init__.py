"""Fixtures of all tests, by what they provide."""

"""Tests of the tools for assistants, with the official client against running processes."""

"""Tests of the party room."""

"""Tests of the resource room: network."""

"""Tests of the resource room: places."""

"""Tests of the resource room: stock."""

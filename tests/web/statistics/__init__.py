"""Tests of web/statistics."""

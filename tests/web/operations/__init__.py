"""Tests of web/operations."""

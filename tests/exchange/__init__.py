"""Tests of importing and exporting files."""

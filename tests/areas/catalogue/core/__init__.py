"""Tests of the catalogue's core: versions, life cycle, checks, comparison, decomposition, the file."""

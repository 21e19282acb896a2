"""Tests of areas/inventory."""

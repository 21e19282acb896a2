"""Tests of areas/catalogue."""

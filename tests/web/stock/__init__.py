"""Tests of the stock pages."""

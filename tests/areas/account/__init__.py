"""Tests of areas/account."""

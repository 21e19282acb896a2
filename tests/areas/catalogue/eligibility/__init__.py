"""Tests of the eligibility engine and its dated rules."""

"""Tests of the pages of the eligibility rules."""

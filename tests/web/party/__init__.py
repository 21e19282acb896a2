"""Tests of the pages that create and keep customers."""

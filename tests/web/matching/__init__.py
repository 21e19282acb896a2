"""Tests of the pages of duplicates and trees."""

"""Tests of duplicates, merges and trees."""

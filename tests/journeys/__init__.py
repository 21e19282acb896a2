"""Tests of Tongke."""
